#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "optimize/sampler.hpp"

namespace tradeassist::optimize {

/// Sobol's sequence in the order of Gray codes (Antonov, Saleev 1979), with the direction numbers D6 of Joe, Kuo:
/// Constructing Sobol sequences with better two-dimensional projections, SIAM J. Sci. Comput. 30 (2008).
class SobolSequence {
 public:
  static constexpr std::size_t kDimensionsMax = 64;

  /// 1 <= dimensions <= kDimensionsMax.
  explicit SobolSequence(std::size_t dimensions);
  /// The next point, each coordinate in units of 2^-32; the first is the origin. At most 2^32 points.
  std::span<const std::uint32_t> next();

 private:
  std::vector<std::array<std::uint32_t, 32>> directions_;
  std::vector<std::uint32_t> point_;
  std::uint64_t index_ = 0;
};

/// Owen's nested uniform scrambling (Randomly permuted (t,m,s)-nets and (t,s)-sequences, 1995) in base 2: each bit is
/// flipped or not by a draw that depends on the bits above it. What is evenly spread stays so.
std::uint32_t owen_scramble(std::uint32_t coordinate, std::uint64_t key);

/// Sobol's sequence, scrambled by the seed; points that may not be tried are passed over. At most kDimensionsMax
/// parameters.
std::unique_ptr<Sampler> make_sobol_sampler(const SearchSpace& space, const SamplerSettings& settings);

}  // namespace tradeassist::optimize
