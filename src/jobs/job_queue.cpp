#include "jobs/job_queue.hpp"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "store/schema/migrations.hpp"

namespace tradeassist::jobs {
namespace {

constexpr std::array kStates = {JobState::kQueued, JobState::kRunning, JobState::kCompleted, JobState::kFailed,
                                JobState::kCancelled};

base::Result<std::string> new_id() {
  std::array<unsigned char, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return base::failure(base::ErrorCode::kIo, "the system gives no random bytes");
  }
  static constexpr char kHex[] = "0123456789abcdef";
  std::string id;
  for (const unsigned char byte : bytes) {
    id += kHex[byte >> 4];
    id += kHex[byte & 15];
  }
  return id;
}

std::int64_t now() { return base::to_nanoseconds(base::now()); }

std::optional<base::Time> optional_time(const store::Row& row, int column) {
  const auto value = row.optional_integer(column);
  if (!value) return std::nullopt;
  return base::time_from_nanoseconds(*value);
}

constexpr const char* kColumns =
    "job_id, kind, state, phase, progress, detail, error, note, attempts, cancel_requested, created_at, started_at, "
    "finished_at";

Job read_head(const store::Row& row) {
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
  job.started_at = optional_time(row, 11);
  job.finished_at = optional_time(row, 12);
  return job;
}

}  // namespace

std::string_view to_string(JobState state) {
  switch (state) {
    case JobState::kQueued: return "queued";
    case JobState::kRunning: return "running";
    case JobState::kCompleted: return "completed";
    case JobState::kFailed: return "failed";
    case JobState::kCancelled: return "cancelled";
  }
  return "failed";
}

base::Result<JobState> parse_job_state(std::string_view text) {
  for (const JobState state : kStates) {
    if (to_string(state) == text) return state;
  }
  return base::failure(
      base::ErrorCode::kInvalidArgument,
      "'" + std::string(text.substr(0, 40)) + "' is not one of queued, running, completed, failed, cancelled");
}

base::Result<std::unique_ptr<JobQueue>> JobQueue::open(const std::filesystem::path& directory,
                                                       std::int64_t queued_max) {
  TRY_ASSIGN(auto connection, store::open_connection(store::database_address(directory, "", "app")));
  TRY(store::migrate(*connection, store::app_migrations()));
  std::unique_ptr<JobQueue> queue(new JobQueue(std::move(connection), queued_max));
  TRY(queue->take_up_interrupted());
  return queue;
}

base::Result<void> JobQueue::take_up_interrupted() {
  TRY(connection_->run(
      "UPDATE job SET state = 'cancelled', finished_at = $1 WHERE state = 'running' AND cancel_requested = 1",
      {now()}));
  TRY(connection_->run(
      "UPDATE job SET state = 'failed', finished_at = $1, error = 'the server ended ' || attempts || ' "
      "times while it ran' "
      "WHERE state = 'running' AND attempts >= $2",
      {now(), kAttemptsMax}));
  TRY(connection_->run(
      "UPDATE job SET state = 'queued', note = CASE WHEN checkpoint = '' "
      "THEN 'restarted from the beginning after a restart of the server' "
      "ELSE 'resumed from its last checkpoint after a restart of the server' END WHERE state = 'running'"));
  return {};
}

base::Result<std::string> JobQueue::submit(std::string_view kind, std::string_view request, std::string_view detail) {
  const std::lock_guard lock(mutex_);
  TRY_ASSIGN(const auto waiting, connection_->query_first("SELECT count(*) FROM job WHERE state = 'queued'", {},
                                                          [](const store::Row& row) { return row.integer(0); }));
  if (waiting.value_or(0) >= queued_max_) {
    return base::failure(base::ErrorCode::kResourceExhausted,
                         std::to_string(queued_max_) + " jobs wait already; try again when some have run");
  }
  TRY_ASSIGN(std::string id, new_id());
  TRY(
      connection_->run("INSERT INTO job (job_id, kind, state, phase, request, detail, created_at) "
                       "VALUES ($1, $2, 'queued', 'initializing', $3, $4, $5)",
                       {id, kind, request, detail, now()}));
  return id;
}

base::Result<Job> JobQueue::load(std::string_view id) {
  TRY_ASSIGN(auto job, connection_->query_first(std::string("SELECT ") + kColumns +
                                                    ", request, result, checkpoint FROM job WHERE job_id = $1",
                                                {id}, [](const store::Row& row) {
                                                  Job made = read_head(row);
                                                  made.request = row.text(13);
                                                  made.result = row.text(14);
                                                  made.checkpoint = row.text(15);
                                                  return made;
                                                }));
  if (!job) return base::failure(base::ErrorCode::kNotFound, "there is no job " + std::string(id.substr(0, 64)));
  return std::move(*job);
}

base::Result<Job> JobQueue::get(std::string_view id) {
  const std::lock_guard lock(mutex_);
  return load(id);
}

base::Result<JobPage> JobQueue::list(const JobFilter& filter) {
  const std::lock_guard lock(mutex_);
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
  JobPage page;
  TRY_ASSIGN(page.jobs,
             connection_->query_all(
                 std::string("SELECT ") + kColumns +
                     ", request, sequence FROM job WHERE sequence < $1 "
                     "AND ($2 = '' OR state = $2) AND ($3 = '' OR kind = $3) ORDER BY sequence DESC LIMIT $4",
                 {before, state, filter.kind, limit + 1}, [&](const store::Row& row) {
                   Job job = read_head(row);
                   job.request = row.text(13);
                   job.sequence = row.integer(14);
                   return job;
                 }));
  if (page.jobs.size() > static_cast<std::size_t>(limit)) {
    page.jobs.pop_back();
    page.next_cursor = std::to_string(page.jobs.back().sequence);
  }
  return page;
}

base::Result<Job> JobQueue::request_cancel(std::string_view id) {
  const std::lock_guard lock(mutex_);
  TRY_ASSIGN(const Job job, load(id));
  if (job.state != JobState::kQueued && job.state != JobState::kRunning) {
    return base::failure(base::ErrorCode::kFailedPrecondition,
                         "the job is " + std::string(to_string(job.state)) + " and cannot be cancelled");
  }
  TRY(connection_->run(
      "UPDATE job SET cancel_requested = 1, state = CASE state WHEN 'queued' THEN 'cancelled' ELSE state END, "
      "finished_at = CASE state WHEN 'queued' THEN $2 ELSE finished_at END WHERE job_id = $1",
      {id, now()}));
  return load(id);
}

base::Result<std::optional<Job>> JobQueue::take(const std::function<bool(const Job&)>& may_start,
                                                std::int64_t* passed_over) {
  const std::lock_guard lock(mutex_);
  std::int64_t passed = 0, last_sequence = -1;
  std::optional<std::string> id;
  while (!id) {
    TRY_ASSIGN(
        const auto next,
        connection_->query_first(
            "SELECT job_id, sequence FROM job WHERE state = 'queued' AND sequence > $1 ORDER BY sequence LIMIT 1",
            {last_sequence},
            [](const store::Row& row) { return std::pair(std::string(row.text(0)), row.integer(1)); }));
    if (!next) break;
    last_sequence = next->second;
    bool is_taken = true;
    if (may_start) {
      TRY_ASSIGN(const Job job, load(next->first));
      is_taken = may_start(job);
    }
    if (is_taken) {
      id = next->first;
    } else {
      ++passed;
    }
  }
  if (passed_over != nullptr) *passed_over = passed;
  if (!id) return std::nullopt;
  TRY(connection_->run("UPDATE job SET state = 'running', attempts = attempts + 1, started_at = $2 WHERE job_id = $1",
                       {*id, now()}));
  TRY_ASSIGN(Job job, load(*id));
  return job;
}

base::Result<void> JobQueue::report(std::string_view id, double progress, std::string_view phase,
                                    std::string_view detail) {
  const std::lock_guard lock(mutex_);
  TRY(connection_->run(
      "UPDATE job SET progress = $2, phase = $3, detail = CASE $4 WHEN '' THEN detail ELSE $4 END WHERE job_id = $1",
      {id, progress, phase, detail}));
  return {};
}

base::Result<void> JobQueue::checkpoint(std::string_view id, std::string_view text) {
  const std::lock_guard lock(mutex_);
  TRY(connection_->run("UPDATE job SET checkpoint = $2 WHERE job_id = $1", {id, text}));
  return {};
}

base::Result<bool> JobQueue::is_cancel_requested(std::string_view id) {
  const std::lock_guard lock(mutex_);
  TRY_ASSIGN(const auto asked, connection_->query_first("SELECT cancel_requested FROM job WHERE job_id = $1", {id},
                                                        [](const store::Row& row) { return row.integer(0) != 0; }));
  return asked.value_or(false);
}

base::Result<void> JobQueue::finish(std::string_view id, JobState state, std::string_view result,
                                    std::string_view error) {
  const std::lock_guard lock(mutex_);
  TRY(
      connection_->run("UPDATE job SET state = $2, result = $3, error = $4, finished_at = $5, checkpoint = '', "
                       "progress = CASE $2 WHEN 'completed' THEN 1 ELSE progress END WHERE job_id = $1",
                       {id, to_string(state), result, error, now()}));
  return {};
}

base::Result<void> JobQueue::put_back(std::string_view id) {
  const std::lock_guard lock(mutex_);
  // An orderly stop is no failed attempt.
  TRY(
      connection_->run("UPDATE job SET state = 'queued', attempts = attempts - 1, note = CASE WHEN checkpoint = '' "
                       "THEN 'restarted from the beginning after a restart of the server' "
                       "ELSE 'resumed from its last checkpoint after a restart of the server' END WHERE job_id = $1",
                       {id}));
  return {};
}

}  // namespace tradeassist::jobs
