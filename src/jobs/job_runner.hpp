#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "jobs/job_queue.hpp"

namespace tradeassist::jobs {

class JobListener;

/// What a handler knows of its job, and tells.
class JobContext {
 public:
  JobContext(JobQueue& queue, const Job& job, std::stop_token stop, JobListener* listener = nullptr)
      : queue_(queue), job_(job), stop_(std::move(stop)), listener_(listener) {}

  const std::string& id() const { return job_.id; }
  /// As JobQueue::take() gave it.
  const Job& taken() const { return job_; }
  base::Time created_at() const { return job_.created_at; }
  const std::string& request() const { return job_.request; }
  /// What the job had kept when it was interrupted; empty on a first start.
  const std::string& last_checkpoint() const { return job_.checkpoint; }
  /// Asked to stop: by a cancellation or a pause, because the server ends, or because another server has the job now. A
  /// handler returns kCancelled soon after.
  const std::stop_token& stop() const { return stop_; }
  /// Whether somebody wanted the job to end; when only the server ends, or the job pauses, it goes on after that.
  bool is_cancelled() const { return queue_.is_cancel_requested(job_.id).value_or(false); }

  /// Progress for whoever asks; written at most a few times a second, however often it is called.
  void report(double progress, std::string_view phase, std::string_view detail);
  /// What the job can go on from. kFailedPrecondition when another server has the job now.
  base::Result<void> checkpoint(std::string_view text) { return queue_.checkpoint(job_, text); }

 private:
  JobQueue& queue_;
  const Job& job_;
  std::stop_token stop_;
  JobListener* listener_;
  std::chrono::steady_clock::time_point last_report_{};
  std::string last_phase_;
};

/// What is told of jobs as they run: from worker threads, any number at a time.
class JobListener {
 public:
  virtual ~JobListener() = default;
  virtual void on_progress(const Job& job, double progress, std::string_view phase, std::string_view detail) = 0;
  /// `error` is why it failed, else empty. kQueued: it goes on when the server starts again, or is tried again;
  /// kPaused: when it is resumed.
  virtual void on_end(const Job& job, JobState state, std::string_view error) = 0;
};

/// The job's result text, or why it failed. kCancelled when it stopped because it was asked to.
using JobHandler = std::function<base::Result<std::string>(JobContext&)>;

/// Whether a queued job may start now; until then others go before it, and it holds no worker. Called from several
/// threads, many times a second while one waits.
using MayStart = std::function<bool(const Job&)>;

/// Worker threads that take jobs and run their handlers, and one that keeps the leases of the jobs that run and tells
/// their handlers what was asked of them elsewhere, within a second. Knows nothing of what a job computes.
class JobRunner {
 public:
  /// `listener`, where there is one, outlives this.
  JobRunner(JobQueue& queue, std::map<std::string, JobHandler> handlers, int workers, JobListener* listener = nullptr,
            MayStart may_start = {});
  JobRunner(const JobRunner&) = delete;
  JobRunner& operator=(const JobRunner&) = delete;
  ~JobRunner();  // stops

  /// Something was submitted: look now instead of at the next turn.
  void wake();
  /// A running job was asked to stop, by a cancellation or a pause: tells its handler now.
  void interrupt(const std::string& id);
  /// Asks running handlers to stop and waits for them; their jobs stay in the queue and go on at the next start.
  void stop();

 private:
  struct Run {
    Job job;
    std::stop_source stop;
  };
  using RunKey = std::pair<std::string, std::int64_t>;  // id and fence: a job may be taken anew while an old run ends

  void work(const std::stop_token& stop);
  void run(const Job& job);
  base::Result<std::string> call_handler(const Job& job, const std::stop_token& stop);
  base::Result<JobState> store_end(const Job& job, const base::Result<std::string>& result, bool was_stopped);
  void watch(const std::stop_token& stop);
  void pass_on_requests();
  void renew_leases();

  JobQueue& queue_;
  std::map<std::string, JobHandler> handlers_;
  JobListener* const listener_;
  const MayStart may_start_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<RunKey, Run> running_;
  bool stopping_ = false;
  std::uint64_t wakes_ = 0;
  std::vector<std::jthread> workers_;
  std::jthread watcher_;
};

}  // namespace tradeassist::jobs
