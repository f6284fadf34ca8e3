#include "feed/providers/schwab/private_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;

constexpr std::size_t kBytesMax = std::size_t{64} * 1024;

std::unexpected<base::Error> refuse(const std::filesystem::path& file, const char* what) {
  const ErrorCode code = errno == ENOSPC ? ErrorCode::kResourceExhausted : ErrorCode::kIo;
  return failure(code, fmt::format("{}: {}: {}", file.string(), what, std::strerror(errno)));
}

/// Closes when it goes.
struct Descriptor {
  int value;
  explicit Descriptor(int opened) : value(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value >= 0) ::close(value);
  }
};

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(descriptor) == 0;
}

base::Result<void> sync_folder_of(const std::filesystem::path& file) {
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.value < 0 || ::fsync(opened.value) != 0) return refuse(folder, "cannot be synced");
  return {};
}

}  // namespace

base::Result<std::optional<std::string>> read_private_file(const std::filesystem::path& file) {
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (opened.value < 0 && errno == ENOENT) return std::optional<std::string>();
  struct stat status{};
  if (opened.value < 0 || ::fstat(opened.value, &status) != 0) return refuse(file, "cannot be read");
  if ((status.st_mode & 077) != 0) {
    return failure(ErrorCode::kFailedPrecondition,
                   fmt::format("{}: others may read this secret (mode {:04o}); chmod 600 it", file.string(),
                               status.st_mode & 07777));
  }
  std::string text(kBytesMax + 1, '\0');
  std::size_t size = 0;
  for (ssize_t got = 1; got != 0 && size < text.size();) {
    got = ::read(opened.value, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return refuse(file, "cannot be read");
    size += static_cast<std::size_t>(got);
  }
  if (size > kBytesMax)
    return failure(ErrorCode::kResourceExhausted, fmt::format("{}: has more than {} bytes", file.string(), kBytesMax));
  text.resize(size);
  return std::optional(std::move(text));
}

base::Result<void> create_private_file(const std::filesystem::path& file, std::string_view text) {
  // Written beside and linked into place, so that nobody reads a half.
  std::string temporary = file.string() + ".XXXXXX";
  {
    const Descriptor opened(::mkostemp(temporary.data(), O_CLOEXEC));  // mode 0600
    if (opened.value < 0) return refuse(file, "cannot be created");
    if (!write_all(opened.value, text)) {
      auto error = refuse(file, "cannot be written");
      ::unlink(temporary.c_str());
      return error;
    }
  }
  const bool linked = ::link(temporary.c_str(), file.c_str()) == 0 || errno == EEXIST;
  auto error = refuse(file, "cannot be created");
  ::unlink(temporary.c_str());
  if (!linked) return error;
  return sync_folder_of(file);
}

base::Result<void> replace_private_file(const std::filesystem::path& file, std::string_view text) {
  std::string temporary = file.string() + ".XXXXXX";
  {
    const Descriptor opened(::mkostemp(temporary.data(), O_CLOEXEC));  // mode 0600
    if (opened.value < 0) return refuse(file, "cannot be written");
    if (!write_all(opened.value, text)) {
      auto error = refuse(file, "cannot be written");
      ::unlink(temporary.c_str());
      return error;
    }
  }
  if (::rename(temporary.c_str(), file.c_str()) != 0) {
    auto error = refuse(file, "cannot be replaced");
    ::unlink(temporary.c_str());
    return error;
  }
  return sync_folder_of(file);
}

base::Result<FileLock> FileLock::take(const std::filesystem::path& file, base::Nanoseconds timeout,
                                      const std::stop_token& stop) {
  FileLock lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.descriptor_ < 0) return refuse(file, "cannot be opened");
  const auto until = std::chrono::steady_clock::now() + timeout;
  while (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return refuse(file, "cannot be locked");
    if (stop.stop_requested()) return failure(ErrorCode::kCancelled, "stopped on request");
    if (std::chrono::steady_clock::now() >= until) {
      return failure(ErrorCode::kUnavailable, file.string() + ": another process holds this lock");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return lock;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace tradeassist::feed
