#include "backup/streams.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/hexadecimal.hpp"
#include "store/codec/crc32c.hpp"

namespace tradeassist::backup {
namespace {

using base::ErrorCode;
using base::failure;

constexpr std::size_t kBlockBytes = 128 << 10;             // of rows, on average
constexpr std::size_t kBlockBytesMax = 1 << 20;            // but a longer row is a block of its own
constexpr std::size_t kNameBytes = 32, kNamesMax = 4'096;  // in a block of names

/// About one byte in kBlockBytes ends a block, whatever lies before it.
bool ends_block(std::string_view row) {
  const auto bytes = std::as_bytes(std::span(row));
  return std::uint64_t{store::crc32c(bytes)} * kBlockBytes < (std::uint64_t{row.size()} << 32);
}

base::Result<void> read_names(const Repository& repository, const Stream& stream,
                              const std::function<base::Result<void>(std::string_view)>& visit) {
  std::int64_t count = 0;
  for (const std::string& each : stream.index) {
    TRY_ASSIGN(const std::string names, repository.get(base::bytes_of_hexadecimal(each)));
    if (names.size() % kNameBytes != 0) return failure(ErrorCode::kDataLoss, "a block of names is damaged");
    for (std::size_t at = 0; at < names.size(); at += kNameBytes, ++count)
      TRY(visit(std::string_view(names).substr(at, kNameBytes)));
  }
  if (count == stream.blocks) return {};
  return failure(ErrorCode::kDataLoss, fmt::format("there are {} blocks instead of {}", count, stream.blocks));
}

}  // namespace

base::Result<void> StreamWriter::add_row(std::string_view row) {
  if (!block_.empty() && block_.size() + row.size() > kBlockBytesMax) TRY(end_block());
  block_ += row;
  if (ends_block(row)) TRY(end_block());
  return {};
}

base::Result<void> StreamWriter::add_bytes(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, kBlockBytesMax - block_.size());
    block_ += part;
    bytes.remove_prefix(part.size());
    if (block_.size() == kBlockBytesMax) TRY(end_block());
  }
  return {};
}

base::Result<void> StreamWriter::end_block() {
  if (block_.empty()) return {};
  sum_.add(block_);
  stream_.bytes += static_cast<std::int64_t>(block_.size());
  ++stream_.blocks;
  TRY_ASSIGN(const std::string name, repository_.put(block_));
  names_ += name;
  block_.clear();
  return names_.size() >= kNamesMax * kNameBytes ? end_index() : base::Result<void>();
}

base::Result<void> StreamWriter::end_index() {
  if (names_.empty()) return {};
  TRY_ASSIGN(const std::string name, repository_.put(names_));
  stream_.index.push_back(base::hexadecimal(name));
  names_.clear();
  return {};
}

base::Result<Stream> StreamWriter::finish() {
  TRY(end_block());
  TRY(end_index());
  TRY_ASSIGN(const std::string sum, sum_.finish());
  stream_.sha256 = base::hexadecimal(sum);
  return std::move(stream_);
}

base::Result<void> read_stream(const Repository& repository, const Stream& stream,
                               const std::function<base::Result<void>(std::string_view)>& visit) {
  base::Sha256 sum;
  std::int64_t bytes = 0;
  TRY(read_names(repository, stream, [&](std::string_view name) -> base::Result<void> {
    TRY_ASSIGN(const std::string content, repository.get(name));
    sum.add(content);
    bytes += static_cast<std::int64_t>(content.size());
    return visit(content);
  }));
  TRY_ASSIGN(const std::string actual, sum.finish());
  if (bytes == stream.bytes && base::hexadecimal(actual) == stream.sha256) return {};
  return failure(ErrorCode::kDataLoss, "its blocks together are not what was backed up: the SHA-256 does not match");
}

base::Result<void> visit_block_names(const Repository& repository, const Stream& stream,
                                     const std::function<void(std::string_view)>& visit) {
  for (const std::string& each : stream.index) visit(base::bytes_of_hexadecimal(each));
  return read_names(repository, stream, [&](std::string_view name) -> base::Result<void> {
    visit(name);
    return {};
  });
}

base::Result<void> visit_block_names(const Repository& repository, const Manifest& manifest,
                                     const std::function<void(std::string_view)>& visit) {
  for (const BackedUpSchema& schema : manifest.schemas) {
    for (const BackedUpTable& table : schema.tables) TRY(visit_block_names(repository, table.stream, visit));
  }
  for (const BackedUpFile& file : manifest.files) TRY(visit_block_names(repository, file.stream, visit));
  if (manifest.series) TRY(visit_block_names(repository, *manifest.series, visit));
  return {};
}

}  // namespace tradeassist::backup
