#define TRADEASSIST_ELEMENTWISE kElementwiseSse
#define TRADEASSIST_INSTRUCTIONS "sse4.2"
#include "backtest/elementwise/elementwise_kernels.hpp"
