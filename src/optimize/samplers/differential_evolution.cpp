#include "optimize/samplers/differential_evolution.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "optimize/samplers/tried_points.hpp"

namespace tradeassist::optimize {
namespace {

constexpr double kCrossover = 0.9;
constexpr double kFactorMin = 0.4, kFactorMax = 0.9;

struct Member {
  std::vector<double> unit;
  Outcome outcome;
};

class DifferentialEvolutionSampler final : public Sampler {
 public:
  DifferentialEvolutionSampler(const SearchSpace& space, const SamplerSettings& settings)
      : space_(space),
        tried_(space, settings.first),
        random_(settings.seed),
        population_(std::clamp<std::size_t>(4 * space.parameters.size(), 16, 64)) {}

  std::uint64_t batch() const override { return population_; }

  std::vector<Point> ask(std::uint64_t count) override {
    rank();
    asked_.clear();
    std::vector<Point> points;
    while (points.size() < count) {
      auto point = members_.size() < population_ ? tried_.take_random(random_)
                                                 : tried_.take_near(space_.from_unit(moved(points.size())), random_);
      if (!point) break;
      asked_.push_back(space_.to_unit(*point));
      points.push_back(std::move(*point));
    }
    return points;
  }

  void tell(std::span<const Outcome> outcomes) override {
    const bool first = members_.size() < population_;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      Member made{std::move(asked_[i]), outcomes[i]};
      if (first)
        members_.push_back(std::move(made));
      else if (!better(members_[i].outcome, made.outcome))
        members_[i] = std::move(made);
    }
  }

 private:
  void rank() {
    order_.resize(members_.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::ranges::stable_sort(
        order_, [&](std::size_t a, std::size_t b) { return better(members_[a].outcome, members_[b].outcome); });
  }

  std::vector<double> moved(std::size_t i) {
    const std::vector<double>& own = members_[i].unit;
    const std::vector<double>& best = members_[order_[random_.below(std::max<std::size_t>(2, population_ / 10))]].unit;
    std::size_t a = 0, b = 0;
    do { a = random_.below(population_); } while (a == i);
    do { b = random_.below(population_); } while (b == i || b == a);
    const double factor = kFactorMin + (kFactorMax - kFactorMin) * random_.uniform();
    const std::size_t certain = random_.below(own.size());
    std::vector<double> made = own;
    for (std::size_t d = 0; d < own.size(); ++d) {
      if (d != certain && random_.uniform() >= kCrossover) continue;
      if (space_.parameters[d].categorical) {
        const double from = random_.uniform();
        made[d] = from < 0.5 ? best[d] : from < 0.9 ? members_[a].unit[d] : random_.uniform();
        continue;
      }
      const double x = own[d] + factor * (best[d] - own[d]) + factor * (members_[a].unit[d] - members_[b].unit[d]);
      // Beyond an end: half way to it, as JADE.
      made[d] = x < 0 ? own[d] / 2 : x > 1 ? (1 + own[d]) / 2 : x;
    }
    return made;
  }

  const SearchSpace& space_;
  TriedPoints tried_;
  Random random_;
  std::size_t population_;
  std::vector<Member> members_;
  std::vector<std::size_t> order_;  // of members, the best first
  std::vector<std::vector<double>> asked_;
};

}  // namespace

std::unique_ptr<Sampler> make_differential_evolution_sampler(const SearchSpace& space,
                                                             const SamplerSettings& settings) {
  return std::make_unique<DifferentialEvolutionSampler>(space, settings);
}

}  // namespace tradeassist::optimize
