#include "optimize/objective.hpp"

#include <string>

namespace tradeassist::optimize {

using backtest::Metrics;

std::span<const Objective> objectives() {
  static constexpr Objective kAll[] = {
      {"sharpe_ratio", "Sharpe ratio", true, [](const Metrics& m) { return m.sharpe_ratio; }},
      {"sortino_ratio", "Sortino ratio", true, [](const Metrics& m) { return m.sortino_ratio; }},
      {"net_profit", "Net profit", true, [](const Metrics& m) { return std::optional(m.net_profit); }},
      {"annualized_return_percent", "Annualised return", true,
       [](const Metrics& m) { return m.annualized_return_percent; }},
      {"profit_factor", "Profit factor", true, [](const Metrics& m) { return m.profit_factor; }},
      {"percent_profitable", "Percent profitable", true, [](const Metrics& m) { return m.percent_profitable; }},
      {"average_trade", "Average trade", true, [](const Metrics& m) { return m.average_trade; }},
      {"return_of_max_drawdown", "Net profit over drawdown", true,
       [](const Metrics& m) { return m.return_of_max_drawdown; }},
      {"max_drawdown_percent", "Max drawdown", false,
       [](const Metrics& m) { return std::optional(m.max_drawdown_percent); }},
  };
  return kAll;
}

base::Result<const Objective*> find_objective(std::string_view name) {
  std::string names;
  for (const Objective& objective : objectives()) {
    if (objective.name == name) return &objective;
    names += (names.empty() ? "" : ", ") + std::string(objective.name);
  }
  return base::failure(base::ErrorCode::kInvalidArgument,
                       "'" + std::string(name) + "' is not an objective; use one of " + names);
}

}  // namespace tradeassist::optimize
