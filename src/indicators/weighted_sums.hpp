#pragma once

#include <cstddef>
#include <vector>

namespace tradeassist::indicators {

/// out[i] = x[i] * 1 + x[i + 1] * 2 + … + x[i + length - 1] * length, added in this order, for i from 0 to count - 1;
/// several at once, in vectors as wide as the processor has them. The same to the bit with each.
void weighted_sums(const double* x, std::size_t count, std::size_t length, double* out);

/// For tests: one for each set of instructions that this processor has.
using WeightedSums = void (*)(const double* x, std::size_t count, std::size_t length, double* out);
std::vector<WeightedSums> kinds_of_weighted_sums();

}  // namespace tradeassist::indicators
