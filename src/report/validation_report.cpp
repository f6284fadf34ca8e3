#include "report/validation_report.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cmath>

#include "backtest/metrics/returns.hpp"
#include "base/json.hpp"
#include "report/json_rows.hpp"
#include "report/search_report.hpp"

namespace tradeassist::report {
namespace {

namespace json = boost::json;

constexpr std::size_t kEquityPoints = 2'000;

json::object stability_json(const optimize::SearchRequest& request, const optimize::Stability& stability) {
  json::array rows;
  for (const optimize::Neighbour& neighbour : stability.neighbours) {
    const std::string& name = request.space.parameters[neighbour.parameter].name;
    const json::object values = parameters_json(request, neighbour.trial.point);
    rows.push_back(json::object{{"parameter", name},
                                {"steps", neighbour.steps},
                                {"value", values.at(name)},
                                {"objective", number(neighbour.trial.objective)}});
  }
  json::object made{{"statement", stability.statement},
                    {"best", number(stability.best)},
                    {"median", base::to_json(stability.median)},
                    {"worst", base::to_json(stability.worst)},
                    {"share_of_trials_beaten", base::to_json(stability.share_of_trials_beaten)},
                    {"left_out", stability.left_out},
                    {"rows", std::move(rows)}};
  return made;
}

json::value regimes_json(const optimize::Regimes& regimes) {
  if (regimes.rows.empty()) return nullptr;
  json::array rows;
  for (const optimize::RegimeRow& row : regimes.rows) {
    rows.push_back(json::object{{"regime", optimize::to_string(row.regime)},
                                {"days", row.days},
                                {"return_percent", number(row.return_percent)},
                                {"holding_return_percent", number(row.holding_return_percent)},
                                {"sharpe", base::to_json(row.sharpe)}});
  }
  return json::object{
      {"statement", regimes.statement},
      {"rule", fmt::format("bull: closed at least {:.0f} % above the close {} trading days before; bear: at least as "
                           "much below; known when the day begins",
                           100 * optimize::kRegimeMove, optimize::kRegimeDays)},
      {"rows", std::move(rows)}};
}

/// Spreads as rows of a table; what describes all of them beside.
json::value random_periods_json(const std::optional<optimize::RandomPeriods>& periods) {
  if (!periods) return nullptr;
  json::value made = base::to_json(*periods);
  json::object& out = made.as_object();
  json::array rows;
  const auto row = [&](const char* what, const optimize::Spread& spread) {
    json::object cells{{"of", what}};
    const json::value values = base::to_json(spread);
    for (const auto& [name, value] : values.as_object()) cells[name] = value;
    rows.push_back(std::move(cells));
  };
  row("strategy_return_percent", periods->return_percent);
  if (periods->share_better_than_holding) row("holding_return_percent", periods->holding_return_percent);
  out.erase("return_percent");
  out.erase("holding_return_percent");
  out["rows"] = std::move(rows);
  return made;
}

json::value window_period_json(const std::optional<optimize::PeriodResult>& period) {
  if (!period) return nullptr;
  const backtest::Metrics& metrics = period->metrics;
  return json::object{{"return_percent", number(metrics.net_profit_percent)},
                      {"max_drawdown_percent", number(metrics.max_drawdown_percent)},
                      {"sharpe_ratio", base::to_json(metrics.sharpe_ratio)},
                      {"closed_trades", metrics.total_closed_trades},
                      {"holding_return_percent", base::to_json(period->buy_and_hold_return_percent)}};
}

json::value elsewhere_json(const optimize::SearchResult& result) {
  if (result.elsewhere.empty()) return nullptr;
  json::array rows;
  for (const optimize::Elsewhere& elsewhere : result.elsewhere) {
    json::object row{{"symbol", elsewhere.symbol}};
    const optimize::PeriodResult* period = elsewhere.result ? &*elsewhere.result : nullptr;
    row["from"] = period != nullptr ? json::value(time_text(period->first_time)) : nullptr;
    row["to"] = period != nullptr ? json::value(time_text(period->last_time)) : nullptr;
    const json::value figures = window_period_json(elsewhere.result);
    for (const char* name :
         {"return_percent", "max_drawdown_percent", "sharpe_ratio", "closed_trades", "holding_return_percent"})
      row[name] = figures.is_object() ? figures.get_object().at(name) : nullptr;
    row["failure"] = text_or_null(elsewhere.failure);
    rows.push_back(std::move(row));
  }
  return json::object{{"statement", result.elsewhere_statement}, {"rows", std::move(rows)}};
}

json::object walked_equity_json(const optimize::SearchRequest& request, const optimize::WalkForward& walk) {
  const market::Series& series = *request.series;
  const backtest::BarRange bars{walk.first_bar, walk.first_bar + walk.equity.size()};
  const auto held = backtest::buy_and_hold(series, bars, request.settings.initial_capital);
  json::array times, equity, holding;
  for (const std::size_t i : thinned(walk.equity.size(), kEquityPoints)) {
    times.push_back(time_text(series.time[walk.first_bar + i]));
    equity.push_back(number(walk.equity[i]));
    holding.push_back(number(held.value[i]));
  }
  return {{"time", std::move(times)}, {"equity", std::move(equity)}, {"buy_and_hold", std::move(holding)}};
}

json::value walk_forward_json(const optimize::SearchRequest& request,
                              const std::optional<optimize::WalkForward>& walk) {
  if (!walk || !request.validation.walk_forward) return nullptr;
  const optimize::WalkForwardOptions& options = *request.validation.walk_forward;
  const market::Series& series = *request.series;
  json::array windows;
  for (const optimize::WalkForwardWindow& window : walk->windows) {
    json::value parameters = nullptr;
    if (window.inputs) {
      json::object values;
      const json::object all = inputs_json(*request.program, *window.inputs);
      for (const optimize::Parameter& parameter : request.space.parameters)
        values[parameter.name] = all.at(parameter.name);
      parameters = std::move(values);
    }
    windows.push_back(json::object{{"train_from", time_text(series.time[window.train.first])},
                                   {"train_to", time_text(series.time[window.train.end - 1])},
                                   {"test_from", time_text(series.time[window.test.first])},
                                   {"test_to", time_text(series.time[window.test.end - 1])},
                                   {"trials", window.trials},
                                   {"parameters", std::move(parameters)},
                                   {"objective", number(window.objective)},
                                   {"in_sample", window_period_json(window.in_sample)},
                                   {"out_of_sample", window_period_json(window.out_of_sample)}});
  }
  return json::object{{"statement", walk->statement},
                      {"mode", options.anchored ? "anchored" : "rolling"},
                      {"train_days", options.train_days},
                      {"test_days", options.test_days},
                      {"step_days", options.step_days},
                      {"windows_left_out", walk->left_out},
                      {"return_percent", number(walk->return_percent)},
                      {"max_drawdown_percent", number(walk->max_drawdown_percent)},
                      {"buy_and_hold_return_percent", base::to_json(walk->buy_and_hold_return_percent)},
                      {"share_profitable", number(walk->share_profitable)},
                      {"efficiency", base::to_json(walk->efficiency)},
                      {"windows", std::move(windows)},
                      {"equity", walked_equity_json(request, *walk)}};
}

/// Lines of a test each: its name, its figure, what it means.
class Lines {
 public:
  void add(const char* name, const std::string& value, const char* meaning) {
    text_ += fmt::format("  {:<26}{:>18}   {}\n", name, value, meaning);
  }
  void add_share(const char* name, const std::optional<double>& share, const char* meaning) {
    add(name, share ? fmt::format("{:.1f} %", 100 * *share) : "-", meaning);
  }
  void add_number(const char* name, const std::optional<double>& value, const char* meaning) {
    add(name, value ? fmt::format("{:.2f}", *value) : "-", meaning);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string assessment_lines(const optimize::Assessment& found) {
  Lines lines;
  const auto interval = [](const optimize::ConfidenceInterval& of) {
    return fmt::format("{:.2f} to {:.2f}", of.low, of.high);
  };
  lines.add_number("Sharpe ratio (daily)", found.sharpe, "a year, in sample");
  lines.add("  95 % of resamples", found.sharpe_interval ? interval(*found.sharpe_interval) : "-",
            "stationary bootstrap");
  lines.add_number("  out of sample", found.out_of_sample_sharpe, "a year");
  lines.add_share("Deflated Sharpe ratio", found.deflated_sharpe,
                  "that it is not the luck of many trials; 95 % or more");
  lines.add_number("Effective trials", found.effective_trials, "independent ones that the trials are worth");
  lines.add("Minimum track record",
            found.minimum_track_record ? fmt::format("{:.0f} days", *found.minimum_track_record) : "-",
            "to tell the Sharpe ratio from 0");
  lines.add_share("Overfitting", found.overfitting ? std::optional(found.overfitting->probability) : std::nullopt,
                  "that the best is below the middle elsewhere; 20 % or less");
  lines.add("Against holding", found.reality_check ? fmt::format("p = {:.3f}", found.reality_check->spa) : "-",
            "Hansen's test; 0.05 or less");
  lines.add("Drawdown by order",
            found.trade_order ? fmt::format("{:.1f} %", found.trade_order->p95_percent) : std::string("-"),
            "not exceeded in 95 % of the orders of its trades");
  return lines.take();
}

}  // namespace

json::object validation_json(const optimize::SearchRequest& request, const optimize::SearchResult& result) {
  json::object out;
  const auto* found = result.validation ? &*result.validation : nullptr;
  out["assessment"] = found != nullptr ? base::to_json(found->assessment) : json::value(nullptr);
  out["stability"] = found != nullptr ? json::value(stability_json(request, found->stability)) : nullptr;
  out["regimes"] = found != nullptr ? regimes_json(found->regimes) : nullptr;
  out["random_periods"] = found != nullptr ? random_periods_json(found->random_periods) : nullptr;
  out["cross_validation"] = found != nullptr ? base::to_json(found->cross_validation) : nullptr;
  out["other_instruments"] = elsewhere_json(result);
  out["walk_forward"] = walk_forward_json(request, result.walk_forward);
  return out;
}

std::string validation_table(const optimize::SearchResult& result) {
  std::string out;
  const auto paragraph = [&](const std::string& statement) {
    if (!statement.empty()) out += statement + "\n";
  };
  if (result.validation) {
    const optimize::Validation& found = *result.validation;
    out += "\n" + found.assessment.verdict + "\n\n" + assessment_lines(found.assessment) + "\n";
    paragraph(found.stability.statement);
    if (found.cross_validation) paragraph(found.cross_validation->statement);
    if (found.random_periods) paragraph(found.random_periods->statement);
    paragraph(found.regimes.statement);
    for (const std::string& why : found.assessment.unknown) out += "Not known: " + why + "\n";
  }
  paragraph(result.elsewhere_statement);
  for (const optimize::Elsewhere& elsewhere : result.elsewhere) {
    if (!elsewhere.result) {
      out += fmt::format("  {:<26}{}\n", elsewhere.symbol, elsewhere.failure);
      continue;
    }
    const optimize::PeriodResult& period = *elsewhere.result;
    out += fmt::format("  {:<26}{:>16.2f} %   holding {:.2f} %, {} trades\n", elsewhere.symbol,
                       period.metrics.net_profit_percent, period.buy_and_hold_return_percent.value_or(std::nan("")),
                       period.metrics.total_closed_trades);
  }
  if (result.walk_forward) paragraph("Walk-forward: " + result.walk_forward->statement);
  return out;
}

}  // namespace tradeassist::report
