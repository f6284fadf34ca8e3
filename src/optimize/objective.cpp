#include "optimize/objective.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace tradeassist::optimize {

using backtest::Metrics;

namespace {

constexpr std::string_view kProfitFactor = "profit_factor";

/// From 0 over 1/2 at 0 to 1; 3/4 at `scale`.
double signed_unit(double value, double scale) { return 0.5 + 0.5 * value / (std::fabs(value) + scale); }

struct Figure {
  std::string_view name;
  std::optional<double> (*value)(const Metrics&);
};

/// That are no objectives, but can be required.
constexpr Figure kFigures[] = {
    {"trades_per_year", [](const Metrics& m) { return m.trades_per_year; }},
    {"total_closed_trades", [](const Metrics& m) { return std::optional(static_cast<double>(m.total_closed_trades)); }},
    {"exposure_percent", [](const Metrics& m) { return std::optional(m.exposure_percent); }},
};

}  // namespace

std::span<const Objective> objectives() {
  static constexpr Objective kAll[] = {
      {"sharpe_ratio", "Sharpe ratio", true, [](const Metrics& m) { return m.sharpe_ratio; },
       [](double v) { return signed_unit(v, 0.3); }},
      {"sortino_ratio", "Sortino ratio", true, [](const Metrics& m) { return m.sortino_ratio; },
       [](double v) { return signed_unit(v, 0.6); }},
      {"net_profit", "Net profit", true, [](const Metrics& m) { return std::optional(m.net_profit); }},
      {"annualized_return_percent", "Annualised return", true,
       [](const Metrics& m) { return m.annualized_return_percent; }, [](double v) { return signed_unit(v, 20); }},
      {kProfitFactor, "Profit factor", true, [](const Metrics& m) { return m.profit_factor; },
       [](double v) { return v / (v + 1); }},
      {"percent_profitable", "Percent profitable", true, [](const Metrics& m) { return m.percent_profitable; },
       [](double v) { return v / 100; }},
      {"average_trade", "Average trade", true, [](const Metrics& m) { return m.average_trade; }},
      {"return_of_max_drawdown", "Net profit over drawdown", true,
       [](const Metrics& m) { return m.return_of_max_drawdown; }, [](double v) { return signed_unit(v, 2); }},
      {"max_drawdown_percent", "Max drawdown", false,
       [](const Metrics& m) { return std::optional(m.max_drawdown_percent); },
       [](double v) { return 1 - std::clamp(v / 100, 0.0, 1.0); }},
      {kComposite, "Weighted mix", true,
       [](const Metrics& m) { return std::optional(composite(m, default_weights())); }},
  };
  return kAll;
}

base::Result<const Objective*> find_objective(std::string_view name) {
  const auto found = std::ranges::find(objectives(), name, &Objective::name);
  if (found != objectives().end()) return &*found;
  std::string names;
  for (const Objective& objective : objectives()) names += (names.empty() ? "" : ", ") + std::string(objective.name);
  return base::failure(base::ErrorCode::kInvalidArgument,
                       "'" + std::string(name.substr(0, 80)) + "' is not an objective; use one of " + names);
}

std::vector<Weight> default_weights() {
  constexpr std::pair<std::string_view, double> kWeights[] = {{"annualized_return_percent", 0.25},
                                                              {"sharpe_ratio", 0.25},
                                                              {"max_drawdown_percent", 0.20},
                                                              {kProfitFactor, 0.15},
                                                              {"percent_profitable", 0.15}};
  std::vector<Weight> weights;
  for (const auto& [name, weight] : kWeights) {
    const auto found = std::ranges::find(objectives(), name, &Objective::name);
    weights.push_back({&*found, weight});
  }
  return weights;
}

base::Result<Weight> make_weight(std::string_view name, double weight) {
  TRY_ASSIGN(const Objective* objective, find_objective(name));
  if (objective->unit == nullptr) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         std::string(name) + " cannot be weighed against others: it has no scale of its own");
  }
  if (!(weight > 0) || !std::isfinite(weight)) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("the weight of {} must be above 0, is {}", name, weight));
  }
  return Weight{objective, weight};
}

base::Result<Weight> parse_weight(std::string_view text) {
  const std::size_t equals = text.find('=');
  const auto number = equals == std::string_view::npos ? std::nullopt : base::parse_number(text.substr(equals + 1));
  if (!number) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "'" + std::string(text.substr(0, 80)) + "' is not OBJECTIVE=WEIGHT, as in sharpe_ratio=0.5");
  }
  return make_weight(text.substr(0, equals), *number);
}

double composite(const Metrics& metrics, std::span<const Weight> weights) {
  double sum = 0, total = 0;
  for (const Weight& weight : weights) {
    const auto value = weight.objective->value(metrics);
    double unit = value ? weight.objective->unit(*value) : 0;
    if (!value && weight.objective->name == kProfitFactor && metrics.gross_profit > 0) unit = 1;
    sum += weight.weight * unit;
    total += weight.weight;
  }
  return total > 0 ? sum / total : 0;
}

base::Result<Requirement> make_requirement(const ConstraintRequest& request) {
  const auto limit = base::parse_number(request.right);
  if (!limit) {
    return base::failure(base::ErrorCode::kInvalidArgument, "requirement '" + request.text +
                                                                "': write a figure, a comparison and a number, as in "
                                                                "trades_per_year >= 12");
  }
  Requirement made;
  made.name = request.left;
  made.comparison = request.comparison;
  made.limit = *limit;
  std::string names;
  for (const Figure& figure : kFigures) {
    if (figure.name == request.left) made.value = figure.value;
    names += (names.empty() ? "" : ", ") + std::string(figure.name);
  }
  for (const Objective& objective : objectives()) {
    if (objective.name == request.left) made.value = objective.value;
    names += ", " + std::string(objective.name);
  }
  if (made.value == nullptr) {
    return base::failure(base::ErrorCode::kInvalidArgument, "requirement '" + request.text + "': there is no figure " +
                                                                request.left.substr(0, 80) + "; use one of " + names);
  }
  return made;
}

double violation(const Metrics& metrics, std::span<const Requirement> requirements) {
  double sum = 0;
  for (const Requirement& requirement : requirements) {
    const auto value = requirement.value(metrics);
    if (!value) {
      sum += 1;
    } else if (!compare(*value, requirement.comparison, requirement.limit)) {
      // A limit that is only just missed is missed all the same.
      const double away = std::fabs(*value - requirement.limit) / std::max(std::fabs(requirement.limit), 1e-9);
      sum += std::clamp(away, 1e-12, 1e12);
    }
  }
  return sum;
}

}  // namespace tradeassist::optimize
