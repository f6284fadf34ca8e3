#include "backtest/backtest.hpp"

#include <utility>

#include "backtest/evaluator/evaluator.hpp"

namespace tradeassist::backtest {

base::Result<RunResult> run(const RunRequest& request) {
  const pine::Program& program = *request.program;
  const market::Series& series = *request.series;
  if (series.empty()) { return base::failure(base::ErrorCode::kInvalidArgument, "there are no bars to run on"); }
  TRY_ASSIGN(Chart chart, Chart::make(series, request.instrument, request.timeframe));
  TextTable texts(program.strings, request.limits.string_bytes_max);
  Broker broker(request.settings, request.instrument, series);
  broker.set_trading_days([&chart] { return chart.column(pine::BarField::kTradingDay); });
  const bool trades = program.kind == pine::ScriptKind::kStrategy;
  RequestContext requests(request.source, request.limits, series.size(), request.stop);
  Evaluator evaluator(program, chart, texts, requests, trades ? &broker : nullptr,
                      {request.limits, request.trade_from_bar, request.record_outputs, request.stop});
  TRY(evaluator.prepare(request.inputs));

  RunResult result;
  if (request.record_equity && trades) result.equity.reserve(series.size());
  constexpr std::size_t kBarsBetweenStopChecks = 1024;
  for (std::size_t bar = 0; bar < series.size(); ++bar) {
    if (bar % kBarsBetweenStopChecks == 0 && request.stop.stop_requested()) {
      return base::failure(base::ErrorCode::kCancelled, "the run was cancelled");
    }
    if (trades && bar >= request.trade_from_bar) broker.begin_bar(bar);
    TRY(evaluator.step(bar));
    if (trades && bar >= request.trade_from_bar) broker.end_bar();
    if (request.record_equity && trades) result.equity.push_back(broker.equity());
  }

  const auto closed = broker.closed_trades();
  const auto open = broker.open_trades();
  result.trades.assign(closed.begin(), closed.end());
  result.trades.insert(result.trades.end(), open.begin(), open.end());
  result.open_trade_count = open.size();
  result.outputs = evaluator.take_outputs();
  result.messages = evaluator.take_messages();
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
