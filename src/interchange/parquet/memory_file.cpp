#include "interchange/parquet/memory_file.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace tradeassist::interchange {
namespace {

std::unexpected<base::Error> failure_now() {
  return base::failure(base::ErrorCode::kIo, fmt::format("a file in memory: {}", std::strerror(errno)));
}

}  // namespace

base::Result<MemoryFile> MemoryFile::create() {
  const int descriptor = ::memfd_create("tradeassist", MFD_CLOEXEC);
  if (descriptor < 0) return failure_now();
  return MemoryFile(descriptor);
}

MemoryFile::MemoryFile(MemoryFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

MemoryFile::~MemoryFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string MemoryFile::path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

base::Result<std::string> MemoryFile::read() const {
  struct stat status{};
  if (::fstat(descriptor_, &status) != 0) return failure_now();
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t got = ::pread(descriptor_, bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure_now();
    if (got == 0) return base::failure(base::ErrorCode::kIo, "a file in memory has become shorter");
    at += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace tradeassist::interchange
