#include "optimize/trial_runner.hpp"

#include "backtest/metrics/returns.hpp"

namespace tradeassist::optimize {

base::Result<TrialRunner> TrialRunner::make(const SearchRequest& request) {
  if (request.program->kind != pine::ScriptKind::kStrategy) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "an indicator has no trades to optimise; declare a strategy()");
  }
  TRY_ASSIGN(Goal goal, Goal::of(request));
  return TrialRunner(request, std::move(goal));
}

TrialRunner::TrialRunner(const SearchRequest& request, Goal goal)
    : request_(request), goal_(std::move(goal)), program_(*request.program) {
  pine::eliminate_dead_code(program_, pine::Keep::kOrders);
}

std::optional<std::chrono::duration<double>> TrialRunner::time_left() const {
  if (!request_.time_limit_seconds) return std::nullopt;
  return std::chrono::duration<double>(*request_.time_limit_seconds) - (std::chrono::steady_clock::now() - made_);
}

backtest::RunRequest TrialRunner::run_request(const market::Series& bars, backtest::InputVector inputs,
                                              std::stop_token stop) const {
  backtest::RunRequest run;
  run.program = &program_;
  run.inputs = std::move(inputs);
  run.settings = request_.settings;
  run.series = &bars;
  run.instrument = request_.instrument;
  run.timeframe = request_.timeframe;
  run.source = request_.source;
  run.missing_bars_are_na = true;
  run.record_equity = false;
  run.stop = std::move(stop);
  return run;
}

base::Result<Trial> TrialRunner::evaluate(const TrialBars& on, Trial trial, std::stop_token stop) const {
  backtest::RunRequest request =
      run_request(on.bars, request_.space.inputs(trial.point, request_.inputs), std::move(stop));
  request.shared_columns = on.columns;
  TRY_ASSIGN(const backtest::RunResult run, backtest::run(request));
  goal_.measure(trial, backtest::compute_metrics(run, request_.settings, on.bars, {0, on.bars.size()},
                                                 backtest::MarginFigures::kLeftOut));
  return trial;
}

base::Result<backtest::RunResult> TrialRunner::run(const market::Series& bars, const backtest::InputVector& inputs,
                                                   std::size_t trade_from_bar, std::stop_token stop) const {
  backtest::RunRequest request = run_request(bars, inputs, std::move(stop));
  request.record_equity = true;
  request.trade_from_bar = trade_from_bar;
  return backtest::run(request);
}

base::Result<PeriodResult> TrialRunner::run_on(const OtherInstrument& other, const backtest::InputVector& inputs,
                                               std::stop_token stop) const {
  backtest::RunRequest request = run_request(*other.series, inputs, std::move(stop));
  request.instrument = other.instrument;
  TRY_ASSIGN(const backtest::RunResult run, backtest::run(request));
  return period(run, *other.series, {0, other.series->size()});
}

PeriodResult TrialRunner::period(const backtest::RunResult& run, const market::Series& bars,
                                 backtest::BarRange range) const {
  PeriodResult made;
  made.first_time = bars.time[range.first];
  made.last_time = bars.time[range.end - 1];
  made.metrics = backtest::compute_metrics(run, request_.settings, bars, range);
  const auto held = backtest::buy_and_hold(bars, range, request_.settings.initial_capital);
  made.buy_and_hold_return_percent = held.return_percent;
  made.buy_and_hold_max_drawdown_percent = held.max_drawdown_percent;
  return made;
}

}  // namespace tradeassist::optimize
