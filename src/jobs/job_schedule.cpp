#include "jobs/job_schedule.hpp"

#include <algorithm>
#include <vector>

#include "base/log.hpp"
#include "jobs/cron.hpp"
#include "jobs/job_queue.hpp"
#include "market/zone_clock.hpp"

namespace tradeassist::jobs {
namespace {

constexpr std::int64_t kDueAtOnceMax = 1'000;

constexpr const char* kColumns =
    "name, cron, time_zone, kind, request, priority, is_enabled, next_at, last_at, last_job_id, created_at, "
    "updated_at, "
    "owner";
constexpr const char* kByName = " FROM job_schedule WHERE name = $1 AND ($2 = '' OR owner = $2)";

JobSchedule read_schedule(const store::Row& row) {
  JobSchedule schedule;
  schedule.name = row.text(0);
  schedule.cron = row.text(1);
  schedule.time_zone = row.text(2);
  schedule.kind = row.text(3);
  schedule.request = row.text(4);
  schedule.priority = static_cast<int>(row.integer(5));
  schedule.is_enabled = row.integer(6) != 0;
  if (schedule.is_enabled) schedule.next_at = base::time_from_nanoseconds(row.integer(7));
  if (const auto last = row.optional_integer(8)) schedule.last_at = base::time_from_nanoseconds(*last);
  schedule.last_job_id = row.text(9);
  schedule.created_at = base::time_from_nanoseconds(row.integer(10));
  schedule.updated_at = base::time_from_nanoseconds(row.integer(11));
  schedule.owner = row.text(12);
  return schedule;
}

base::Error no_such_schedule(std::string_view name) {
  return {base::ErrorCode::kNotFound, "there is no schedule '" + std::string(name.substr(0, kScheduleNameMax)) + "'"};
}

base::Result<void> check_name(std::string_view name) {
  const auto fits = [](char c) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return is_letter || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  };
  if (!name.empty() && name.size() <= kScheduleNameMax && std::ranges::all_of(name, fits)) return {};
  return base::failure(
      base::ErrorCode::kInvalidArgument,
      "a schedule's name is 1 to " + std::to_string(kScheduleNameMax) + " letters, digits, and any of _ - .");
}

}  // namespace

base::Result<base::Time> next_due(const JobSchedule& schedule, base::Time after) {
  TRY_ASSIGN(const CronExpression cron, CronExpression::parse(schedule.cron));
  TRY_ASSIGN(market::ZoneClock zone, market::ZoneClock::find(schedule.time_zone));
  if (const auto at = cron.next(after, zone)) return *at;
  return base::failure(base::ErrorCode::kInvalidArgument, "no day fits the cron expression '" + schedule.cron + "'");
}

base::Result<void> check_schedule(const JobSchedule& schedule) {
  TRY(check_name(schedule.name));
  if (schedule.priority < kPriorityMin || schedule.priority > kPriorityMax) {
    return base::failure(base::ErrorCode::kInvalidArgument, "the priority must be from 0 (lowest) to 3");
  }
  TRY(next_due(schedule, base::now()));
  return {};
}

base::Result<JobSchedule> JobQueue::put_schedule(const JobSchedule& schedule) {
  TRY(check_schedule(schedule));
  const std::lock_guard lock(mutex_);
  return in_transaction([&]() -> base::Result<JobSchedule> {
    TRY_ASSIGN(const std::int64_t others,
               connection_->query_integer("SELECT count(*) FROM job_schedule WHERE name <> $1", {schedule.name}));
    if (others >= kSchedulesMax) {
      return base::failure(base::ErrorCode::kResourceExhausted,
                           "there are " + std::to_string(kSchedulesMax) + " schedules already; remove one first");
    }
    TRY_ASSIGN(const std::int64_t of_others,
               connection_->query_integer("SELECT count(*) FROM job_schedule WHERE name = $1 AND owner <> $2",
                                          {schedule.name, schedule.owner}));
    if (of_others > 0) {
      return base::failure(base::ErrorCode::kAlreadyExists,
                           "the name '" + schedule.name + "' is taken by a schedule that is not yours; use another");
    }
    TRY_ASSIGN(const std::int64_t now, clock());
    TRY_ASSIGN(const base::Time next, next_due(schedule, base::time_from_nanoseconds(now)));
    TRY(connection_->run(
        "INSERT INTO job_schedule (name, cron, time_zone, kind, request, priority, is_enabled, next_at, created_at, "
        "updated_at, owner) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10) ON CONFLICT (name) DO UPDATE SET cron "
        "= $2, "
        "time_zone = $3, kind = $4, request = $5, priority = $6, is_enabled = $7, next_at = $8, updated_at = $9",
        {schedule.name, schedule.cron, schedule.time_zone, schedule.kind, schedule.request, schedule.priority,
         schedule.is_enabled, base::to_nanoseconds(next), now, schedule.owner}));
    TRY_ASSIGN(auto stored, connection_->query_first(std::string("SELECT ") + kColumns + kByName,
                                                     {schedule.name, schedule.owner}, read_schedule));
    if (!stored) return std::unexpected(no_such_schedule(schedule.name));
    return std::move(*stored);
  });
}

base::Result<JobSchedule> JobQueue::get_schedule(std::string_view name, std::string_view owner) {
  const std::lock_guard lock(mutex_);
  TRY_ASSIGN(auto schedule, repeated([&] {
               return connection_->query_first(std::string("SELECT ") + kColumns + kByName, {name, owner},
                                               read_schedule);
             }));
  if (!schedule) return std::unexpected(no_such_schedule(name));
  return std::move(*schedule);
}

base::Result<std::vector<JobSchedule>> JobQueue::list_schedules(std::string_view owner) {
  const std::lock_guard lock(mutex_);
  return repeated([&] {
    return connection_->query_all(
        std::string("SELECT ") + kColumns + " FROM job_schedule WHERE $1 = '' OR owner = $1 ORDER BY name", {owner},
        read_schedule);
  });
}

base::Result<void> JobQueue::remove_schedule(std::string_view name, std::string_view owner) {
  const std::lock_guard lock(mutex_);
  TRY_ASSIGN(const std::int64_t removed, in_transaction([&] {
               return connection_->run("DELETE FROM job_schedule WHERE name = $1 AND ($2 = '' OR owner = $2)",
                                       {name, owner});
             }));
  if (removed == 0) return std::unexpected(no_such_schedule(name));
  return {};
}

base::Result<std::int64_t> JobQueue::submit_due() {
  {
    const std::lock_guard lock(mutex_);
    TRY_ASSIGN(const std::int64_t now, repeated([&] { return clock(); }));
    if (watch_.set_back(base::time_from_nanoseconds(now)) > base::Nanoseconds(0)) schedules_follow_ = false;
    if (!schedules_follow_) {
      TRY(bring_back_schedules(now));
      schedules_follow_ = true;
    }
  }
  std::int64_t submitted = 0;
  for (std::int64_t i = 0; i < kDueAtOnceMax; ++i) {
    const std::lock_guard lock(mutex_);
    TRY_ASSIGN(const auto done, in_transaction([&] { return submit_one_due(); }));
    if (!done) break;
    submitted += *done ? 1 : 0;
  }
  return submitted;
}

/// Those whose next time says that one has passed which is more than kSetBackMax ahead.
base::Result<void> JobQueue::bring_back_schedules(std::int64_t now) {
  const base::Time at = base::time_from_nanoseconds(now);
  TRY_ASSIGN(const std::vector<JobSchedule> enabled, repeated([&] {
               return connection_->query_all(
                   std::string("SELECT ") + kColumns + " FROM job_schedule WHERE is_enabled = 1 AND next_at > $1",
                   {base::to_nanoseconds(at + kSetBackMax)}, read_schedule);
             }));
  for (const JobSchedule& each : enabled) {
    const auto later = next_due(each, at + kSetBackMax);
    if (!later || *each.next_at <= *later) continue;  // what is wrong with it is said when it is due
    TRY_ASSIGN(const base::Time next, next_due(each, at));
    TRY(in_transaction([&] {
      return connection_->run("UPDATE job_schedule SET next_at = $2 WHERE name = $1 AND next_at = $3",
                              {each.name, base::to_nanoseconds(next), base::to_nanoseconds(*each.next_at)});
    }));
    base::log(base::LogLevel::kWarning, "a schedule follows the clock, which was set back",
              {{"schedule", each.name}, {"next", base::format_time(next)}});
  }
  return {};
}

/// The schedule that is due first: whether it submitted a job. Nothing when none is due, or another server is at it.
base::Result<std::optional<bool>> JobQueue::submit_one_due() {
  TRY_ASSIGN(const std::int64_t now, clock());
  const char* const unlocked = connection_->dialect() == store::Dialect::kPostgres ? " FOR UPDATE SKIP LOCKED" : "";
  TRY_ASSIGN(const auto due, connection_->query_first(std::string("SELECT ") + kColumns +
                                                          " FROM job_schedule WHERE is_enabled = 1 AND next_at <= $1 "
                                                          "ORDER BY next_at LIMIT 1" +
                                                          unlocked,
                                                      {now}, read_schedule));
  if (!due) return std::nullopt;
  const auto next = next_due(*due, base::time_from_nanoseconds(now));
  if (!next) {  // a time zone that this machine does not know, say
    base::log(base::LogLevel::kError, "a schedule is switched off",
              {{"schedule", due->name}, {"reason", next.error().message}});
    TRY(connection_->run("UPDATE job_schedule SET is_enabled = 0 WHERE name = $1", {due->name}));
    return false;
  }
  if (!due->last_job_id.empty()) {
    const auto last = load(due->last_job_id);
    if (!last && last.error().code != base::ErrorCode::kNotFound) return std::unexpected(last.error());
    if (last && !has_ended(last->state)) {
      base::log(base::LogLevel::kWarning, "a scheduled job is left out, since the one before has not ended",
                {{"schedule", due->name}, {"job", last->id}});
      TRY(connection_->run("UPDATE job_schedule SET next_at = $2 WHERE name = $1",
                           {due->name, base::to_nanoseconds(*next)}));
      return false;
    }
  }
  Job wanted;
  wanted.kind = due->kind;
  wanted.request = due->request;
  wanted.priority = due->priority;
  wanted.owner = due->owner;
  TRY_ASSIGN(const std::string id, insert(wanted, "schedule " + due->name));
  TRY(connection_->run("UPDATE job_schedule SET next_at = $2, last_at = $3, last_job_id = $4 WHERE name = $1",
                       {due->name, base::to_nanoseconds(*next), now, id}));
  return true;
}

}  // namespace tradeassist::jobs
