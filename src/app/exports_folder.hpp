#pragma once

#include <filesystem>
#include <memory>

#include "base/config.hpp"
#include "report/export/export_files.hpp"

namespace tradeassist::app {

report::ExportLimits export_limits(const base::Config& config);

/// The exported files in a folder, within the bounds that the configuration sets.
base::Result<std::unique_ptr<report::ExportFiles>> open_exports(const base::Config& config,
                                                                std::filesystem::path folder);

}  // namespace tradeassist::app
