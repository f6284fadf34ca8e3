#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>

#include "jobs/job_runner.hpp"

namespace tradeassist::jobs {
namespace {

using namespace std::chrono_literals;

class JobsTest : public ::testing::Test {
 protected:
  JobsTest()
      : directory_(std::filesystem::path(::testing::TempDir()) / ("tradeassist_jobs_" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(directory_);
  }
  ~JobsTest() override { std::filesystem::remove_all(directory_); }
  std::unique_ptr<JobQueue> open(std::int64_t queued_max = 100) {
    auto queue = JobQueue::open(directory_, queued_max);
    EXPECT_TRUE(queue) << queue.error().message;
    return std::move(*queue);
  }
  static Job wait_for(JobQueue& queue, const std::string& id, JobState state) {
    for (int i = 0; i < 1000; ++i) {
      Job job = queue.get(id).value();
      if (job.state == state) return job;
      std::this_thread::sleep_for(10ms);
    }
    ADD_FAILURE() << "the job never came to be " << to_string(state);
    return queue.get(id).value();
  }
  std::filesystem::path directory_;
};

TEST_F(JobsTest, a_job_runs_and_its_result_is_kept_across_openings) {
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

TEST_F(JobsTest, a_failure_keeps_its_reason_and_an_unknown_kind_fails) {
  const auto queue = open();
  const std::string failing = queue->submit("fail", "").value();
  const std::string unknown = queue->submit("nothing", "").value();
  JobRunner runner(*queue,
                   {{"fail",
                     [](JobContext&) -> base::Result<std::string> {
                       return base::failure(base::ErrorCode::kInvalidArgument, "bad input");
                     }}},
                   1);
  EXPECT_EQ(wait_for(*queue, failing, JobState::kFailed).error, "bad input");
  EXPECT_NE(wait_for(*queue, unknown, JobState::kFailed).error.find("no handler"), std::string::npos);
}

TEST_F(JobsTest, queued_and_running_jobs_are_cancelled_and_finished_ones_are_not) {
  const auto queue = open();
  std::atomic<bool> started = false;
  JobRunner runner(*queue,
                   {{"wait",
                     [&](JobContext& context) -> base::Result<std::string> {
                       started = true;
                       while (!context.stop().stop_requested()) std::this_thread::sleep_for(1ms);
                       return base::failure(base::ErrorCode::kCancelled, "stopped");
                     }}},
                   1);
  const std::string running = queue->submit("wait", "").value();
  runner.wake();
  while (!started) std::this_thread::sleep_for(1ms);
  const std::string waiting = queue->submit("wait", "").value();
  EXPECT_EQ(queue->request_cancel(waiting).value().state, JobState::kCancelled);
  EXPECT_TRUE(queue->request_cancel(running));
  runner.cancel(running);
  wait_for(*queue, running, JobState::kCancelled);
  EXPECT_EQ(queue->request_cancel(running).error().code, base::ErrorCode::kFailedPrecondition);
  EXPECT_EQ(queue->request_cancel("none").error().code, base::ErrorCode::kNotFound);
}

TEST_F(JobsTest, the_queue_is_bounded_and_listed_in_pages_newest_first) {
  const auto queue = open(5);
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(queue->submit("x", std::to_string(i)).value());
  EXPECT_EQ(queue->submit("x", "").error().code, base::ErrorCode::kResourceExhausted);
  JobFilter filter;
  filter.limit = 2;
  std::vector<std::string> seen;
  do {
    const JobPage page = queue->list(filter).value();
    for (const Job& job : page.jobs) seen.push_back(job.id);
    filter.cursor = page.next_cursor;
  } while (!filter.cursor.empty());
  std::ranges::reverse(ids);
  EXPECT_EQ(seen, ids);
  filter.cursor = "x1";
  EXPECT_FALSE(queue->list(filter));
}

TEST_F(JobsTest, an_orderly_stop_puts_a_running_job_back_with_its_checkpoint) {
  std::string id;
  std::atomic<bool> kept = false;
  {
    const auto queue = open();
    id = queue->submit("work", "").value();
    JobRunner runner(*queue,
                     {{"work",
                       [&](JobContext& context) -> base::Result<std::string> {
                         EXPECT_TRUE(context.checkpoint("step 3"));
                         kept = true;
                         while (!context.stop().stop_requested()) std::this_thread::sleep_for(1ms);
                         return base::failure(base::ErrorCode::kCancelled, "stopped");
                       }}},
                     1);
    while (!kept) std::this_thread::sleep_for(1ms);
    runner.stop();
  }
  const auto queue = open();
  EXPECT_EQ(queue->get(id).value().state, JobState::kQueued);
  JobRunner runner(
      *queue, {{"work", [](JobContext& context) -> base::Result<std::string> { return context.last_checkpoint(); }}},
      1);
  const Job job = wait_for(*queue, id, JobState::kCompleted);
  EXPECT_EQ(job.result, "step 3");
  EXPECT_NE(job.note.find("resumed from its last checkpoint"), std::string::npos);
}

TEST_F(JobsTest, a_killed_process_s_job_is_taken_up_again_and_given_up_after_three_attempts) {
  std::string id = open()->submit("work", "").value();
  for (int attempt = 1; attempt <= JobQueue::kAttemptsMax; ++attempt) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto queue = JobQueue::open(directory_, 100);
      auto job = (*queue)->take();
      if (job && *job) (void)(*queue)->checkpoint((*job)->id, "at " + std::to_string((*job)->attempts));
      ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    const Job job = open()->get(id).value();
    EXPECT_EQ(job.checkpoint, "at " + std::to_string(attempt));
    EXPECT_EQ(job.state, attempt < JobQueue::kAttemptsMax ? JobState::kQueued : JobState::kFailed);
    if (attempt < JobQueue::kAttemptsMax) { EXPECT_NE(job.note.find("resumed"), std::string::npos); }
  }
  EXPECT_NE(open()->get(id).value().error.find("3 times"), std::string::npos);
}

}  // namespace
}  // namespace tradeassist::jobs
