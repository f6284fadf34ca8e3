#include "store/codec/chunk_codec.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <functional>
#include <span>

namespace tradeassist::store {
namespace {

enum Column : std::size_t { kTime, kOpen, kHigh, kLow, kClose, kVolume, kColumns };

constexpr ChunkShape kShape{
    .codec = 1, .columns = kColumns, .base = kClose, .optional_from = kColumns, .rows_max = kChunkRowsMax};

constexpr std::int64_t kRawCodec = 0;

/// The columns in the order in which they are kept.
template <class Bars>
auto value_columns(Bars& bars) {
  return std::array{&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume};
}

base::Result<void> append_raw(market::Series& bars, const EncodedChunk& chunk) {
  if (checksum_of(chunk) != chunk.checksum) {
    return base::failure(base::ErrorCode::kDataLoss, "checksum does not match");
  }
  const auto damaged = [] { return base::failure(base::ErrorCode::kDataLoss, "payload is not a chunk"); };
  if (chunk.row_count < 1 || chunk.row_count > static_cast<std::int64_t>(kChunkRowsMax)) return damaged();
  const auto count = static_cast<std::size_t>(chunk.row_count);
  const std::size_t bytes = count * sizeof(double);
  if (chunk.payload.size() != kColumns * bytes) return damaged();
  const std::size_t before = bars.size();
  bars.resize(before + count);
  const std::byte* from = chunk.payload.data();
  std::memcpy(bars.time.data() + before, from, bytes);
  for (auto* column : value_columns(bars)) std::memcpy(column->data() + before, from += bytes, bytes);
  const auto time = std::span(bars.time).subspan(before);
  if (time.front() == chunk.first_time && time.back() == chunk.last_time &&
      std::ranges::adjacent_find(time, std::greater_equal<>()) == time.end()) {
    return {};
  }
  bars.resize(before);
  return damaged();
}

}  // namespace

ChunkEncoder::ChunkEncoder() : columns_(kShape) {}

EncodedChunk ChunkEncoder::encode(const market::Series& bars, std::size_t first, std::size_t count) {
  assert(count >= 1 && count <= kChunkRowsMax && first + count <= bars.size());
  const auto part = [&](const auto& column) { return std::span(column).subspan(first, count); };
  assert(std::ranges::adjacent_find(part(bars.time), std::greater_equal<>()) == part(bars.time).end());
  columns_.begin(part(bars.close), {part(bars.open), part(bars.high), part(bars.low)});
  columns_.put_time(part(bars.time));
  columns_.put_against_base(part(bars.open), ColumnEncoding::kDecimalToBefore);
  columns_.put_against_base(part(bars.high), ColumnEncoding::kDecimalToBase);
  columns_.put_against_base(part(bars.low), ColumnEncoding::kDecimalToBase);
  columns_.put_base(part(bars.close));
  columns_.put_offset(part(bars.volume));
  return columns_.finish();
}

EncodedChunk ChunkEncoder::encode_raw(const market::Series& bars, std::size_t first, std::size_t count) {
  assert(count >= 1 && count <= kChunkRowsMax && first + count <= bars.size());
  const std::size_t bytes = count * sizeof(double);
  raw_.resize(kColumns * bytes);
  std::byte* to = raw_.data();
  std::memcpy(to, bars.time.data() + first, bytes);
  for (const auto* column : value_columns(bars)) std::memcpy(to += bytes, column->data() + first, bytes);
  EncodedChunk chunk{.first_time = bars.time[first],
                     .last_time = bars.time[first + count - 1],
                     .row_count = static_cast<std::int64_t>(count),
                     .codec = kRawCodec,
                     .payload = raw_};
  chunk.checksum = checksum_of(chunk);
  return chunk;
}

ChunkDecoder::ChunkDecoder() : columns_(kShape) {}

base::Result<void> ChunkDecoder::append_to(market::Series& bars, const EncodedChunk& chunk) {
  if (chunk.codec == kRawCodec) return append_raw(bars, chunk);
  TRY_ASSIGN(const std::size_t count, columns_.open(chunk));
  const std::size_t before = bars.size();
  bars.resize(before + count);
  const auto part = [&](auto& column) { return std::span(column).subspan(before); };
  columns_.get_time(part(bars.time));
  columns_.get_values(kOpen, part(bars.open));
  columns_.get_values(kHigh, part(bars.high));
  columns_.get_values(kLow, part(bars.low));
  columns_.get_values(kClose, part(bars.close));
  columns_.get_values(kVolume, part(bars.volume));
  return {};
}

}  // namespace tradeassist::store
