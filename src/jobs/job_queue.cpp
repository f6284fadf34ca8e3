#include "jobs/job_queue.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>

#include "base/log_context.hpp"
#include "base/random_id.hpp"
#include "jobs/job_log.hpp"
#include "jobs/job_statistics.hpp"
#include "jobs/stored_text.hpp"
#include "store/schema/migrations.hpp"

namespace tradeassist::jobs {
namespace {

constexpr std::int64_t kRemovedAtOnce = 500;  // ended jobs, in one transaction
constexpr std::int64_t kPeekedAtOnce = 8;     // waiting jobs, with their requests
constexpr std::int64_t kTakenUpAtOnce = 100;  // interrupted jobs

constexpr std::size_t kIdBytes = 16;

std::int64_t rank_of(std::int64_t created_at, int priority) {
  return created_at - priority * std::chrono::duration_cast<base::Nanoseconds>(kPriorityRise).count();
}

constexpr const char* kColumns =
    "job_id, kind, state, phase, progress, detail, error, note, attempts, cancel_requested, created_at, started_at, "
    "finished_at, sequence, priority, pause_requested, dead_letter, retry_of, not_before, lease_owner, fence, "
    "EXISTS (SELECT 1 FROM job_checkpoint WHERE job_checkpoint.job_id = job.job_id), owner";
constexpr int kColumnsCount = 23;
constexpr const char* kOfOwner = "AND ($2 = '' OR owner = $2)";

Job read_head(const store::Row& row) {
  const auto optional_time = [&](int column) -> std::optional<base::Time> {
    const auto value = row.optional_integer(column);
    if (!value) return std::nullopt;
    return base::time_from_nanoseconds(*value);
  };
  Job job;
  job.id = row.text(0);
  job.kind = row.text(1);
  job.state = parse_job_state(row.text(2)).value_or(JobState::kFailed);
  job.phase = row.text(3);
  job.progress = row.real(4);
  job.detail = row.text(5);
  job.error = row.text(6);
  job.note = row.text(7);
  job.attempts = static_cast<int>(row.integer(8));
  job.cancel_requested = row.integer(9) != 0;
  job.created_at = base::time_from_nanoseconds(row.integer(10));
  job.started_at = optional_time(11);
  job.finished_at = optional_time(12);
  job.sequence = row.integer(13);
  job.priority = static_cast<int>(row.integer(14));
  job.pause_requested = row.integer(15) != 0;
  job.is_dead_letter = row.integer(16) != 0;
  job.retry_of = row.text(17);
  if (row.integer(18) > 0) job.not_before = optional_time(18);
  job.lease_owner = row.text(19);
  job.fence = row.integer(20);
  job.has_checkpoint = row.integer(21) != 0;
  job.owner = row.text(22);
  return job;
}

Job read_whole(const store::Row& row) {
  Job job = read_head(row);
  job.request = row.text(kColumnsCount);
  job.result = row.text(kColumnsCount + 1);
  job.checkpoint = row.text(kColumnsCount + 2);
  return job;
}

std::string select_whole() {
  return std::string("SELECT ") + kColumns +
         ", request, coalesce((SELECT text FROM job_result WHERE job_result.job_id = job.job_id), ''), "
         "coalesce((SELECT text FROM job_checkpoint WHERE job_checkpoint.job_id = job.job_id), '') FROM job ";
}
std::string select_head() { return std::string("SELECT ") + kColumns + " FROM job "; }

/// What a key is kept as: each owner has keys of its own.
std::string key_of(const SubmitOptions& options) { return std::string(options.owner) + " " + std::string(options.key); }

base::Error no_such_job(std::string_view id) {
  return {base::ErrorCode::kNotFound, "there is no job " + std::string(id.substr(0, 64))};
}

base::Error lease_lost(const Job& taken) {
  return {base::ErrorCode::kFailedPrecondition,
          "job " + taken.id + " was taken by another meanwhile, or does not run any more; nothing was changed"};
}

}  // namespace

base::Result<std::unique_ptr<JobQueue>> JobQueue::open(const store::DatabaseAddress& address, JobQueueOptions options) {
  const store::ConnectionOptions connection_options;
  TRY_ASSIGN(auto connection, store::open_connection(address, connection_options));
  TRY(store::migrate(*connection, store::app_migrations()));
  std::unique_ptr<JobQueue> queue(new JobQueue(std::move(connection), connection_options, std::move(options)));
  const std::lock_guard lock(queue->mutex_);
  const std::string& taker = queue->options_.taker;
  if (!taker.empty()) TRY(queue->take_up("lease_owner = $1", taker));
  return queue;
}

/// Nanoseconds by the clock of the database, which all its users share.
base::Result<std::int64_t> JobQueue::clock() {
  if (connection_->dialect() == store::Dialect::kSqlite) return base::to_nanoseconds(base::now());
  return connection_->query_integer("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1000");
}

// What anybody may ask.

base::Result<std::string> JobQueue::submit(std::string_view kind, std::string_view request, std::string_view detail,
                                           const SubmitOptions& options) {
  if (options.priority < kPriorityMin || options.priority > kPriorityMax) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "the priority is " + std::to_string(options.priority) + "; it must be from 0 (lowest) to 3");
  }
  if (options.key.size() > kKeyBytesMax) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "the idempotency key is longer than " + std::to_string(kKeyBytesMax) + " bytes");
  }
  const std::lock_guard lock(mutex_);
  const auto once = [&]() -> base::Result<std::string> {
    if (!options.key.empty()) {
      TRY_ASSIGN(const auto first, find_key(kind, request, options));
      if (first) return *first;
    }
    Job wanted;
    wanted.kind = kind;
    wanted.request = request;
    wanted.detail = detail;
    wanted.priority = options.priority;
    wanted.owner = options.owner;
    TRY_ASSIGN(std::string id, insert(wanted));
    if (!options.key.empty()) {
      TRY_ASSIGN(const std::int64_t now, clock());
      TRY(connection_->run("INSERT INTO job_key (submit_key, job_id, created_at) VALUES ($1, $2, $3)",
                           {key_of(options), id, now}));
    }
    return id;
  };
  auto submitted = in_transaction(once);
  // Another server may have submitted with this key at the same moment: its job is there the second time.
  if (!submitted && submitted.error().code == base::ErrorCode::kAlreadyExists) submitted = in_transaction(once);
  return submitted;
}

/// The id of the job that was submitted with this key, where there is one.
base::Result<std::optional<std::string>> JobQueue::find_key(std::string_view kind, std::string_view request,
                                                            const SubmitOptions& options) {
  TRY_ASSIGN(const std::int64_t now, clock());
  const std::int64_t kept = std::chrono::duration_cast<base::Nanoseconds>(kKeyKept).count();
  TRY(connection_->run("DELETE FROM job_key WHERE created_at < $1", {now - kept}));
  TRY_ASSIGN(const auto id,
             connection_->query_first("SELECT job_id FROM job_key WHERE submit_key = $1", {key_of(options)},
                                      [](const store::Row& row) { return std::string(row.text(0)); }));
  if (!id) return std::nullopt;
  TRY_ASSIGN(const Job first, load(*id));
  if (first.kind == kind && first.request == request && first.priority == options.priority) return id;
  return base::failure(
      base::ErrorCode::kAlreadyExists,
      "this idempotency key was used for another request, which made job " + *id + "; use a new key for a new request");
}

/// A new job of the kind, request, detail, priority, owner and retry_of that are wanted.
base::Result<std::string> JobQueue::insert(const Job& wanted, std::string_view origin) {
  TRY_ASSIGN(const std::int64_t waiting,
             connection_->query_integer("SELECT count(*) FROM job WHERE state IN ('queued', 'paused')"));
  if (waiting >= options_.queued_max) {
    return base::failure(base::ErrorCode::kResourceExhausted,
                         std::to_string(options_.queued_max) + " jobs wait already; try again when some have run");
  }
  TRY_ASSIGN(std::string id, base::random_hex(kIdBytes));
  TRY_ASSIGN(const std::int64_t now, clock());
  TRY(connection_->run(
      "INSERT INTO job (job_id, kind, state, phase, request, detail, created_at, priority, rank, retry_of, owner) "
      "VALUES ($1, $2, 'queued', 'initializing', $3, $4, $5, $6, $7, $8, $9)",
      {id, wanted.kind, wanted.request, wanted.detail, now, wanted.priority, rank_of(now, wanted.priority),
       wanted.retry_of, wanted.owner}));
  std::string line = "submitted, priority " + std::to_string(wanted.priority);
  if (!wanted.retry_of.empty()) line += ", as a retry of " + wanted.retry_of;
  if (!origin.empty()) line += ", by " + std::string(origin);
  if (const std::string& asked_by = base::thread_log_context().request_id; !asked_by.empty())
    line += ", request " + asked_by;
  TRY(append_log(*connection_, id, now, JobLogLevel::kInfo, line));
  return id;
}

base::Result<Job> JobQueue::load(std::string_view id, std::string_view owner) {
  TRY_ASSIGN(auto job,
             connection_->query_first(select_whole() + "WHERE job_id = $1 " + kOfOwner, {id, owner}, read_whole));
  if (!job) return std::unexpected(no_such_job(id));
  return std::move(*job);
}

/// Its row is this transaction's alone.
base::Result<Job> JobQueue::load_to_change(std::string_view id, std::string_view owner) {
  TRY_ASSIGN(auto job,
             connection_->query_first(select_head() + "WHERE job_id = $1 " + kOfOwner + store::row_lock(*connection_),
                                      {id, owner}, read_head));
  if (!job) return std::unexpected(no_such_job(id));
  return std::move(*job);
}

base::Result<Job> JobQueue::get(std::string_view id, std::string_view owner) {
  const std::lock_guard lock(mutex_);
  return repeated([&] { return load(id, owner); });
}

base::Result<Job> JobQueue::get_state(std::string_view id, std::string_view owner) {
  const std::lock_guard lock(mutex_);
  return repeated([&]() -> base::Result<Job> {
    TRY_ASSIGN(auto job,
               connection_->query_first(select_head() + "WHERE job_id = $1 " + kOfOwner, {id, owner}, read_head));
    if (!job) return std::unexpected(no_such_job(id));
    return std::move(*job);
  });
}

base::Result<JobPage> JobQueue::list(const JobFilter& filter) {
  std::int64_t before = INT64_MAX;
  if (!filter.cursor.empty()) {
    const auto [end, error] =
        std::from_chars(filter.cursor.data(), filter.cursor.data() + filter.cursor.size(), before);
    if (error != std::errc() || end != filter.cursor.data() + filter.cursor.size()) {
      return base::failure(base::ErrorCode::kInvalidArgument, "the cursor is not one that this list gave");
    }
  }
  const int limit = std::clamp(filter.limit, 1, 1000);
  const std::string state = filter.state ? std::string(to_string(*filter.state)) : "";
  const std::int64_t dead = filter.is_dead_letter ? *filter.is_dead_letter : -1;
  // Not one condition for both: an index by owner serves only where there is one.
  const std::string of_owner = filter.owner.empty() ? "AND $6 = '' " : "AND owner = $6 ";
  const std::lock_guard lock(mutex_);
  JobPage page;
  TRY_ASSIGN(page.jobs, repeated([&] {
               return connection_->query_all(
                   std::string("SELECT ") + kColumns +
                       ", request FROM job WHERE sequence < $1 AND ($2 = '' OR state = $2) AND ($3 = '' OR kind = $3) "
                       "AND ($4 = -1 OR dead_letter = $4) " +
                       of_owner + "ORDER BY sequence DESC LIMIT $5",
                   {before, state, filter.kind, dead, limit + 1, filter.owner}, [](const store::Row& row) {
                     Job job = read_head(row);
                     job.request = row.text(kColumnsCount);
                     return job;
                   });
             }));
  if (page.jobs.size() > static_cast<std::size_t>(limit)) {
    page.jobs.pop_back();
    page.next_cursor = std::to_string(page.jobs.back().sequence);
  }
  return page;
}

base::Result<std::vector<JobLogLine>> JobQueue::log(std::string_view id, std::int64_t after, std::int64_t limit,
                                                    std::string_view owner) {
  const std::lock_guard lock(mutex_);
  return repeated([&]() -> base::Result<std::vector<JobLogLine>> {
    TRY_ASSIGN(
        const std::int64_t known,
        connection_->query_integer(std::string("SELECT count(*) FROM job WHERE job_id = $1 ") + kOfOwner, {id, owner}));
    if (known == 0) return std::unexpected(no_such_job(id));
    return read_log(*connection_, id, after, std::clamp<std::int64_t>(limit, 1, kLogLinesMax));
  });
}

base::Result<JobStatistics> JobQueue::statistics(std::string_view owner) {
  const std::lock_guard lock(mutex_);
  return repeated([&]() -> base::Result<JobStatistics> {
    TRY_ASSIGN(const std::int64_t now, clock());
    return read_statistics(*connection_, now, owner);
  });
}

/// Stores what a job became, and its log's line. `result`: of a completed one, which is stored by the caller.
base::Result<void> JobQueue::write(const Transition& to, std::string_view result) {
  const Job& job = to.job;
  const auto time = [](const std::optional<base::Time>& at) -> std::optional<std::int64_t> {
    return at ? std::optional(base::to_nanoseconds(*at)) : std::nullopt;
  };
  TRY_ASSIGN(const std::int64_t now, clock());
  TRY(connection_->run(
      "UPDATE job SET state = $2, cancel_requested = $3, pause_requested = $4, attempts = $5, progress = $6, "
      "error = $7, note = $8, dead_letter = $9, not_before = $10, finished_at = $11 WHERE job_id = $1",
      {job.id, to_string(job.state), job.cancel_requested, job.pause_requested, job.attempts, job.progress,
       stored_text(job.error, kErrorBytesMax), stored_text(job.note, kErrorBytesMax), job.is_dead_letter,
       time(job.not_before).value_or(0), time(job.finished_at)}));
  if (has_ended(job.state)) TRY(connection_->run("DELETE FROM job_checkpoint WHERE job_id = $1", {job.id}));
  // What workers do for this taking of it is void with that.
  if (job.state != JobState::kRunning) TRY(connection_->run("DELETE FROM job_batch WHERE job_id = $1", {job.id}));
  if (has_ended(job.state) && options_.on_end)
    TRY(options_.on_end(*connection_, job, result, base::time_from_nanoseconds(now)));
  return append_log(*connection_, job.id, now, to.level, to.line);
}

base::Result<Job> JobQueue::change(std::string_view id, std::string_view owner,
                                   base::Result<Transition> (*decide)(Job, base::Time)) {
  const std::lock_guard lock(mutex_);
  return in_transaction([&]() -> base::Result<Job> {
    TRY_ASSIGN(Job job, load_to_change(id, owner));
    TRY_ASSIGN(const std::int64_t now, clock());
    const bool was_paused = job.state == JobState::kPaused;
    TRY_ASSIGN(const Transition to, decide(std::move(job), base::time_from_nanoseconds(now)));
    // What is paused already stays as it is, without another line in its log.
    if (!was_paused || to.job.state != JobState::kPaused) TRY(write(to));
    return load(id);
  });
}

base::Result<Job> JobQueue::request_cancel(std::string_view id, std::string_view owner) {
  return change(id, owner, cancelled);
}
base::Result<Job> JobQueue::request_pause(std::string_view id, std::string_view owner) {
  return change(id, owner, paused);
}
base::Result<Job> JobQueue::resume(std::string_view id, std::string_view owner) { return change(id, owner, resumed); }

base::Result<Job> JobQueue::retry(std::string_view id, std::string_view owner) {
  const std::lock_guard lock(mutex_);
  return in_transaction([&]() -> base::Result<Job> {
    TRY(load_to_change(id, owner));
    TRY_ASSIGN(const Job old, load(id));
    if (old.state != JobState::kFailed && old.state != JobState::kCancelled) {
      return base::failure(base::ErrorCode::kFailedPrecondition,
                           "the job is " + std::string(to_string(old.state)) +
                               " and cannot be retried; only one that failed or was cancelled can");
    }
    Job again;
    again.kind = old.kind;
    again.request = old.request;
    again.priority = old.priority;
    again.owner = old.owner;
    again.retry_of = old.id;
    TRY_ASSIGN(const std::string fresh, insert(again));
    TRY_ASSIGN(const std::int64_t now, clock());
    TRY(append_log(*connection_, old.id, now, JobLogLevel::kInfo, "retried as job " + fresh));
    return load(fresh);
  });
}

base::Result<std::int64_t> JobQueue::remove_ended(base::Time time) {
  std::int64_t removed = 0;
  while (true) {
    const std::lock_guard lock(mutex_);
    TRY_ASSIGN(const std::int64_t some, in_transaction([&] {
                 return connection_->run(
                     "DELETE FROM job WHERE job_id IN (SELECT job_id FROM job WHERE state IN ('completed', 'failed', "
                     "'cancelled') AND finished_at < $1 LIMIT $2)",
                     {base::to_nanoseconds(time), kRemovedAtOnce});
               }));
    removed += some;
    if (some < kRemovedAtOnce) return removed;
  }
}

// What a runner does.

base::Result<std::optional<Job>> JobQueue::take(const std::function<bool(const Job&)>& may_start,
                                                std::int64_t* passed_over) {
  assert(!options_.taker.empty());
  const std::lock_guard lock(mutex_);
  TRY_ASSIGN(const std::int64_t now, repeated([&] { return clock(); }));
  TRY(take_up("lease_until <= $1", now));
  std::int64_t passed = 0;
  std::optional<Job> taken;
  Waiting last;
  while (!taken) {
    TRY_ASSIGN(const std::vector<Waiting> some, repeated([&] { return waiting_after(last); }));
    for (const Waiting& each : some) {
      last = each;
      if (may_start) {
        const auto job = repeated([&] { return load(each.id); });
        if (!job && job.error().code == base::ErrorCode::kNotFound) continue;  // removed meanwhile
        if (!job) return std::unexpected(job.error());
        if (!may_start(*job)) {
          ++passed;
          continue;
        }
      }
      TRY_ASSIGN(taken, in_transaction([&] { return take_one(each.id); }));
      if (taken) break;  // else another was faster
    }
    if (some.empty()) break;
  }
  if (passed_over != nullptr) *passed_over = passed;
  return taken;
}

/// Jobs that may start, in their order.
base::Result<std::vector<JobQueue::Waiting>> JobQueue::waiting_after(const Waiting& last) {
  TRY_ASSIGN(const std::int64_t now, clock());
  return connection_->query_all(
      "SELECT job_id, rank, sequence FROM job WHERE state = 'queued' AND (not_before <= $1 OR not_before > $5) AND "
      "(rank > $2 OR (rank = $2 AND sequence > $3)) ORDER BY rank, sequence LIMIT $4",
      {now, last.rank, last.sequence, kPeekedAtOnce,
       now + std::chrono::duration_cast<base::Nanoseconds>(kRetryDelayMax).count()},
      [](const store::Row& row) { return Waiting{std::string(row.text(0)), row.integer(1), row.integer(2)}; });
}

/// The job, leased to this taker; nothing when another took it first, or takes it right now.
base::Result<std::optional<Job>> JobQueue::take_one(std::string_view id) {
  TRY_ASSIGN(const std::int64_t now, clock());
  const std::int64_t until = now + std::chrono::duration_cast<base::Nanoseconds>(options_.lease).count();
  const char* const unlocked = connection_->dialect() == store::Dialect::kPostgres ? " FOR UPDATE SKIP LOCKED" : "";
  const std::string sql =
      std::string(
          "UPDATE job SET state = 'running', attempts = attempts + 1, fence = fence + 1, started_at = $2, "
          "lease_owner = $3, lease_until = $4, not_before = 0 WHERE job_id = "
          "(SELECT job_id FROM job WHERE job_id = $1 AND state = 'queued'") +
      unlocked + ")";
  TRY_ASSIGN(const std::int64_t taken, connection_->run(sql, {id, now, options_.taker, until}));
  if (taken == 0) return std::nullopt;
  held_[std::string(id)] = std::chrono::steady_clock::now();
  TRY_ASSIGN(Job job, load(id));
  TRY(append_log(*connection_, id, now, JobLogLevel::kInfo,
                 "taken by " + options_.taker + ", attempt " + std::to_string(job.attempts)));
  return std::optional(std::move(job));
}

/// Whether this taker works on the job, as the steady clock has it: to its own eyes no lease of its own runs out
/// because the clock was set forward.
bool JobQueue::is_held(const std::string& id) const {
  const auto held = held_.find(id);
  return held != held_.end() && std::chrono::steady_clock::now() - held->second < options_.lease;
}

/// Ends the runs of jobs whose process is gone, as far as `condition` over the parameter $1 tells.
base::Result<void> JobQueue::take_up(const std::string& condition, const store::Parameter& value) {
  const std::string where = "WHERE state = 'running' AND " + condition;
  while (true) {
    TRY_ASSIGN(const auto ids, repeated([&] {
                 return connection_->query_all("SELECT job_id FROM job " + where + " LIMIT $2", {value, kTakenUpAtOnce},
                                               [](const store::Row& row) { return std::string(row.text(0)); });
               }));
    std::size_t held = 0;
    for (const std::string& id : ids) {
      if (is_held(id)) {
        ++held;
        continue;
      }
      TRY(in_transaction([&]() -> base::Result<void> {
        TRY_ASSIGN(auto job,
                   connection_->query_first(select_head() + where + " AND job_id = $2" + store::row_lock(*connection_),
                                            {value, id}, read_head));
        if (!job) return {};  // another server was faster
        TRY_ASSIGN(const std::int64_t now, clock());
        return write(interrupted(std::move(*job), base::time_from_nanoseconds(now)));
      }));
      held_.erase(id);
    }
    if (ids.size() < static_cast<std::size_t>(kTakenUpAtOnce) || held == ids.size()) return {};
  }
}

base::Result<void> JobQueue::renew(const Job& taken) {
  const std::lock_guard lock(mutex_);
  TRY_ASSIGN(const std::int64_t renewed, in_transaction([&]() -> base::Result<std::int64_t> {
               TRY_ASSIGN(const std::int64_t now, clock());
               const std::int64_t until = now + std::chrono::duration_cast<base::Nanoseconds>(options_.lease).count();
               return connection_->run(
                   "UPDATE job SET lease_until = $3 WHERE job_id = $1 AND fence = $2 AND state = 'running'",
                   {taken.id, taken.fence, until});
             }));
  if (renewed == 0) {
    held_.erase(taken.id);
    return std::unexpected(lease_lost(taken));
  }
  held_[taken.id] = std::chrono::steady_clock::now();
  return {};
}

base::Result<std::vector<RunningJob>> JobQueue::running() {
  const std::lock_guard lock(mutex_);
  return repeated([&] {
    return connection_->query_all(
        "SELECT job_id, fence, cancel_requested, pause_requested FROM job WHERE state = 'running' AND lease_owner = $1",
        {options_.taker}, [](const store::Row& row) {
          return RunningJob{std::string(row.text(0)), row.integer(1), row.integer(2) != 0, row.integer(3) != 0};
        });
  });
}

base::Result<bool> JobQueue::is_cancel_requested(std::string_view id) {
  const std::lock_guard lock(mutex_);
  TRY_ASSIGN(const auto asked, repeated([&] {
               return connection_->query_first("SELECT cancel_requested FROM job WHERE job_id = $1", {id},
                                               [](const store::Row& row) { return row.integer(0) != 0; });
             }));
  return asked.value_or(false);
}

/// The job as it is now, its row this transaction's alone, while the taking of it holds.
base::Result<Job> JobQueue::hold(const Job& taken) {
  TRY_ASSIGN(auto job,
             connection_->query_first(select_head() + "WHERE job_id = $1 AND fence = $2 AND state = 'running'" +
                                          store::row_lock(*connection_),
                                      {taken.id, taken.fence}, read_head));
  if (!job) return std::unexpected(lease_lost(taken));
  return std::move(*job);
}

base::Result<void> JobQueue::report(const Job& taken, double progress, std::string_view phase,
                                    std::string_view detail) {
  const std::lock_guard lock(mutex_);
  return in_transaction([&]() -> base::Result<void> {
    TRY_ASSIGN(const Job job, hold(taken));
    TRY(connection_->run(
        "UPDATE job SET progress = $2, phase = $3, detail = CASE $4 WHEN '' THEN detail ELSE $4 END WHERE job_id = $1",
        {taken.id, progress, phase, detail}));
    if (job.phase == phase) return {};
    TRY_ASSIGN(const std::int64_t now, clock());
    return append_log(*connection_, taken.id, now, JobLogLevel::kInfo, "phase " + std::string(phase));
  });
}

base::Result<void> JobQueue::checkpoint(const Job& taken, std::string_view text) {
  const std::lock_guard lock(mutex_);
  return in_transaction([&]() -> base::Result<void> {
    TRY(hold(taken));
    TRY(connection_->run(
        "INSERT INTO job_checkpoint (job_id, text) VALUES ($1, $2) ON CONFLICT (job_id) DO UPDATE SET text = $2",
        {taken.id, text}));
    TRY_ASSIGN(const std::int64_t now, clock());
    return log_checkpoint(*connection_, taken.id, now, text.size());
  });
}

base::Result<JobState> JobQueue::end_run(const Job& taken, const std::function<Transition(Job, base::Time)>& decide,
                                         std::string_view result) {
  TRY_ASSIGN(Job job, hold(taken));
  TRY_ASSIGN(const std::int64_t now, clock());
  const Transition to = decide(std::move(job), base::time_from_nanoseconds(now));
  TRY(write(to, result));
  held_.erase(taken.id);
  return to.job.state;
}

base::Result<void> JobQueue::complete(const Job& taken, std::string_view result) {
  const std::lock_guard lock(mutex_);
  return in_transaction([&]() -> base::Result<void> {
    TRY(end_run(taken, completed, result));
    TRY(connection_->run("INSERT INTO job_result (job_id, text) VALUES ($1, $2)", {taken.id, result}));
    return {};
  });
}

base::Result<JobState> JobQueue::fail(const Job& taken, const base::Error& error) {
  const std::lock_guard lock(mutex_);
  return in_transaction(
      [&] { return end_run(taken, [&](Job job, base::Time now) { return failed(std::move(job), error, now); }); });
}

base::Result<JobState> JobQueue::stopped(const Job& taken) {
  const std::lock_guard lock(mutex_);
  // The function beside the queue, not this one.
  return in_transaction([&] { return end_run(taken, &jobs::stopped); });
}

}  // namespace tradeassist::jobs
