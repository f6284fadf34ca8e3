#include "jobs/job_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tradeassist::jobs {
namespace {

constexpr double kSecond = 1e9;

/// The value below which `share` of them lie (nearest rank). Not of none.
double quantile(const std::vector<double>& sorted, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

struct Durations {
  std::vector<double> waits, runs;  // seconds
};

JobTimes times_of(const std::string& kind, Durations& durations) {
  std::ranges::sort(durations.waits);
  std::ranges::sort(durations.runs);
  return {kind,
          static_cast<std::int64_t>(durations.waits.size()),
          quantile(durations.waits, 0.5),
          quantile(durations.waits, 0.95),
          durations.waits.back(),
          quantile(durations.runs, 0.5),
          quantile(durations.runs, 0.95),
          durations.runs.back()};
}

}  // namespace

base::Result<JobStatistics> read_statistics(store::Connection& connection, std::int64_t now, std::string_view owner) {
  JobStatistics statistics;
  TRY_ASSIGN(statistics.counts,
             connection.query_all(
                 "SELECT kind, state, count(*) FROM job WHERE $1 = '' OR owner = $1 GROUP BY kind, state ORDER BY "
                 "kind, state",
                 {owner}, [](const store::Row& row) {
                   return JobCount{std::string(row.text(0)), parse_job_state(row.text(1)).value_or(JobState::kFailed),
                                   row.integer(2)};
                 }));
  TRY_ASSIGN(
      statistics.dead_letters,
      connection.query_integer("SELECT count(*) FROM job WHERE dead_letter = 1 AND ($1 = '' OR owner = $1)", {owner}));
  TRY_ASSIGN(const auto oldest,
             connection.query_first(
                 "SELECT min(created_at) FROM job WHERE state = 'queued' AND not_before <= $1 AND ($2 = '' OR "
                 "owner = $2)",
                 {now, owner}, [](const store::Row& row) { return row.optional_integer(0); }));
  if (oldest && *oldest) statistics.oldest_wait_seconds = std::max(0.0, static_cast<double>(now - **oldest) / kSecond);

  std::map<std::string, Durations> by_kind;
  TRY(connection.query_all(
      "SELECT kind, started_at - created_at, finished_at - started_at FROM job WHERE state IN ('completed', 'failed') "
      "AND started_at IS NOT NULL AND ($2 = '' OR owner = $2) ORDER BY finished_at DESC LIMIT $1",
      {JobStatistics::kTimedMax, owner}, [&](const store::Row& row) {
        Durations& durations = by_kind[std::string(row.text(0))];
        durations.waits.push_back(std::max(0.0, row.real(1) / kSecond));
        durations.runs.push_back(std::max(0.0, row.real(2) / kSecond));
        return 0;
      }));
  for (auto& [kind, durations] : by_kind) statistics.times.push_back(times_of(kind, durations));
  return statistics;
}

}  // namespace tradeassist::jobs
