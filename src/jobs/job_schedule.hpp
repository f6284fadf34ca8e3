#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/local_owner.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "jobs/job.hpp"

namespace tradeassist::jobs {

constexpr std::int64_t kSchedulesMax = 1'000;
constexpr std::size_t kScheduleNameMax = 100;

/// What submits the same job again and again.
struct JobSchedule {
  std::string name;               // 1 to kScheduleNameMax letters, digits, and any of _ - .
  std::string cron;               // see CronExpression
  std::string time_zone = "UTC";  // whose clocks the expression means: an IANA name
  std::string kind, request;      // of its jobs
  int priority = kPriorityDefault;
  bool is_enabled = true;
  std::string owner{base::kLocalOwner};  // whose jobs it submits
  // Set by the queue.
  std::optional<base::Time> next_at;  // nothing while it is not enabled
  std::optional<base::Time> last_at;  // when it submitted a job last
  std::string last_job_id;
  base::Time created_at, updated_at;
};

/// A clock that is set back by more was wrong before: nobody waits until it is there again.
constexpr std::chrono::hours kSetBackMax{3};

/// What is wrong with the schedule itself: its name, expression, zone, priority. kInvalidArgument, also for an
/// expression that no day fits.
base::Result<void> check_schedule(const JobSchedule& schedule);

/// When it is due next after an instant. The schedule was checked.
base::Result<base::Time> next_due(const JobSchedule& schedule, base::Time after);

}  // namespace tradeassist::jobs
