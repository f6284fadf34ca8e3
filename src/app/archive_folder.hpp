#pragma once

#include <filesystem>

#include "base/config.hpp"

namespace tradeassist::app {

/// Where partitions are archived: archive_directory, else `archive` in the data directory.
inline std::filesystem::path archive_folder(const base::Config& config) {
  if (!config.archive_directory.empty()) return config.archive_directory;
  return std::filesystem::path(config.data_directory) / "archive";
}

}  // namespace tradeassist::app
