#include <boost/json/object.hpp>

#include "backtest/metrics/metrics.hpp"
#include "report/backtest_report.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/services.hpp"
#include "server/script_request.hpp"

namespace tradeassist::server {
namespace {

HandlerResult run_backtest(const Request& request, Services& services) {
  auto read = read_body<BacktestBody>(request);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  const BacktestBody& body = std::get<BacktestBody>(read);
  auto prepared = prepare(body, services.cache, services.catalogue);
  if (auto* problem = std::get_if<Problem>(&prepared)) return std::move(*problem);
  const PreparedScript& script = std::get<PreparedScript>(prepared);

  backtest::RunRequest run;
  run.program = script.compilation.program.get();
  run.inputs = script.inputs;
  run.settings = script.settings;
  run.series = script.series.get();
  run.instrument = script.instrument;
  run.timeframe = script.timeframe;
  run.source = script.source;
  run.missing_bars_are_na = true;
  run.record_outputs = body.include_plots.value_or(false);
  run.stop = request.deadline;
  if (body.trade_from) {
    run.trade_from_bar = script.series->lower_bound(*body.trade_from);
    if (run.trade_from_bar >= script.series->size()) {
      return invalid_request({{"/trade_from", "lies after the last bar", "", 0, 0}});
    }
  }
  if (services.metrics != nullptr)
    services.metrics->counter("tradeassist_backtests_total", "Single backtests that were asked for.").add();
  const auto result = backtest::run(run);
  if (!result) {
    Problem problem = problem_from(result.error());
    if (result.error().code == base::ErrorCode::kInvalidArgument) problem.code = "PINE_RUNTIME_ERROR";
    return problem;
  }
  report::BacktestReport report;
  report.strategy = script.name;
  report.request = &run;
  report.result = &*result;
  report.compilation = &script.compilation;
  report.include_plots = run.record_outputs;
  report.metrics =
      backtest::compute_metrics(*result, run.settings, *script.series, {run.trade_from_bar, script.series->size()});
  return json_response(report::backtest_json(report));
}

}  // namespace

void add_backtest_routes(std::vector<Route>& routes, Services& services) {
  routes.push_back({Method::kPost, "/api/v1/backtests", "Run a strategy on stored bars",
                    [&services](const Request& request) { return run_backtest(request, services); }});
}

}  // namespace tradeassist::server
