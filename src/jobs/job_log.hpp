#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "jobs/job.hpp"
#include "store/database/connection.hpp"

namespace tradeassist::jobs {

constexpr std::int64_t kLogLinesMax = 1'000;     // of a job; the oldest go
constexpr std::size_t kLogTextBytesMax = 2'000;  // what is longer is cut

/// Adds a line to a job's log, in the transaction of what it tells of, in which the job's row is locked already.
/// `at`: nanoseconds by the database's clock.
base::Result<void> append_log(store::Connection& connection, std::string_view job_id, std::int64_t at,
                              JobLogLevel level, std::string_view text);

/// The same for a checkpoint of `bytes`; one that follows another replaces its line, so that a long run of them does
/// not push out the rest.
base::Result<void> log_checkpoint(store::Connection& connection, std::string_view job_id, std::int64_t at,
                                  std::size_t bytes);

/// Lines after the number `after`, oldest first, at most `limit`.
base::Result<std::vector<JobLogLine>> read_log(store::Connection& connection, std::string_view job_id,
                                               std::int64_t after, std::int64_t limit);

}  // namespace tradeassist::jobs
