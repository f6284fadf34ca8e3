#include <benchmark/benchmark.h>

#include <filesystem>
#include <set>

#include "backtest/backtest.hpp"
#include "minute_bars.hpp"
#include "pine/compile.hpp"

/// One backtest of each strategy of the catalogue, compiled once, over a million bars on one core: evaluator, broker,
/// trades and equity curve. Strategies that ask for bars of other symbols get none.
namespace tradeassist::backtest {
namespace {

constexpr std::size_t kBars = 1'000'000;

const std::filesystem::path kCatalogue = std::filesystem::path(TRADEASSIST_SOURCE_DIR) / "strategies";

void strategy(benchmark::State& state, const std::string& file) {
  const pine::Compilation compilation = pine::compile(file, bench::read_text(file));
  if (!compilation.program) {
    state.SkipWithError(pine::render(compilation).c_str());
    return;
  }
  static const market::Series bars = bench::minute_bars(kBars);
  RunRequest request;
  request.program = compilation.program.get();
  request.inputs = *bind_inputs(*compilation.program, {});
  request.settings = compilation.program->settings;
  request.series = &bars;
  request.instrument.symbol = "BENCH";
  request.timeframe = {market::Timeframe::Unit::kMinute, 1};
  request.missing_bars_are_na = true;
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

const bool kRegistered = [] {
  std::set<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kCatalogue)) {
    if (entry.path().extension() == ".pine") files.insert(entry.path());
  }
  for (const auto& file : files) {
    benchmark::RegisterBenchmark(file.stem().c_str(), strategy, file.string())->Unit(benchmark::kMillisecond);
  }
  return true;
}();

void compile_strategy(benchmark::State& state) {
  const std::string text = bench::read_text(kCatalogue / "trend/MovingAverageCrossover.pine");
  for (auto _ : state) {
    const pine::Compilation compilation = pine::compile("MovingAverageCrossover", text);
    benchmark::DoNotOptimize(compilation.program.get());
  }
}
BENCHMARK(compile_strategy)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace tradeassist::backtest
