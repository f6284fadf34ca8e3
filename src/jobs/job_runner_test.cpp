#include "jobs/job_runner.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>

#include "jobs/testing/job_test.hpp"

namespace tradeassist::jobs {
namespace {

using namespace std::chrono_literals;
using base::ErrorCode;

class JobRunnerTest : public JobTest {
 protected:
  /// Keeps a checkpoint, and runs until it is stopped.
  JobHandler until_stopped() {
    return [this](JobContext& context) -> base::Result<std::string> {
      EXPECT_TRUE(context.checkpoint("step 3"));
      ++running_;
      while (!context.stop().stop_requested()) std::this_thread::sleep_for(1ms);
      --running_;
      return base::failure(ErrorCode::kCancelled, "stopped");
    };
  }

  void wait_until_running(int count = 1) const {
    for (int i = 0; i < 10'000 && running_ != count; ++i) std::this_thread::sleep_for(1ms);
    ASSERT_EQ(running_, count);
  }

  static JobHandler tells_its_checkpoint() {
    return [](JobContext& context) -> base::Result<std::string> { return context.last_checkpoint(); };
  }

  std::atomic<int> running_ = 0;
};

INSTANTIATE_ON_BOTH_DATABASES(JobRunnerTest);

TEST_P(JobRunnerTest, a_job_runs_and_its_result_is_kept_across_openings) {
  std::string id;
  {
    const auto queue = open();
    id = queue->submit("double", "21").value();
    JobRunner runner(*queue,
                     {{"double",
                       [](JobContext& context) -> base::Result<std::string> {
                         context.report(0.5, "working", "half");
                         return std::to_string(2 * std::stoi(context.request()));
                       }}},
                     1);
    EXPECT_EQ(wait_for(*queue, id, JobState::kCompleted).result, "42");
  }
  const Job job = open()->get(id).value();
  EXPECT_EQ(job.state, JobState::kCompleted);
  EXPECT_EQ(job.result, "42");
  EXPECT_EQ(job.progress, 1);
  EXPECT_EQ(job.phase, "working");
}

TEST_P(JobRunnerTest, a_failure_keeps_its_reason_and_an_unknown_kind_fails) {
  const auto queue = open();
  const std::string failing = queue->submit("fail", "").value();
  const std::string unknown = queue->submit("nothing", "").value();
  JobRunner runner(*queue,
                   {{"fail",
                     [](JobContext&) -> base::Result<std::string> {
                       return base::failure(ErrorCode::kInvalidArgument, "bad input");
                     }}},
                   1);
  EXPECT_EQ(wait_for(*queue, failing, JobState::kFailed).error, "bad input");
  EXPECT_FALSE(queue->get(failing)->is_dead_letter);
  EXPECT_NE(wait_for(*queue, unknown, JobState::kFailed).error.find("no handler"), std::string::npos);
}

TEST_P(JobRunnerTest, queued_and_running_jobs_are_cancelled_and_finished_ones_are_not) {
  const auto queue = open();
  JobRunner runner(*queue, {{"wait", until_stopped()}}, 1);
  const std::string running = queue->submit("wait", "").value();
  runner.wake();
  wait_until_running();
  const std::string waiting = queue->submit("wait", "").value();
  EXPECT_EQ(queue->request_cancel(waiting).value().state, JobState::kCancelled);
  EXPECT_TRUE(queue->request_cancel(running));
  runner.interrupt(running);
  wait_for(*queue, running, JobState::kCancelled);
  EXPECT_EQ(queue->request_cancel(running).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(queue->request_cancel("none").error().code, ErrorCode::kNotFound);
}

TEST_P(JobRunnerTest, who_is_woken_looks_at_once) {
  const auto queue = open();
  JobRunner runner(*queue, {{"nothing", [](JobContext&) -> base::Result<std::string> { return "done"; }}}, 1);
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) {
    const std::string id = queue->submit("nothing", "").value();
    runner.wake();
    wait_for(*queue, id, JobState::kCompleted);
  }
  // A look a second would take 20.
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
}

TEST_P(JobRunnerTest, a_cancellation_by_another_process_reaches_the_handler) {
  const auto queue = open();
  JobRunner runner(*queue, {{"wait", until_stopped()}}, 1);
  const std::string id = queue->submit("wait", "").value();
  runner.wake();
  wait_until_running();
  ASSERT_TRUE(open({})->request_cancel(id));
  wait_for(*queue, id, JobState::kCancelled);
}

TEST_P(JobRunnerTest, an_orderly_stop_puts_a_running_job_back_with_its_checkpoint) {
  std::string id;
  {
    const auto queue = open();
    id = queue->submit("work", "").value();
    JobRunner runner(*queue, {{"work", until_stopped()}}, 1);
    wait_until_running();
    runner.stop();
  }
  const auto queue = open();
  EXPECT_EQ(queue->get(id).value().state, JobState::kQueued);
  EXPECT_EQ(queue->get(id).value().attempts, 0);
  JobRunner runner(*queue, {{"work", tells_its_checkpoint()}}, 1);
  const Job job = wait_for(*queue, id, JobState::kCompleted);
  EXPECT_EQ(job.result, "step 3");
  EXPECT_NE(job.note.find("resumed from its last checkpoint"), std::string::npos);
}

TEST_P(JobRunnerTest, a_paused_job_stops_with_its_checkpoint_and_goes_on_when_it_is_resumed) {
  const auto queue = open();
  const std::string id = queue->submit("work", "").value();
  {
    JobRunner runner(*queue, {{"work", until_stopped()}}, 1);
    wait_until_running();
    const Job asked = queue->request_pause(id).value();
    EXPECT_EQ(asked.state, JobState::kRunning);
    EXPECT_TRUE(asked.pause_requested);
    runner.interrupt(id);
    const Job paused = wait_for(*queue, id, JobState::kPaused);
    EXPECT_EQ(paused.checkpoint, "step 3");
    EXPECT_EQ(paused.attempts, 0);
    EXPECT_FALSE(paused.pause_requested);
  }
  JobRunner runner(*queue, {{"work", tells_its_checkpoint()}}, 1);
  const std::string other = queue->submit("work", "").value();
  runner.wake();
  wait_for(*queue, other, JobState::kCompleted);  // goes before it
  EXPECT_EQ(queue->get(id)->state, JobState::kPaused);
  EXPECT_EQ(queue->resume(id)->state, JobState::kQueued);
  runner.wake();
  const Job job = wait_for(*queue, id, JobState::kCompleted);
  EXPECT_EQ(job.result, "step 3");
  EXPECT_NE(job.note.find("resumed from its last checkpoint after a pause"), std::string::npos) << job.note;
}

TEST_P(JobRunnerTest, a_failure_that_may_pass_is_tried_again_later_and_given_up_after_three_attempts) {
  const auto queue = open();
  std::atomic<int> calls = 0;
  JobRunner runner(*queue,
                   {{"fetch",
                     [&](JobContext&) -> base::Result<std::string> {
                       ++calls;
                       return base::failure(ErrorCode::kUnavailable, "the provider is away");
                     }}},
                   1);
  const std::string id = queue->submit("fetch", "").value();
  for (int attempt = 1; attempt < kAttemptsMax; ++attempt) {
    runner.wake();
    const Job job =
        wait(*queue, id, [&](const Job& each) { return each.attempts == attempt && each.state == JobState::kQueued; });
    ASSERT_TRUE(job.not_before);
    EXPECT_GT(*job.not_before, base::now());
    EXPECT_NE(job.note.find("the provider is away"), std::string::npos);
    EXPECT_EQ(queue->take().value(), std::nullopt);  // not before its time
    EXPECT_EQ(calls, attempt);
    age(1min);
  }
  runner.wake();
  const Job job = wait_for(*queue, id, JobState::kFailed);
  EXPECT_EQ(calls, kAttemptsMax);
  EXPECT_EQ(job.error, "the provider is away");
  EXPECT_TRUE(job.is_dead_letter);
  JobFilter dead;
  dead.is_dead_letter = true;
  EXPECT_EQ(queue->list(dead)->jobs.size(), 1u);
}

TEST_P(JobRunnerTest, leases_of_jobs_that_run_long_are_kept) {
  const JobQueueOptions options{.taker = "first", .lease = 600ms};
  const auto queue = open(options);
  const auto other = open({.taker = "second"});
  JobRunner runner(*queue, {{"work", until_stopped()}}, 1);
  const std::string id = queue->submit("work", "").value();
  runner.wake();
  wait_until_running();
  const auto until = [&] {
    return connect()->query_integer("SELECT lease_until FROM job WHERE job_id = $1", {id}).value();
  };
  for (std::int64_t first = until(), renewals = 0; renewals < 3;) {
    std::this_thread::sleep_for(10ms);
    if (const std::int64_t now = until(); now > first) first = now, ++renewals;
    ASSERT_EQ(other->take().value(), std::nullopt);
  }
  EXPECT_EQ(queue->get(id)->attempts, 1);
}

// As after a long pause of the process, or of the way to the database.
TEST_P(JobRunnerTest, a_job_whose_lease_another_has_stops_here_and_changes_nothing) {
  const auto queue = open({.taker = "first"});
  JobRunner runner(*queue, {{"work", until_stopped()}}, 1);
  const std::string id = queue->submit("work", "").value();
  runner.wake();
  wait_until_running();
  age(1min);
  const auto other = open({.taker = "second"});
  const Job taken = take(*other);
  EXPECT_EQ(taken.id, id);
  EXPECT_EQ(taken.checkpoint, "step 3");
  EXPECT_EQ(taken.attempts, 2);
  wait_until_running(0);
  runner.stop();
  EXPECT_EQ(other->get(id)->state, JobState::kRunning);
  EXPECT_EQ(other->get(id)->lease_owner, "second");
  ASSERT_TRUE(other->complete(taken, "done"));
  EXPECT_EQ(other->get(id)->result, "done");
}

TEST_P(JobRunnerTest, a_hundred_jobs_of_mixed_priorities_finish_in_their_order) {
  const auto queue = open();
  std::vector<std::vector<std::string>> by_priority(kPriorityMax + 1);
  for (int i = 0; i < 100; ++i) {
    const int priority = i * 7 % (kPriorityMax + 1);
    by_priority[static_cast<std::size_t>(priority)].push_back(
        queue->submit("note", std::to_string(i), "", {.priority = priority}).value());
  }
  std::vector<std::string> wanted;
  for (int priority = kPriorityMax; priority >= kPriorityMin; --priority) {
    const auto& ids = by_priority[static_cast<std::size_t>(priority)];
    wanted.insert(wanted.end(), ids.begin(), ids.end());
  }
  std::mutex mutex;
  std::vector<std::string> seen;
  JobRunner runner(*queue,
                   {{"note",
                     [&](JobContext& context) -> base::Result<std::string> {
                       const std::lock_guard lock(mutex);
                       seen.push_back(context.id());
                       return "";
                     }}},
                   1);
  wait_for(*queue, wanted.back(), JobState::kCompleted);
  const std::lock_guard lock(mutex);
  EXPECT_EQ(seen, wanted);
}

TEST_P(JobRunnerTest, a_killed_process_s_job_is_taken_up_again_and_given_up_after_three_attempts) {
  std::string id = open()->submit("work", "").value();
  for (int attempt = 1; attempt <= kAttemptsMax; ++attempt) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto queue = JobQueue::open(database_.address(), {.taker = "server"});
      auto job = (*queue)->take();
      if (job && *job) (void)(*queue)->checkpoint(**job, "at " + std::to_string((*job)->attempts));
      ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    const Job job = open()->get(id).value();
    if (attempt < kAttemptsMax) {
      EXPECT_EQ(job.checkpoint, "at " + std::to_string(attempt));
      EXPECT_EQ(job.state, JobState::kQueued);
      EXPECT_NE(job.note.find("resumed"), std::string::npos);
    } else {
      EXPECT_EQ(job.state, JobState::kFailed);
      EXPECT_TRUE(job.is_dead_letter);
      EXPECT_NE(job.error.find("3 times"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace tradeassist::jobs
