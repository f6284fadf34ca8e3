#define TRADEASSIST_ELEMENTWISE kElementwiseAvx2
#define TRADEASSIST_INSTRUCTIONS "avx2"
#include "backtest/elementwise/elementwise_kernels.hpp"
