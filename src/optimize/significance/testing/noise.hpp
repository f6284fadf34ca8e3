#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "optimize/random.hpp"
#include "optimize/significance/normal.hpp"

namespace tradeassist::optimize {

/// Returns without skill: normal, independent, with mean 0 and deviation 1, the same from the same seed.
inline std::vector<double> noise(std::size_t periods, Random& random) {
  std::vector<double> returns(periods);
  for (double& value : returns) value = normal_quantile(0.5 + (random.uniform() - 0.5) * 0.999999);
  return returns;
}

/// Of several strategies.
inline std::vector<std::vector<double>> noise(std::size_t strategies, std::size_t periods, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::vector<double>> returns;
  for (std::size_t s = 0; s < strategies; ++s) returns.push_back(noise(periods, random));
  return returns;
}

}  // namespace tradeassist::optimize
