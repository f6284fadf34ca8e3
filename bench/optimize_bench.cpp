#include <benchmark/benchmark.h>

#include "optimize/testing/functions.hpp"
#include "optimize/trial_loop.hpp"

/// What a search costs beside its backtests: the choice of the points, and the loop that hands them out.
namespace tradeassist::optimize {
namespace {

/// Ten parameters of all kinds.
SearchSpace ten_parameters() {
  using testing::category;
  using testing::continuous;
  using testing::counted;
  return testing::space_of({counted("a", 100), counted("b", 200, 10), counted("c", 50), category("d", 4),
                            category("e", 2), continuous("f", 0, 1), continuous("g", -5, 5),
                            continuous("h", 0.01, 100, true), continuous("i", 0, 1), counted("j", 1000)});
}

double cost_of(const Point& point) {
  double sum = 0;
  for (const double entry : point) sum += (entry - 3) * (entry - 3);
  return sum;
}

/// Asking and telling, `trials` in all; the counter is the time of one trial.
void ask_and_tell(benchmark::State& state, const char* sampler) {
  const testing::Problem problem{"ten", ten_parameters(), cost_of};
  const auto trials = static_cast<std::uint64_t>(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(testing::run(sampler, problem, trials, 1));
  state.counters["trial"] = benchmark::Counter(
      static_cast<double>(trials), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

/// 100,000 trials that are no backtests through the loop, on all cores.
void loop(benchmark::State& state, const char* sampler) {
  const SearchSpace space = ten_parameters();
  TrialLoopSettings settings;
  settings.trials = 100'000;
  for (auto _ : state) {
    const auto made = make_sampler(sampler, space, {settings.trials, 1, {}}).value();
    benchmark::DoNotOptimize(run_trials(
        settings, *made,
        [](Trial trial, const std::stop_token&) -> base::Result<Trial> {
          trial.objective = cost_of(trial.point);
          return trial;
        },
        [](const Trial& trial) {
          Outcome outcome;
          outcome.cost = trial.objective;
          return outcome;
        },
        {}, {}, {}));
  }
}

BENCHMARK_CAPTURE(ask_and_tell, random, "random")->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ask_and_tell, sobol, "sobol")->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ask_and_tell, latin_hypercube, "latin_hypercube")->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ask_and_tell, tpe, "tpe")->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ask_and_tell, cmaes, "cmaes")->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ask_and_tell, differential_evolution, "differential_evolution")
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ask_and_tell, particle_swarm, "particle_swarm")->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ask_and_tell, genetic, "genetic")->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(loop, random, "random")->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace tradeassist::optimize
