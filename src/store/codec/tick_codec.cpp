#include "store/codec/tick_codec.hpp"

#include <algorithm>
#include <cassert>
#include <span>

namespace tradeassist::store {
namespace {

enum Column : std::size_t { kTime, kPrice, kSize, kBid, kAsk, kColumns };

constexpr ChunkShape kShape{
    .codec = 1, .columns = kColumns, .base = kPrice, .optional_from = kBid, .rows_max = kTickChunkRowsMax};

}  // namespace

TickEncoder::TickEncoder() : columns_(kShape) {}

EncodedChunk TickEncoder::encode(const market::TickSeries& ticks, std::size_t first, std::size_t count) {
  assert(count >= 1 && count <= kTickChunkRowsMax && first + count <= ticks.rows());
  const auto part = [&](const auto& column) {
    return column.empty() ? std::span(column) : std::span(column).subspan(first, count);
  };
  assert(std::ranges::is_sorted(part(ticks.time)));
  columns_.begin(part(ticks.price), {part(ticks.bid), part(ticks.ask)});
  columns_.put_time(part(ticks.time));
  columns_.put_base(part(ticks.price));
  columns_.put_offset(part(ticks.size));
  for (const auto* quote : {&ticks.bid, &ticks.ask}) {
    if (quote->empty()) {
      columns_.put_absent();
    } else {
      columns_.put_against_base(part(*quote), ColumnEncoding::kDecimalToBase);
    }
  }
  return columns_.finish();
}

TickDecoder::TickDecoder() : columns_(kShape) {}

base::Result<void> TickDecoder::append_to(market::TickSeries& ticks, const EncodedChunk& chunk) {
  TRY_ASSIGN(const std::size_t count, columns_.open(chunk));
  decoded_.bid.resize(columns_.is_absent(kBid) ? 0 : count);
  decoded_.ask.resize(columns_.is_absent(kAsk) ? 0 : count);
  decoded_.resize(count);
  columns_.get_time(decoded_.time);
  columns_.get_values(kPrice, decoded_.price);
  columns_.get_values(kSize, decoded_.size);
  if (!decoded_.bid.empty()) columns_.get_values(kBid, decoded_.bid);
  if (!decoded_.ask.empty()) columns_.get_values(kAsk, decoded_.ask);
  ticks.append(decoded_, 0, count);
  return {};
}

}  // namespace tradeassist::store
