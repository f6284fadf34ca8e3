#include "store/codec/chunk_codec.hpp"

#include <algorithm>
#include <cassert>
#include <functional>
#include <span>

namespace tradeassist::store {
namespace {

enum Column : std::size_t { kTime, kOpen, kHigh, kLow, kClose, kVolume, kColumns };

constexpr ChunkShape kShape{
    .codec = 1, .columns = kColumns, .base = kClose, .optional_from = kColumns, .rows_max = kChunkRowsMax};

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

ChunkDecoder::ChunkDecoder() : columns_(kShape) {}

base::Result<void> ChunkDecoder::append_to(market::Series& bars, const EncodedChunk& chunk) {
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
