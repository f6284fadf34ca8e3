#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>

#include "base/result.hpp"
#include "store/codec/encoded_chunk.hpp"

namespace tradeassist::store {

// The columns of a chunk as bytes, for chunks of every kind. The payload is one zstd frame. Inside, little endian: a
// header of 24 bytes for each column, then each column's byte planes (byte_planes.hpp). The first column is the time.
// One column of prices is the base that others refer to: closes of bars, prices of trades.
//
// A column whose values are not exactly decimals (decimal_column.hpp), or that refers to a base which is not, is kept
// as its doubles' bits; one whose bits are all equal as that one value. Every bit pattern comes back as it was.

/// The numbers are stored: new ones go behind.
enum class ColumnEncoding : std::uint8_t {
  kTime,             // differences to the row before; reference: the smallest; unit: their common divisor
  kBits,             // doubles as they are
  kConstant,         // reference: the bits of every value
  kDecimalDelta,     // the base: differences to the row before, zigzag; reference: first number
  kDecimalToBase,    // difference to the base of the same row, zigzag
  kDecimalToBefore,  // difference to the base of the row before (the first row: to its own), zigzag
  kDecimalOffset,    // reference: smallest number
  kAbsent,           // there is no such column
};

/// What a kind of chunk consists of.
struct ChunkShape {
  std::int64_t codec = 0;
  std::size_t columns = 0;
  std::size_t base = 0;           // column of the base
  std::size_t optional_from = 0;  // columns from here on may be absent
  std::size_t rows_max = 0;
};

/// Writes a chunk column by column, in order. Keeps its buffers and compressor between chunks; used by one thread at a
/// time.
class ColumnEncoder {
 public:
  explicit ColumnEncoder(const ChunkShape& shape);
  ~ColumnEncoder();
  ColumnEncoder(ColumnEncoder&&) noexcept;

  /// Starts a chunk. Chooses one number of decimals for the base and for those of `others` that are decimals.
  void begin(std::span<const double> base, std::initializer_list<std::span<const double>> others);

  void put_time(std::span<const std::int64_t> time);  // ascending, equal ones allowed
  void put_base(std::span<const double> values);
  /// `encoding`: kDecimalToBase or kDecimalToBefore, used where it is exact.
  void put_against_base(std::span<const double> values, ColumnEncoding encoding);
  /// Volumes and sizes.
  void put_offset(std::span<const double> values);
  void put_absent();

  /// The chunk, when every column was put. The payload lives here until the next begin().
  EncodedChunk finish();

 private:
  struct State;
  ChunkShape shape_;
  std::unique_ptr<State> state_;  // half a megabyte that most connections never need: made with the first chunk
};

/// Reads chunks. Keeps its buffers between chunks; used by one thread at a time.
class ColumnDecoder {
 public:
  explicit ColumnDecoder(const ChunkShape& shape);
  ~ColumnDecoder();
  ColumnDecoder(ColumnDecoder&&) noexcept;

  /// Unpacks and checks a chunk, so that get_… cannot fail. Gives its rows. kDataLoss when a byte is damaged,
  /// kUnsupported for a codec of a newer program. Safe for any bytes.
  base::Result<std::size_t> open(const EncodedChunk& chunk);

  /// `out` has as many elements as the chunk has rows.
  void get_time(std::span<std::int64_t> out);
  void get_values(std::size_t column, std::span<double> out);
  bool is_absent(std::size_t column) const;

 private:
  struct State;
  ChunkShape shape_;
  std::unique_ptr<State> state_;  // half a megabyte that most connections never need: made with the first chunk
};

}  // namespace tradeassist::store
