#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "jobs/job.hpp"
#include "store/database/connection.hpp"

namespace tradeassist::jobs {

/// Counts of the owner's jobs, of all where it is empty, and times of those that ended last. `now`: nanoseconds by the
/// database's clock.
base::Result<JobStatistics> read_statistics(store::Connection& connection, std::int64_t now, std::string_view owner);

}  // namespace tradeassist::jobs
