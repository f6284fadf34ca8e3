#include "app/retention.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <chrono>
#include <filesystem>
#include <optional>

#include "app/archive_folder.hpp"
#include "app/command.hpp"
#include "app/notify_parts.hpp"
#include "base/log.hpp"
#include "interchange/archive/archive.hpp"
#include "jobs/job_queue.hpp"

namespace tradeassist::app {
namespace {

using store::PartitionInfo;
using store::PartitionKind;

constexpr std::chrono::days kAhead{62};
constexpr std::int64_t kLargeBytes = 500'000'000, kVeryLargeBytes = 1'000'000'000;

void warn_of_size(const PartitionInfo& each) {
  if (each.payload_bytes <= kLargeBytes) return;
  base::log(base::LogLevel::kWarning,
            each.payload_bytes > kVeryLargeBytes ? "a partition is above 1000 MB" : "a partition is above 500 MB",
            {{"kind", std::string(store::to_string(each.kind))},
             {"partition", each.name()},
             {"bytes", std::to_string(each.payload_bytes)}});
}

base::Result<std::string> make_ahead(const base::Config& config) {
  TRY_ASSIGN(const auto store, open_market(config));
  const base::Time now = base::now();
  TRY_ASSIGN(const auto made, store->create_partitions(now, now + kAhead));
  return fmt::format("{} new", made.size());
}

base::Result<std::string> retain(const base::Config& config) {
  TRY_ASSIGN(const auto store, open_market(config));
  TRY_ASSIGN(const auto partitions, store->list_partitions());
  boost::json::array dropped;
  std::optional<base::Error> failed;
  for (const PartitionInfo& each : partitions) {
    warn_of_size(each);
    const auto from = kept_from(config, each.kind, base::now());
    if (!from || base::time_from_nanoseconds(each.range.last_time) >= *from || each.row_count == 0) continue;
    const auto folder = archive_folder(config);
    auto done = [&]() -> base::Result<void> {
      TRY(interchange::archive_partition(*store, each.kind, each.range, folder, TRADEASSIST_VERSION));
      return interchange::drop_archived_partition(*store, each.kind, each.range, folder);
    }();
    if (done) {
      dropped.emplace_back(std::string(store::to_string(each.kind)) + " " + each.name());
      continue;
    }
    base::log(base::LogLevel::kError, "a partition could not be archived and dropped",
              {{"kind", std::string(store::to_string(each.kind))},
               {"partition", each.name()},
               {"error", done.error().message}});
    if (!failed) failed = std::move(done).error();
  }
  const std::size_t count = dropped.size();
  if (count > 0) {
    notify::Event event;
    event.type = "data.archived";
    event.data = {{"partitions", std::move(dropped)}};
    publish_event(config, event);
  }
  if (failed) return std::unexpected(std::move(*failed));
  return fmt::format("{} archived and dropped", count);
}

base::Result<std::string> remove_old_jobs(const base::Config& config) {
  const store::DatabaseAddress address = app_address(config);
  if (config.jobs_keep_days == 0) return "all are kept";
  if (!address.is_server() && !std::filesystem::exists(address.file)) return "there are none";
  TRY_ASSIGN(const auto queue, jobs::JobQueue::open(address, {}));
  TRY_ASSIGN(const std::int64_t removed, queue->remove_ended(base::now() - std::chrono::days(config.jobs_keep_days)));
  return fmt::format("{} removed", removed);
}

}  // namespace

std::optional<base::Time> kept_from(const base::Config& config, PartitionKind kind, base::Time now) {
  const bool is_bar = kind == PartitionKind::kBar;
  const std::int64_t count = is_bar ? config.retention_bar_years : config.retention_tick_months;
  if (count == 0) return std::nullopt;
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
  // From the first of the month, which every month has.
  const auto first = today.year() / today.month() - std::chrono::months(is_bar ? 12 * count : count);
  return base::Time(std::chrono::sys_days(first / 1));
}

std::vector<store::MaintenanceStep> partition_steps(const base::Config& config) {
  return {{"partitions ahead", [config] { return make_ahead(config); }},
          {"retention", [config] { return retain(config); }}};
}

std::vector<store::MaintenanceStep> job_steps(const base::Config& config) {
  return {{"retention of jobs", [config] { return remove_old_jobs(config); }}};
}

}  // namespace tradeassist::app
