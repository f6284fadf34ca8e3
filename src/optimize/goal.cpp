#include "optimize/goal.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "optimize/search_request.hpp"

namespace tradeassist::optimize {
namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

double or_nan(const std::optional<double>& value) { return value ? *value : kNotANumber; }

}  // namespace

base::Result<Goal> Goal::of(const SearchRequest& request) {
  Goal goal;
  for (const std::string& name : request.objectives.empty() ? std::vector{request.objective} : request.objectives) {
    TRY_ASSIGN(const Objective* objective, find_objective(name));
    goal.objectives_.push_back(objective);
  }
  goal.weights_ = request.weights.empty() ? default_weights() : request.weights;
  goal.requirements_ = request.requirements;
  return goal;
}

double Goal::value(std::size_t i, const backtest::Metrics& metrics) const {
  if (metrics.total_closed_trades == 0) return kNotANumber;
  if (objectives_[i]->name == kComposite) return composite(metrics, weights_);
  return or_nan(objectives_[i]->value(metrics));
}

void Goal::measure(Trial& trial, const backtest::Metrics& metrics) const {
  trial.objective = value(0, metrics);
  trial.objectives.clear();
  if (has_several()) {
    for (std::size_t i = 0; i < objectives_.size(); ++i) trial.objectives.push_back(value(i, metrics));
  }
  trial.violation = violation(metrics, requirements_);
  trial.net_profit = metrics.net_profit;
  trial.net_profit_percent = metrics.net_profit_percent;
  trial.max_drawdown_percent = metrics.max_drawdown_percent;
  trial.sharpe_ratio = or_nan(metrics.sharpe_ratio);
  trial.profit_factor = or_nan(metrics.profit_factor);
  trial.percent_profitable = or_nan(metrics.percent_profitable);
  trial.total_closed_trades = metrics.total_closed_trades;
}

Outcome Goal::judge(const Trial& trial) const {
  Outcome outcome;
  const auto cost = [&](std::size_t i, double value) { return objectives_[i]->maximise ? -value : value; };
  outcome.violation = trial.violation;
  outcome.cost = cost(0, trial.objective);
  for (std::size_t i = 0; i < trial.objectives.size(); ++i) outcome.costs.push_back(cost(i, trial.objectives[i]));
  const auto undefined = [](double value) { return std::isnan(value); };
  if (std::isnan(trial.objective) || std::ranges::any_of(trial.objectives, undefined)) {
    outcome.cost = outcome.violation = std::numeric_limits<double>::infinity();
    std::ranges::fill(outcome.costs, std::numeric_limits<double>::infinity());
  }
  return outcome;
}

}  // namespace tradeassist::optimize
