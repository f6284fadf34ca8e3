#include "report/search_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <numeric>

#include "backtest/metrics/returns.hpp"
#include "backtest/properties.hpp"
#include "base/csv.hpp"
#include "base/json.hpp"
#include "optimize/goal.hpp"
#include "report/json_rows.hpp"
#include "report/validation_report.hpp"

namespace tradeassist::report {
namespace {

namespace json = boost::json;
using pine::InputKind;

constexpr std::size_t kEquityPoints = 2'000;
constexpr std::size_t kFrontMax = 1'000;

const char* source_name(double field) {
  static constexpr const char* kNames[] = {"open", "high", "low", "close", "volume", "hl2", "hlc3", "ohlc4", "hlcc4"};
  return kNames[std::clamp(static_cast<int>(field), 0, 8)];
}

json::value value_json(const pine::Input& input, const backtest::InputValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return json::value(*text);
  const double given = std::get<double>(value);
  if (input.kind == InputKind::kBool) return given != 0;
  if (input.kind == InputKind::kSource) return source_name(given);
  return number(given);
}

json::object period_json(const optimize::PeriodResult& period) {
  json::object out;
  out["from"] = time_text(period.first_time);
  out["to"] = time_text(period.last_time);
  out["metrics"] = base::to_json(period.metrics);
  return out;
}

json::object held_json(const optimize::PeriodResult& period) {
  json::object out;
  out["return_percent"] = base::to_json(period.buy_and_hold_return_percent);
  out["max_drawdown_percent"] = base::to_json(period.buy_and_hold_max_drawdown_percent);
  return out;
}

json::object equity_json(const optimize::SearchRequest& request, const optimize::SearchResult& result) {
  const market::Series& series = *request.series;
  const double capital = request.settings.initial_capital;
  const optimize::Split& split = result.split;
  std::vector<double> held;
  for (const backtest::BarRange part :
       {backtest::BarRange{0, split.in_sample}, backtest::BarRange{split.in_sample, split.bars}}) {
    const auto hold = backtest::buy_and_hold(series, part, capital);
    held.insert(held.end(), hold.value.begin(), hold.value.end());
  }
  // Behind the searched bars the curve begins anew, once: what is out of sample goes on where the validation ended.
  const double carried = split.has_validation() ? result.equity[split.validation - 1] / capital : 1;
  json::array times_array, equity_array, held_array;
  std::size_t split_index = 0;
  for (const std::size_t i : thinned(std::min(result.equity.size(), series.size()), kEquityPoints)) {
    if (i < split.in_sample) split_index = times_array.size() + 1;
    times_array.push_back(time_text(series.time[i]));
    equity_array.push_back(number(result.equity[i] * (i < split.validation ? 1 : carried)));
    held_array.push_back(i < held.size() ? number(held[i]) : json::value(nullptr));
  }
  json::object out;
  out["time"] = std::move(times_array);
  out["equity"] = std::move(equity_array);
  out["buy_and_hold"] = std::move(held_array);
  out["split_index"] = split_index;
  return out;
}

/// Trials by objective, best first; those without a value last, by number; those on fewer bars behind all on more.
std::vector<std::size_t> ranked(const optimize::SearchRequest& request, const optimize::SearchResult& result) {
  std::vector<optimize::Outcome> outcomes(result.trials.size());
  if (const auto goal = optimize::Goal::of(request)) {
    std::ranges::transform(result.trials, outcomes.begin(), [&](const auto& trial) { return goal->judge(trial); });
  }
  std::vector<std::size_t> order(result.trials.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    const double left = result.trials[a].bar_share, right = result.trials[b].bar_share;
    return left != right ? left > right : optimize::better(outcomes[a], outcomes[b]);
  });
  return order;
}

json::value ending_json(optimize::Ending ending) {
  switch (ending) {
    case optimize::Ending::kNoBetter: return "no_better";
    case optimize::Ending::kTimeLimit: return "time_limit";
    case optimize::Ending::kAllTried: break;
  }
  return nullptr;
}

/// Those of whom the best was chosen, the best first.
json::value finalists_json(const optimize::SearchRequest& request, const optimize::SearchResult& result) {
  if (result.finalists.empty()) return nullptr;
  json::array finalists;
  for (const optimize::Finalist& finalist : result.finalists) {
    finalists.push_back(json::object{{"trial", finalist.measured.trial},
                                     {"parameters", parameters_json(request, finalist.measured.point)},
                                     {"in_sample_objective", number(result.trials[finalist.place].objective)},
                                     {"objective", number(finalist.measured.objective)},
                                     {"net_profit_percent", number(finalist.measured.net_profit_percent)},
                                     {"max_drawdown_percent", number(finalist.measured.max_drawdown_percent)},
                                     {"total_closed_trades", finalist.measured.total_closed_trades}});
  }
  return finalists;
}

/// The trials that no other beats in all objectives, by trial number.
json::value front_json(const optimize::SearchRequest& request, const optimize::SearchResult& result) {
  if (request.objectives.empty()) return nullptr;
  json::array front;
  for (const std::size_t i : result.front) {
    if (front.size() == kFrontMax) break;
    const optimize::Trial& trial = result.trials[i];
    json::object values;
    for (std::size_t k = 0; k < request.objectives.size(); ++k) {
      values[request.objectives[k]] = number(trial.objectives[k]);
    }
    front.push_back(json::object{{"trial", trial.trial},
                                 {"objectives", std::move(values)},
                                 {"parameters", parameters_json(request, trial.point)}});
  }
  return front;
}

}  // namespace

json::object inputs_json(const pine::Program& program, const backtest::InputVector& inputs) {
  json::object out;
  for (std::size_t i = 0; i < program.inputs.size(); ++i) {
    out[program.inputs[i].name] = value_json(program.inputs[i], inputs[i]);
  }
  return out;
}

std::string input_text(const pine::Input& input, const backtest::InputValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  const double given = std::get<double>(value);
  if (input.kind == InputKind::kBool) return given != 0 ? "true" : "false";
  if (input.kind == InputKind::kSource) return source_name(given);
  return fmt::format("{}", given);
}

json::object parameters_json(const optimize::SearchRequest& request, const optimize::Point& point) {
  json::object out;
  const backtest::InputVector inputs = request.space.inputs(point, request.inputs);
  for (const optimize::Parameter& parameter : request.space.parameters) {
    out[parameter.name] = value_json(request.program->inputs[parameter.input], inputs[parameter.input]);
  }
  return out;
}

json::object progress_json(const optimize::SearchProgress& progress) {
  return {{"trials_done", progress.trials_done},
          {"trials_total", progress.trials_total},
          {"trials_per_second", number(progress.trials_per_second)},
          {"seconds_left", number(progress.seconds_left)},
          {"best", nullptr}};
}

json::object progress_json(const optimize::SearchRequest& request, const optimize::SearchProgress& progress) {
  json::object out = progress_json(progress);
  if (progress.has_best) {
    out["best"] = json::object{{"trial", progress.best.trial},
                               {"objective", number(progress.best.objective)},
                               {"parameters", parameters_json(request, progress.best.point)}};
  }
  return out;
}

/// The properties of strategy() that were given for the search: numbers, true/false, text.
json::object properties_json(const pine::Program& program, const pine::StrategySettings& settings) {
  json::object out;
  for (const backtest::Property& property : backtest::changed_properties(program.settings, settings)) {
    const auto plain = base::parse_json(property.value);  // a word is no JSON
    out[property.name] = plain ? *plain : json::value(json::string(property.value));
  }
  return out;
}

json::object search_json(const std::string& strategy, const optimize::SearchRequest& request,
                         const optimize::SearchResult& result, std::size_t trials_max) {
  json::object out;
  out["strategy"] = strategy;
  out["symbol"] = request.instrument.symbol;
  out["timeframe"] = market::to_string(request.timeframe);
  out["objective"] = request.objective;
  if (!request.objectives.empty())
    out["objectives"] = json::array(request.objectives.begin(), request.objectives.end());
  out["sampler"] = request.sampler;
  out["seed"] = request.seed;
  out["trials_tried"] = result.trials.size();
  out["stopped"] = ending_json(result.ending);
  out["combinations"] = result.combinations ? json::value(*result.combinations) : json::value(nullptr);
  out["data_fingerprint"] = result.data_fingerprint;
  out["split_time"] = result.split.has_out_of_sample()
                          ? json::value(time_text(request.series->time[result.split.validation]))
                          : json::value(nullptr);
  out["parameters"] = inputs_json(*request.program, result.best_inputs);
  out["default_parameters"] = inputs_json(*request.program, request.inputs);
  out["properties"] = properties_json(*request.program, request.settings);
  out["in_sample"] = period_json(result.in_sample);
  out["out_of_sample"] = result.out_of_sample ? json::value(period_json(*result.out_of_sample)) : json::value(nullptr);
  out["validation_sample"] =
      result.validation_sample ? json::value(period_json(*result.validation_sample)) : json::value(nullptr);
  out["finalists"] = finalists_json(request, result);
  json::object held;
  held["in_sample"] = held_json(result.in_sample);
  held["out_of_sample"] = result.out_of_sample ? json::value(held_json(*result.out_of_sample)) : json::value(nullptr);
  held["validation_sample"] =
      result.validation_sample ? json::value(held_json(*result.validation_sample)) : json::value(nullptr);
  out["buy_and_hold"] = std::move(held);
  out["statement"] = result.statement;
  out["warnings"] = json::array(result.warnings.begin(), result.warnings.end());
  out["equity"] = equity_json(request, result);
  out["pareto_front"] = front_json(request, result);
  const json::object validation = validation_json(request, result);
  out.insert(validation.begin(), validation.end());

  auto order = ranked(request, result);
  if (order.size() > trials_max) order.resize(trials_max);
  json::array index, objective;
  json::object parameters, metrics;
  std::vector<json::array> columns(request.space.parameters.size());
  json::array shares, violations;
  std::vector<json::array> several(request.objectives.size());
  json::array net, net_percent, drawdown, sharpe, factor, trades, profitable;
  for (const std::size_t i : order) {
    const optimize::Trial& trial = result.trials[i];
    index.emplace_back(trial.trial);
    objective.push_back(number(trial.objective));
    const backtest::InputVector inputs = request.space.inputs(trial.point, request.inputs);
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const std::size_t input = request.space.parameters[k].input;
      columns[k].push_back(value_json(request.program->inputs[input], inputs[input]));
    }
    shares.push_back(number(trial.bar_share));
    violations.push_back(number(trial.violation));
    for (std::size_t k = 0; k < several.size(); ++k) several[k].push_back(number(trial.objectives[k]));
    net.push_back(number(trial.net_profit));
    net_percent.push_back(number(trial.net_profit_percent));
    drawdown.push_back(number(trial.max_drawdown_percent));
    sharpe.push_back(number(trial.sharpe_ratio));
    factor.push_back(number(trial.profit_factor));
    trades.emplace_back(trial.total_closed_trades);
    profitable.push_back(number(trial.percent_profitable));
  }
  for (std::size_t k = 0; k < columns.size(); ++k) parameters[request.space.parameters[k].name] = std::move(columns[k]);
  metrics["net_profit"] = std::move(net);
  metrics["net_profit_percent"] = std::move(net_percent);
  metrics["max_drawdown_percent"] = std::move(drawdown);
  metrics["sharpe_ratio"] = std::move(sharpe);
  metrics["profit_factor"] = std::move(factor);
  metrics["total_closed_trades"] = std::move(trades);
  metrics["percent_profitable"] = std::move(profitable);
  json::object trials{{"count", result.trials.size()},
                      {"index", std::move(index)},
                      {"objective", std::move(objective)},
                      {"parameters", std::move(parameters)},
                      {"metrics", std::move(metrics)}};
  // Columns that say something only in some searches.
  const auto on_part = [](const optimize::Trial& trial) { return trial.bar_share < 1; };
  if (std::ranges::any_of(result.trials, on_part)) trials["bar_share"] = std::move(shares);
  if (!request.requirements.empty()) trials["violation"] = std::move(violations);
  if (!several.empty()) {
    json::object by_name;
    for (std::size_t k = 0; k < several.size(); ++k) by_name[request.objectives[k]] = std::move(several[k]);
    trials["objectives"] = std::move(by_name);
  }
  out["trials"] = std::move(trials);
  return out;
}

std::string trials_csv(const optimize::SearchRequest& request, const optimize::SearchResult& result) {
  std::string out = "trial";
  for (const optimize::Parameter& parameter : request.space.parameters) {
    out += ',';
    base::append_csv_foreign_text(out, parameter.name);
  }
  out +=
      ",objective,net_profit,net_profit_percent,max_drawdown_percent,sharpe_ratio,profit_factor,percent_profitable,"
      "total_closed_trades";
  const bool on_parts = std::ranges::any_of(result.trials, [](const auto& trial) { return trial.bar_share < 1; });
  if (on_parts) out += ",bar_share";
  if (!request.requirements.empty()) out += ",violation";
  for (std::size_t k = 1; k < request.objectives.size(); ++k) out += ",objective_" + request.objectives[k];
  out += "\n";
  const auto cell = [](double value) { return value == value ? fmt::format(",{}", value) : std::string(","); };
  for (const optimize::Trial& trial : result.trials) {
    out += std::to_string(trial.trial);
    const backtest::InputVector inputs = request.space.inputs(trial.point, request.inputs);
    for (const optimize::Parameter& parameter : request.space.parameters) {
      out += ',';
      base::append_csv_foreign_text(out, input_text(request.program->inputs[parameter.input], inputs[parameter.input]));
    }
    out += cell(trial.objective) + cell(trial.net_profit) + cell(trial.net_profit_percent) +
           cell(trial.max_drawdown_percent) + cell(trial.sharpe_ratio) + cell(trial.profit_factor) +
           cell(trial.percent_profitable) + fmt::format(",{}", trial.total_closed_trades);
    if (on_parts) out += cell(trial.bar_share);
    if (!request.requirements.empty()) out += cell(trial.violation);
    for (std::size_t k = 1; k < trial.objectives.size(); ++k) out += cell(trial.objectives[k]);
    out += '\n';
  }
  return out;
}

std::string search_table(const optimize::SearchRequest& request, const optimize::SearchResult& result) {
  std::string out = "Best parameters\n";
  for (const optimize::Parameter& parameter : request.space.parameters) {
    const pine::Input& input = request.program->inputs[parameter.input];
    out += fmt::format("  {:<26}{:>18}   (default {})\n", parameter.name,
                       input_text(input, result.best_inputs[parameter.input]),
                       input_text(input, request.inputs[parameter.input]));
  }
  std::vector<const optimize::PeriodResult*> periods{&result.in_sample};
  if (result.validation_sample) periods.push_back(&*result.validation_sample);
  periods.push_back(result.out_of_sample ? &*result.out_of_sample : nullptr);
  const auto each = [&](const char* name, auto text_of) {
    out += fmt::format("  {:<26}", name);
    for (const auto* period : periods) out += fmt::format("{:>18}", period != nullptr ? text_of(*period) : "-");
    out += "\n";
  };
  using Period = optimize::PeriodResult;
  const auto date = [](std::int64_t time) { return std::string(time_text(time)).substr(0, 10); };
  const auto percent = [](const std::optional<double>& v) {
    return v ? fmt::format("{:.2f} %", *v) : std::string("-");
  };
  const auto plain = [](const std::optional<double>& v) { return v ? fmt::format("{:.3f}", *v) : std::string("-"); };
  out += "\n";
  out += fmt::format("  {:<26}{:>18}{}{:>18}\n", "", "In sample",
                     result.validation_sample ? fmt::format("{:>18}", "Validation") : "", "Out of sample");
  each("From", [&](const Period& p) { return date(p.first_time); });
  each("To", [&](const Period& p) { return date(p.last_time); });
  each("Net profit", [&](const Period& p) { return percent(p.metrics.net_profit_percent); });
  each("Annualised return", [&](const Period& p) { return percent(p.metrics.annualized_return_percent); });
  each("Buy and hold", [&](const Period& p) { return percent(p.buy_and_hold_return_percent); });
  each("Max drawdown", [&](const Period& p) { return percent(p.metrics.max_drawdown_percent); });
  each("Buy and hold drawdown", [&](const Period& p) { return percent(p.buy_and_hold_max_drawdown_percent); });
  each("Sharpe ratio (monthly)", [&](const Period& p) { return plain(p.metrics.sharpe_ratio); });
  each("Profit factor", [&](const Period& p) { return plain(p.metrics.profit_factor); });
  each("Closed trades", [&](const Period& p) { return std::to_string(p.metrics.total_closed_trades); });
  each("Percent profitable", [&](const Period& p) { return percent(p.metrics.percent_profitable); });
  each("Time in the market", [&](const Period& p) { return percent(p.metrics.exposure_percent); });
  if (!request.objectives.empty()) {
    out += fmt::format("\nNo other trial beats these {} in all objectives (--json has their parameters)\n  {:<10}",
                       result.front.size(), "Trial");
    for (const std::string& name : request.objectives) out += fmt::format("{:>26}", name);
    out += "\n";
    constexpr std::size_t kShown = 10;
    for (std::size_t i = 0; i < std::min(kShown, result.front.size()); ++i) {
      const optimize::Trial& trial = result.trials[result.front[i]];
      out += fmt::format("  {:<10}", trial.trial);
      for (const double value : trial.objectives) out += fmt::format("{:>26.4f}", value);
      out += "\n";
    }
    if (result.front.size() > kShown) out += fmt::format("  and {} more\n", result.front.size() - kShown);
  }
  if (result.ending == optimize::Ending::kNoBetter) {
    out += fmt::format("\nThe search ended early: the last {} trials were no better.\n", request.stop_after);
  }
  if (result.ending == optimize::Ending::kTimeLimit) out += "\nThe search ended at its time limit.\n";
  return out + validation_table(result) + "\n" + result.statement + "\n";
}

}  // namespace tradeassist::report
