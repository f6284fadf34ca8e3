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

std::string text_of(const std::string& strategy) {
  std::ifstream in(std::string(TRADEASSIST_SOURCE_DIR) + "/strategies/" + strategy + ".pine");
  return {std::istreambuf_iterator<char>(in), {}};
}

void strategy(benchmark::State& state, const std::string& file, pine::Keep keep) {
  const pine::Compilation compilation = pine::compile(file, text_of(file));
  if (!compilation.program) {
    state.SkipWithError(pine::render(compilation).c_str());
    return;
  }
  pine::Program program = *compilation.program;
  pine::eliminate_dead_code(program, keep);
  RunRequest request;
  request.program = &program;
  request.inputs = *bind_inputs(program, {});
  request.settings = program.settings;
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

/// The whole script, as `tradeassist backtest` runs it, and without what is only shown, as a search does.
const bool kRegistered = [] {
  for (const char* file :
       {"trend/MovingAverageCrossover", "trend/TripleMovingAverage", "trend/MACDStrategy", "mean_reversion/RSIStrategy",
        "mean_reversion/BollingerBands", "trend/DonchianBreakout", "trend/SupertrendStrategy",
        "mean_reversion/StochasticStrategy", "momentum/MomentumStrategy", "volatility/AverageTrueRange"}) {
    const std::string path = file, name = path.substr(path.find('/') + 1);
    benchmark::RegisterBenchmark((name + "/whole").c_str(), strategy, path, pine::Keep::kEverything)
        ->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark((name + "/searched").c_str(), strategy, path, pine::Keep::kOrders)
        ->Unit(benchmark::kMillisecond);
  }
  return true;
}();

void compile_strategy(benchmark::State& state) {
  const std::string text = text_of("trend/MovingAverageCrossover");
  for (auto _ : state) {
    const pine::Compilation compilation = pine::compile("MovingAverageCrossover", text);
    benchmark::DoNotOptimize(compilation.program.get());
  }
}
BENCHMARK(compile_strategy)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace tradeassist::backtest
