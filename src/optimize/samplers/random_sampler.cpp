#include "optimize/samplers/random_sampler.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "optimize/random.hpp"
#include "optimize/samplers/tried_points.hpp"

namespace tradeassist::optimize {
namespace {

/// A permutation of [0, count): a Feistel network on the next power of four, walked until it lands inside
/// (Black, Rogaway: Ciphers with Arbitrary Finite Domains, 2002). So nothing is drawn twice and nothing is remembered.
class Permutation {
 public:
  Permutation(std::uint64_t count, std::uint64_t seed) : count_(count) {
    const int bits = std::bit_width(count > 1 ? count - 1 : 1);
    half_bits_ = (bits + 1) / 2;
    mask_ = (1ull << half_bits_) - 1;
    for (std::size_t round = 0; round < keys_.size(); ++round) keys_[round] = mix(seed ^ mix(round + 1));
  }
  std::uint64_t operator()(std::uint64_t x) const {
    do { x = permute(x); } while (x >= count_);
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

  std::uint64_t count_;
  int half_bits_ = 1;
  std::uint64_t mask_ = 1;
  std::array<std::uint64_t, 6> keys_{};
};

/// Of combinations that are all as likely: walks through a permutation of them.
class PermutedSampler final : public Sampler {
 public:
  PermutedSampler(const SearchSpace& space, std::uint64_t seed)
      : space_(space), tried_(space), combinations_(*space.combinations()), permutation_(combinations_, seed) {}

  std::vector<Point> ask(std::uint64_t count) override {
    std::vector<Point> points;
    std::uint64_t refused = 0;
    while (points.size() < count && next_ < combinations_ && refused < kRefusedMax) {
      Point point = space_.point(permutation_(next_++));
      // Without conditions the numbers are the points, and none comes twice.
      if (space_.conditional() ? tried_.take(point) : space_.allows(point)) {
        points.push_back(std::move(point));
        refused = 0;
      } else {
        ++refused;
      }
    }
    return points;
  }

 private:
  static constexpr std::uint64_t kRefusedMax = 10'000'000;  // in a row

  const SearchSpace& space_;
  TriedPoints tried_;
  std::uint64_t combinations_, next_ = 0;
  Permutation permutation_;
};

class DrawnSampler final : public Sampler {
 public:
  DrawnSampler(const SearchSpace& space, std::uint64_t seed) : tried_(space), random_(seed) {}

  std::vector<Point> ask(std::uint64_t count) override {
    std::vector<Point> points;
    while (points.size() < count) {
      auto point = tried_.take_random(random_);
      if (!point) break;
      points.push_back(std::move(*point));
    }
    return points;
  }

 private:
  TriedPoints tried_;
  Random random_;
};

}  // namespace

std::unique_ptr<Sampler> make_random_sampler(const SearchSpace& space, const SamplerSettings& settings) {
  const bool evenly = std::ranges::none_of(space.parameters, &Parameter::logarithmic);
  if (evenly && space.combinations()) return std::make_unique<PermutedSampler>(space, settings.seed);
  return std::make_unique<DrawnSampler>(space, settings.seed);
}

}  // namespace tradeassist::optimize
