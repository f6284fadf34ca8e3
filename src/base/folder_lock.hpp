#pragma once

#include <chrono>
#include <filesystem>

#include "base/result.hpp"

namespace tradeassist::base {

/// That one process alone works with a folder: an advisory lock on a file in it, which the system gives up when the
/// process ends, however it ends. The file stays.
class FolderLock {
 public:
  /// kFailedPrecondition: another process has it, for all of `wait`, and which; kIo: the file cannot be made.
  static Result<FolderLock> take(const std::filesystem::path& folder, std::chrono::milliseconds wait = {});

  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace tradeassist::base
