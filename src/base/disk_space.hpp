#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace tradeassist::base {

/// Of the file system that holds a folder.
struct DiskSpace {
  std::int64_t free_bytes = 0;  // that this user may write
  std::int64_t total_bytes = 0;
};

/// kIo when the system does not say. A folder that is not there yet has the space of the one that it would be made in.
Result<DiskSpace> disk_space(const std::filesystem::path& folder);

enum class DiskState { kEnough, kLow, kCritical };

/// `warning` and `critical` in GB (10^9 bytes): fewer free than that are low or critical.
DiskState disk_state(const DiskSpace& space, std::int64_t warning_gb, std::int64_t critical_gb);

/// "1.9 GB free of 250.0 GB under data", for people.
std::string describe(const DiskSpace& space, const std::filesystem::path& folder);

}  // namespace tradeassist::base
