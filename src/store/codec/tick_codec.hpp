#pragma once

#include <cstddef>

#include "base/result.hpp"
#include "market/ticks.hpp"
#include "store/codec/column_codec.hpp"
#include "store/codec/encoded_chunk.hpp"

namespace tradeassist::store {

constexpr std::size_t kTickChunkRowsMax = 8'192;

// Codec 1 of ticks, in columns as column_codec.hpp says, the price the base:
//
//   time      differences to the row before, less the smallest, in units of their greatest common divisor: a feed of
//             milliseconds counts milliseconds
//   price     in decimal units: differences to the row before
//   size      in decimal units of its own, less the smallest
//   bid, ask  in the price's units: differences to the price; or absent

/// Makes chunks of ticks. Keeps its buffers and compressor between calls; used by one thread at a time.
class TickEncoder {
 public:
  TickEncoder();

  /// Rows [first, first + count) of `ticks`, 1 to kTickChunkRowsMax, times ascending (asserted). The payload lives in
  /// the encoder until its next call.
  EncodedChunk encode(const market::TickSeries& ticks, std::size_t first, std::size_t count);

 private:
  ColumnEncoder columns_;
};

/// Reads chunks of ticks. Keeps its buffers between calls; used by one thread at a time.
class TickDecoder {
 public:
  TickDecoder();

  /// Puts the chunk's rows behind those of `ticks`. kDataLoss when a byte is damaged, kUnsupported for a codec of a
  /// newer program; `ticks` is as before then. Safe for any bytes.
  base::Result<void> append_to(market::TickSeries& ticks, const EncodedChunk& chunk);

 private:
  ColumnDecoder columns_;
  market::TickSeries decoded_;
};

}  // namespace tradeassist::store
