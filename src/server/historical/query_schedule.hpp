#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"

namespace tradeassist::server {

/// When a saved query is run by itself; one of:
///
/// - `every_minutes`: 1 to 10,080. Counted on the clock (UTC), not from when it was set: 15 is at :00, :15, :30, :45.
/// - `at`: a time of day, "17:30", in `time_zone` (an IANA name; UTC where it is left out), on `days` ("mon" … "sun";
///   every day where they are left out). A time that a change of clocks skips is taken an hour later by the clock; of
///   one that comes twice the first is taken.
struct QuerySchedule {
  std::optional<std::int64_t> every_minutes{};
  std::optional<std::string> at{}, time_zone{};
  std::optional<std::vector<std::string>> days{};
};
BOOST_DESCRIBE_STRUCT(QuerySchedule, (), (every_minutes, at, time_zone, days))

/// Adds what does not make sense; pointers are those of a document that has the schedule's fields at its top.
void check_schedule(const QuerySchedule& schedule, std::vector<base::FieldError>& errors);

/// The first time after `now`. What was missed meanwhile is not made up for. `schedule` has passed check_schedule().
base::Time next_run(const QuerySchedule& schedule, base::Time now);

}  // namespace tradeassist::server
