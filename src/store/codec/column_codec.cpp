#include "store/codec/column_codec.hpp"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <limits>
#include <new>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "store/codec/byte_planes.hpp"
#include "store/codec/crc32c.hpp"
#include "store/codec/decimal_column.hpp"

namespace tradeassist::store {
namespace {

static_assert(std::endian::native == std::endian::little, "chunks are little endian");

using base::ErrorCode;

constexpr int kZstdLevel = 1;  // higher ones gain a few per cent for several times the time

struct ColumnHeader {
  ColumnEncoding encoding = ColumnEncoding::kBits;
  std::uint8_t decimals = 0;
  std::uint8_t width = 0;  // byte planes
  std::array<std::uint8_t, 5> reserved{};
  std::uint64_t reference = 0;
  std::uint64_t unit = 0;
};
static_assert(sizeof(ColumnHeader) == 24 && std::is_trivially_copyable_v<ColumnHeader>);

std::size_t body_bytes_max(const ChunkShape& shape) {
  return shape.columns * (sizeof(ColumnHeader) + shape.rows_max * sizeof(double));
}

std::uint64_t max_of(std::span<const std::uint64_t> values) {
  std::uint64_t bits = 0;  // only the highest set bit matters, and OR vectorises where max of uint64 does not
  for (const std::uint64_t value : values) bits |= value;
  return bits;
}

std::uint64_t bits_of(double value) { return std::bit_cast<std::uint64_t>(value); }

}  // namespace

std::uint32_t checksum_of(const EncodedChunk& chunk) {
  const std::array<std::int64_t, 4> columns{chunk.codec, chunk.first_time, chunk.last_time, chunk.row_count};
  return crc32c(chunk.payload, crc32c(std::as_bytes(std::span(columns))));
}

struct ColumnEncoder::State {
  ChunkShape shape;
  ZSTD_CCtx* compressor = ZSTD_createCCtx();
  std::vector<ColumnHeader> headers;  // of the columns put so far
  std::vector<std::byte> body, payload;
  std::byte* body_end = nullptr;
  std::vector<std::uint64_t> numbers, base, scratch;
  std::optional<int> decimals;  // of the base, while it is one of decimals
  std::int64_t first_time = 0, last_time = 0;
  std::size_t rows = 0;

  explicit State(const ChunkShape& of)
      : shape(of),
        body(body_bytes_max(of)),
        payload(ZSTD_compressBound(body.size())),
        numbers(of.rows_max),
        base(of.rows_max),
        scratch(of.rows_max) {
    if (compressor == nullptr) throw std::bad_alloc();
    ZSTD_CCtx_setParameter(compressor, ZSTD_c_compressionLevel, kZstdLevel);
  }
  ~State() { ZSTD_freeCCtx(compressor); }

  void put(ColumnHeader header, std::span<const std::uint64_t> values) {
    header.width = static_cast<std::uint8_t>(bytes_needed(max_of(values)));
    split_planes(values, header.width, body_end);
    body_end += header.width * values.size();
    headers.push_back(header);
  }

  /// A column as one value or as bits.
  void put_bits(std::span<const double> values) {
    std::uint64_t differing = 0;
    const std::uint64_t first = bits_of(values[0]);
    for (std::size_t i = 0; i < values.size(); ++i) {
      numbers[i] = bits_of(values[i]);
      differing |= numbers[i] ^ first;
    }
    if (differing == 0) {
      headers.push_back({.encoding = ColumnEncoding::kConstant, .reference = first});
    } else {
      put({.encoding = ColumnEncoding::kBits}, std::span(numbers).first(values.size()));
    }
  }

  ColumnHeader decimal_header(ColumnEncoding encoding) const {
    return {.encoding = encoding, .decimals = static_cast<std::uint8_t>(*decimals)};
  }
};

ColumnEncoder::ColumnEncoder(const ChunkShape& shape) : shape_(shape) {}
ColumnEncoder::~ColumnEncoder() = default;
ColumnEncoder::ColumnEncoder(ColumnEncoder&&) noexcept = default;

void ColumnEncoder::begin(std::span<const double> base, std::initializer_list<std::span<const double>> others) {
  if (state_ == nullptr) state_ = std::make_unique<State>(shape_);
  State& state = *state_;
  state.headers.clear();
  state.body_end = state.body.data() + state.shape.columns * sizeof(ColumnHeader);
  // One number of decimals for all prices, so that they can be told apart by small differences.
  state.decimals = find_decimals(base, state.scratch);
  if (!state.decimals) return;
  for (const auto& column : others) {
    if (to_decimal(column, *state.decimals, state.scratch)) continue;
    if (const auto own = find_decimals(column, state.scratch)) state.decimals = std::max(*state.decimals, *own);
  }
  if (!to_decimal(base, *state.decimals, state.base)) state.decimals.reset();
}

void ColumnEncoder::put_time(std::span<const std::int64_t> time) {
  State& state = *state_;
  auto& numbers = state.numbers;
  assert(!time.empty() && time.size() <= state.shape.rows_max);
  state.rows = time.size();
  state.first_time = time.front();
  state.last_time = time.back();
  const std::size_t count = time.size();
  const auto difference = [&](std::size_t i) {
    return static_cast<std::uint64_t>(time[i]) - static_cast<std::uint64_t>(time[i - 1]);
  };
  std::uint64_t smallest = count > 1 ? difference(1) : 0;
  for (std::size_t i = 2; i < count; ++i) smallest = std::min(smallest, difference(i));
  // Most differences are the smallest, or the one before again: both need no division.
  std::uint64_t unit = 0, before = 0;
  for (std::size_t i = 1; i < count; ++i) {
    const std::uint64_t excess = difference(i) - smallest;
    if (excess != before && excess != 0) unit = std::gcd(unit, before = excess);
  }
  unit = std::max<std::uint64_t>(unit, 1);
  numbers[0] = 0;
  before = 0;
  std::uint64_t quotient = 0;
  for (std::size_t i = 1; i < count; ++i) {
    const std::uint64_t excess = difference(i) - smallest;
    if (excess != before) quotient = (before = excess) / unit;
    numbers[i] = quotient;
  }
  state.put({.encoding = ColumnEncoding::kTime, .reference = smallest, .unit = unit}, std::span(numbers).first(count));
}

void ColumnEncoder::put_base(std::span<const double> values) {
  State& state = *state_;
  if (!state.decimals) return state.put_bits(values);
  ColumnHeader header = state.decimal_header(ColumnEncoding::kDecimalDelta);
  header.reference = state.base[0];
  state.numbers[0] = 0;
  for (std::size_t i = 1; i < values.size(); ++i) state.numbers[i] = zigzag(state.base[i] - state.base[i - 1]);
  state.put(header, std::span(state.numbers).first(values.size()));
}

void ColumnEncoder::put_against_base(std::span<const double> values, ColumnEncoding encoding) {
  State& state = *state_;
  if (!state.decimals || !to_decimal(values, *state.decimals, state.scratch)) return state.put_bits(values);
  const std::size_t count = values.size();
  if (encoding == ColumnEncoding::kDecimalToBase) {
    for (std::size_t i = 0; i < count; ++i) state.numbers[i] = zigzag(state.scratch[i] - state.base[i]);
  } else {
    state.numbers[0] = zigzag(state.scratch[0] - state.base[0]);
    for (std::size_t i = 1; i < count; ++i) state.numbers[i] = zigzag(state.scratch[i] - state.base[i - 1]);
  }
  state.put(state.decimal_header(encoding), std::span(state.numbers).first(count));
}

void ColumnEncoder::put_offset(std::span<const double> values) {
  State& state = *state_;
  const auto decimals = find_decimals(values, state.numbers);
  if (!decimals) return state.put_bits(values);
  const auto column = std::span(state.numbers).first(values.size());
  ColumnHeader header{.encoding = ColumnEncoding::kDecimalOffset, .decimals = static_cast<std::uint8_t>(*decimals)};
  std::int64_t smallest = static_cast<std::int64_t>(column[0]);
  for (const std::uint64_t each : column) smallest = std::min(smallest, static_cast<std::int64_t>(each));
  header.reference = static_cast<std::uint64_t>(smallest);
  for (std::uint64_t& each : column) each -= header.reference;
  state.put(header, column);
}

void ColumnEncoder::put_absent() { state_->headers.push_back({.encoding = ColumnEncoding::kAbsent}); }

EncodedChunk ColumnEncoder::finish() {
  State& state = *state_;
  assert(state.headers.size() == state.shape.columns);
  std::memcpy(state.body.data(), state.headers.data(), state.headers.size() * sizeof(ColumnHeader));
  const auto body_bytes = static_cast<std::size_t>(state.body_end - state.body.data());
  const std::size_t size =
      ZSTD_compress2(state.compressor, state.payload.data(), state.payload.size(), state.body.data(), body_bytes);
  if (ZSTD_isError(size)) throw std::bad_alloc();  // the buffer is large enough for anything: only memory is left

  EncodedChunk chunk{.first_time = state.first_time,
                     .last_time = state.last_time,
                     .row_count = static_cast<std::int64_t>(state.rows),
                     .codec = state.shape.codec,
                     .payload = std::span(state.payload).first(size)};
  chunk.checksum = checksum_of(chunk);
  return chunk;
}

struct ColumnDecoder::State {
  ChunkShape shape;
  ZSTD_DCtx* decompressor = ZSTD_createDCtx();
  std::vector<std::byte> body;
  std::vector<ColumnHeader> headers;
  std::vector<const std::byte*> planes;
  std::vector<std::int64_t> time;
  std::vector<std::uint64_t> numbers, base;
  std::size_t rows = 0;

  explicit State(const ChunkShape& of)
      : shape(of),
        body(body_bytes_max(of)),
        headers(of.columns),
        planes(of.columns),
        time(of.rows_max),
        numbers(of.rows_max),
        base(of.rows_max) {
    if (decompressor == nullptr) throw std::bad_alloc();
  }
  ~State() { ZSTD_freeDCtx(decompressor); }

  bool is_sound(std::size_t body_bytes) const {
    std::size_t expected = shape.columns * sizeof(ColumnHeader);
    for (std::size_t column = 0; column < shape.columns; ++column) {
      const ColumnHeader& header = headers[column];
      const ColumnEncoding encoding = header.encoding;
      if (header.width > 8 || header.decimals > kDecimalsMax || encoding > ColumnEncoding::kAbsent) return false;
      if ((encoding == ColumnEncoding::kTime) != (column == 0)) return false;
      if (encoding == ColumnEncoding::kDecimalDelta && column != shape.base) return false;
      const bool needs_base =
          encoding == ColumnEncoding::kDecimalToBase || encoding == ColumnEncoding::kDecimalToBefore;
      if (needs_base && headers[shape.base].encoding != ColumnEncoding::kDecimalDelta) return false;
      if (needs_base && column == shape.base) return false;
      if (encoding == ColumnEncoding::kAbsent && column < shape.optional_from) return false;
      const bool is_bare = encoding == ColumnEncoding::kConstant || encoding == ColumnEncoding::kAbsent;
      if (is_bare && header.width != 0) return false;
      expected += header.width * rows;
    }
    return expected == body_bytes;
  }

  /// False unless the times ascend and end where the chunk says, without wrapping round on the way.
  bool unpack_times(const EncodedChunk& chunk) {
    const ColumnHeader& header = headers[0];
    const auto column = std::span(numbers).first(rows);
    join_planes(planes[0], header.width, column);
    if (chunk.last_time < chunk.first_time) return false;
    const auto first = static_cast<std::uint64_t>(chunk.first_time);
    std::uint64_t left = static_cast<std::uint64_t>(chunk.last_time) - first;
    const std::uint64_t largest = header.unit == 0 ? 0 : std::numeric_limits<std::uint64_t>::max() / header.unit;
    time[0] = chunk.first_time;
    for (std::size_t i = 1; i < rows; ++i) {
      if (column[i] > largest) return false;
      const std::uint64_t excess = column[i] * header.unit;
      if (header.reference > left || excess > left - header.reference) return false;
      left -= header.reference + excess;
      time[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(chunk.last_time) - left);
    }
    return left == 0;
  }

  /// The base's whole numbers, which other columns refer to.
  void get_base() {
    const ColumnHeader& header = headers[shape.base];
    if (header.encoding != ColumnEncoding::kDecimalDelta) return;
    join_planes(planes[shape.base], header.width, std::span(numbers).first(rows));
    std::uint64_t now = header.reference;
    for (std::size_t i = 0; i < rows; ++i) base[i] = now += unzigzag(numbers[i]);
  }
};

ColumnDecoder::ColumnDecoder(const ChunkShape& shape) : shape_(shape) {}
ColumnDecoder::~ColumnDecoder() = default;
ColumnDecoder::ColumnDecoder(ColumnDecoder&&) noexcept = default;

base::Result<std::size_t> ColumnDecoder::open(const EncodedChunk& chunk) {
  if (state_ == nullptr) state_ = std::make_unique<State>(shape_);
  State& state = *state_;
  if (checksum_of(chunk) != chunk.checksum) { return base::failure(ErrorCode::kDataLoss, "checksum does not match"); }
  if (chunk.codec != state.shape.codec) {
    return base::failure(ErrorCode::kUnsupported, "codec " + std::to_string(chunk.codec) +
                                                      " is of a newer TradeAssist; this one reads codec " +
                                                      std::to_string(state.shape.codec));
  }
  const auto damaged = [] { return base::failure(ErrorCode::kDataLoss, "payload is not a chunk"); };
  if (chunk.row_count < 1 || chunk.row_count > static_cast<std::int64_t>(state.shape.rows_max)) return damaged();
  state.rows = static_cast<std::size_t>(chunk.row_count);

  const std::size_t body_bytes = ZSTD_decompressDCtx(state.decompressor, state.body.data(), state.body.size(),
                                                     chunk.payload.data(), chunk.payload.size());
  const std::size_t header_bytes = state.shape.columns * sizeof(ColumnHeader);
  if (ZSTD_isError(body_bytes) || body_bytes < header_bytes) return damaged();
  std::memcpy(state.headers.data(), state.body.data(), header_bytes);
  if (!state.is_sound(body_bytes)) return damaged();
  const std::byte* next = state.body.data() + header_bytes;
  for (std::size_t column = 0; column < state.shape.columns; ++column) {
    state.planes[column] = next;
    next += state.headers[column].width * state.rows;
  }
  if (!state.unpack_times(chunk)) return damaged();
  state.get_base();
  return state.rows;
}

void ColumnDecoder::get_time(std::span<std::int64_t> out) {
  State& state = *state_;
  assert(out.size() == state.rows);
  std::ranges::copy(std::span(state.time).first(state.rows), out.begin());
}

void ColumnDecoder::get_values(std::size_t index, std::span<double> out) {
  State& state = *state_;
  assert(out.size() == state.rows);
  const ColumnHeader& header = state.headers[index];
  const std::size_t count = state.rows;
  const auto column = std::span(state.numbers).first(count);
  if (header.encoding == ColumnEncoding::kConstant) {
    std::ranges::fill(out, std::bit_cast<double>(header.reference));
    return;
  }
  if (header.encoding == ColumnEncoding::kDecimalDelta) {
    from_decimal(std::span(state.base).first(count), header.decimals, out);
    return;
  }
  join_planes(state.planes[index], header.width, column);
  const auto& base = state.base;
  switch (header.encoding) {
    case ColumnEncoding::kDecimalToBase:
      for (std::size_t i = 0; i < count; ++i) column[i] = unzigzag(column[i]) + base[i];
      break;
    case ColumnEncoding::kDecimalToBefore:
      column[0] = unzigzag(column[0]) + base[0];
      for (std::size_t i = 1; i < count; ++i) column[i] = unzigzag(column[i]) + base[i - 1];
      break;
    case ColumnEncoding::kDecimalOffset:
      for (std::size_t i = 0; i < count; ++i) column[i] += header.reference;
      break;
    default:  // kBits
      std::memcpy(out.data(), column.data(), count * sizeof(double));
      return;
  }
  from_decimal(column, header.decimals, out);
}

bool ColumnDecoder::is_absent(std::size_t column) const {
  return state_->headers[column].encoding == ColumnEncoding::kAbsent;
}

}  // namespace tradeassist::store
