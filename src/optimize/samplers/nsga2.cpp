#include "optimize/samplers/nsga2.hpp"

#include <algorithm>
#include <numeric>

#include "optimize/pareto.hpp"
#include "optimize/samplers/genetic_operators.hpp"
#include "optimize/samplers/tried_points.hpp"

namespace tradeassist::optimize {
namespace {

constexpr std::size_t kMembers = 40;

class Nsga2Sampler final : public Sampler {
 public:
  Nsga2Sampler(const SearchSpace& space, const SamplerSettings& settings)
      : space_(space), tried_(space), random_(settings.seed) {}

  std::uint64_t batch() const override { return kMembers; }

  std::vector<Point> ask(std::uint64_t count) override {
    asked_.clear();
    std::vector<Point> points;
    while (points.size() < count) {
      auto point = units_.empty() ? tried_.take_random(random_) : tried_.take_near(child(), random_);
      if (!point) break;
      asked_.push_back(space_.to_unit(*point));
      points.push_back(std::move(*point));
    }
    return points;
  }

  void tell(std::span<const Outcome> outcomes) override {
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      units_.push_back(std::move(asked_[i]));
      outcomes_.push_back(outcomes[i]);
    }
    std::vector<std::size_t> kept;
    for (const std::vector<std::size_t>& front : sort_into_fronts(outcomes_)) {
      const std::vector<double> distances = crowding_distances(outcomes_, front);
      std::vector<std::size_t> order(front.size());
      std::iota(order.begin(), order.end(), std::size_t{0});
      std::ranges::stable_sort(order, std::ranges::greater{}, [&](std::size_t i) { return distances[i]; });
      for (const std::size_t i : order) {
        if (kept.size() < kMembers) kept.push_back(front[i]);
      }
    }
    std::vector<std::vector<double>> units;
    std::vector<Outcome> told;
    for (const std::size_t i : kept) {
      units.push_back(std::move(units_[i]));
      told.push_back(std::move(outcomes_[i]));
    }
    units_ = std::move(units);
    outcomes_ = std::move(told);
  }

 private:
  Point child() {
    const std::vector<double>& mother = parent();
    return breed(space_, mother, parent(), random_);
  }

  /// The winner of two. They stand in order: by front, within one by the room around them.
  const std::vector<double>& parent() {
    const std::size_t a = random_.below(units_.size()), b = random_.below(units_.size());
    return units_[std::min(a, b)];
  }

  const SearchSpace& space_;
  TriedPoints tried_;
  Random random_;
  std::vector<std::vector<double>> units_, asked_;  // of the members; of the points asked for
  std::vector<Outcome> outcomes_;                   // of the members
};

}  // namespace

std::unique_ptr<Sampler> make_nsga2_sampler(const SearchSpace& space, const SamplerSettings& settings) {
  return std::make_unique<Nsga2Sampler>(space, settings);
}

}  // namespace tradeassist::optimize
