#include "optimize/search.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "optimize/testing/requests.hpp"
#include "pine/compile.hpp"

namespace tradeassist::optimize {
namespace {

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
    EXPECT_EQ(one->trials[i].point, four->trials[i].point);
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
  const market::Series in_sample = request.series->slice(0, result->split.in_sample);
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
  EXPECT_EQ(result->out_of_sample->first_time, request.series->time[result->split.in_sample]);
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

TEST(Search, what_is_kept_of_other_points_is_not_taken_for_a_trial_s_result) {
  SearchRequest request = request_for(cross(), {parse_parameter("fast=2:12:2").value()});
  const auto whole = search(request, {}, {});
  ASSERT_TRUE(whole);
  Trial stale = whole->trials[0];
  stale.point = whole->trials[1].point;
  stale.objective = stale.net_profit = 1e9;
  request.completed = {stale};
  const auto again = search(request, {}, {});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->trials[0].net_profit, whole->trials[0].net_profit);
  EXPECT_EQ(again->best, whole->best);
}

TEST(Search, the_best_is_chosen_among_the_best_in_sample_on_bars_kept_for_that) {
  SearchRequest request = cross_request();
  request.out_of_sample_share = request.validation_share = 0.15;
  const auto result = search(request, {}, {});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->split.in_sample, 1050u);
  EXPECT_EQ(result->split.validation, 1275u);
  ASSERT_EQ(result->finalists.size(), kFinalistsMax);
  EXPECT_EQ(result->finalists.front().place, result->best);
  for (std::size_t i = 1; i < kFinalistsMax; ++i)
    EXPECT_LE(result->finalists[i].measured.objective, result->finalists[i - 1].measured.objective);
  // They are the ten best in sample, and measured as someone would trade them who begins there.
  double worst = INFINITY;
  for (const Finalist& finalist : result->finalists) worst = std::min(worst, result->trials[finalist.place].objective);
  EXPECT_EQ(std::ranges::count_if(result->trials, [&](const Trial& trial) { return trial.objective > worst; }), 9);
  EXPECT_EQ(result->finalists.front().measured.net_profit, result->validation_sample->metrics.net_profit);
  EXPECT_EQ(result->validation_sample->first_time, request.series->time[1050]);
  EXPECT_EQ(result->out_of_sample->first_time, request.series->time[1275]);
  EXPECT_EQ(result->equity.size(), request.series->size());
  std::size_t days = 0;
  for (const RegimeRow& row : result->validation->regimes.rows) days += row.days;
  EXPECT_EQ(days, request.series->size());

  // The trials are those of a search that keeps as many bars out of sample.
  request.validation_share = 0;
  request.out_of_sample_share = 0.3;
  const auto plain = search(request, {}, {});
  ASSERT_TRUE(plain);
  for (std::size_t i = 0; i < plain->trials.size(); ++i)
    EXPECT_EQ(plain->trials[i].objective, result->trials[i].objective);
  EXPECT_FALSE(plain->validation_sample);
}

TEST(Search, shares_that_leave_too_little_are_refused) {
  EXPECT_EQ(split_bars(100, 0.15, 0.15)->in_sample, 70u);
  EXPECT_EQ(split_bars(100, 0.2, 0.7)->validation, 30u);
  EXPECT_FALSE(split_bars(100, 0, 0)->has_out_of_sample());
  EXPECT_FALSE(split_bars(100, 0, 0.3)->has_validation());
  for (const auto& [validation, out] : {std::pair{0.5, 0.5}, {-0.1, 0.3}, {0.1, -0.1}, {NAN, 0.1}, {0.1, NAN}})
    EXPECT_NE(split_bars(100, validation, out).error().message.find("from 0 to 0.9"), std::string::npos);
  EXPECT_NE(split_bars(10, 0.1, 0.1).error().message.find("too few"), std::string::npos);
}

TEST(Search, points_that_break_a_constraint_are_never_tried) {
  SearchRequest request = request_for(cross(), {});
  request.space = make_search_space(*request.program,
                                    {parse_parameter("fast=2:12:2").value(), parse_parameter("slow=14:40:2").value(),
                                     parse_parameter("scale=0.5:1.5:*").value()},
                                    {parse_constraint("fast >= 6").value()})
                      .value();
  request.sampler = "random";
  request.trials = 50;
  const auto result = search(request, {}, {});
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_EQ(result->trials.size(), 50u);
  EXPECT_FALSE(result->combinations);
  for (const Trial& trial : result->trials) EXPECT_GE(trial.point[0], 6);
  request.space = make_search_space(*request.program, {parse_parameter("fast=2:12:2").value()},
                                    {parse_constraint("fast > slow").value()})
                      .value();
  for (const char* sampler : {"grid", "random"}) {
    request.sampler = sampler;
    const auto none = search(request, {}, {});
    ASSERT_FALSE(none);
    EXPECT_NE(none.error().message.find("satisfies the constraints"), std::string::npos) << none.error().message;
  }
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

TEST(Search, every_sampler_gives_the_same_with_any_number_of_threads_and_after_a_resume) {
  for (const SamplerKind& kind : samplers()) {
    SearchRequest request =
        request_for(cross(), {parse_parameter("fast=2:12:2").value(), parse_parameter("slow=14:40:2").value()});
    request.series = random_days(400);
    request.sampler = kind.name;
    request.trials = 60;
    ASSERT_TRUE(request.choose_objectives({"net_profit", "max_drawdown_percent"}));
    request.threads = 1;
    const auto one = search(request, {}, {});
    ASSERT_TRUE(one) << kind.name << ": " << one.error().message;
    EXPECT_FALSE(one->front.empty());
    request.threads = 5;
    request.completed.assign(one->trials.begin(), one->trials.begin() + 23);
    const auto again = search(request, {}, {});
    ASSERT_TRUE(again) << kind.name;
    ASSERT_EQ(again->trials.size(), one->trials.size()) << kind.name;
    for (std::size_t i = 0; i < one->trials.size(); ++i) {
      EXPECT_EQ(again->trials[i].point, one->trials[i].point) << kind.name << " " << i;
      EXPECT_EQ(again->trials[i].net_profit, one->trials[i].net_profit) << kind.name << " " << i;
    }
    EXPECT_EQ(again->best, one->best);
    EXPECT_EQ(again->front, one->front);
    EXPECT_EQ(one->trials[one->best].bar_share, 1);
  }
}

TEST(Search, trials_that_break_a_requirement_rank_below_all_that_do_not) {
  SearchRequest request =
      request_for(cross(), {parse_parameter("fast=2:12:2").value(), parse_parameter("slow=14:40:2").value()});
  const auto free = search(request, {}, {});
  ASSERT_TRUE(free);
  const std::int64_t trades = free->trials[free->best].total_closed_trades;
  request.requirements = {
      make_requirement(parse_constraint("total_closed_trades < " + std::to_string(trades)).value()).value()};
  const auto required = search(request, {}, {});
  ASSERT_TRUE(required);
  EXPECT_LT(required->trials[required->best].total_closed_trades, trades);
  EXPECT_TRUE(required->warnings.empty());
  request.requirements = {make_requirement(parse_constraint("trades_per_year > 10000").value()).value()};
  const auto impossible = search(request, {}, {});
  ASSERT_TRUE(impossible);
  ASSERT_EQ(impossible->warnings.size(), 1u);
  EXPECT_NE(impossible->warnings[0].find("no trial satisfies"), std::string::npos);
}

TEST(Search, impossible_requests_are_refused_and_a_stop_is_heeded) {
  SearchRequest request = request_for(cross(), {parse_parameter("fast=2:12:2").value()});
  request.objective = "luck";
  EXPECT_NE(search(request, {}, {}).error().message.find("sharpe_ratio"), std::string::npos);
  EXPECT_NE(request.choose_objectives({"net_profit", "net_profit"}).error().message.find("twice"), std::string::npos);
  request.objective = "net_profit";
  request.time_limit_seconds = 0;
  EXPECT_EQ(search(request, {}, {}).error().code, base::ErrorCode::kInvalidArgument);
  request.time_limit_seconds.reset();
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
