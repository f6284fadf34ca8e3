#include "optimize/samplers/random_sampler.hpp"

#include <algorithm>

#include "optimize/samplers/permutation.hpp"
#include "optimize/samplers/tried_points.hpp"

namespace tradeassist::optimize {
namespace {

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
  DrawnSampler(const SearchSpace& space, const SamplerSettings& settings)
      : tried_(space, settings.first), random_(settings.seed) {}

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
  if (evenly && space.combinations() && settings.first.empty())
    return std::make_unique<PermutedSampler>(space, settings.seed);
  return std::make_unique<DrawnSampler>(space, settings);
}

}  // namespace tradeassist::optimize
