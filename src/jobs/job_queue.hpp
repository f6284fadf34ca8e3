#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "store/database/database_address.hpp"

namespace tradeassist::jobs {

enum class JobState { kQueued, kRunning, kCompleted, kFailed, kCancelled };
std::string_view to_string(JobState state);
base::Result<JobState> parse_job_state(std::string_view text);

/// One job as it is kept. Request, result, checkpoint and progress detail are texts of the job's own making (JSON).
struct Job {
  std::string id;    // unguessable
  std::string kind;  // which handler does it
  JobState state = JobState::kQueued;
  std::string request, result, checkpoint;
  std::string phase;    // of the work, for people
  double progress = 0;  // 0 to 1
  std::string detail;   // of the progress, the handler's own
  std::string error;    // why it failed
  std::string note;     // what a restart did to it
  int attempts = 0;
  std::int64_t sequence = 0;  // order of submission
  bool cancel_requested = false;
  base::Time created_at;
  std::optional<base::Time> started_at, finished_at;
};

struct JobFilter {
  std::optional<JobState> state;
  std::string kind;    // empty = all
  std::string cursor;  // of the page before; empty = the first
  int limit = 100;
};

struct JobPage {
  std::vector<Job> jobs;    // newest first; without request, result and checkpoint
  std::string next_cursor;  // empty on the last page
};

/// Jobs in app.db: durable when a call returns. One server owns a data directory; within it every method may be
/// called from any thread.
class JobQueue {
 public:
  static constexpr int kAttemptsMax = 3;

  /// Opens the queue. Jobs that were running when the last process ended are taken up again: queued, with a note that
  /// says whether they go on from a checkpoint or start anew; those that were tried kAttemptsMax times have failed.
  static base::Result<std::unique_ptr<JobQueue>> open(const std::filesystem::path& directory, std::int64_t queued_max);

  /// The id of a new job, its phase "initializing". `detail`: what is known of its progress before it starts.
  /// kResourceExhausted when too many wait.
  base::Result<std::string> submit(std::string_view kind, std::string_view request, std::string_view detail = "");
  /// kNotFound when there is none.
  base::Result<Job> get(std::string_view id);
  base::Result<JobPage> list(const JobFilter& filter);

  /// Cancels a queued job at once; asks a running one to stop. kNotFound; kFailedPrecondition when it has ended.
  base::Result<Job> request_cancel(std::string_view id);

  // For the runner.

  /// The oldest queued job, now running; nothing when none waits. Jobs of which `may_start`, where it is given, says no
  /// are passed over and stay as they are; `passed_over`, where it is given, tells how many they were.
  base::Result<std::optional<Job>> take(const std::function<bool(const Job&)>& may_start = {},
                                        std::int64_t* passed_over = nullptr);
  /// An empty detail keeps the last one.
  base::Result<void> report(std::string_view id, double progress, std::string_view phase, std::string_view detail);
  base::Result<void> checkpoint(std::string_view id, std::string_view text);
  base::Result<bool> is_cancel_requested(std::string_view id);
  base::Result<void> finish(std::string_view id, JobState state, std::string_view result, std::string_view error);
  /// Back to the queue, to go on after a restart.
  base::Result<void> put_back(std::string_view id);

 private:
  JobQueue(std::unique_ptr<store::Connection> connection, std::int64_t queued_max)
      : connection_(std::move(connection)), queued_max_(queued_max) {}
  base::Result<void> take_up_interrupted();
  base::Result<Job> load(std::string_view id);

  std::mutex mutex_;  // one connection, one user at a time
  std::unique_ptr<store::Connection> connection_;
  std::int64_t queued_max_;
};

}  // namespace tradeassist::jobs
