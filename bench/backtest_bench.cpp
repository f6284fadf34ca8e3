#include <benchmark/benchmark.h>

#include <fstream>
#include <random>

#include "backtest/backtest.hpp"
#include "pine/compile.hpp"

/// One backtest of a strategy of the catalogue, compiled once, over a million bars on one core: evaluator, broker,
/// trades and equity curve.
namespace tradeassist::backtest {
namespace {

constexpr std::size_t kBars = 1'000'000;

/// Minute bars around the clock: a random walk in cents whose trend turns now and then.
const market::Series& minute_bars() {
  static const market::Series bars = [] {
    std::mt19937_64 random(7);
    std::normal_distribution<double> step(0, 6);
    market::Series made;
    made.resize(kBars);
    double close = 40'000, drift = 0;
    for (std::size_t i = 0; i < kBars; ++i) {
      if (random() % 500 == 0) drift = static_cast<double>(random() % 5) / 2 - 1;
      const double open = close;
      close = std::max(1'000.0, std::round(open + drift + step(random)));
      made.time[i] = 1'600'000'020'000'000'000 + static_cast<std::int64_t>(i) * 60'000'000'000;
      made.open[i] = open / 100;
      made.close[i] = close / 100;
      made.high[i] = (std::max(open, close) + static_cast<double>(random() % 6)) / 100;
      made.low[i] = (std::min(open, close) - static_cast<double>(random() % 6)) / 100;
      made.volume[i] = static_cast<double>(100 + random() % 900);
    }
    return made;
  }();
  return bars;
}

void strategy(benchmark::State& state, const std::string& file) {
  std::ifstream in(std::string(TRADEASSIST_SOURCE_DIR) + "/strategies/" + file + ".pine");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  const pine::Compilation compilation = pine::compile(file, text);
  if (!compilation.program) {
    state.SkipWithError(pine::render(compilation).c_str());
    return;
  }
  RunRequest request;
  request.program = compilation.program.get();
  request.inputs = *bind_inputs(*compilation.program, {});
  request.settings = compilation.program->settings;
  request.series = &minute_bars();
  request.instrument.symbol = "BENCH";
  request.timeframe = {market::Timeframe::Unit::kMinute, 1};
  std::size_t trades = 0;
  for (auto _ : state) {
    const auto result = run(request);
    if (!result) {
      state.SkipWithError(result.error().message.c_str());
      return;
    }
    trades = result->trades.size();
    benchmark::DoNotOptimize(result->equity.data());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kBars));
  state.counters["trades"] = static_cast<double>(trades);
}

BENCHMARK_CAPTURE(strategy, MovingAverageCrossover, "trend/MovingAverageCrossover")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(strategy, SupertrendStrategy, "trend/SupertrendStrategy")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(strategy, DonchianBreakout, "trend/DonchianBreakout")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(strategy, BollingerBands, "mean_reversion/BollingerBands")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(strategy, RSIStrategy, "mean_reversion/RSIStrategy")->Unit(benchmark::kMillisecond);

void compile_strategy(benchmark::State& state) {
  std::ifstream in(std::string(TRADEASSIST_SOURCE_DIR) + "/strategies/trend/MovingAverageCrossover.pine");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  for (auto _ : state) {
    const pine::Compilation compilation = pine::compile("MovingAverageCrossover", text);
    benchmark::DoNotOptimize(compilation.program.get());
  }
}
BENCHMARK(compile_strategy)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace tradeassist::backtest
