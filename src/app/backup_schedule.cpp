#include "app/backup_schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <utility>

#include "app/backup_parts.hpp"
#include "backup/drill.hpp"
#include "base/log.hpp"

namespace tradeassist::app {
namespace {

constexpr std::chrono::seconds kLookInterval{10};

/// When something is due, by cron in UTC.
class DueTimes {
 public:
  static base::Result<DueTimes> parse(const std::string& cron, const char* setting) {
    DueTimes times;
    if (cron.empty()) return times;
    auto schedule = utc_schedule(cron);
    if (!schedule) return base::in_context(setting, std::move(schedule).error());
    times.schedule_ = std::move(*schedule);
    return times;
  }

  bool is_set() const { return schedule_.has_value(); }
  bool is_due(base::Time last, base::Time now) const {
    if (!schedule_) return false;
    const auto next = jobs::next_due(*schedule_, last);
    return next && *next <= now;
  }

 private:
  std::optional<jobs::JobSchedule> schedule_;
};

}  // namespace

base::Result<jobs::JobSchedule> utc_schedule(const std::string& cron) {
  jobs::JobSchedule schedule;
  schedule.name = schedule.kind = "backup";
  schedule.request = "{}";
  schedule.cron = cron;
  TRY(jobs::check_schedule(schedule));
  return schedule;
}

class BackupSchedule::Keeper {
 public:
  Keeper(base::Config config, std::filesystem::path folder, DueTimes backups, DueTimes drills, OnBackup on_event)
      : config_(std::move(config)),
        folder_(std::move(folder)),
        backups_(std::move(backups)),
        drills_(std::move(drills)),
        on_event_(std::move(on_event)) {}

  void look(const std::stop_token& stop) {
    const base::Time now = base::now();
    if (backups_.is_due(std::max(last_backup(), tried_backup_), now)) {
      if (const auto event = back_up(stop)) {
        tried_backup_ = now;
        tell(*event);
      }
    }
    if (!stop.stop_requested() && drills_.is_due(std::max(last_drill(), tried_drill_), now)) {
      if (const auto event = drill(stop)) {
        tried_drill_ = now;
        tell(*event);
      }
    }
    note_health();
  }

  server::BackupHealth health() const {
    const std::lock_guard lock(mutex_);
    return health_;
  }

 private:
  /// Empty where there is none.
  std::string newest_backup() const {
    std::string newest;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "backups", error)) {
      const std::string name = entry.path().filename();
      if (backup::is_backup_id(name)) newest = std::max(newest, name);
    }
    return newest;
  }

  /// Where there is none, when this began to look.
  base::Time last_backup() const {
    const std::string newest = newest_backup();
    return newest.empty() ? began_ : backup::backup_time(newest);
  }

  void note_health() {
    if (folder_.empty()) return;
    server::BackupHealth now;
    now.schedule = config_.backup_schedule;
    if (std::string newest = newest_backup(); !newest.empty()) {
      now.made_at = backup::backup_time(newest);
      now.newest = std::move(newest);
    }
    const auto status = backup::read_status(folder_);
    now.failed_at = status.failed_at;
    if (status.failed_at) now.failure = status.failure;
    if (status.drill) {
      now.drilled_at = status.drill->at;
      now.drill_succeeded = status.drill->succeeded;
    }
    const bool has_failed = status.failed_at || (status.drill && !status.drill->succeeded);
    now.status = has_failed ? "failed" : now.newest ? "healthy" : "none_yet";
    const std::lock_guard lock(mutex_);
    health_ = std::move(now);
  }

  base::Time last_drill() const {
    const auto status = backup::read_status(folder_);
    return status.drill ? status.drill->at : began_;
  }

  /// Nothing where it is to be looked at again: others use the backups, or this ends.
  std::optional<BackupEvent> back_up(const std::stop_token& stop) {
    BackupEvent event;
    bool is_taken = false;
    auto done = [&]() -> base::Result<void> {
      TRY_ASSIGN(backup::Repository repository, make_backups(config_));
      if (const auto free = repository.lock_to_write(); !free) {
        is_taken = free.error().code == base::ErrorCode::kUnavailable;
        return std::unexpected(free.error());
      }
      backup::BackupPlan plan = backup_plan(config_, repository.is_encrypted());
      plan.goes_on = [&stop] { return !stop.stop_requested(); };
      TRY_ASSIGN(const backup::Manifest manifest, backup::make_backup(repository, plan));
      event.backup = manifest.id;
      event.message =
          fmt::format("{} bytes, {} new, in {:.1f} s", manifest.bytes, manifest.stored_bytes, manifest.seconds);
      const auto pruned = backup::prune(repository, backup_retention(config_));
      event.message += pruned ? fmt::format("; {} older ones removed", pruned->removed.size())
                              : "; older ones were not removed: " + pruned.error().message;
      return {};
    }();
    if (!done && (stop.stop_requested() || is_taken)) return std::nullopt;
    event.succeeded = done.has_value();
    if (!done) event.message = done.error().message;
    auto status = backup::read_status(folder_);
    status.failed_at = done ? std::nullopt : std::optional(base::now());
    status.failure = done ? "" : event.message;
    (void)backup::write_status(folder_, status);  // a full disk fails twice; the log has it
    return event;
  }

  std::optional<BackupEvent> drill(const std::stop_token& stop) {
    BackupEvent event{.is_drill = true, .succeeded = false, .backup = {}, .message = {}};
    bool is_taken = false;
    auto done = [&]() -> base::Result<backup::Drill> {
      TRY_ASSIGN(const backup::Repository repository, open_backups(config_));
      if (const auto free = repository.lock_to_read(); !free) {
        is_taken = free.error().code == base::ErrorCode::kUnavailable;
        return std::unexpected(free.error());
      }
      return backup::run_drill(repository, "latest", std::filesystem::temp_directory_path(),
                               [&stop] { return !stop.stop_requested(); });
    }();
    if (!done && (stop.stop_requested() || is_taken)) return std::nullopt;
    if (!done) {
      event.message = done.error().message;
      return event;
    }
    event.succeeded = done->succeeded;
    event.backup = done->backup;
    event.message = done->succeeded ? fmt::format("{} rows in {:.1f} s", done->rows, done->restore_seconds)
                                    : done->problems.front();
    auto status = backup::read_status(folder_);
    status.drill = std::move(*done);
    (void)backup::write_status(folder_, status);
    return event;
  }

  void tell(const BackupEvent& event) const {
    const char* const what = event.is_drill
                                 ? (event.succeeded ? "a backup was restored on trial" : "a trial restore failed")
                                 : (event.succeeded ? "a backup was made" : "a backup failed");
    base::log(event.succeeded ? base::LogLevel::kInfo : base::LogLevel::kError, what,
              {{"backup", event.backup}, {"detail", event.message}});
    if (on_event_) on_event_(event);
  }

  const base::Config config_;
  const std::filesystem::path folder_;
  const DueTimes backups_, drills_;
  const OnBackup on_event_;
  const base::Time began_ = base::now();
  base::Time tried_backup_{}, tried_drill_{};
  mutable std::mutex mutex_;
  server::BackupHealth health_;
};

base::Result<std::unique_ptr<BackupSchedule>> BackupSchedule::start(const base::Config& config, OnBackup on_event) {
  TRY_ASSIGN(DueTimes backups, DueTimes::parse(config.backup_schedule, "backup_schedule"));
  TRY_ASSIGN(DueTimes drills, DueTimes::parse(config.backup_drill_schedule, "backup_drill_schedule"));
  std::filesystem::path folder;
  if (backups.is_set() || drills.is_set() || !config.backup_directory.empty()) {
    TRY_ASSIGN(folder, backup_folder(config));
    TRY(make_backups(config));  // says now what would fail at night
  }
  return std::unique_ptr<BackupSchedule>(new BackupSchedule(
      std::make_shared<Keeper>(config, folder, std::move(backups), std::move(drills), std::move(on_event))));
}

BackupSchedule::BackupSchedule(std::shared_ptr<Keeper> keeper)
    : keeper_(std::move(keeper)),
      task_(kLookInterval, [keeper = keeper_](const std::stop_token& stop) { keeper->look(stop); }) {}
BackupSchedule::~BackupSchedule() = default;

server::BackupHealth BackupSchedule::health() const { return keeper_->health(); }

}  // namespace tradeassist::app
