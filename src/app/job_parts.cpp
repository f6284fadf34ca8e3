#include "app/job_parts.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>

#include "access/key_move.hpp"
#include "app/command.hpp"
#include "app/notify_parts.hpp"
#include "app/server_identity.hpp"
#include "base/log.hpp"
#include "jobs/job_move.hpp"
#include "notify/webhook_move.hpp"
#include "store/schema/migrations.hpp"

namespace tradeassist::app {
namespace {

constexpr std::chrono::seconds kSchedulesEvery{1};

/// Jobs, API keys and webhooks were kept in the data directory before they went to the database server: once, they
/// follow.
base::Result<void> bring_jobs_to_server(const base::Config& config) {
  const store::DatabaseAddress now = app_address(config);
  const store::DatabaseAddress before = store::database_address(config.data_directory, "", "app");
  if (!now.is_server() || !std::filesystem::exists(before.file)) return {};
  std::int64_t copied = 0;
  {
    TRY_ASSIGN(const auto from, store::open_connection(before));
    TRY(store::migrate(*from, store::app_migrations()));
    TRY_ASSIGN(const auto to, store::open_connection(now));
    TRY(store::migrate(*to, store::app_migrations()));
    TRY_ASSIGN(copied, jobs::copy_jobs(*from, *to));
    TRY(access::copy_keys(*from, *to));
    TRY(notify::copy_webhooks(*from, *to));
  }
  std::error_code error;
  std::filesystem::path kept = before.file;
  std::filesystem::rename(before.file, kept += ".moved", error);
  if (error) {
    return base::failure(base::ErrorCode::kIo, before.file.string() + ": cannot be renamed: " + error.message());
  }
  base::log(base::LogLevel::kWarning, "jobs were moved to the database server",
            {{"jobs", std::to_string(copied)}, {"kept", kept.string()}});
  return {};
}

}  // namespace

base::Result<std::unique_ptr<jobs::JobQueue>> open_jobs(const base::Config& config) {
  TRY(bring_jobs_to_server(config));
  TRY_ASSIGN(std::string identity, server_identity(config.data_directory));
  TRY_ASSIGN(jobs::JobEnd on_end, job_events(config));
  return jobs::JobQueue::open(
      app_address(config),
      {.taker = std::move(identity), .queued_max = config.jobs_queued_max, .on_end = std::move(on_end)});
}

base::Result<std::unique_ptr<jobs::BatchQueue>> open_batches(const base::Config& config) {
  const store::DatabaseAddress address = app_address(config);
  if (!address.is_server()) return nullptr;
  // While the database is away the server does everything itself: a search does not wait for it.
  constexpr std::chrono::milliseconds kOutageTimeout{2'000};
  return jobs::BatchQueue::open(address, {.version = TRADEASSIST_VERSION, .outage_timeout = kOutageTimeout});
}

std::unique_ptr<base::PeriodicTask> keep_schedules(jobs::JobQueue& queue, jobs::JobRunner& runner) {
  return std::make_unique<base::PeriodicTask>(kSchedulesEvery, [&queue, &runner](const std::stop_token&) {
    const auto submitted = queue.submit_due();
    if (!submitted) {
      base::log(base::LogLevel::kWarning, "scheduled jobs were not submitted", {{"reason", submitted.error().message}});
    } else if (*submitted > 0) {
      runner.wake();
    }
  });
}

}  // namespace tradeassist::app
