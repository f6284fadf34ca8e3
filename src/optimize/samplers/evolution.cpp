#include "optimize/samplers/evolution.hpp"

#include <algorithm>
#include <utility>

#include "optimize/samplers/genetic_operators.hpp"

namespace tradeassist::optimize {

std::vector<Point> EvolutionSampler::ask(std::uint64_t count) {
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

void EvolutionSampler::tell(std::span<const Outcome> outcomes) {
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    units_.push_back(std::move(asked_[i]));
    outcomes_.push_back(outcomes[i]);
  }
  std::vector<std::size_t> order = fitness_(outcomes_);
  if (order.size() > members_max_) order.resize(members_max_);
  std::vector<std::vector<double>> units;
  std::vector<Outcome> told;
  for (const std::size_t i : order) {
    units.push_back(std::move(units_[i]));
    told.push_back(std::move(outcomes_[i]));
  }
  units_ = std::move(units);
  outcomes_ = std::move(told);
}

Point EvolutionSampler::child() {
  const std::vector<double>& mother = parent();  // drawn before the father: the order of arguments is the compiler's
  return breed(space_, mother, parent(), random_);
}

const std::vector<double>& EvolutionSampler::parent() {
  const std::size_t a = random_.below(units_.size()), b = random_.below(units_.size());
  return units_[std::min(a, b)];
}

}  // namespace tradeassist::optimize
