#include "app/maintenance_plan.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <utility>

#include "app/command.hpp"
#include "app/notify_parts.hpp"
#include "app/retention.hpp"
#include "base/disk_space.hpp"
#include "base/log.hpp"

namespace tradeassist::app {
namespace {

constexpr std::chrono::seconds kLookInterval{30};

/// Logs what became worse or better since the last time.
class DiskWatch {
 public:
  explicit DiskWatch(const base::Config& config)
      : folder_(config.data_directory), warning_gb_(config.disk_warning_gb), critical_gb_(config.disk_critical_gb) {}

  void look() {
    const auto space = base::disk_space(folder_);
    if (!space) return;
    const base::DiskState state = base::disk_state(*space, warning_gb_, critical_gb_);
    if (state == std::exchange(last_, state)) return;
    const std::string text = base::describe(*space, folder_);
    switch (state) {
      case base::DiskState::kCritical:
        return base::log(base::LogLevel::kError, "free disk space is critical", {{"disk", text}});
      case base::DiskState::kLow:
        return base::log(base::LogLevel::kWarning, "free disk space is low", {{"disk", text}});
      case base::DiskState::kEnough: return base::log(base::LogLevel::kInfo, "there is disk space", {{"disk", text}});
    }
  }

 private:
  std::filesystem::path folder_;
  std::int64_t warning_gb_, critical_gb_;
  base::DiskState last_ = base::DiskState::kEnough;
};

}  // namespace

std::vector<store::MaintenanceStep> maintenance_steps(const base::Config& config) {
  // Before the statistics, which then tell of what is left.
  auto steps = partition_steps(config);
  for (auto& step : job_steps(config)) steps.push_back(std::move(step));
  for (auto& step : event_steps(config)) steps.push_back(std::move(step));
  for (auto& step :
       store::database_steps("market", store::database_address(config.data_directory, config.database, "market")))
    steps.push_back(std::move(step));
  const auto app = app_address(config);
  if (app.is_server() || std::filesystem::exists(app.file)) {
    for (auto& step : store::database_steps("app", app)) steps.push_back(std::move(step));
  }
  return steps;
}

std::unique_ptr<base::PeriodicTask> start_housekeeping(const base::Config& config) {
  std::optional<store::MaintenanceSchedule> schedule;
  if (const auto window = base::parse_daily_window(config.maintenance_window)) {  // else it is empty: never
    schedule.emplace(*window, maintenance_steps(config));
  }
  return std::make_unique<base::PeriodicTask>(
      kLookInterval, [schedule = std::move(schedule), disk = DiskWatch(config)](std::stop_token stop) mutable {
        disk.look();
        if (schedule) schedule->tick(base::now, [&] { return !stop.stop_requested(); });
      });
}

}  // namespace tradeassist::app
