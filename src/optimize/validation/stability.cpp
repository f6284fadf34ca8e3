#include "optimize/validation/stability.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "optimize/parallel.hpp"
#include "optimize/significance/bootstrap.hpp"

namespace tradeassist::optimize {
namespace {

/// The entry so many steps from `entry`; nothing where the range ends before it.
std::optional<double> moved(const Parameter& parameter, double entry, int steps) {
  if (parameter.categorical) return std::nullopt;
  if (parameter.continuous()) {
    constexpr double kStepOfRange = 0.05;
    const double unit = parameter.to_unit(entry) + steps * kStepOfRange;
    if (unit < 0 || unit > 1) return std::nullopt;
    return parameter.from_unit(unit);
  }
  const auto index = static_cast<std::int64_t>(parameter.index(entry)) + steps;
  if (index < 0 || index >= static_cast<std::int64_t>(parameter.count)) return std::nullopt;
  return parameter.entry(static_cast<std::uint64_t>(index));
}

/// NaN, of a parameter that is not active, sorts before all numbers.
struct PointLess {
  bool operator()(const Point& a, const Point& b) const {
    return std::ranges::lexicographical_compare(a, b, [](double x, double y) { return std::strong_order(x, y) < 0; });
  }
};

void summarise(Stability& made, const Goal& goal, std::span<const Trial> tried) {
  const bool maximise = goal.first().maximise;
  std::vector<double> values;
  for (const Neighbour& neighbour : made.neighbours) {
    if (!std::isnan(neighbour.trial.objective)) values.push_back(neighbour.trial.objective);
  }
  if (values.empty()) {
    made.statement = made.neighbours.empty() ? "The best values have no neighbours in the space."
                                             : "None of the values around the best ones has a value of the objective.";
    return;
  }
  std::ranges::sort(values);
  made.median = sorted_quantile(values, 0.5);
  made.worst = maximise ? values.front() : values.back();
  std::size_t counted = 0, beaten = 0;
  for (const Trial& trial : tried) {
    if (std::isnan(trial.objective) || trial.bar_share < 1) continue;
    ++counted;
    if (maximise ? trial.objective < *made.median : trial.objective > *made.median) ++beaten;
  }
  made.share_of_trials_beaten = static_cast<double>(beaten) / static_cast<double>(counted);
  made.statement = fmt::format(
      "Around the best values {} is {:.4g} in the middle and {:.4g} at worst, against {:.4g} at the best ({} values "
      "around it); the middle is better than {:.0f} % of the trials.",
      goal.first().name, *made.median, *made.worst, made.best, values.size(), 100 * *made.share_of_trials_beaten);
}

}  // namespace

std::vector<Neighbour> neighbours_of(const SearchSpace& space, const Point& best) {
  std::vector<Neighbour> made;
  for (const int distance : {1, 2}) {
    for (std::size_t i = 0; i < space.parameters.size(); ++i) {
      if (std::isnan(best[i])) continue;
      for (const int steps : {-distance, distance}) {
        const auto entry = moved(space.parameters[i], best[i], steps);
        if (!entry) continue;
        Neighbour neighbour{i, steps, {}};
        neighbour.trial.point = best;
        neighbour.trial.point[i] = *entry;
        // A parameter that others depend on switches them on or off: that is another kind of strategy, not a step.
        Point settled = neighbour.trial.point;
        space.settle(settled);
        const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
        if (!std::ranges::equal(settled, neighbour.trial.point, same)) continue;
        if (space.allows(neighbour.trial.point)) made.push_back(std::move(neighbour));
      }
    }
  }
  return made;
}

base::Result<Stability> stability(const TrialRunner& runner, const market::Series& bars, std::span<const Trial> tried,
                                  std::size_t best, const std::stop_token& stop) {
  Stability made;
  made.best = tried[best].objective;
  made.neighbours = neighbours_of(runner.request().space, tried[best].point);
  if (made.neighbours.size() > kNeighboursMax) {
    made.left_out = made.neighbours.size() - kNeighboursMax;
    made.neighbours.resize(kNeighboursMax);
  }
  std::map<Point, const Trial*, PointLess> known;
  for (const Trial& trial : tried) {
    if (trial.bar_share >= 1) known.emplace(trial.point, &trial);
  }
  backtest::SharedColumns columns(bars);
  TRY(parallel_for(made.neighbours.size(), runner.request().threads, stop, [&](std::size_t i) -> base::Result<void> {
    Trial& trial = made.neighbours[i].trial;
    if (const auto found = known.find(trial.point); found != known.end()) {
      trial = *found->second;
      return {};
    }
    TRY_ASSIGN(trial, runner.evaluate({bars, &columns}, std::move(trial), stop));
    return {};
  }));
  summarise(made, runner.goal(), tried);
  return made;
}

}  // namespace tradeassist::optimize
