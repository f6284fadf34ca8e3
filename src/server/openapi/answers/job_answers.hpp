#pragma once

#include "server/openapi/answers/market_answers.hpp"

namespace tradeassist::server::openapi {

enum class JobState { kQueued, kRunning, kPaused, kCompleted, kFailed, kCancelled };
BOOST_DESCRIBE_ENUM(JobState, kQueued, kRunning, kPaused, kCompleted, kFailed, kCancelled)

struct Job {
  std::string job_id, kind, owner;
  JobState state;
  int priority;
  std::string phase;
  double progress;
  boost::json::value detail;
  OptionalText note, error;
  int attempts, attempts_max;
  bool dead_letter;
  OptionalText retry_of;
  bool cancel_requested, pause_requested, has_checkpoint;
  OptionalText run_by;
  OptionalTime not_before;
  base::Time created_at;
  OptionalTime started_at, finished_at;
};
BOOST_DESCRIBE_STRUCT(Job, (),
                      (job_id, kind, owner, state, priority, phase, progress, detail, note, error, attempts,
                       attempts_max, dead_letter, retry_of, cancel_requested, pause_requested, has_checkpoint, run_by,
                       not_before, created_at, started_at, finished_at))

struct WholeJob : Job {
  boost::json::value request;
  Sometimes<boost::json::value> result;
};
BOOST_DESCRIBE_STRUCT(WholeJob, (Job), (request, result))

struct JobPage {
  std::vector<Job> jobs;
  OptionalText next_cursor;
};
BOOST_DESCRIBE_STRUCT(JobPage, (), (jobs, next_cursor))

struct JobLogLine {
  std::int64_t number;
  base::Time at;
  std::string level, text;
};
BOOST_DESCRIBE_STRUCT(JobLogLine, (), (number, at, level, text))

struct JobLog {
  std::string job_id;
  std::vector<JobLogLine> lines;
  OptionalText next_cursor;
};
BOOST_DESCRIBE_STRUCT(JobLog, (), (job_id, lines, next_cursor))

struct JobCount {
  std::string kind;
  JobState state;
  std::int64_t count;
};
BOOST_DESCRIBE_STRUCT(JobCount, (), (kind, state, count))

struct Seconds {
  OptionalNumber median, p95, max;
};
BOOST_DESCRIBE_STRUCT(Seconds, (), (median, p95, max))

struct JobTimes {
  std::string kind;
  std::int64_t jobs;
  Seconds wait_seconds, run_seconds;
};
BOOST_DESCRIBE_STRUCT(JobTimes, (), (kind, jobs, wait_seconds, run_seconds))

struct JobStatistics {
  std::vector<JobCount> counts;
  std::vector<JobTimes> times;
  std::int64_t dead_letters;
  OptionalNumber oldest_wait_seconds;
};
BOOST_DESCRIBE_STRUCT(JobStatistics, (), (counts, times, dead_letters, oldest_wait_seconds))

struct Worker {
  std::string name, host, version;
  int threads;
  bool alive;
  base::Time started_at, seen_at;
  std::int64_t batches, trials;
};
BOOST_DESCRIBE_STRUCT(Worker, (), (name, host, version, threads, alive, started_at, seen_at, batches, trials))

struct Workers {
  std::vector<Worker> workers;
};
BOOST_DESCRIBE_STRUCT(Workers, (), (workers))

struct JobSchedule {
  std::string name, owner, cron, time_zone, kind;
  boost::json::value request;
  int priority;
  bool enabled;
  OptionalTime next_at, last_at;
  OptionalText last_job_id;
  base::Time created_at, updated_at;
};
BOOST_DESCRIBE_STRUCT(JobSchedule, (),
                      (name, owner, cron, time_zone, kind, request, priority, enabled, next_at, last_at, last_job_id,
                       created_at, updated_at))

struct JobSchedules {
  std::vector<JobSchedule> schedules;
};
BOOST_DESCRIBE_STRUCT(JobSchedules, (), (schedules))

struct ScheduleRemoval {
  std::string name;
  bool removed;
};
BOOST_DESCRIBE_STRUCT(ScheduleRemoval, (), (name, removed))

/// A job that was started.
struct JobAccepted {
  std::string job_id, status_url;
};
BOOST_DESCRIBE_STRUCT(JobAccepted, (), (job_id, status_url))

struct SearchAccepted : JobAccepted {
  std::string results_url;
};
BOOST_DESCRIBE_STRUCT(SearchAccepted, (JobAccepted), (results_url))

struct JobEnding {
  std::string job_id;
  JobState state;
};
BOOST_DESCRIBE_STRUCT(JobEnding, (), (job_id, state))

struct ExportedFile {
  std::string id, name, media_type;
  std::int64_t bytes;
  std::string sha256;
  base::Time created_at, expires_at;
  std::string download_url;
};
BOOST_DESCRIBE_STRUCT(ExportedFile, (), (id, name, media_type, bytes, sha256, created_at, expires_at, download_url))

struct ExportedFiles {
  std::vector<ExportedFile> files;
};
BOOST_DESCRIBE_STRUCT(ExportedFiles, (), (files))

}  // namespace tradeassist::server::openapi
