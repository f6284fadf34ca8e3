#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/result.hpp"
#include "market/series.hpp"

namespace tradeassist::store {

constexpr std::size_t kChunkRowsMax = 4'096;

/// A run of bars as it is stored: what the row's columns say, and the compressed columns. `checksum` is the CRC-32C of
/// all of it, so a damaged row is found whichever of its bytes is wrong.
struct EncodedChunk {
  std::int64_t first_time = 0;
  std::int64_t last_time = 0;  // inclusive
  std::int64_t row_count = 0;
  std::int64_t codec = 0;
  std::uint32_t checksum = 0;
  std::span<const std::byte> payload;
};

// Codec 0: the six columns as they are, one after the other, little endian; for few rows, or rows for a short time.
//
// Codec 1. The payload is one zstd frame. Inside, little endian: six column headers (time, open, high, low, close,
// volume), then each column's byte planes (byte_planes.hpp):
//
//   time    differences to the row before, less the smallest, in units of their greatest common divisor
//   close   in decimal units: differences to the row before, zigzag
//   open    in the same units: difference to the close before; high, low: difference to the close, zigzag
//   volume  in decimal units less the smallest
//
// A column whose values are not exactly decimals (decimal_column.hpp), or a price whose close is not, is kept as its
// doubles' bits; one whose bits are all equal as that one value. Every bit pattern comes back as it was.

/// Makes chunks. Keeps its buffers and compressor between calls; used by one thread at a time.
class ChunkEncoder {
 public:
  ChunkEncoder();
  ~ChunkEncoder();
  ChunkEncoder(ChunkEncoder&&) noexcept;

  /// Rows [first, first + count) of `bars`, 1 to kChunkRowsMax, times strictly ascending (asserted). The payload lives
  /// in the encoder until its next call.
  EncodedChunk encode(const market::Series& bars, std::size_t first, std::size_t count);

  /// The same without compression (codec 0).
  EncodedChunk encode_raw(const market::Series& bars, std::size_t first, std::size_t count);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Reads chunks. Keeps its buffers between calls; used by one thread at a time.
class ChunkDecoder {
 public:
  ChunkDecoder();
  ~ChunkDecoder();
  ChunkDecoder(ChunkDecoder&&) noexcept;

  /// Puts the chunk's rows behind those of `bars`. kDataLoss when a byte is damaged, kUnsupported for a codec of a
  /// newer program; `bars` is as before then. Safe for any bytes.
  base::Result<void> append_to(market::Series& bars, const EncodedChunk& chunk);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tradeassist::store
