#include "store/maintenance.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"

namespace tradeassist::store {
namespace {

using base::LogLevel;

/// Index entries looked at for each index: enough for the planner, and seconds instead of reading a whole large file.
constexpr int kSqliteAnalysisRows = 10'000;

ConnectionOptions maintenance_options() {
  ConnectionOptions options;
  options.statement_timeout = std::chrono::minutes(30);
  return options;
}

base::Result<std::string> refresh_statistics(const DatabaseAddress& address) {
  TRY_ASSIGN(const auto connection, open_connection(address, maintenance_options()));
  TRY_ASSIGN(const auto tables, connection->table_names());
  if (connection->dialect() == Dialect::kSqlite) {
    TRY(connection->run_script(fmt::format("PRAGMA analysis_limit = {}; ANALYZE", kSqliteAnalysisRows)));
  } else {
    for (const std::string& table : tables) TRY(connection->run_script("ANALYZE " + table));
  }
  if (std::ranges::find(tables, "store_state") != tables.end()) {  // of a market
    TRY(connection->run("UPDATE store_state SET maintained_at = $1", {base::to_nanoseconds(base::now())}));
  }
  return fmt::format("statistics of {} tables made anew", tables.size());
}

base::Result<std::string> empty_write_ahead_log(const DatabaseAddress& address) {
  TRY_ASSIGN(const auto connection, open_connection(address, maintenance_options()));
  struct Checkpoint {
    bool was_busy;
    std::int64_t pages, pages_written;
  };
  // The pages are counted first, since a log that was emptied has none.
  const auto checkpoint = [&](const char* sql) {
    return connection->query_first(
        sql, {}, [](const Row& row) { return Checkpoint{row.integer(0) != 0, row.integer(1), row.integer(2)}; });
  };
  TRY_ASSIGN(const auto written, checkpoint("PRAGMA wal_checkpoint(PASSIVE)"));
  TRY_ASSIGN(const auto emptied, checkpoint("PRAGMA wal_checkpoint(TRUNCATE)"));
  if (emptied->was_busy) {
    return fmt::format("{} of {} pages written back; others are reading, so the log was not emptied",
                       emptied->pages_written, emptied->pages);
  }
  return fmt::format("{} pages written back, and the log emptied", written->pages);
}

}  // namespace

std::vector<MaintenanceOutcome> run_maintenance(std::span<const MaintenanceStep> steps,
                                                const std::function<bool()>& goes_on) {
  std::vector<MaintenanceOutcome> outcomes;
  for (const MaintenanceStep& step : steps) {
    if (goes_on && !goes_on()) {
      base::log(LogLevel::kInfo, "maintenance ends early", {{"next_step", step.name}});
      break;
    }
    const auto began = std::chrono::steady_clock::now();
    auto done = step.run();
    const auto took = std::chrono::steady_clock::now() - began;
    const std::string milliseconds =
        std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
    if (done) {
      base::log(LogLevel::kInfo, "maintenance step done",
                {{"step", step.name}, {"did", *done}, {"milliseconds", milliseconds}});
    } else {
      base::log(LogLevel::kError, "maintenance step failed",
                {{"step", step.name}, {"error", done.error().message}, {"milliseconds", milliseconds}});
    }
    outcomes.push_back({step.name, std::move(done), took});
  }
  return outcomes;
}

std::vector<MaintenanceStep> database_steps(const std::string& name, const DatabaseAddress& address) {
  std::vector<MaintenanceStep> steps{
      {name + " statistics", [address] { return refresh_statistics(address); }},
  };
  if (!address.is_server()) {
    steps.push_back({name + " write-ahead log", [address] { return empty_write_ahead_log(address); }});
  }
  return steps;
}

std::vector<MaintenanceOutcome> MaintenanceSchedule::tick(const std::function<base::Time()>& now,
                                                          const std::function<bool()>& goes_on) {
  const auto begin = base::window_begin(window_, now());
  if (!begin || begin == last_begin_) return {};
  last_begin_ = begin;
  return run_maintenance(steps_,
                         [&] { return base::window_begin(window_, now()) == begin && (!goes_on || goes_on()); });
}

}  // namespace tradeassist::store
