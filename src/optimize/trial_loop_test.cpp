#include "optimize/trial_loop.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <thread>

#include "optimize/testing/spaces.hpp"

namespace tradeassist::optimize {
namespace {

using testing::counted;
using testing::space_of;

base::Result<Trial> sum(Trial trial, const std::stop_token&) {
  trial.objective = 0;
  for (const double x : trial.point) trial.objective += x;
  return trial;
}

Outcome by_objective(const Trial& trial) {
  Outcome outcome;
  outcome.cost = trial.objective;
  return outcome;
}

/// Asks in batches of three to six for what depends on all it was told.
class Learner final : public Sampler {
 public:
  std::uint64_t batch() const override { return 3 + told_count_ % 4; }
  std::vector<Point> ask(std::uint64_t count) override {
    EXPECT_FALSE(waiting_);
    waiting_ = true;
    EXPECT_LE(count, batch());
    EXPECT_TRUE(count == batch() || asked_in_all_ + count == 203);
    asked_in_all_ += count;
    std::vector<Point> points;
    for (std::uint64_t i = 0; i < count; ++i) points.push_back({told_ * 0.5 + static_cast<double>(i)});
    asked_ = count;
    return points;
  }
  void tell(std::span<const Outcome> outcomes) override {
    waiting_ = false;
    told_count_ += outcomes.size();
    EXPECT_EQ(outcomes.size(), asked_);
    for (const Outcome& outcome : outcomes) told_ = told_ * 0.7 + outcome.cost;
  }

 private:
  double told_ = 1;
  std::uint64_t asked_ = 0, asked_in_all_ = 0, told_count_ = 0;
  bool waiting_ = false;
};

TEST(TrialLoop, a_sampler_that_learns_gives_the_same_trials_with_any_number_of_threads_and_after_a_resume) {
  const auto run = [](int threads, std::vector<Trial> completed) {
    Learner learner;
    TrialLoopSettings settings;
    settings.trials = 203;
    settings.threads = threads;
    settings.completed = std::move(completed);
    return run_trials(settings, learner, sum, by_objective, {}, {}, {}).value().trials;
  };
  const auto one = run(1, {});
  ASSERT_EQ(one.size(), 203u);
  for (const int threads : {2, 8}) {
    for (const std::size_t kept : {0, 3, 100, 203}) {
      const auto again = run(threads, {one.begin(), one.begin() + static_cast<std::ptrdiff_t>(kept)});
      ASSERT_EQ(again.size(), one.size());
      for (std::size_t i = 0; i < one.size(); ++i) EXPECT_EQ(again[i].point, one[i].point);
    }
  }
}

TEST(TrialLoop, trials_that_are_kept_are_not_evaluated_again) {
  const SearchSpace space = space_of({counted("a", 10), counted("b", 10)});
  TrialLoopSettings settings;
  settings.trials = 100;
  const auto sampler = make_sampler("random", space, {100, 1}).value();
  const auto all = run_trials(settings, *sampler, sum, by_objective, {}, {}, {}).value().trials;
  settings.completed.assign(all.begin() + 20, all.begin() + 70);
  std::atomic<int> evaluated = 0;
  const auto count = [&](Trial trial, const std::stop_token& stop) {
    ++evaluated;
    return sum(std::move(trial), stop);
  };
  const auto again = make_sampler("random", space, {100, 1}).value();
  ASSERT_TRUE(run_trials(settings, *again, count, by_objective, {}, {}, {}));
  EXPECT_EQ(evaluated, 50);
}

TEST(TrialLoop, an_exhausted_space_ends_it_and_the_progress_says_so) {
  SearchSpace space = space_of({counted("a", 10), counted("b", 10)});
  space.constraints = {{{0, 0}, {1, 0}, Comparison::kLess}};
  const auto sampler = make_sampler("random", space, {100, 1}).value();
  TrialLoopSettings settings;
  settings.trials = 100;
  SearchProgress last;
  const auto made =
      run_trials(settings, *sampler, sum, by_objective, [&](const SearchProgress& now) { last = now; }, {}, {});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->trials.size(), 45u);
  EXPECT_EQ(made->ending, Ending::kAllTried);
  EXPECT_EQ(last.trials_done, 45u);
  EXPECT_EQ(last.trials_total, 45u);
  ASSERT_TRUE(last.has_best);
  EXPECT_EQ(last.best.point, (Point{0, 1}));
}

TEST(TrialLoop, the_first_failure_ends_it) {
  const SearchSpace space = space_of({counted("a", 1000)});
  const auto sampler = make_sampler("grid", space, {1000, 1}).value();
  TrialLoopSettings settings;
  settings.trials = 1000;
  settings.threads = 4;
  const auto fail = [](Trial trial, const std::stop_token&) -> base::Result<Trial> {
    if (trial.trial == 17) return base::failure(base::ErrorCode::kInvalidArgument, "seventeen");
    return trial;
  };
  const auto result = run_trials(settings, *sampler, fail, by_objective, {}, {}, {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "seventeen");
}

TEST(TrialLoop, ends_when_no_trial_was_better_for_long_at_the_same_one_with_any_number_of_threads) {
  const SearchSpace space = space_of({counted("a", 10'000)});
  // The best is trial 137.
  const auto far_from_137 = [](Trial trial, const std::stop_token&) -> base::Result<Trial> {
    trial.objective = std::fabs(trial.point[0] - 137);
    return trial;
  };
  for (const int threads : {1, 4}) {
    const auto sampler = make_sampler("grid", space, {10'000, 1}).value();
    TrialLoopSettings settings;
    settings.trials = 10'000;
    settings.threads = threads;
    settings.stop_after = 50;
    const auto made = run_trials(settings, *sampler, far_from_137, by_objective, {}, {}, {}).value();
    EXPECT_EQ(made.ending, Ending::kNoBetter);
    ASSERT_EQ(made.trials.size(), 137u + 50 + 1);
    for (std::size_t i = 0; i < made.trials.size(); ++i) {
      EXPECT_EQ(made.trials[i].objective, std::fabs(static_cast<double>(i) - 137));
    }
  }
}

TEST(TrialLoop, begins_no_trial_after_the_time_limit_and_keeps_those_before_it) {
  const SearchSpace space = space_of({counted("a", 1'000'000)});
  const auto sampler = make_sampler("grid", space, {1'000'000, 1}).value();
  TrialLoopSettings settings;
  settings.trials = 1'000'000;
  settings.threads = 3;
  settings.time_limit = std::chrono::milliseconds(50);
  const auto slow = [](Trial trial, const std::stop_token&) -> base::Result<Trial> {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    trial.objective = trial.point[0];
    return trial;
  };
  const auto made = run_trials(settings, *sampler, slow, by_objective, {}, {}, {}).value();
  EXPECT_EQ(made.ending, Ending::kTimeLimit);
  EXPECT_GT(made.trials.size(), 0u);
  EXPECT_LT(made.trials.size(), 1000u);
  for (std::size_t i = 0; i < made.trials.size(); ++i) EXPECT_EQ(made.trials[i].objective, static_cast<double>(i));
}

TEST(TrialLoop, a_stop_while_the_last_trials_after_the_time_limit_run_is_a_cancellation) {
  const SearchSpace space = space_of({counted("a", 1000)});
  const auto sampler = make_sampler("grid", space, {1000, 1}).value();
  TrialLoopSettings settings;
  settings.trials = 1000;
  settings.threads = 2;
  settings.time_limit = std::chrono::milliseconds(30);
  std::stop_source source;
  // Trial 0 is done after the limit only, and the stop comes before.
  const auto until_stopped = [&](Trial trial, const std::stop_token& stop) -> base::Result<Trial> {
    if (trial.trial > 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      return trial;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    source.request_stop();
    if (stop.stop_requested()) return base::failure(base::ErrorCode::kCancelled, "stopped");
    return trial;
  };
  const auto made = run_trials(settings, *sampler, until_stopped, by_objective, {}, source.get_token(), {});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, base::ErrorCode::kCancelled);
}

}  // namespace
}  // namespace tradeassist::optimize
