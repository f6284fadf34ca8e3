#include "optimize/validation/walk_forward.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "optimize/search.hpp"
#include "optimize/testing/requests.hpp"

namespace tradeassist::optimize {
namespace {

WalkForwardOptions steps(double train, double test, double step, bool anchored = false) {
  return {train, test, step, anchored};
}

TEST(WalkForward, options_are_read_as_days_to_train_test_and_step) {
  const auto all = parse_walk_forward("180/90/30");
  ASSERT_TRUE(all);
  EXPECT_EQ(all->train_days, 180);
  EXPECT_EQ(all->test_days, 90);
  EXPECT_EQ(all->step_days, 30);
  EXPECT_EQ(parse_walk_forward("180/ 90")->step_days, 90);
  for (const char* text : {"0/90", "-1/2", "1e9/3", "180/90/0"})
    EXPECT_NE(parse_walk_forward(text).error().message.find("from 0.01 to 10000"), std::string::npos) << text;
  for (const char* text : {"", "180", "180/", "a/b", "1/2/1/1", "nan/3"}) {
    const auto refused = parse_walk_forward(text);
    ASSERT_FALSE(refused) << text;
    EXPECT_NE(refused.error().message.find("180/90/30"), std::string::npos) << text;
  }
  EXPECT_NE(parse_walk_forward("180/30/90").error().message.find("untested"), std::string::npos);
}

TEST(WalkForward, windows_follow_each_other_and_test_behind_what_they_train_on) {
  const auto series = random_days(400);
  const auto rolling = walk_forward_windows(*series, steps(180, 90, 30)).value();
  for (std::size_t i = 0; i < rolling.size(); ++i) {
    EXPECT_EQ(rolling[i].train.first, 30 * i);
    EXPECT_EQ(rolling[i].train.end, 30 * i + 180);
    EXPECT_EQ(rolling[i].test.first, rolling[i].train.end);
    EXPECT_EQ(rolling[i].test.end, std::min<std::size_t>(400, 30 * i + 270));
  }
  // A last window with fewer days to test than a step is not made.
  EXPECT_EQ(rolling.size(), 7u);
  EXPECT_GE(rolling.back().test.end - rolling.back().test.first, 30u);
  const auto anchored = walk_forward_windows(*series, steps(180, 90, 30, true)).value();
  ASSERT_EQ(anchored.size(), rolling.size());
  for (std::size_t i = 0; i < anchored.size(); ++i) {
    EXPECT_EQ(anchored[i].train.first, 0u);
    EXPECT_EQ(anchored[i].train.end, rolling[i].train.end);
  }
  EXPECT_NE(walk_forward_windows(*series, steps(500, 90, 30)).error().message.find("fits the bars"), std::string::npos);
  EXPECT_NE(walk_forward_windows(*series, steps(2, 1, 0.01)).error().message.find("longer steps"), std::string::npos);
}

TEST(WalkForward, each_window_finds_what_a_search_on_its_bars_finds_and_tests_it_on_the_bars_behind) {
  SearchRequest request = cross_request();
  request.series = random_days(600);
  request.validation.none = true;
  request.validation.walk_forward = steps(200, 100, 100);
  const auto whole = search(request, {}, {});
  ASSERT_TRUE(whole) << whole.error().message;
  const WalkForward& walk = *whole->walk_forward;
  ASSERT_EQ(walk.windows.size(), 4u);
  for (const WalkForwardWindow& window : walk.windows) {
    SearchRequest alone = request;
    alone.validation = {.none = true};
    alone.series = std::make_shared<market::Series>(
        request.series->slice(window.train.first, window.test.end - window.train.first));
    alone.out_of_sample_share = 100.0 / 300;
    const auto found = search(alone, {}, {});
    ASSERT_TRUE(found);
    ASSERT_EQ(found->split.in_sample, 200u);
    EXPECT_EQ(found->best_inputs, *window.inputs);
    EXPECT_EQ(found->in_sample.metrics.net_profit, window.in_sample->metrics.net_profit);
    EXPECT_EQ(found->out_of_sample->metrics.net_profit, window.out_of_sample->metrics.net_profit);
    EXPECT_EQ(found->trials[found->best].objective, window.objective);
  }
}

TEST(WalkForward, the_equity_is_chained_from_window_to_window) {
  SearchRequest request = cross_request();
  request.series = random_days(600);
  request.validation.none = true;
  request.validation.walk_forward = steps(200, 100, 100);
  const auto whole = search(request, {}, {});
  ASSERT_TRUE(whole);
  const WalkForward& walk = *whole->walk_forward;
  ASSERT_EQ(walk.first_bar, 200u);
  ASSERT_EQ(walk.equity.size(), 400u);
  double expected = request.settings.initial_capital;
  for (std::size_t i = 0; i < walk.windows.size(); ++i) {
    const double made = walk.windows[i].out_of_sample->metrics.total_profit.value();
    expected *= 1 + made / request.settings.initial_capital;
    EXPECT_NEAR(walk.equity[100 * (i + 1) - 1], expected, 1e-6 * expected) << i;
  }
  EXPECT_NEAR(walk.return_percent, 100 * (expected / request.settings.initial_capital - 1), 1e-6);
  EXPECT_GE(walk.max_drawdown_percent, 0);
}

TEST(WalkForward, windows_that_overlap_count_until_the_next_begins) {
  SearchRequest request = cross_request();
  request.series = random_days(400);
  request.validation.none = true;
  request.validation.walk_forward = steps(180, 90, 30);
  const auto whole = search(request, {}, {});
  ASSERT_TRUE(whole);
  // The last window counts whole: from bar 180 to the last.
  EXPECT_EQ(whole->walk_forward->equity.size(), 220u);
}

TEST(WalkForward, the_result_is_the_same_with_any_number_of_threads_and_after_a_resume) {
  SearchRequest request = cross_request();
  request.series = random_days(500);
  request.validation.none = true;
  request.validation.walk_forward = steps(180, 90, 90);
  request.threads = 1;
  std::vector<Trial> kept;
  const auto keep = [&](const std::vector<Trial>& trials) { kept.insert(kept.end(), trials.begin(), trials.end()); };
  SearchProgress last;
  const auto one = search(request, [&](const SearchProgress& progress) { last = progress; }, {}, keep);
  ASSERT_TRUE(one) << one.error().message;
  EXPECT_EQ(last.trials_done, last.trials_total);
  EXPECT_EQ(last.trials_total, 42u * (1 + one->walk_forward->windows.size()));
  EXPECT_EQ(kept.size(), last.trials_total);
  std::vector<std::uint64_t> numbers;
  for (const Trial& trial : kept) numbers.push_back(trial.trial);
  std::ranges::sort(numbers);
  EXPECT_EQ(std::ranges::adjacent_find(numbers), numbers.end());

  request.threads = 4;
  request.completed = kept;
  std::size_t evaluated = 0;
  const auto again = search(request, {}, {}, [&](const std::vector<Trial>& trials) { evaluated += trials.size(); });
  ASSERT_TRUE(again);
  EXPECT_EQ(evaluated, 0u);
  EXPECT_EQ(again->walk_forward->equity, one->walk_forward->equity);
  EXPECT_EQ(again->walk_forward->statement, one->walk_forward->statement);
}

TEST(WalkForward, what_the_time_limit_leaves_no_time_for_is_left_out) {
  SearchRequest request = cross_request();
  request.time_limit_seconds = 1e-9;
  const auto runner = TrialRunner::make(request);
  ASSERT_TRUE(runner);
  const auto walk = walk_forward(*runner, steps(180, 90, 30), {}, {}, {}, {});
  ASSERT_TRUE(walk) << walk.error().message;
  EXPECT_FALSE(*walk);
}

TEST(WalkForward, a_window_in_which_nothing_has_a_value_trades_nothing) {
  SearchRequest request = cross_request();
  // The price stands still in the first half: nothing crosses, so nothing trades there.
  auto series = std::make_shared<market::Series>(*random_days(600));
  for (std::size_t i = 0; i < 300; ++i) series->open[i] = series->high[i] = series->low[i] = series->close[i] = 100;
  request.series = series;
  request.validation.none = true;
  request.validation.walk_forward = steps(200, 100, 100);
  const auto whole = search(request, {}, {});
  ASSERT_TRUE(whole) << whole.error().message;
  const WalkForward& walk = *whole->walk_forward;
  EXPECT_FALSE(walk.windows[0].inputs);
  EXPECT_TRUE(std::isnan(walk.windows[0].objective));
  EXPECT_FALSE(walk.windows[0].out_of_sample);
  EXPECT_EQ(walk.equity[99], request.settings.initial_capital);
  EXPECT_TRUE(walk.windows.back().inputs);
}

}  // namespace
}  // namespace tradeassist::optimize
