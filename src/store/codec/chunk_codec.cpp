#include "store/codec/chunk_codec.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <functional>
#include <span>

namespace tradeassist::store {
namespace {

enum Column : std::size_t { kTime, kOpen, kHigh, kLow, kClose, kVolume, kColumns };
constexpr std::size_t kAllColumns = kColumns + market::kOptionalColumns.size();

// Most bars have no optional columns, and are kept as they were before there were any.
constexpr ChunkShape kShape{
    .codec = 1, .columns = kColumns, .base = kClose, .optional_from = kColumns, .rows_max = kChunkRowsMax};
constexpr ChunkShape kFullShape{
    .codec = 3, .columns = kAllColumns, .base = kClose, .optional_from = kColumns, .rows_max = kChunkRowsMax};

constexpr std::int64_t kRawCodec = 0, kRawFullCodec = 2;

/// The columns in the order in which they are kept.
template <class Bars>
auto value_columns(Bars& bars) {
  return std::array{&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume};
}

/// Which optional columns are there, a bit each.
std::uint64_t optional_columns(const market::Series& bars) {
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < market::kOptionalColumns.size(); ++i) {
    if (market::is_present(bars, market::kOptionalColumns[i])) mask |= std::uint64_t{1} << i;
  }
  return mask;
}

/// The column, present from now on: not known of the rows there are.
std::vector<double>& made_present(market::Series& bars, market::ValueColumn column) {
  std::vector<double>& values = bars.*column;
  if (values.size() != bars.size()) values.assign(bars.size(), market::kNotKnown);
  return values;
}

base::Result<void> append_raw(market::Series& bars, const EncodedChunk& chunk) {
  if (checksum_of(chunk) != chunk.checksum) {
    return base::failure(base::ErrorCode::kDataLoss, "checksum does not match");
  }
  const auto damaged = [] { return base::failure(base::ErrorCode::kDataLoss, "payload is not a chunk"); };
  if (chunk.row_count < 1 || chunk.row_count > static_cast<std::int64_t>(kChunkRowsMax)) return damaged();
  const auto count = static_cast<std::size_t>(chunk.row_count);
  const std::size_t bytes = count * sizeof(double);
  // With optional columns, which they are stands first.
  std::uint64_t mask = 0;
  std::span<const std::byte> columns = chunk.payload;
  if (chunk.codec == kRawFullCodec) {
    if (columns.size() < sizeof(mask)) return damaged();
    std::memcpy(&mask, columns.data(), sizeof(mask));
    columns = columns.subspan(sizeof(mask));
    if (mask >> market::kOptionalColumns.size() != 0) return damaged();
  }
  if (columns.size() != (kColumns + static_cast<std::size_t>(std::popcount(mask))) * bytes) return damaged();
  const std::size_t before = bars.size();
  bars.resize(before + count);
  const std::byte* from = columns.data();
  std::memcpy(bars.time.data() + before, from, bytes);
  for (auto* column : value_columns(bars)) std::memcpy(column->data() + before, from += bytes, bytes);
  for (std::size_t i = 0; i < market::kOptionalColumns.size(); ++i) {
    if ((mask >> i & 1) == 0) continue;
    std::memcpy(made_present(bars, market::kOptionalColumns[i]).data() + before, from += bytes, bytes);
  }
  const auto time = std::span(bars.time).subspan(before);
  if (time.front() == chunk.first_time && time.back() == chunk.last_time &&
      std::ranges::adjacent_find(time, std::greater_equal<>()) == time.end()) {
    return {};
  }
  bars.resize(before);
  return damaged();
}

}  // namespace

ChunkEncoder::ChunkEncoder() : columns_(kShape), all_columns_(kFullShape) {}

EncodedChunk ChunkEncoder::encode(const market::Series& bars, std::size_t first, std::size_t count) {
  assert(count >= 1 && count <= kChunkRowsMax && first + count <= bars.size());
  const auto part = [&](const auto& column) { return std::span(column).subspan(first, count); };
  assert(std::ranges::adjacent_find(part(bars.time), std::greater_equal<>()) == part(bars.time).end());
  const bool is_full = optional_columns(bars) != 0;
  ColumnEncoder& columns = is_full ? all_columns_ : columns_;
  columns.begin(part(bars.close), {part(bars.open), part(bars.high), part(bars.low)});
  columns.put_time(part(bars.time));
  columns.put_against_base(part(bars.open), ColumnEncoding::kDecimalToBefore);
  columns.put_against_base(part(bars.high), ColumnEncoding::kDecimalToBase);
  columns.put_against_base(part(bars.low), ColumnEncoding::kDecimalToBase);
  columns.put_base(part(bars.close));
  columns.put_offset(part(bars.volume));
  if (!is_full) return columns.finish();
  for (const market::ValueColumn column : market::kOptionalColumns) {
    if (market::is_present(bars, column)) {
      columns.put_offset(part(bars.*column));
    } else {
      columns.put_absent();
    }
  }
  return columns.finish();
}

EncodedChunk ChunkEncoder::encode_raw(const market::Series& bars, std::size_t first, std::size_t count) {
  assert(count >= 1 && count <= kChunkRowsMax && first + count <= bars.size());
  const std::size_t bytes = count * sizeof(double);
  const std::uint64_t mask = optional_columns(bars);
  const std::size_t head = mask != 0 ? sizeof(mask) : 0;
  raw_.resize(head + (kColumns + static_cast<std::size_t>(std::popcount(mask))) * bytes);
  std::memcpy(raw_.data(), &mask, head);
  std::byte* to = raw_.data() + head;
  std::memcpy(to, bars.time.data() + first, bytes);
  for (const auto* column : value_columns(bars)) std::memcpy(to += bytes, column->data() + first, bytes);
  for (const market::ValueColumn column : market::kOptionalColumns) {
    if (market::is_present(bars, column)) std::memcpy(to += bytes, (bars.*column).data() + first, bytes);
  }
  EncodedChunk chunk{.first_time = bars.time[first],
                     .last_time = bars.time[first + count - 1],
                     .row_count = static_cast<std::int64_t>(count),
                     .codec = mask != 0 ? kRawFullCodec : kRawCodec,
                     .payload = raw_};
  chunk.checksum = checksum_of(chunk);
  return chunk;
}

ChunkDecoder::ChunkDecoder() : columns_(kShape), all_columns_(kFullShape) {}

base::Result<void> ChunkDecoder::append_to(market::Series& bars, const EncodedChunk& chunk) {
  if (chunk.codec == kRawCodec || chunk.codec == kRawFullCodec) return append_raw(bars, chunk);
  const bool is_full = chunk.codec == kFullShape.codec;
  ColumnDecoder& columns = is_full ? all_columns_ : columns_;
  TRY_ASSIGN(const std::size_t count, columns.open(chunk));
  const std::size_t before = bars.size();
  bars.resize(before + count);
  const auto part = [&](auto& column) { return std::span(column).subspan(before); };
  columns.get_time(part(bars.time));
  columns.get_values(kOpen, part(bars.open));
  columns.get_values(kHigh, part(bars.high));
  columns.get_values(kLow, part(bars.low));
  columns.get_values(kClose, part(bars.close));
  columns.get_values(kVolume, part(bars.volume));
  if (!is_full) return {};
  for (std::size_t i = 0; i < market::kOptionalColumns.size(); ++i) {
    if (columns.is_absent(kColumns + i)) continue;
    columns.get_values(kColumns + i, part(made_present(bars, market::kOptionalColumns[i])));
  }
  return {};
}

}  // namespace tradeassist::store
