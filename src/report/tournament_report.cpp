#include "report/tournament_report.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/json.hpp"
#include "report/json_rows.hpp"
#include "report/search_report.hpp"

namespace tradeassist::report {
namespace {

namespace json = boost::json;

constexpr std::size_t kTrialsOfResult = 1'000;

json::value period_json(const optimize::PeriodResult& period) {
  const backtest::Metrics& metrics = period.metrics;
  return json::object{{"from", time_text(period.first_time)},
                      {"to", time_text(period.last_time)},
                      {"net_profit_percent", number(metrics.net_profit_percent)},
                      {"max_drawdown_percent", number(metrics.max_drawdown_percent)},
                      {"sharpe_ratio", base::to_json(metrics.sharpe_ratio)},
                      {"total_closed_trades", metrics.total_closed_trades},
                      {"holding_return_percent", base::to_json(period.buy_and_hold_return_percent)}};
}

json::object place_json(const optimize::Entrant& entrant, const optimize::Place& place, std::size_t rank) {
  json::object out{{"place", rank}, {"strategy", entrant.strategy}};
  out["symbol"] = entrant.request ? json::value(entrant.request->instrument.symbol) : nullptr;
  out["timeframe"] = entrant.request ? json::value(market::to_string(entrant.request->timeframe)) : nullptr;
  out["stages"] = place.stages;
  out["trials"] = place.trials;
  out["objective"] = place.best ? number(place.best->objective) : nullptr;
  out["parameters"] = place.best ? json::value(parameters_json(*entrant.request, place.best->point)) : nullptr;
  const optimize::SearchResult* result = place.result ? &*place.result : nullptr;
  out["in_sample"] = result != nullptr ? period_json(result->in_sample) : nullptr;
  out["out_of_sample"] = result != nullptr && result->out_of_sample ? period_json(*result->out_of_sample) : nullptr;
  out["verdict"] =
      result != nullptr && result->validation ? json::value(result->validation->assessment.verdict) : nullptr;
  out["failure"] = text_or_null(place.failure);
  out["result"] = result != nullptr
                      ? json::value(search_json(entrant.strategy, *entrant.request, *result, kTrialsOfResult))
                      : nullptr;
  return out;
}

std::string percent(const std::optional<double>& value) { return value ? fmt::format("{:.1f} %", *value) : "-"; }

}  // namespace

json::object tournament_json(const optimize::TournamentRequest& request, const optimize::TournamentResult& result) {
  json::array stages, places;
  for (const optimize::Stage& stage : request.stages)
    stages.push_back(json::object{{"trials", stage.trials}, {"keep", stage.keep}});
  for (std::size_t i = 0; i < result.places.size(); ++i) {
    const optimize::Place& place = result.places[i];
    places.push_back(place_json(request.entrants[place.entrant], place, i + 1));
  }
  json::object out{{"stages", std::move(stages)}, {"trials_tried", result.trials}, {"statement", result.statement}};
  for (const optimize::Entrant& entrant : request.entrants) {
    if (!entrant.request) continue;
    // Alike for all.
    out["objective"] = entrant.request->objective;
    out["sampler"] = entrant.request->sampler;
    out["seed"] = entrant.request->seed;
    break;
  }
  out["places"] = std::move(places);
  return out;
}

std::string tournament_table(const optimize::TournamentRequest& request, const optimize::TournamentResult& result) {
  std::string out = fmt::format("{:>4}  {:<32}{:<14}{:>7}{:>9}{:>12}{:>14}{:>16}\n", "", "Strategy", "On", "Stages",
                                "Trials", "Objective", "In sample", "Out of sample");
  std::string failures;
  for (std::size_t i = 0; i < result.places.size(); ++i) {
    const optimize::Place& place = result.places[i];
    const optimize::Entrant& entrant = request.entrants[place.entrant];
    if (!place.best) {
      failures += fmt::format("  {}: {}\n", entrant.strategy, place.failure);
      continue;
    }
    std::optional<double> inside, outside;
    if (place.result) inside = place.result->in_sample.metrics.net_profit_percent;
    if (place.result && place.result->out_of_sample) outside = place.result->out_of_sample->metrics.net_profit_percent;
    out += fmt::format("{:>4}  {:<32}{:<14}{:>7}{:>9}{:>12.4f}{:>14}{:>16}\n", i + 1, entrant.strategy,
                       entrant.request->instrument.symbol + " " + market::to_string(entrant.request->timeframe),
                       place.stages, place.trials, place.best->objective, percent(inside), percent(outside));
  }
  if (!failures.empty()) out += "\nNot searched, or without a value of the objective:\n" + failures;
  const optimize::Place& first = result.places.front();
  if (first.result && first.result->validation)
    out += fmt::format("\n{}: {}\n", request.entrants[first.entrant].strategy,
                       first.result->validation->assessment.verdict);
  return out + "\n" + result.statement + "\n";
}

}  // namespace tradeassist::report
