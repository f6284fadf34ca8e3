#include "server/importing/uploaded_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace tradeassist::server {
namespace {

base::Result<void> write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(descriptor, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0)
      return base::failure(errno == ENOSPC ? base::ErrorCode::kUnavailable : base::ErrorCode::kIo,
                           fmt::format("the uploaded file could not be kept: {}", std::strerror(errno)));
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return {};
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

}  // namespace

base::Result<UploadedFile> UploadedFile::write(std::string_view bytes, std::string name,
                                               const feed::UnpackLimits& limits) {
  std::error_code error;
  std::string path = (std::filesystem::temp_directory_path(error) / "tradeassist-upload-XXXXXX").string();
  const int descriptor = error ? -1 : ::mkstemp(path.data());
  if (descriptor < 0)
    return base::failure(base::ErrorCode::kIo, fmt::format("{}: cannot be made: {}", path, std::strerror(errno)));
  UploadedFile file(path, std::move(name));
  const auto written = write_all(descriptor, bytes);
  ::close(descriptor);
  TRY(written);
  auto unpacked = feed::Unpacked::open(file.path_, limits);
  if (!unpacked) return std::unexpected(file.named(std::move(unpacked).error()));
  file.unpacked_.push_back(*std::move(unpacked));
  for (feed::Unpacked::File each : file.unpacked_.front().files()) {
    each.name = replaced(each.name, path, file.name_);
    if (!each.is_member) each.base_name = file.name_;
    file.files_.push_back(std::move(each));
  }
  if (file.files_.empty())
    return base::failure(base::ErrorCode::kInvalidArgument, file.name_ + ": there is no file in it");
  return file;
}

UploadedFile::UploadedFile(UploadedFile&& other) noexcept
    : path_(std::exchange(other.path_, {})),
      name_(std::move(other.name_)),
      unpacked_(std::move(other.unpacked_)),
      files_(std::move(other.files_)) {}

UploadedFile::~UploadedFile() {
  if (path_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

base::Error UploadedFile::named(base::Error error) const {
  error.message = replaced(std::move(error.message), path_.string(), name_);
  return error;
}

}  // namespace tradeassist::server
