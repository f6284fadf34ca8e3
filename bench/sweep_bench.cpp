#include <benchmark/benchmark.h>

#include "minute_bars.hpp"
#include "optimize/try_space.hpp"
#include "pine/compile.hpp"

/// Sweeps over 50,000 bars on all cores: points of the inputs' own ranges at random, trials with their figures.
namespace tradeassist::optimize {
namespace {

constexpr std::size_t kBars = 50'000;

void sweep(benchmark::State& state, const std::string& strategy, std::uint64_t wanted,
           const std::vector<std::string>& parameters) {
  const std::string file = std::string(TRADEASSIST_SOURCE_DIR) + "/strategies/" + strategy + ".pine";
  const pine::Compilation compilation = pine::compile(file, bench::read_text(file));
  if (!compilation.program) {
    state.SkipWithError(pine::render(compilation).c_str());
    return;
  }
  SearchRequest request;
  request.program = compilation.program;
  request.inputs = *backtest::bind_inputs(*request.program, {});
  request.settings = request.program->settings;
  request.series = std::make_shared<market::Series>(bench::minute_bars(kBars));
  request.instrument.symbol = "BENCH";
  request.timeframe = {market::Timeframe::Unit::kMinute, 1};
  request.objective = "net_profit";
  request.sampler = "random";
  request.trials = wanted;
  std::vector<ParameterRequest> ranges;
  for (const std::string& text : parameters) ranges.push_back(parse_parameter(text).value());
  request.space = make_search_space(*request.program, ranges).value();
  const TrialRunner runner = TrialRunner::make(request).value();
  std::size_t trials = 0, trades = 0;
  for (auto _ : state) {
    const auto tried = try_space(runner, {0, kBars}, {}, {}, {}, {});
    if (!tried) {
      state.SkipWithError(tried.error().message.c_str());
      return;
    }
    trials = tried->trials.size();
    trades = 0;
    for (const Trial& trial : tried->trials) trades += static_cast<std::size_t>(trial.total_closed_trades);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(static_cast<std::size_t>(state.iterations()) * trials * kBars));
  state.counters["trials"] = static_cast<double>(trials);
  state.counters["trades of a trial"] = static_cast<double>(trades) / static_cast<double>(trials);
}

BENCHMARK_CAPTURE(sweep, MovingAverageCrossover, "trend/MovingAverageCrossover", 10'000,
                  {"average_type=SMA,EMA,WMA", "fast_length=5:50:1", "slow_length=60:250:1"})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(sweep, RSIStrategy, "mean_reversion/RSIStrategy", 2'000,
                  {"rsi_length=2:21:1", "oversold=5:40:5", "exit_level=45:65:5", "trend_length=50:300:25"})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(sweep, SupertrendStrategy, "trend/SupertrendStrategy", 2'000,
                  {"atr_length=5:30:1", "factor=1:6:0.05"})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace tradeassist::optimize
