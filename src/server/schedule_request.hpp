#pragma once

#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "jobs/job_schedule.hpp"
#include "pine/catalogue.hpp"
#include "server/historical/provider_source.hpp"
#include "server/problem.hpp"
#include "store/cache/series_cache.hpp"

namespace tradeassist::server {

/// The body of PUT /api/v1/jobs/schedules/{name}.
struct ScheduleBody {
  std::string cron, kind;
  boost::json::value request;  // as the route that starts one such job takes it
  std::optional<std::string> time_zone;
  std::optional<std::int64_t> priority;
  std::optional<bool> enabled;
};
BOOST_DESCRIBE_STRUCT(ScheduleBody, (), (cron, kind, request, time_zone, priority, enabled))

/// What the request of a schedule is checked with.
struct ScheduleParts {
  store::SeriesCache& cache;
  const pine::Catalogue& catalogue;
  const ProviderSource& providers;
};

/// The schedule, when its jobs could be started now. Problems name the field.
std::variant<jobs::JobSchedule, Problem> read_schedule(std::string name, const ScheduleBody& body,
                                                       const ScheduleParts& parts);

boost::json::object schedule_json(const jobs::JobSchedule& schedule);
boost::json::object schedules_json(const std::vector<jobs::JobSchedule>& schedules);

}  // namespace tradeassist::server
