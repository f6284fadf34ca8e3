#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "base/time.hpp"

namespace tradeassist::feed {

/// Files that only their owner may read (mode 0600), of at most 64 KiB.

/// Nothing when there is no such file. kFailedPrecondition when others may read or write it, and how to change that.
base::Result<std::optional<std::string>> read_private_file(const std::filesystem::path& file);
/// Writes a file that is not there yet; one that is there stays as it is.
base::Result<void> create_private_file(const std::filesystem::path& file, std::string_view text);
/// Puts `text` in the place of what is there, on disk when it returns: whole or not at all, also when power fails.
base::Result<void> replace_private_file(const std::filesystem::path& file, std::string_view text);

/// Holds a lock that all processes and threads respect (flock), until it is destroyed. The file stays.
class FileLock {
 public:
  /// Waits. kUnavailable after `timeout`, kCancelled when stopped.
  static base::Result<FileLock> take(const std::filesystem::path& file, base::Nanoseconds timeout,
                                     const std::stop_token& stop);
  FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileLock& operator=(FileLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace tradeassist::feed
