#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock_watch.hpp"
#include "base/local_owner.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "jobs/job.hpp"
#include "jobs/job_schedule.hpp"
#include "jobs/job_transition.hpp"
#include "store/database/database_address.hpp"
#include "store/database/retry.hpp"

namespace tradeassist::jobs {

/// Told of each job that ends, however it does, in the transaction that ends it: what it writes is kept exactly when
/// that is. `result`: of a completed one. An error undoes the end, so it is for the database's alone.
using JobEnd = std::function<base::Result<void>(store::Connection& connection, const Job& job, std::string_view result,
                                                base::Time now)>;

struct JobQueueOptions {
  /// Who takes jobs here: one name for one process at a time, the same after its restart. Empty: takes none.
  std::string taker = {};
  std::int64_t queued_max = 1'000;  // jobs that may wait, paused ones among them
  /// For how long a job that was taken is left to its taker without a word from it; then others may take it.
  std::chrono::milliseconds lease{30'000};
  JobEnd on_end = {};
};

/// What goes with a new job.
struct SubmitOptions {
  int priority = kPriorityDefault;
  /// Names the submission, 1 to 255 bytes: for kKeyKept the same key with the same kind, request and priority gives the
  /// id of the first job instead of a new one. Keys of different owners are different. Empty: none.
  std::string_view key = {};
  std::string_view owner = base::kLocalOwner;
};

/// A running job of this queue's taker, and what is asked of it.
struct RunningJob {
  std::string id;
  std::int64_t fence = 0;
  bool cancel_requested = false, pause_requested = false;
};

/// Jobs in the app database, SQLite or PostgreSQL: durable when a call returns. Any number of processes may have it
/// open; every method may be called from any thread. On a server that is lost, calls wait and repeat as long as
/// store::ConnectionOptions::outage_timeout, then fail with kUnavailable.
class JobQueue {
 public:
  static constexpr std::chrono::hours kKeyKept{24};
  static constexpr std::size_t kKeyBytesMax = 255;
  static constexpr std::size_t kErrorBytesMax = 10'000;  // of a job's error and note; what is longer is cut

  /// Opens the queue, its schema brought to the newest version. Jobs that the same taker ran are taken up again,
  /// since the process that ran them has ended: queued, with a note that says whether they go on from a checkpoint or
  /// start anew; those that were tried kAttemptsMax times have failed.
  static base::Result<std::unique_ptr<JobQueue>> open(const store::DatabaseAddress& address, JobQueueOptions options);

  /// The id of a new job, its phase "initializing". `detail`: what is known of its progress before it starts.
  /// kResourceExhausted when too many wait; kInvalidArgument for a priority or key out of bounds; kAlreadyExists when
  /// the key was used for something else.
  base::Result<std::string> submit(std::string_view kind, std::string_view request, std::string_view detail = "",
                                   const SubmitOptions& options = {});
  // Here and below, `owner` leaves out what is another's, as if it were not there; empty: whoever's it is.

  /// kNotFound when there is none.
  base::Result<Job> get(std::string_view id, std::string_view owner = "");
  /// The same without its request, result and checkpoint, which may be long.
  base::Result<Job> get_state(std::string_view id, std::string_view owner = "");
  base::Result<JobPage> list(const JobFilter& filter);
  /// The log's lines after the number `after`, oldest first, at most `limit`. kNotFound when there is no such job.
  base::Result<std::vector<JobLogLine>> log(std::string_view id, std::int64_t after = 0, std::int64_t limit = 1'000,
                                            std::string_view owner = "");
  base::Result<JobStatistics> statistics(std::string_view owner = "");

  // What may be asked of a job: kNotFound when there is none, kFailedPrecondition when its state does not allow it.
  // The job as it is then is the answer; one that runs stops a little later.

  /// Cancels a queued or paused job at once; asks a running one to stop.
  base::Result<Job> request_cancel(std::string_view id, std::string_view owner = "");
  /// Pauses a queued job at once; asks a running one to stop, which keeps its checkpoint. A paused one stays so.
  base::Result<Job> request_pause(std::string_view id, std::string_view owner = "");
  /// Puts a paused job back into the queue; takes back a pause that was only requested.
  base::Result<Job> resume(std::string_view id, std::string_view owner = "");
  /// A new job of the same request for one that failed or was cancelled, which stays as it is.
  base::Result<Job> retry(std::string_view id, std::string_view owner = "");

  // Schedules, by name.

  /// Makes a schedule, or replaces the one of that name, whose last job stays known. kInvalidArgument for what
  /// check_schedule() refuses; kResourceExhausted beyond kSchedulesMax; kAlreadyExists where another owner has the
  /// name.
  base::Result<JobSchedule> put_schedule(const JobSchedule& schedule);
  /// kNotFound when there is none.
  base::Result<JobSchedule> get_schedule(std::string_view name, std::string_view owner = "");
  base::Result<std::vector<JobSchedule>> list_schedules(std::string_view owner = "");
  /// kNotFound when there is none. Jobs that it submitted stay.
  base::Result<void> remove_schedule(std::string_view name, std::string_view owner = "");
  /// Submits a job for each schedule that is due, and sets its next time; how many. However many servers call this,
  /// each time that comes submits one job; times that passed while none did submit one together. A schedule whose last
  /// job has not ended leaves the time out. When the clock was set back no time comes a second time, but where it was
  /// by more than kSetBackMax: then times are those of the new clock.
  base::Result<std::int64_t> submit_due();

  /// Removes jobs that ended before `time`, with their logs; how many. Some at a time, so that nobody waits long.
  base::Result<std::int64_t> remove_ended(base::Time time);

  // For the runner. A job is named by what take() gave: id and fence. Where another has taken it since, or it was taken
  // from this taker, the call changes nothing and is kFailedPrecondition.

  /// The first of the jobs that may start, now running; nothing when there is none. Those of which `may_start`, where
  /// it is given, says no are passed over and stay as they are; `passed_over`, where it is given, tells how many they
  /// were. Jobs whose lease ran out go back to the queue first.
  base::Result<std::optional<Job>> take(const std::function<bool(const Job&)>& may_start = {},
                                        std::int64_t* passed_over = nullptr);
  std::chrono::milliseconds lease() const { return options_.lease; }
  /// The lease again in full.
  base::Result<void> renew(const Job& taken);
  /// What this taker runs, and what was asked of it.
  base::Result<std::vector<RunningJob>> running();
  base::Result<bool> is_cancel_requested(std::string_view id);
  /// An empty detail keeps the last one.
  base::Result<void> report(const Job& taken, double progress, std::string_view phase, std::string_view detail);
  base::Result<void> checkpoint(const Job& taken, std::string_view text);
  base::Result<void> complete(const Job& taken, std::string_view result);
  /// What becomes of a job that failed: queued for later when the failure may pass (kUnavailable, kResourceExhausted)
  /// and it was not tried kAttemptsMax times, else failed; cancelled or paused where that was asked for meanwhile.
  base::Result<JobState> fail(const Job& taken, const base::Error& error);
  /// What becomes of a job that stopped because it was asked to: cancelled, paused, or queued to go on later. Its
  /// checkpoint stays, and it was no attempt.
  base::Result<JobState> stopped(const Job& taken);

 private:
  struct Waiting {
    std::string id;
    std::int64_t rank = INT64_MIN, sequence = 0;
  };

  JobQueue(std::unique_ptr<store::Connection> connection, const store::ConnectionOptions& connection_options,
           JobQueueOptions options)
      : connection_(std::move(connection)), connection_options_(connection_options), options_(std::move(options)) {}

  // These are called while mutex_ is held.

  template <class Work>
  std::invoke_result_t<Work> repeated(Work work) {
    return store::repeated(*connection_, connection_options_.outage_timeout, std::move(work));
  }
  template <class Work>
  std::invoke_result_t<Work> in_transaction(Work work) {
    return store::in_transaction(*connection_, connection_options_.outage_timeout, std::move(work));
  }

  base::Result<std::int64_t> clock();
  base::Result<Job> load(std::string_view id, std::string_view owner = "");
  base::Result<Job> load_to_change(std::string_view id, std::string_view owner);
  base::Result<Job> hold(const Job& taken);
  base::Result<std::string> insert(const Job& wanted, std::string_view origin = "");
  base::Result<std::optional<std::string>> find_key(std::string_view kind, std::string_view request,
                                                    const SubmitOptions& options);
  base::Result<std::optional<bool>> submit_one_due();
  base::Result<void> write(const Transition& to, std::string_view result = {});
  base::Result<Job> change(std::string_view id, std::string_view owner,
                           base::Result<Transition> (*decide)(Job, base::Time));
  base::Result<JobState> end_run(const Job& taken, const std::function<Transition(Job, base::Time)>& decide,
                                 std::string_view result = {});
  bool is_held(const std::string& id) const;
  base::Result<void> bring_back_schedules(std::int64_t now);
  base::Result<void> take_up(const std::string& condition, const store::Parameter& value);
  base::Result<std::vector<Waiting>> waiting_after(const Waiting& last);
  base::Result<std::optional<Job>> take_one(std::string_view id);

  std::mutex mutex_;  // one connection, one user at a time
  std::unique_ptr<store::Connection> connection_;
  const store::ConnectionOptions connection_options_;
  const JobQueueOptions options_;
  std::map<std::string, std::chrono::steady_clock::time_point> held_;  // jobs: when they were taken or renewed last
  base::ClockWatch watch_;
  bool schedules_follow_ = false;  // the clock, since it was set back last
};

}  // namespace tradeassist::jobs
