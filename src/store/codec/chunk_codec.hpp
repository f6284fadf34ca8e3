#pragma once

#include <cstddef>
#include <vector>

#include "base/result.hpp"
#include "market/series.hpp"
#include "store/codec/column_codec.hpp"
#include "store/codec/encoded_chunk.hpp"

namespace tradeassist::store {

constexpr std::size_t kChunkRowsMax = 4'096;

// Codec 0: the six columns as they are, one after the other, little endian; for few rows, or rows for a short time.
// Codec 2: the same with optional columns behind them; first, in 8 bytes, a bit for each that is there.
//
// Codec 1 of bars, in columns as column_codec.hpp says, the close the base:
//
//   time    differences to the row before, less the smallest, in units of their greatest common divisor
//   open    in decimal units: difference to the close before
//   high    in the same units: difference to the close, as low
//   close   differences to the row before
//   volume  in decimal units of its own, less the smallest
//
// Codec 3: the same with open interest, trade count and VWAP behind, as the volume or absent.

/// Makes chunks. Keeps its buffers and compressor between calls; used by one thread at a time.
class ChunkEncoder {
 public:
  ChunkEncoder();

  /// Rows [first, first + count) of `bars`, 1 to kChunkRowsMax, times strictly ascending (asserted). The payload lives
  /// in the encoder until its next call.
  EncodedChunk encode(const market::Series& bars, std::size_t first, std::size_t count);

  /// The same without compression (codec 0).
  EncodedChunk encode_raw(const market::Series& bars, std::size_t first, std::size_t count);

 private:
  ColumnEncoder columns_, all_columns_;
  std::vector<std::byte> raw_;
};

/// Reads chunks. Keeps its buffers between calls; used by one thread at a time.
class ChunkDecoder {
 public:
  ChunkDecoder();

  /// Puts the chunk's rows behind those of `bars`. kDataLoss when a byte is damaged, kUnsupported for a codec of a
  /// newer program; `bars` is as before then. Safe for any bytes.
  base::Result<void> append_to(market::Series& bars, const EncodedChunk& chunk);

 private:
  ColumnDecoder columns_, all_columns_;
};

}  // namespace tradeassist::store
