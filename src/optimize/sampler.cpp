#include "optimize/sampler.hpp"

#include <array>
#include <bit>
#include <string>

#include "optimize/random.hpp"

namespace tradeassist::optimize {
namespace {

class GridSampler final : public Sampler {
 public:
  GridSampler(std::uint64_t combinations, std::uint64_t trials) : combinations_(combinations), trials_(trials) {}
  std::uint64_t combination(std::uint64_t trial) const override {
    if (trials_ >= combinations_) return trial;
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>(static_cast<Wide>(trial) * combinations_ / trials_);
  }

 private:
  std::uint64_t combinations_, trials_;
};

/// A permutation of [0, combinations): a Feistel network on the next power of four, walked until it lands inside
/// (Black, Rogaway: Ciphers with Arbitrary Finite Domains, 2002). So nothing is drawn twice and nothing is remembered.
class RandomSampler final : public Sampler {
 public:
  RandomSampler(std::uint64_t combinations, std::uint64_t seed) : combinations_(combinations) {
    const int bits = std::bit_width(combinations > 1 ? combinations - 1 : 1);
    half_bits_ = (bits + 1) / 2;
    mask_ = (1ull << half_bits_) - 1;
    for (std::size_t round = 0; round < keys_.size(); ++round) keys_[round] = mix(seed ^ mix(round + 1));
  }
  std::uint64_t combination(std::uint64_t trial) const override {
    std::uint64_t x = trial;
    do { x = permute(x); } while (x >= combinations_);
    return x;
  }

 private:
  std::uint64_t permute(std::uint64_t x) const {
    std::uint64_t left = x >> half_bits_, right = x & mask_;
    for (const std::uint64_t key : keys_) {
      const std::uint64_t next = left ^ (mix(right ^ key) & mask_);
      left = right;
      right = next;
    }
    return left << half_bits_ | right;
  }

  std::uint64_t combinations_;
  int half_bits_ = 1;
  std::uint64_t mask_ = 1;
  std::array<std::uint64_t, 6> keys_{};
};

}  // namespace

base::Result<std::unique_ptr<Sampler>> make_sampler(std::string_view name, std::uint64_t combinations,
                                                    std::uint64_t trials, std::uint64_t seed) {
  if (name == "grid") return std::make_unique<GridSampler>(combinations, trials);
  if (name == "random") return std::make_unique<RandomSampler>(combinations, seed);
  for (const std::string_view later : {"sobol", "tpe", "cmaes", "nsga2"}) {
    if (name == later) {
      return base::failure(base::ErrorCode::kUnsupported,
                           "the sampler " + std::string(name) + " is not in this build; use grid or random");
    }
  }
  return base::failure(base::ErrorCode::kInvalidArgument,
                       "'" + std::string(name) + "' is not a sampler; use grid or random");
}

}  // namespace tradeassist::optimize
