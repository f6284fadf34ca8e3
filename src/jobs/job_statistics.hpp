#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "jobs/job.hpp"
#include "store/database/connection.hpp"

namespace tradeassist::jobs {

/// Counts of all jobs, and times of those that ended last. `now`: nanoseconds by the database's clock.
base::Result<JobStatistics> read_statistics(store::Connection& connection, std::int64_t now);

}  // namespace tradeassist::jobs
