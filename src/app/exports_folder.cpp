#include "app/exports_folder.hpp"

#include <chrono>
#include <utility>

namespace tradeassist::app {

report::ExportLimits export_limits(const base::Config& config) {
  report::ExportLimits limits;
  limits.kept = std::chrono::hours(config.export_hours);
  limits.files_max = static_cast<std::size_t>(config.export_files_max);
  limits.bytes_max = static_cast<std::uint64_t>(config.export_megabytes_max) << 20;
  return limits;
}

base::Result<std::unique_ptr<report::ExportFiles>> open_exports(const base::Config& config,
                                                                std::filesystem::path folder) {
  return report::ExportFiles::open(std::move(folder), export_limits(config));
}

}  // namespace tradeassist::app
