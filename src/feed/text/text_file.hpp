#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tradeassist::feed {

/// No line of a bar file comes near this; a longer one means that the file is something else.
constexpr std::size_t kLineBytesMax = std::size_t{64} * 1024;

/// A regular file read by position. Read, not mapped: a mapped file that another process truncates kills the reader
/// with SIGBUS, while a short read is an ordinary error. Reading is thread-safe.
class TextFile {
 public:
  /// `name`, when it is not empty, is what messages call the file.
  static base::Result<TextFile> open(const std::filesystem::path& path, const std::string& name = {});
  TextFile(TextFile&& other) noexcept;
  TextFile& operator=(TextFile&& other) noexcept;
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;
  ~TextFile();

  const std::string& path() const { return path_; }
  std::int64_t size() const { return size_; }

  /// Reads at `offset` until `buffer` is full or the file ends; returns the bytes read.
  base::Result<std::size_t> read(std::int64_t offset, std::span<char> buffer) const;

  /// Fails when the file has been written to since it was opened: what was parsed would be a mixture.
  base::Result<void> check_unchanged() const;

 private:
  TextFile() = default;

  std::string path_;  // for messages
  std::int64_t size_ = 0;
  std::int64_t modified_ns_ = 0;
  int descriptor_ = -1;
};

/// Refuses what is not plain text, from a file's first bytes, and says what it is instead: gzip, zip, Parquet, UTF-16,
/// HTML, JSON and the like. `path` is for the message.
base::Result<void> check_is_text(std::string_view path, std::string_view head);

}  // namespace tradeassist::feed
