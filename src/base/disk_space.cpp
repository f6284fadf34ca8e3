#include "base/disk_space.hpp"

#include <fmt/format.h>

namespace tradeassist::base {
namespace {

constexpr std::int64_t kGigabyte = 1'000'000'000;

double gigabytes(std::int64_t bytes) { return static_cast<double>(bytes) / static_cast<double>(kGigabyte); }

}  // namespace

Result<DiskSpace> disk_space(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::path existing = std::filesystem::absolute(folder, error);
  while (!error && !std::filesystem::exists(existing, error) && existing.has_relative_path()) {
    existing = existing.parent_path();
    error.clear();
  }
  const auto space = std::filesystem::space(existing, error);
  if (error) return failure(ErrorCode::kIo, folder.string() + ": free disk space is not known: " + error.message());
  return DiskSpace{static_cast<std::int64_t>(space.available), static_cast<std::int64_t>(space.capacity)};
}

DiskState disk_state(const DiskSpace& space, std::int64_t warning_gb, std::int64_t critical_gb) {
  if (space.free_bytes < critical_gb * kGigabyte) return DiskState::kCritical;
  return space.free_bytes < warning_gb * kGigabyte ? DiskState::kLow : DiskState::kEnough;
}

std::string describe(const DiskSpace& space, const std::filesystem::path& folder) {
  return fmt::format("{:.1f} GB free of {:.1f} GB under {}", gigabytes(space.free_bytes), gigabytes(space.total_bytes),
                     folder.string());
}

}  // namespace tradeassist::base
