#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace tradeassist::jobs {

enum class JobState { kQueued, kRunning, kPaused, kCompleted, kFailed, kCancelled };
std::string_view to_string(JobState state);
base::Result<JobState> parse_job_state(std::string_view text);
/// Completed, failed or cancelled: nothing happens to the job any more.
bool has_ended(JobState state);

/// Higher goes first, of equals the one that was submitted first. So that none starves, a job that waits rises by one
/// for each kPriorityRise that it has waited.
constexpr int kPriorityMin = 0, kPriorityDefault = 1, kPriorityMax = 3;
constexpr std::chrono::minutes kPriorityRise{10};

/// How often a job is started before it counts as failed: runs that the server did not survive, and failures that may
/// pass. Orderly stops, pauses and resumptions do not count.
constexpr int kAttemptsMax = 3;

/// How long after a failure that may pass a job is tried again: 10 s, doubled with each attempt, and up to a quarter
/// more that depends on the job's id, so that jobs that failed together do not come back together. `attempts` >= 1 is
/// how often it was tried.
std::chrono::milliseconds retry_delay(std::string_view id, int attempts);

/// Longer than any that an attempt is given: a job that is to wait longer was put off by a clock that was set back
/// since.
constexpr std::chrono::minutes kRetryDelayMax{1};

/// One job as it is kept. Request, result, checkpoint and progress detail are texts of the job's own making (JSON).
/// Times are by the database's clock.
struct Job {
  std::string id;     // unguessable
  std::string kind;   // which handler does it
  std::string owner;  // whose it is, as whoever submitted it said; of what is done without a key "local"
  JobState state = JobState::kQueued;
  int priority = kPriorityDefault;
  std::string request, result, checkpoint;
  std::string phase;    // of the work, for people
  double progress = 0;  // 0 to 1
  std::string detail;   // of the progress, the handler's own
  std::string error;    // why it failed
  std::string note;     // what a restart, a pause or a failed attempt did to it
  bool has_checkpoint = false;
  int attempts = 0;
  std::int64_t sequence = 0;  // order of submission
  bool cancel_requested = false, pause_requested = false;
  bool is_dead_letter = false;           // failed in all its attempts, or did not survive them
  std::string retry_of;                  // the job that this one tries again; empty: none
  std::optional<base::Time> not_before;  // a failed attempt is not repeated earlier
  std::string lease_owner;               // who runs it, or ran it last
  std::int64_t fence = 0;                // grows with each taking: what an earlier one writes is refused
  base::Time created_at;
  std::optional<base::Time> started_at, finished_at;
};

struct JobFilter {
  std::optional<JobState> state;
  std::string kind;                    // empty = all
  std::string owner;                   // empty = all
  std::optional<bool> is_dead_letter;  // nothing = all
  std::string cursor;                  // of the page before; empty = the first
  int limit = 100;                     // 1 to 1,000
};

struct JobPage {
  std::vector<Job> jobs;    // newest first; without result and checkpoint
  std::string next_cursor;  // empty on the last page
};

enum class JobLogLevel { kInfo, kWarning, kError };
std::string_view to_string(JobLogLevel level);

/// What happened to a job: submitted, taken by whom, a phase of its work, checkpoints, attempts, its end.
struct JobLogLine {
  std::int64_t number = 0;  // from 1; the oldest lines of a long log are gone
  base::Time at;
  JobLogLevel level = JobLogLevel::kInfo;
  std::string text;
};

/// How many jobs of a kind are in a state now.
struct JobCount {
  std::string kind;
  JobState state = JobState::kQueued;
  std::int64_t count = 0;
};

/// Of the newest ended jobs of a kind, in seconds: how long they waited for their last start, and ran from there.
struct JobTimes {
  std::string kind;
  std::int64_t jobs = 0;
  double wait_median = 0, wait_p95 = 0, wait_max = 0;
  double run_median = 0, run_p95 = 0, run_max = 0;
};

struct JobStatistics {
  static constexpr int kTimedMax = 1'000;  // of how many ended jobs the times are

  std::vector<JobCount> counts;  // by kind, then state; what is not there is not counted
  std::vector<JobTimes> times;   // by kind
  std::int64_t dead_letters = 0;
  std::optional<double> oldest_wait_seconds;  // of what may start now
};

}  // namespace tradeassist::jobs
