#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace tradeassist::feed {

struct UnpackLimits {
  std::int64_t files_max = 10'000;
  std::int64_t bytes_max = std::int64_t{64} << 30;  // unpacked, of all files
};

/// A file and what was packed in it. What had to be unpacked lies in a folder that is gone with the object.
class Unpacked {
 public:
  struct File {
    std::filesystem::path path;  // where it can be read
    std::string name;            // for people and records: "prices.zip/SPY.csv"
    std::string base_name;       // "SPY.csv"
    bool is_member = false;      // of an archive, which may hold other things beside bars
  };

  /// Looks at the content, not the name: gzip gives its one file, zip its files (no folders, nothing hidden), in the
  /// archive's order, and anything else itself. kNotFound; kInvalidArgument: damaged or encrypted;
  /// kResourceExhausted: beyond the limits.
  static base::Result<Unpacked> open(const std::filesystem::path& path, const UnpackLimits& limits = {});
  Unpacked(Unpacked&&) noexcept = default;
  Unpacked& operator=(Unpacked&&) = delete;
  ~Unpacked();

  const std::vector<File>& files() const { return files_; }

 private:
  Unpacked() = default;
  base::Result<std::filesystem::path> folder();
  base::Result<void> unpack_gzip(const std::filesystem::path& path, const UnpackLimits& limits);
  base::Result<void> unpack_zip(const std::filesystem::path& path, const UnpackLimits& limits);

  std::vector<File> files_;
  std::string folder_;
};

}  // namespace tradeassist::feed
