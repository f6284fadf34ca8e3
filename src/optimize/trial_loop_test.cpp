#include "optimize/trial_loop.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "optimize/testing/spaces.hpp"
#include "optimize/trial_helpers.hpp"

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
  explicit Learner(std::uint64_t trials = 203) : trials_(trials) {}
  std::uint64_t batch() const override { return 3 + told_count_ % 4; }
  std::vector<Point> ask(std::uint64_t count) override {
    EXPECT_FALSE(waiting_);
    waiting_ = true;
    EXPECT_LE(count, batch());
    EXPECT_TRUE(count == batch() || asked_in_all_ + count == trials_);
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
  const std::uint64_t trials_;
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
  const auto sampler = make_sampler("random", space, {100, 1, {}}).value();
  const auto all = run_trials(settings, *sampler, sum, by_objective, {}, {}, {}).value().trials;
  settings.completed.assign(all.begin() + 20, all.begin() + 70);
  std::atomic<int> evaluated = 0;
  const auto count = [&](Trial trial, const std::stop_token& stop) {
    ++evaluated;
    return sum(std::move(trial), stop);
  };
  const auto again = make_sampler("random", space, {100, 1, {}}).value();
  ASSERT_TRUE(run_trials(settings, *again, count, by_objective, {}, {}, {}));
  EXPECT_EQ(evaluated, 50);
}

TEST(TrialLoop, an_exhausted_space_ends_it_and_the_progress_says_so) {
  SearchSpace space = space_of({counted("a", 10), counted("b", 10)});
  space.constraints = {{{0, 0}, {1, 0}, Comparison::kLess}};
  const auto sampler = make_sampler("random", space, {100, 1, {}}).value();
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
  const auto sampler = make_sampler("grid", space, {1000, 1, {}}).value();
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
    const auto sampler = make_sampler("grid", space, {10'000, 1, {}}).value();
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
  const auto sampler = make_sampler("grid", space, {1'000'000, 1, {}}).value();
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
  const auto sampler = make_sampler("grid", space, {1000, 1, {}}).value();
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

/// Helpers that evaluate some of what they get, soon or later, give some back, and say things that nobody asked for.
class UnreliableHelpers final : public TrialHelpers {
 public:
  explicit UnreliableHelpers(unsigned seed) : random_(seed) {}

  std::size_t room(double seconds) override {
    EXPECT_GT(seconds, 0);
    return random_() % 40;
  }
  void hand_out(std::vector<Trial> trials, const Trial& known) override {
    EXPECT_EQ(known.objective, sum(known, {})->objective);
    handed_out += trials.size();
    for (Trial& trial : trials) {
      EXPECT_EQ(trial.bar_share, 1);
      EXPECT_TRUE(out_.emplace(trial.trial, std::move(trial)).second);
    }
  }
  Returned collect() override {
    Returned returned;
    for (auto each = out_.begin(); each != out_.end();) {
      const auto choice = random_() % 8;
      if (choice < 4) {
        ++each;
        continue;
      }
      if (choice == 4) {
        returned.not_evaluated.push_back(each->second);
      } else {
        returned.evaluated.push_back(*sum(each->second, {}));
        ++evaluated;
      }
      if (choice == 7) returned.evaluated.push_back(returned.evaluated.front());  // once more
      each = out_.erase(each);
    }
    Trial unknown;
    unknown.trial = 1'000'000;
    returned.evaluated.push_back(unknown);
    return returned;
  }
  std::vector<Trial> take_back() override {
    std::vector<Trial> trials;
    for (const auto& [number, trial] : out_) trials.push_back(trial);
    out_.clear();
    return trials;
  }

  std::size_t handed_out = 0, evaluated = 0;

 private:
  std::minstd_rand random_;
  std::map<std::uint64_t, Trial> out_;
};

Evaluate slow_sum(std::chrono::milliseconds time) {
  return [time](Trial trial, const std::stop_token& stop) {
    std::this_thread::sleep_for(time);
    return sum(std::move(trial), stop);
  };
}

/// Long enough for helpers to be asked.
struct HelpedSearch {
  bool learns = false;
  std::uint64_t trials = 0;
  std::chrono::milliseconds time{};  // of a trial
  std::uint64_t stop_after = 0;

  TrialLoopResult run(int threads, TrialHelpers* helpers) const {
    const SearchSpace space = space_of({counted("a", 30), counted("b", 30)});
    Learner learner(trials);
    const auto random = make_sampler("random", space, {trials, 1, {}}).value();
    TrialLoopSettings settings;
    settings.trials = trials;
    settings.threads = threads;
    settings.helpers = helpers;
    settings.stop_after = stop_after;
    std::multiset<std::uint64_t> told;
    const auto tell = [&](const std::vector<Trial>& fresh) {
      for (const Trial& trial : fresh) told.insert(trial.trial);
    };
    Sampler& sampler = learns ? static_cast<Sampler&>(learner) : *random;
    const Evaluate evaluate = helpers != nullptr ? slow_sum(time) : Evaluate(sum);
    auto made = run_trials(settings, sampler, evaluate, by_objective, {}, {}, tell).value();
    for (const Trial& trial : made.trials) EXPECT_EQ(told.count(trial.trial), 1u) << trial.trial;
    EXPECT_EQ(std::set<std::uint64_t>(told.begin(), told.end()).size(), told.size());
    return made;
  }
};

TEST(TrialLoop, helpers_change_no_trial_and_each_is_told_once) {
  using std::chrono::milliseconds;
  for (const HelpedSearch& search :
       {HelpedSearch{false, 203, milliseconds(4), 0}, HelpedSearch{false, 203, milliseconds(4), 120},
        HelpedSearch{true, 25, milliseconds(110), 0}}) {
    const TrialLoopResult alone = search.run(1, nullptr);
    for (const int threads : {1, 3}) {
      UnreliableHelpers helpers(static_cast<unsigned>(threads) + 17);
      const TrialLoopResult helped = search.run(threads, &helpers);
      EXPECT_EQ(helped.ending, alone.ending);
      ASSERT_EQ(helped.trials.size(), alone.trials.size());
      for (std::size_t i = 0; i < alone.trials.size(); ++i) {
        EXPECT_EQ(helped.trials[i].point, alone.trials[i].point);
        EXPECT_EQ(helped.trials[i].objective, alone.trials[i].objective);
      }
      if (search.stop_after == 0 && (threads == 1 || !search.learns)) { EXPECT_GT(helpers.evaluated, 0u); }
    }
  }
}

TEST(TrialLoop, what_the_threads_here_begin_soon_is_not_handed_out) {
  UnreliableHelpers helpers(1);
  (void)HelpedSearch{true, 203, std::chrono::milliseconds(4), 0}.run(2, &helpers);  // 3 to 6 at a time
  EXPECT_EQ(helpers.handed_out, 0u);
}

/// Helpers that take all and never do anything, until it is taken back.
class IdleHelpers final : public TrialHelpers {
 public:
  std::size_t room(double) override { return 1'000; }
  void hand_out(std::vector<Trial> trials, const Trial&) override {
    last = std::max(last, trials.back().trial);
    std::ranges::move(trials, std::back_inserter(out));
  }
  Returned collect() override { return {}; }
  std::vector<Trial> take_back() override { return may_take_back ? std::exchange(out, {}) : std::vector<Trial>{}; }

  std::vector<Trial> out;
  std::uint64_t last = 0;  // that was handed out
  std::atomic<bool> may_take_back = true;
};

TEST(TrialLoop, what_helpers_do_not_begin_is_done_here_also_after_the_time_limit) {
  const SearchSpace space = space_of({counted("a", 1000)});
  for (const bool limited : {false, true}) {
    IdleHelpers helpers;
    const auto sampler = make_sampler("grid", space, {150, 1, {}}).value();
    TrialLoopSettings settings;
    settings.trials = 150;
    settings.threads = 2;
    settings.helpers = &helpers;
    if (limited) settings.time_limit = std::chrono::milliseconds(200);
    const auto made =
        run_trials(settings, *sampler, slow_sum(std::chrono::milliseconds(4)), by_objective, {}, {}, {}).value();
    EXPECT_EQ(made.ending, limited ? Ending::kTimeLimit : Ending::kAllTried);
    EXPECT_GT(helpers.last, 0u);
    EXPECT_GT(made.trials.size(), helpers.last);  // what was handed out before the limit is done
    if (!limited) { EXPECT_EQ(made.trials.size(), 150u); }
    for (const Trial& trial : made.trials) EXPECT_EQ(trial.objective, trial.point[0]);
  }
}

TEST(TrialLoop, a_stop_does_not_wait_for_helpers) {
  const SearchSpace space = space_of({counted("a", 1000)});
  const auto sampler = make_sampler("grid", space, {1000, 1, {}}).value();
  IdleHelpers helpers;
  helpers.may_take_back = false;
  TrialLoopSettings settings;
  settings.trials = 150;
  settings.threads = 2;
  settings.helpers = &helpers;
  std::stop_source source;
  const std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    source.request_stop();
  });
  const auto began = std::chrono::steady_clock::now();
  const auto made =
      run_trials(settings, *sampler, slow_sum(std::chrono::milliseconds(4)), by_objective, {}, source.get_token(), {});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, base::ErrorCode::kCancelled);
  EXPECT_FALSE(helpers.out.empty());
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
}

}  // namespace
}  // namespace tradeassist::optimize
