#include "base/durable_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace tradeassist::base {
namespace {

Result<std::ifstream> open_to_read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (file) return file;
  return failure(errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
                 fmt::format("{}: cannot be read: {}", path.string(), std::strerror(errno)));
}

}  // namespace

Result<void> sync(const std::filesystem::path& path) {
  const int opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = opened >= 0 && ::fsync(opened) == 0;
  const int why = errno;
  if (opened >= 0) ::close(opened);
  if (synced) return {};
  return failure(ErrorCode::kIo, fmt::format("{}: cannot be synced: {}", path.string(), std::strerror(why)));
}

Result<void> publish(const std::filesystem::path& temporary, const std::filesystem::path& path) {
  TRY(sync(temporary));
  std::error_code error;
  std::filesystem::rename(temporary, path, error);
  if (error) return failure(ErrorCode::kIo, fmt::format("{}: cannot be written: {}", path.string(), error.message()));
  return sync(path.parent_path().empty() ? "." : path.parent_path());
}

Result<void> write_durably(const std::filesystem::path& path, std::string_view text) {
  const std::string temporary = path.string() + ".part";
  std::ofstream file(temporary, std::ios::binary);
  file << text;
  file.close();
  if (!file) {
    const int why = errno;
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    return failure(why == ENOSPC ? ErrorCode::kUnavailable : ErrorCode::kIo,
                   fmt::format("{}: cannot be written: {}", path.string(), std::strerror(why)));
  }
  return publish(temporary, path);
}

Result<std::string> read_text(const std::filesystem::path& path, std::size_t bytes_max) {
  TRY_ASSIGN(std::ifstream file, open_to_read(path));
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return failure(ErrorCode::kIo, fmt::format("{}: {}", path.string(), error.message()));
  if (size > bytes_max) {
    return failure(ErrorCode::kResourceExhausted,
                   fmt::format("{}: has {} bytes, more than {}", path.string(), size, bytes_max));
  }
  std::string text(size, '\0');
  file.read(text.data(), static_cast<std::streamsize>(size));
  if (!file) return failure(ErrorCode::kIo, path.string() + ": cannot be read");
  return text;
}

}  // namespace tradeassist::base
