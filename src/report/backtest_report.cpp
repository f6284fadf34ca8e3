#include "report/backtest_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <optional>

#include "backtest/metrics/no_trades.hpp"
#include "backtest/metrics/returns.hpp"
#include "backtest/metrics/trade_rows.hpp"
#include "base/json.hpp"
#include "report/chart_report.hpp"
#include "report/json_rows.hpp"

namespace tradeassist::report {
namespace {

namespace json = boost::json;

std::string money(const std::optional<double>& value) { return value ? fmt::format("{:.2f}", *value) : "-"; }
std::string percent(const std::optional<double>& value) { return value ? fmt::format("{:.2f} %", *value) : "-"; }
std::string ratio(const std::optional<double>& value) { return value ? fmt::format("{:.3f}", *value) : "-"; }

}  // namespace

json::object backtest_json(const BacktestReport& report) {
  const backtest::RunRequest& request = *report.request;
  const backtest::RunResult& result = *report.result;
  const market::Series& series = *request.series;
  json::object out;
  out["strategy"] = report.strategy;
  out["symbol"] = request.instrument.symbol;
  out["timeframe"] = market::to_string(request.timeframe);
  out["bar_count"] = series.size();
  out["first_time"] = time_text(series.time.front());
  out["last_time"] = time_text(series.time.back());
  out["metrics"] = base::to_json(report.metrics);
  const auto rows = backtest::trade_rows(result, series);
  json::array trades;
  for (std::size_t i = 0; i < std::min(rows.size(), kTradesMax); ++i) trades.push_back(base::to_json(rows[i]));
  out["trades"] = std::move(trades);
  out["trades_truncated"] = rows.size() > kTradesMax;

  json::object equity;
  const backtest::BarRange bars{request.trade_from_bar, series.size()};
  const auto held = backtest::buy_and_hold(series, bars, request.settings.initial_capital);
  json::array times_array, equity_array, held_array;
  if (!result.equity.empty()) {
    for (const std::size_t i : thinned(series.size() - bars.first, kEquityPointsMax)) {
      times_array.push_back(time_text(series.time[bars.first + i]));
      equity_array.push_back(number(result.equity[bars.first + i]));
      held_array.push_back(i < held.value.size() ? number(held.value[i]) : json::value(nullptr));
    }
  }
  equity["time"] = std::move(times_array);
  equity["equity"] = std::move(equity_array);
  equity["buy_and_hold"] = std::move(held_array);
  out["equity"] = std::move(equity);
  if (report.include_plots) {
    out["plots"] = plots_json(*request.program, result);
    out["plot_bars_left_out"] = series.size() - std::min(series.size(), kPlotBarsMax);
    add_drawings(out, request, result);
  }

  json::array reasons, warnings, messages;
  for (const std::string& reason : backtest::explain_no_trades(result)) reasons.emplace_back(reason);
  if (report.compilation != nullptr) {
    for (const pine::Diagnostic& diagnostic : report.compilation->diagnostics.all()) {
      const pine::Source& file = report.compilation->source->file_at(diagnostic.range.begin);
      const bool own = &file == report.compilation->source.get();
      warnings.emplace_back(fmt::format("{}line {}: {}", own ? "" : file.name() + ", ",
                                        file.locate(diagnostic.range.begin).line, diagnostic.message));
    }
  }
  for (const std::string& warning : result.warnings) warnings.emplace_back(warning);
  for (const backtest::ScriptMessage& message : result.messages) {
    messages.push_back(json::object{{"time", time_text(series.time[message.bar])},
                                    {"kind", request.program->outputs[message.output].title},
                                    {"text", bounded_text(message.text)}});
  }
  out["no_trades_reasons"] = std::move(reasons);
  out["warnings"] = std::move(warnings);
  out["messages"] = std::move(messages);
  out["messages_left_out"] = result.messages_left_out;
  return out;
}

std::string metrics_table(const backtest::Metrics& m, const std::string& currency) {
  std::string out = fmt::format("{:<28}{:>18}{:>18}{:>18}\n", "", "All", "Long", "Short");
  const auto row = [&](const std::string& name, const std::string& all, const std::string& long_side = "",
                       const std::string& short_side = "") {
    out += fmt::format("{:<28}{:>18}{:>18}{:>18}\n", name, all, long_side, short_side);
    while (out.size() > 1 && out[out.size() - 2] == ' ') out.erase(out.size() - 2, 1);
  };
  const auto each = [&](const std::string& name, auto text_of) {
    row(name, text_of(m), text_of(m.long_), text_of(m.short_));
  };
  using Trades = backtest::TradeMetrics;
  each("Net profit, " + currency, [](const Trades& t) { return money(t.net_profit); });
  each("Net profit", [](const Trades& t) { return percent(t.net_profit_percent); });
  each("Annualised return", [](const Trades& t) { return percent(t.annualized_return_percent); });
  row("Buy and hold", percent(m.buy_and_hold_return_percent));
  row("Max drawdown, " + currency, money(m.max_drawdown));
  row("Max drawdown", percent(m.max_drawdown_percent));
  row("Sharpe ratio (monthly)", ratio(m.sharpe_ratio));
  row("Sortino ratio (monthly)", ratio(m.sortino_ratio));
  each("Profit factor", [](const Trades& t) { return ratio(t.profit_factor); });
  each("Closed trades", [](const Trades& t) { return std::to_string(t.total_closed_trades); });
  each("Percent profitable", [](const Trades& t) { return percent(t.percent_profitable); });
  each("Average trade, " + currency, [](const Trades& t) { return money(t.average_trade); });
  each("Largest winning trade, " + currency, [](const Trades& t) { return money(t.largest_winning_trade); });
  each("Largest losing trade, " + currency, [](const Trades& t) { return money(t.largest_losing_trade); });
  each("Average bars in trades", [](const Trades& t) { return ratio(t.average_bars_in_trades); });
  each("Commission paid, " + currency, [](const Trades& t) { return money(t.commission_paid); });
  row("Time in the market", percent(m.exposure_percent));
  if (m.total_open_trades > 0) row("Open profit, " + currency, money(m.open_profit));
  return out;
}

}  // namespace tradeassist::report
