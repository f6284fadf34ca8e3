#include "feed/text/text_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;

std::int64_t modified_ns(const struct stat& status) {
  return std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
}

struct Signature {
  std::string_view bytes;
  std::string_view what;
  std::string_view advice;
};

using namespace std::string_view_literals;

constexpr auto kSignatures = std::to_array<Signature>({
    {"\x1f\x8b"sv, "gzip-compressed", "unpack it first: gunzip -k FILE"},
    {"PK\x03\x04"sv, "a zip archive or an Excel workbook", "unpack it, or save the sheet as CSV"},
    {"\x28\xb5\x2f\xfd"sv, "zstd-compressed", "unpack it first: zstd -d FILE"},
    {"BZh"sv, "bzip2-compressed", "unpack it first: bunzip2 -k FILE"},
    {"\xfd\x37zXZ"sv, "xz-compressed", "unpack it first: unxz -k FILE"},
    {"PAR1"sv, "a Parquet file", "convert it to CSV first"},
    {"ARROW1"sv, "an Arrow file", "convert it to CSV first"},
    {"\x89HDF"sv, "an HDF5 file", "convert it to CSV first"},
    {"SQLite format 3"sv, "a SQLite database", "export the table as CSV"},
    {"\xd0\xcf\x11\xe0"sv, "an old Excel workbook", "save the sheet as CSV"},
    {"%PDF"sv, "a PDF document", "export the data as CSV"},
    {"\xff\xfe"sv, "UTF-16 text", "convert it first: iconv -f UTF-16 -t UTF-8 FILE > NEW"},
    {"\xfe\xff"sv, "UTF-16 text", "convert it first: iconv -f UTF-16 -t UTF-8 FILE > NEW"},
    {"<!"sv, "an HTML page", "the download was probably an error or login page; fetch the CSV again"},
    {"<html"sv, "an HTML page", "the download was probably an error or login page; fetch the CSV again"},
    {"<HTML"sv, "an HTML page", "the download was probably an error or login page; fetch the CSV again"},
    {"<?xml"sv, "XML", "export the data as CSV"},
    {"{"sv, "JSON", "export the data as CSV"},
    {"[{"sv, "JSON", "export the data as CSV"},
    {"[["sv, "JSON", "export the data as CSV"},
});

bool is_binary(unsigned char c) { return c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f'; }

}  // namespace

base::Result<TextFile> TextFile::open(const std::filesystem::path& path, const std::string& name) {
  TextFile file;
  file.path_ = name.empty() ? path.string() : name;
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    const int reason = errno;
    return failure(reason == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
                   file.path_ + ": " + std::generic_category().message(reason));
  }
  if (!S_ISREG(status.st_mode)) {
    return failure(ErrorCode::kInvalidArgument,
                   file.path_ + ": is not a regular file; give a CSV file (save a pipe's output to a file first)");
  }
  file.descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file.descriptor_ < 0) {
    return failure(ErrorCode::kIo, file.path_ + ": " + std::generic_category().message(errno));
  }
  file.size_ = status.st_size;
  file.modified_ns_ = modified_ns(status);
  return file;
}

TextFile::TextFile(TextFile&& other) noexcept { *this = std::move(other); }

TextFile& TextFile::operator=(TextFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(size_, other.size_);
  std::swap(modified_ns_, other.modified_ns_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

TextFile::~TextFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

base::Result<std::size_t> TextFile::read(std::int64_t offset, std::span<char> buffer) const {
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    const ssize_t got = ::pread(descriptor_, buffer.data() + filled, buffer.size() - filled,
                                offset + static_cast<std::int64_t>(filled));
    if (got == 0) break;
    if (got < 0) {
      if (errno == EINTR) continue;
      return failure(ErrorCode::kIo, path_ + ": " + std::generic_category().message(errno));
    }
    filled += static_cast<std::size_t>(got);
  }
  return filled;
}

base::Result<void> TextFile::check_unchanged() const {
  struct stat status{};
  if (::fstat(descriptor_, &status) != 0) {
    return failure(ErrorCode::kIo, path_ + ": " + std::generic_category().message(errno));
  }
  if (status.st_size != size_ || modified_ns(status) != modified_ns_) {
    return failure(ErrorCode::kFailedPrecondition,
                   path_ + ": changed while it was being read; nothing was kept, run again when it is complete");
  }
  return {};
}

base::Result<void> check_is_text(std::string_view path, std::string_view head) {
  const std::string where(path);
  for (const Signature& signature : kSignatures) {
    if (head.starts_with(signature.bytes)) {
      return failure(ErrorCode::kInvalidArgument,
                     where + ": is " + std::string(signature.what) + ", not CSV; " + std::string(signature.advice));
    }
  }
  const auto found = std::ranges::find_if(head, [](char c) { return is_binary(static_cast<unsigned char>(c)); });
  if (found == head.end()) return {};
  const auto nul_count = std::ranges::count(head, '\0');
  if (*found == '\0' && static_cast<std::size_t>(nul_count) * 5 > head.size() * 2 &&
      static_cast<std::size_t>(nul_count) * 5 < head.size() * 3) {
    return failure(ErrorCode::kInvalidArgument,
                   where + ": looks like UTF-16 text; convert it first: iconv -f UTF-16LE -t UTF-8 FILE > NEW");
  }
  return failure(ErrorCode::kInvalidArgument, where + ": is binary, not CSV (byte " +
                                                  std::to_string(static_cast<unsigned char>(*found)) + " at offset " +
                                                  std::to_string(found - head.begin()) + ")");
}

}  // namespace tradeassist::feed
