#include "jobs/job_log.hpp"

#include <string>
#include <utility>

#include "jobs/stored_text.hpp"

namespace tradeassist::jobs {
namespace {

constexpr std::string_view kCheckpoint = "checkpoint of ";

JobLogLevel parse_level(std::string_view text) {
  return text == "error" ? JobLogLevel::kError : text == "warning" ? JobLogLevel::kWarning : JobLogLevel::kInfo;
}

}  // namespace

base::Result<void> append_log(store::Connection& connection, std::string_view job_id, std::int64_t at,
                              JobLogLevel level, std::string_view text) {
  TRY_ASSIGN(const std::int64_t last,
             connection.query_integer("SELECT coalesce(max(line), 0) FROM job_log WHERE job_id = $1", {job_id}));
  const std::string stored = stored_text(text, kLogTextBytesMax);
  TRY(connection.run("INSERT INTO job_log (job_id, line, at, level, text) VALUES ($1, $2, $3, $4, $5)",
                     {job_id, last + 1, at, to_string(level), stored}));
  if (last < kLogLinesMax) return {};
  TRY(connection.run("DELETE FROM job_log WHERE job_id = $1 AND line <= $2", {job_id, last + 1 - kLogLinesMax}));
  return {};
}

base::Result<void> log_checkpoint(store::Connection& connection, std::string_view job_id, std::int64_t at,
                                  std::size_t bytes) {
  const std::string text = std::string(kCheckpoint) + std::to_string(bytes) + " bytes";
  TRY_ASSIGN(const auto last,
             connection.query_first("SELECT line, text FROM job_log WHERE job_id = $1 ORDER BY line DESC LIMIT 1",
                                    {job_id}, [](const store::Row& row) {
                                      return std::pair(row.integer(0), row.text(1).starts_with(kCheckpoint));
                                    }));
  if (!last || !last->second) return append_log(connection, job_id, at, JobLogLevel::kInfo, text);
  TRY(connection.run("UPDATE job_log SET at = $3, text = $4 WHERE job_id = $1 AND line = $2",
                     {job_id, last->first, at, text}));
  return {};
}

base::Result<std::vector<JobLogLine>> read_log(store::Connection& connection, std::string_view job_id,
                                               std::int64_t after, std::int64_t limit) {
  return connection.query_all(
      "SELECT line, at, level, text FROM job_log WHERE job_id = $1 AND line > $2 ORDER BY line LIMIT $3",
      {job_id, after, limit}, [](const store::Row& row) {
        return JobLogLine{row.integer(0), base::time_from_nanoseconds(row.integer(1)), parse_level(row.text(2)),
                          std::string(row.text(3))};
      });
}

}  // namespace tradeassist::jobs
