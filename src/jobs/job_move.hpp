#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "store/database/connection.hpp"

namespace tradeassist::jobs {

/// Copies all jobs with their logs to another app database, in one transaction; how many. Both schemas are of the
/// newest version. Jobs that are there already stay as they are, so that it may be repeated. One that runs is as one
/// whose server has ended: the next that takes jobs there takes it up.
base::Result<std::int64_t> copy_jobs(store::Connection& from, store::Connection& to);

}  // namespace tradeassist::jobs
