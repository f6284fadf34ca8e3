// Processes that work on one queue are killed at random moments: no job is lost, and none ends twice.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <random>

#include "jobs/job_runner.hpp"
#include "jobs/testing/job_test.hpp"

namespace tradeassist::jobs {
namespace {

using namespace std::chrono_literals;

constexpr int kJobs = 60, kKillsMin = 24, kSteps = 8;

class JobKillTest : public JobTest {
 protected:
  void TearDown() override {
    for (const pid_t process : processes_) end(process);
  }

  static void end(pid_t process) {
    if (process <= 0) return;
    ::kill(process, SIGKILL);
    ::waitpid(process, nullptr, 0);
  }

  /// Step by step from the last checkpoint; the result is how many steps were done in all.
  static base::Result<std::string> count_steps(JobContext& context) {
    int done = context.last_checkpoint().empty() ? 0 : std::stoi(context.last_checkpoint());
    while (done < kSteps) {
      if (context.stop().stop_requested()) return base::failure(base::ErrorCode::kCancelled, "stopped");
      std::this_thread::sleep_for(2ms);
      context.report(static_cast<double>(++done) / kSteps, "counting", "");
      TRY(context.checkpoint(std::to_string(done)));
    }
    return std::to_string(done);
  }

  /// A server of its own process, until it is killed.
  pid_t start(std::size_t number) {
    const pid_t process = ::fork();
    if (process != 0) return process;
    const std::string owner = "server" + std::to_string(number);
    const auto queue = JobQueue::open(database_.address(), {.taker = owner, .lease = 400ms});
    if (!queue) ::_exit(1);
    const JobRunner runner(**queue, {{"count", count_steps}}, 2);
    while (true) ::pause();
  }

  std::array<pid_t, 2> processes_{};
};

INSTANTIATE_ON_BOTH_DATABASES(JobKillTest);

TEST_P(JobKillTest, no_job_is_lost_or_ends_twice_while_its_servers_are_killed) {
  std::vector<std::string> ids;
  {
    const auto queue = open({});
    for (int i = 0; i < kJobs; ++i) ids.push_back(queue->submit("count", std::to_string(i)).value());
  }
  std::minstd_rand random(20'260'727);
  for (std::size_t i = 0; i < processes_.size(); ++i) processes_[i] = start(i);
  const auto all_ended = [&] {
    const auto queue = open({});
    JobFilter filter;
    filter.limit = kJobs;
    const JobPage page = queue->list(filter).value();
    return std::ranges::all_of(page.jobs, [](const Job& job) { return has_ended(job.state); });
  };
  int kills = 0;
  const auto deadline = std::chrono::steady_clock::now() + 50s;
  for (bool ended = false; !ended || kills < kKillsMin;) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << kills << " kills";
    std::this_thread::sleep_for(std::chrono::milliseconds(std::uniform_int_distribution<int>(5, 150)(random)));
    if (kills < 2 * kKillsMin) {
      const std::size_t victim = random() % processes_.size();
      int status = 0;
      ASSERT_EQ(::waitpid(processes_[victim], &status, WNOHANG), 0) << "a server ended by itself";
      end(std::exchange(processes_[victim], 0));
      ++kills;
      processes_[victim] = start(victim);
    }
    ended = all_ended();
    if (ended && kills < kKillsMin) {  // they were faster: more for them to do
      const auto queue = open({});
      for (int i = 0; i < 5; ++i) ids.push_back(queue->submit("count", "more").value());
    }
  }
  for (pid_t& process : processes_) end(std::exchange(process, 0));

  const auto queue = open({});
  int completed = 0;
  for (const std::string& id : ids) {
    const Job job = queue->get(id).value();
    const auto lines = queue->log(id).value();
    const auto count = [&](std::string_view text) {
      return std::ranges::count_if(lines, [&](const JobLogLine& line) { return line.text.starts_with(text); });
    };
    EXPECT_EQ(count("submitted"), 1);
    EXPECT_EQ(count("taken by"), job.fence);
    EXPECT_EQ(count("completed") + count("failed for good"), 1) << id;
    if (job.state == JobState::kCompleted) {
      EXPECT_EQ(job.result, std::to_string(kSteps));
      ++completed;
    } else {  // it had the bad luck to be killed in all its attempts
      EXPECT_EQ(job.state, JobState::kFailed);
      EXPECT_TRUE(job.is_dead_letter);
      EXPECT_EQ(job.attempts, kAttemptsMax);
    }
  }
  EXPECT_GE(kills, kKillsMin);
  EXPECT_GT(completed, kJobs / 2);
}

}  // namespace
}  // namespace tradeassist::jobs
