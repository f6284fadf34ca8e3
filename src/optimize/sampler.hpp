#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.hpp"

namespace tradeassist::optimize {

/// Decides which combination a trial tries. A trial's combination depends on its number and the seed alone, so trials
/// may run in any order, on any number of threads, and be resumed. Thread-safe.
class Sampler {
 public:
  virtual ~Sampler() = default;
  /// For trial < combinations; no combination comes twice.
  virtual std::uint64_t combination(std::uint64_t trial) const = 0;
};

/// "grid": in order, spread evenly when there are fewer trials than combinations. "random": a pseudo-random
/// permutation. Other names are refused with kUnsupported.
base::Result<std::unique_ptr<Sampler>> make_sampler(std::string_view name, std::uint64_t combinations,
                                                    std::uint64_t trials, std::uint64_t seed);

}  // namespace tradeassist::optimize
