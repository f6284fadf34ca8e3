#include "backtest/backtest.hpp"

#include <cassert>
#include <limits>
#include <string_view>
#include <utility>

#include "backtest/currency.hpp"
#include "backtest/evaluator/evaluator.hpp"
#include "backtest/magnifier.hpp"

namespace tradeassist::backtest {
namespace {

/// Rates of exchange and finer bars, where the settings ask for them; a warning where there are none.
void equip(Broker& broker, const RunRequest& request, const Chart& chart, RequestContext& requests,
           std::vector<std::string>& warnings) {
  const std::string& own = request.instrument.currency;
  const std::string account = account_currency(request.settings, request.instrument);
  if (account != own) {
    if (auto rates = currency_rates(own, account, chart, requests)) {
      extend_back(*rates);
      broker.set_currency_rates(std::move(*rates));
    } else {
      warnings.push_back("one " + own + " counts as one " + account +
                         ", the strategy's currency: there are no daily bars of " + own + account + " or " + account +
                         own + "; import them for converted amounts (sizes in money or in " +
                         "percent of equity depend on it, other trades and their percentages do not)");
    }
  }
  if (request.settings.use_bar_magnifier) {
    if (auto magnifier = bar_magnifier(chart, requests)) {
      broker.set_magnifier(std::move(*magnifier));
    } else {
      warnings.push_back("use_bar_magnifier has no effect: " + magnifier.error().message);
    }
  }
}

/// Moves what a drawing places by bar index.
void shift_drawing(RecordedDrawing& drawing, double bars, const std::vector<std::string>& texts) {
  const auto at = [&](std::string_view name) { return pine::field_index(drawing.layout, name); };
  if (const int xloc = at("xloc"); xloc >= 0) {
    const double text = drawing.fields[static_cast<std::size_t>(xloc)];
    if (text >= 0 && texts[static_cast<std::size_t>(text)] == "xloc.bar_time") return;
  }
  for (const char* name : {"x", "x1", "x2", "left", "right"}) {
    if (const int field = at(name); field >= 0) drawing.fields[static_cast<std::size_t>(field)] += bars;
  }
  if (drawing.layout != pine::Layout::kPolyline) return;
  const auto index = static_cast<std::size_t>(pine::field_index(pine::Layout::kChartPoint, "index"));
  for (std::vector<double>& point : drawing.parts) point[index] += bars;
}

/// The results of a run over the newest bars as results over all: the `skipped` ones before had nothing.
void shift(RunResult& result, std::size_t skipped, double initial_capital) {
  const auto bars = static_cast<std::uint32_t>(skipped);
  for (Trade& trade : result.trades) {
    trade.entry_bar += bars;
    trade.exit_bar += bars;
  }
  for (ScriptMessage& message : result.messages) message.bar += bars;
  if (!result.equity.empty()) result.equity.insert(result.equity.begin(), skipped, initial_capital);
  for (OutputColumn& column : result.outputs) {
    for (auto* values : {&column.values, &column.colors, &column.open, &column.high, &column.low}) {
      if (!values->empty()) values->insert(values->begin(), skipped, std::numeric_limits<double>::quiet_NaN());
    }
  }
  for (RecordedDrawing& drawing : result.drawings) shift_drawing(drawing, static_cast<double>(skipped), result.texts);
}

}  // namespace

std::string account_currency(const pine::StrategySettings& settings, const market::Instrument& instrument) {
  return settings.currency.empty() ? instrument.currency : settings.currency;
}

base::Result<RunResult> run(const RunRequest& request) {
  const pine::Program& program = *request.program;
  const market::Series& series = *request.series;
  if (program.kind == pine::ScriptKind::kLibrary) {
    return base::failure(base::ErrorCode::kInvalidArgument, "a library does nothing by itself; scripts import it");
  }
  if (series.empty()) { return base::failure(base::ErrorCode::kInvalidArgument, "there are no bars to run on"); }
  if (const auto count = static_cast<std::size_t>(request.settings.calc_bars_count);
      count > 0 && count < series.size()) {
    const std::size_t skipped = series.size() - count;
    const market::Series newest = series.slice(skipped, count);
    RunRequest shorter = request;
    shorter.series = &newest;
    shorter.settings.calc_bars_count = 0;
    shorter.shared_columns = nullptr;  // those are of all bars
    shorter.trade_from_bar = request.trade_from_bar > skipped ? request.trade_from_bar - skipped : 0;
    TRY_ASSIGN(RunResult result, run(shorter));
    shift(result, skipped, request.settings.initial_capital);
    return result;
  }
  assert(request.shared_columns == nullptr || &request.shared_columns->series() == &series);
  TRY_ASSIGN(Chart chart, Chart::make(series, request.instrument, request.timeframe));
  TextTable texts(program.strings, request.limits.string_bytes_max);
  Broker broker(request.settings, request.instrument, series);
  broker.set_trading_days([&chart] { return chart.column(pine::BarField::kTradingDay); });
  const bool trades = program.kind == pine::ScriptKind::kStrategy;
  RequestContext requests(request.source, request.limits, series.size(), request.stop,
                          trades ? account_currency(request.settings, request.instrument) : std::string());
  Evaluator evaluator(program, chart, texts, requests, trades ? &broker : nullptr,
                      {request.limits, request.trade_from_bar, request.record_outputs, request.stop,
                       request.missing_bars_are_na, request.columns, true, request.shared_columns});
  RunResult result;
  if (trades) equip(broker, request, chart, requests, result.warnings);
  TRY(evaluator.prepare(request.inputs));
  std::size_t bar = 0;
  base::Result<void> rehearsed;
  if (trades && request.settings.calc_on_order_fills) {
    broker.set_recalculation([&] { return (rehearsed = evaluator.rehearse(bar)).has_value(); });
  }

  if (request.record_equity && trades) result.equity.reserve(series.size());
  const bool record_equity = request.record_equity && trades;
  const bool may_pass = trades && request.columns &&
                        (request.shared_columns ? request.shared_columns->bars_are_sound() : are_sound(series));
  constexpr std::size_t kBarsBetweenStopChecks = 1024;
  std::size_t check_at = 0;
  while (bar < series.size()) {
    if (bar >= check_at) {
      if (request.stop.stop_requested()) return base::failure(base::ErrorCode::kCancelled, "the run was cancelled");
      check_at = bar + kBarsBetweenStopChecks;
    }
    if (may_pass && bar >= request.trade_from_bar && broker.may_pass()) {
      // Up to the next bar on which the script does something or an order may fill.
      const std::size_t end = broker.pass(bar, evaluator.quiet_until(bar, series.size()));
      if (end > bar) TRY(evaluator.pass(bar, end));
      for (std::size_t i = bar; record_equity && i < end; ++i) {
        result.equity.push_back(broker.equity_at(series.close[i]));
      }
      bar = end;
      if (bar == series.size()) break;
    }
    if (trades && bar >= request.trade_from_bar) broker.begin_bar(bar);
    if (!rehearsed) return std::unexpected(rehearsed.error());
    TRY(evaluator.step(bar));
    if (trades && bar >= request.trade_from_bar) broker.end_bar();
    if (record_equity) result.equity.push_back(broker.equity());
    ++bar;
  }

  for (std::string& warning : requests.take_warnings()) result.warnings.push_back(std::move(warning));
  const auto closed = broker.closed_trades();
  const auto open = broker.open_trades();
  result.trades.assign(closed.begin(), closed.end());
  result.trades.insert(result.trades.end(), open.begin(), open.end());
  result.open_trade_count = open.size();
  result.outputs = evaluator.take_outputs();
  result.messages = evaluator.take_messages();
  result.messages_left_out = evaluator.messages_left_out();
  if (request.record_outputs) result.drawings = evaluator.record_drawings();
  result.rejections = broker.rejections();
  result.orders_placed = broker.orders_placed();
  result.max_drawdown = broker.max_drawdown();
  result.max_run_up = broker.max_run_up();
  result.max_drawdown_percent = broker.max_drawdown_percent();
  result.max_contracts_held = broker.max_contracts_held(0);
  result.max_contracts_held_long = broker.max_contracts_held(1);
  result.max_contracts_held_short = broker.max_contracts_held(-1);
  result.texts = texts.take();
  return result;
}

}  // namespace tradeassist::backtest
