#include "optimize/search.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

#include "optimize/sampler.hpp"
#include "pine/compile.hpp"

namespace tradeassist::optimize {
namespace {

constexpr const char* kCross = R"(//@version=6
strategy("Cross", default_qty_type = strategy.fixed, default_qty_value = 10, commission_value = 0.02)
fast = input.int(5, "Fast", minval = 2, maxval = 12, step = 2)
slow = input.int(20, "Slow", minval = 14, maxval = 40, step = 2)
scale = input.float(1.0, "Scale", minval = 0.5, maxval = 1.5)
mode = input.string("both", "Mode", options = ["both", "long"])
f = ta.ema(close, fast)
s = ta.ema(close, slow)
if ta.crossover(f, s)
    strategy.entry("L", strategy.long)
if ta.crossunder(f, s)
    if mode == "both"
        strategy.entry("S", strategy.short)
    else
        strategy.close("L")
plot(f)
)";

std::shared_ptr<const pine::Program> cross() {
  auto made = pine::compile("cross.pine", kCross);
  EXPECT_TRUE(made.program) << pine::render(made);
  return made.program;
}

market::SeriesPtr random_days(std::size_t count) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> step(0.0003, 0.01);
  auto series = std::make_shared<market::Series>();
  double price = 100;
  std::int64_t time = 946'684'800 * base::kNanosecondsPerSecond;
  for (std::size_t i = 0; i < count; ++i) {
    const double open = price;
    price *= std::exp(step(random));
    const double high = std::max(open, price) * 1.002, low = std::min(open, price) * 0.998;
    const auto cents = [](double x) { return std::round(x * 100) / 100; };
    series->push_back({base::time_from_nanoseconds(time), cents(open), cents(high), cents(low), cents(price), 1000});
    time += base::kNanosecondsPerDay;
  }
  return series;
}

SearchRequest request_for(std::shared_ptr<const pine::Program> program,
                          const std::vector<ParameterRequest>& parameters) {
  SearchRequest request;
  request.program = std::move(program);
  request.inputs = backtest::bind_inputs(*request.program, {}).value();
  request.settings = request.program->settings;
  request.series = random_days(1500);
  request.instrument.symbol = "TEST";
  request.timeframe = {market::Timeframe::Unit::kDay, 1};
  request.space = make_search_space(*request.program, parameters).value();
  request.objective = "net_profit";
  request.trials = 1000;
  return request;
}

TEST(SearchSpace, ranges_come_from_the_inputs_or_from_what_is_asked) {
  const auto program = cross();
  const auto own = make_search_space(*program, {});
  ASSERT_TRUE(own) << own.error().message;
  EXPECT_EQ(own->parameters.size(), 3u);
  EXPECT_EQ(own->combinations(), 6u * 14 * 21);
  const auto asked =
      make_search_space(*program, {parse_parameter("fast=2:10:4").value(), parse_parameter("mode=long,both").value(),
                                   parse_parameter("Scale=0.5:1.5:0.1").value()});
  ASSERT_TRUE(asked) << asked.error().message;
  EXPECT_EQ(asked->combinations(), 3u * 2 * 11);
  EXPECT_EQ(std::get<double>(asked->parameters[2].value(7)), 1.2);
  EXPECT_EQ(std::get<std::string>(asked->parameters[1].value(0)), "long");
}

TEST(SearchSpace, impossible_parameters_are_refused_by_name) {
  const auto program = cross();
  const auto refuse = [&](const char* text, const char* expected) {
    const auto parsed = parse_parameter(text);
    const auto space = parsed ? make_search_space(*program, {*parsed}) : std::unexpected(parsed.error());
    ASSERT_FALSE(space) << text;
    EXPECT_NE(space.error().message.find(expected), std::string::npos) << space.error().message;
  };
  refuse("nothing", "is not NAME=");
  refuse("unknown=1:2:1", "has no such input");
  refuse("fast=10:2:1", "write the smaller first");
  refuse("fast=2:10:0", "step must be above 0");
  refuse("fast=2:10:1.5", "must be whole numbers");
  refuse("fast=1:10:1", "below the input's minval");
  refuse("fast=2:100:1", "above the input's maxval");
  refuse("fast=2:x:1", "a range is three numbers");
  refuse("mode=up", "is not one of both, long");
  refuse("fast=2,2", "listed twice");
  refuse("scale=0.5:1.5:1e-12", "are more than");
}

TEST(Sampler, random_is_a_permutation_that_the_seed_alone_decides) {
  for (const std::uint64_t n : {1ull, 2ull, 7ull, 1000ull, 4097ull}) {
    const auto sampler = make_sampler("random", n, n, 42).value();
    const auto other = make_sampler("random", n, n, 43).value();
    std::set<std::uint64_t> seen;
    bool differs = false;
    for (std::uint64_t i = 0; i < n; ++i) {
      EXPECT_LT(sampler->combination(i), n);
      seen.insert(sampler->combination(i));
      differs = differs || sampler->combination(i) != other->combination(i);
    }
    EXPECT_EQ(seen.size(), n);
    EXPECT_EQ(differs, n > 2 || differs);
  }
  EXPECT_EQ(make_sampler("tpe", 10, 10, 1).error().code, base::ErrorCode::kUnsupported);
  EXPECT_EQ(make_sampler("dice", 10, 10, 1).error().code, base::ErrorCode::kInvalidArgument);
}

TEST(Search, the_result_is_the_same_to_the_bit_with_any_number_of_threads) {
  SearchRequest request =
      request_for(cross(), {parse_parameter("fast=2:12:2").value(), parse_parameter("slow=14:40:4").value()});
  request.sampler = "random";
  request.threads = 1;
  const auto one = search(request, {}, {});
  ASSERT_TRUE(one) << one.error().message;
  request.threads = 4;
  const auto four = search(request, {}, {});
  ASSERT_TRUE(four);
  ASSERT_EQ(one->trials.size(), 42u);
  for (std::size_t i = 0; i < one->trials.size(); ++i) {
    EXPECT_EQ(one->trials[i].combination, four->trials[i].combination);
    EXPECT_EQ(one->trials[i].net_profit, four->trials[i].net_profit);
  }
  EXPECT_EQ(one->best, four->best);
  EXPECT_EQ(one->equity, four->equity);
  EXPECT_EQ(one->data_fingerprint, four->data_fingerprint);
}

TEST(Search, a_backtest_with_the_best_inputs_gives_the_trial_s_figures) {
  const SearchRequest request =
      request_for(cross(), {parse_parameter("fast=2:12:2").value(), parse_parameter("slow=14:40:2").value()});
  const auto result = search(request, {}, {});
  ASSERT_TRUE(result) << result.error().message;
  const Trial& best = result->trials[result->best];
  for (const Trial& trial : result->trials) EXPECT_LE(trial.objective, best.objective);
  const market::Series in_sample = request.series->slice(0, result->split_bar);
  backtest::RunRequest run;
  run.program = request.program.get();
  run.inputs = result->best_inputs;
  run.settings = request.settings;
  run.series = &in_sample;
  run.instrument = request.instrument;
  run.timeframe = request.timeframe;
  const auto again = backtest::run(run);
  ASSERT_TRUE(again);
  const auto metrics = backtest::compute_metrics(*again, run.settings, in_sample, {0, in_sample.size()});
  EXPECT_EQ(metrics.net_profit, best.net_profit);
  EXPECT_EQ(metrics.net_profit, result->in_sample.metrics.net_profit);
  EXPECT_EQ(metrics.total_closed_trades, best.total_closed_trades);
  EXPECT_GT(best.total_closed_trades, 0);
  ASSERT_TRUE(result->out_of_sample);
  EXPECT_EQ(result->out_of_sample->first_time, request.series->time[result->split_bar]);
  EXPECT_EQ(result->equity.size(), request.series->size());
}

TEST(Search, an_interrupted_search_goes_on_where_it_stopped_with_the_same_result) {
  SearchRequest request =
      request_for(cross(), {parse_parameter("fast=2:12:2").value(), parse_parameter("slow=14:40:2").value()});
  const auto whole = search(request, {}, {});
  ASSERT_TRUE(whole);
  std::stop_source stop;
  std::vector<Trial> kept;
  const auto cut = search(request, {}, stop.get_token(), [&](const std::vector<Trial>& batch) {
    kept.insert(kept.end(), batch.begin(), batch.end());
    stop.request_stop();
  });
  request.completed.assign(whole->trials.begin() + 10, whole->trials.begin() + 30);
  const auto resumed = search(request, {}, {});
  ASSERT_TRUE(resumed);
  EXPECT_EQ(resumed->best, whole->best);
  for (std::size_t i = 0; i < whole->trials.size(); ++i)
    EXPECT_EQ(resumed->trials[i].net_profit, whole->trials[i].net_profit);
}

TEST(Search, bars_that_are_not_there_are_na_and_the_result_says_so_once) {
  const std::string text = std::string(kCross) + R"(other = request.security("SPY", "D", close)
if other > close
    strategy.close_all()
)";
  const auto made = pine::compile("cross.pine", text);
  ASSERT_TRUE(made.program) << pine::render(made);
  SearchRequest request = request_for(made.program, {parse_parameter("fast=2:10:4").value()});
  request.out_of_sample_share = 0.3;
  const auto result = search(request, {}, {});
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_EQ(result->warnings.size(), 1u);
  EXPECT_NE(result->warnings[0].find("SPY"), std::string::npos) << result->warnings[0];
}

TEST(Search, impossible_requests_are_refused_and_a_stop_is_heeded) {
  SearchRequest request = request_for(cross(), {parse_parameter("fast=2:12:2").value()});
  request.objective = "luck";
  EXPECT_NE(search(request, {}, {}).error().message.find("sharpe_ratio"), std::string::npos);
  request.objective = "net_profit";
  request.out_of_sample_share = 1.5;
  EXPECT_EQ(search(request, {}, {}).error().code, base::ErrorCode::kInvalidArgument);
  request.out_of_sample_share = 0.3;
  request.trials = 0;
  EXPECT_EQ(search(request, {}, {}).error().code, base::ErrorCode::kInvalidArgument);
  request.trials = 100;
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(search(request, {}, stop.get_token()).error().code, base::ErrorCode::kCancelled);
}

}  // namespace
}  // namespace tradeassist::optimize
