#define TRADEASSIST_ELEMENTWISE kElementwiseAvx512
#define TRADEASSIST_INSTRUCTIONS "avx512"
#include "backtest/elementwise/elementwise_kernels.hpp"
