#include "feed/providers/files/unpack.hpp"

#include <fmt/format.h>
#include <zip.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <system_error>

#include "feed/text/text_file.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;
namespace fs = std::filesystem;

constexpr std::size_t kBlock = std::size_t{1} << 20;

/// Writes blocks to a new file and counts them against what is left.
class Target {
 public:
  Target(const fs::path& path, std::int64_t& bytes_left)
      : path_(path), stream_(path, std::ios::binary), left_(bytes_left) {}

  base::Result<void> write(const char* data, std::size_t size, std::string_view name) {
    left_ -= static_cast<std::int64_t>(size);
    if (left_ < 0)
      return failure(ErrorCode::kResourceExhausted, fmt::format("{}: holds more bytes than may be unpacked", name));
    return check(stream_.write(data, static_cast<std::streamsize>(size)).good());
  }
  base::Result<void> close() {
    stream_.close();
    return check(!stream_.fail());
  }

 private:
  base::Result<void> check(bool good) const {
    if (good) return {};
    return failure(errno == ENOSPC ? ErrorCode::kResourceExhausted : ErrorCode::kIo,
                   fmt::format("{}: cannot be written: {}", path_.string(), std::strerror(errno)));
  }
  const fs::path path_;
  std::ofstream stream_;
  std::int64_t& left_;
};

std::string without_gz(std::string name) {
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  return name;
}

}  // namespace

Unpacked::~Unpacked() {
  if (folder_.empty()) return;
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

base::Result<fs::path> Unpacked::folder() {
  if (folder_.empty()) {
    std::error_code error;
    std::string made = (fs::temp_directory_path(error) / "tradeassist-unpack-XXXXXX").string();
    if (error || ::mkdtemp(made.data()) == nullptr)
      return failure(ErrorCode::kIo, fmt::format("{}: cannot be made: {}", made, std::strerror(errno)));
    folder_ = made;
  }
  return fs::path(folder_);
}

base::Result<Unpacked> Unpacked::open(const fs::path& path, const UnpackLimits& limits) {
  TRY_ASSIGN(const TextFile file, TextFile::open(path));
  char head[4] = {};
  TRY_ASSIGN(const std::size_t size, file.read(0, head));
  const std::string_view magic(head, size);
  Unpacked out;
  if (magic.starts_with("\x1f\x8b")) {
    TRY(out.unpack_gzip(path, limits));
  } else if (magic == "PK\x03\x04" || magic == "PK\x05\x06") {
    TRY(out.unpack_zip(path, limits));
  } else {
    out.files_.push_back({path, path.string(), path.filename().string()});
  }
  return out;
}

base::Result<void> Unpacked::unpack_gzip(const fs::path& path, const UnpackLimits& limits) {
  TRY_ASSIGN(const fs::path to, folder());
  const std::string base_name = without_gz(path.filename().string());
  const fs::path target_path = to / "0";
  std::int64_t left = limits.bytes_max;
  Target target(target_path, left);
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (file == nullptr) return failure(ErrorCode::kNotFound, "cannot open " + path.string());
  std::string block(kBlock, '\0');
  for (;;) {
    const int got = gzread(file.get(), block.data(), static_cast<unsigned>(block.size()));
    int error = Z_OK;
    const char* const message = gzerror(file.get(), &error);
    if (got < 0 || error != Z_OK) {
      return failure(ErrorCode::kInvalidArgument,
                     fmt::format("{} is damaged: {}", path.string(), error == Z_BUF_ERROR ? "it is cut off" : message));
    }
    if (got == 0) break;
    TRY(target.write(block.data(), static_cast<std::size_t>(got), path.string()));
  }
  TRY(target.close());
  files_.push_back({target_path, path.string(), base_name});
  return {};
}

base::Result<void> Unpacked::unpack_zip(const fs::path& path, const UnpackLimits& limits) {
  int code = 0;
  const auto discard = [](zip_t* archive) { zip_discard(archive); };
  const std::unique_ptr<zip_t, decltype(discard)> archive(zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code),
                                                          discard);
  const auto damaged = [&](std::string_view name, const char* why) {
    return failure(ErrorCode::kInvalidArgument,
                   fmt::format("{}{}{} is damaged: {}", path.string(), name.empty() ? "" : "/", name, why));
  };
  if (archive == nullptr) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    auto made = damaged("", zip_error_strerror(&error));
    zip_error_fini(&error);
    return made;
  }
  const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
  if (count > limits.files_max) {
    return failure(ErrorCode::kResourceExhausted,
                   fmt::format("{}: holds {} files, more than {}", path.string(), count, limits.files_max));
  }
  TRY_ASSIGN(const fs::path to, folder());
  std::int64_t left = limits.bytes_max;
  std::string block(kBlock, '\0');
  for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(count); ++i) {
    const char* const named = zip_get_name(archive.get(), i, 0);
    if (named == nullptr) return damaged("", zip_strerror(archive.get()));
    const std::string name = named;
    const std::string base_name = name.substr(name.rfind('/') + 1);
    if (base_name.empty() || base_name.front() == '.' || name.starts_with("__MACOSX/")) continue;
    if (name == "[Content_Types].xml") {
      return failure(ErrorCode::kInvalidArgument, path.string() + ": is an Excel workbook; save the sheet as CSV");
    }
    const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> member(zip_fopen_index(archive.get(), i, 0), zip_fclose);
    if (member == nullptr) return damaged(name, zip_strerror(archive.get()));  // also: a password is wanted
    // Never the member's own path: it may lead anywhere.
    const fs::path target_path = to / std::to_string(i);
    Target target(target_path, left);
    for (;;) {
      const zip_int64_t got = zip_fread(member.get(), block.data(), block.size());
      if (got < 0) return damaged(name, zip_file_strerror(member.get()));
      if (got == 0) break;
      TRY(target.write(block.data(), static_cast<std::size_t>(got), path.string()));
    }
    TRY(target.close());
    files_.push_back({target_path, path.string() + "/" + name, base_name, true});
  }
  return {};
}

}  // namespace tradeassist::feed
