#include "base/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "base/private_directory.hpp"

namespace tradeassist::base {
namespace {

constexpr const char* kFile = "server.lock";

/// What the process that has the lock wrote: its number. Empty when it has not yet.
std::string holder(int descriptor) {
  char text[32];
  const ssize_t size = ::pread(descriptor, text, sizeof text, 0);
  std::string number(text, size > 0 ? static_cast<std::size_t>(size) : 0);
  number.resize(std::min(number.find('\n'), number.size()));
  return number;
}

}  // namespace

Result<FolderLock> FolderLock::take(const std::filesystem::path& folder, std::chrono::milliseconds wait) {
  make_private_directory(folder);  // what failed shows below
  const std::string file = (folder / kFile).string();
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) return failure(ErrorCode::kIo, file + ": cannot be opened: " + std::strerror(errno));
  FolderLock lock(descriptor);
  const auto ends_at = std::chrono::steady_clock::now() + wait;
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK && std::chrono::steady_clock::now() < ends_at) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      continue;
    }
    if (errno != EWOULDBLOCK) return failure(ErrorCode::kIo, file + ": cannot be locked: " + std::strerror(errno));
    const std::string process = holder(descriptor);
    return failure(ErrorCode::kFailedPrecondition,
                   "the data directory " + folder.string() + " is in use by another server" +
                       (process.empty() ? "" : ", process " + process) + "; stop it, or give this one another --data");
  }
  // For people, and for the message above; that it cannot be written, on a full disk, does not weaken the lock.
  const std::string number = std::to_string(::getpid()) + "\n";
  if (::ftruncate(descriptor, 0) == 0) (void)!::pwrite(descriptor, number.data(), number.size(), 0);
  return lock;
}

FolderLock::FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace tradeassist::base
