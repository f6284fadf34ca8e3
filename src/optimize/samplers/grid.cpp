#include "optimize/samplers/grid.hpp"

#include <algorithm>

#include "optimize/samplers/tried_points.hpp"

namespace tradeassist::optimize {
namespace {

class GridSampler final : public Sampler {
 public:
  GridSampler(const SearchSpace& space, std::uint64_t trials)
      : space_(space), tried_(space), combinations_(*space.combinations()), trials_(trials) {}

  std::vector<Point> ask(std::uint64_t count) override {
    std::vector<Point> points;
    while (points.size() < count && given_ < trials_) {
      const bool spreading = trial_ < trials_;
      std::optional<Point> point = spreading ? spread(trial_++) : tried_.take_next();
      if (!point && !spreading) break;
      if (!point) continue;
      points.push_back(std::move(*point));
      ++given_;
    }
    return points;
  }

 private:
  /// The combination at this trial's share of all, or the next that may be tried. Where the last trials find none, what
  /// was passed over is tried.
  std::optional<Point> spread(std::uint64_t trial) {
    __extension__ using Wide = unsigned __int128;
    const std::uint64_t at = trials_ >= combinations_
                                 ? trial
                                 : static_cast<std::uint64_t>(static_cast<Wide>(trial) * combinations_ / trials_);
    next_ = std::max(next_, at);
    for (std::uint64_t steps = 0; next_ < combinations_ && steps < kStepsMax; ++steps) {
      Point point = space_.point(next_++);
      if (tried_.take(point)) return point;
    }
    return std::nullopt;
  }

  static constexpr std::uint64_t kStepsMax = 100'000;  // from one trial to the next that may be tried

  const SearchSpace& space_;
  TriedPoints tried_;
  std::uint64_t combinations_, trials_, trial_ = 0, given_ = 0, next_ = 0;
};

}  // namespace

std::unique_ptr<Sampler> make_grid_sampler(const SearchSpace& space, const SamplerSettings& settings) {
  return std::make_unique<GridSampler>(space, settings.trials);
}

}  // namespace tradeassist::optimize
