#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backtest/metrics/metrics.hpp"
#include "base/result.hpp"
#include "optimize/constraint.hpp"

namespace tradeassist::optimize {

/// What a search makes as large (or as small) as it can.
struct Objective {
  std::string_view name, title;
  bool maximise = true;
  std::optional<double> (*value)(const backtest::Metrics&);
  /// The value from 0, bad, to 1, good, so that objectives can be weighed against each other; null of amounts of money,
  /// which have no scale.
  double (*unit)(double value) = nullptr;
};

/// All of them, in the order in which they are listed.
std::span<const Objective> objectives();

/// kInvalidArgument lists the names there are.
base::Result<const Objective*> find_objective(std::string_view name);

/// The objective that weighs others.
constexpr std::string_view kComposite = "composite";

struct Weight {
  const Objective* objective = nullptr;
  double weight = 0;  // > 0
};

/// Return .25, Sharpe ratio .25, drawdown .20, profit factor .15, winning trades .15.
std::vector<Weight> default_weights();

/// Reads `sharpe_ratio=0.5`. kInvalidArgument: no such objective, one that is an amount of money, no weight above 0.
base::Result<Weight> parse_weight(std::string_view text);
base::Result<Weight> make_weight(std::string_view name, double weight);

/// The mean of the units by their weights, 0 to 1. What has no value counts as 0, but a profit factor without a loss
/// as 1.
double composite(const backtest::Metrics& metrics, std::span<const Weight> weights);

/// What a result has to satisfy: a comparison of a figure with a number.
struct Requirement {
  std::string name;
  std::optional<double> (*value)(const backtest::Metrics&) = nullptr;
  Comparison comparison = Comparison::kGreaterEqual;
  double limit = 0;
};

/// Of `trades_per_year >= 12`. Any objective by its name, trades_per_year, total_closed_trades or exposure_percent;
/// kInvalidArgument lists them.
base::Result<Requirement> make_requirement(const ConstraintRequest& request);

/// By how much the figures break the requirements: the sum of what each falls short by, as a share of its limit; 0
/// when they break none. A figure that has no value falls short by 1.
double violation(const backtest::Metrics& metrics, std::span<const Requirement> requirements);

}  // namespace tradeassist::optimize
