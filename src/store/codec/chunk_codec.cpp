#include "store/codec/chunk_codec.hpp"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <numeric>
#include <optional>
#include <string>

#include "store/codec/byte_planes.hpp"
#include "store/codec/crc32c.hpp"
#include "store/codec/decimal_column.hpp"

namespace tradeassist::store {
namespace {

static_assert(std::endian::native == std::endian::little, "chunks are little endian");

using base::ErrorCode;
using Numbers = std::array<std::uint64_t, kChunkRowsMax>;

constexpr std::int64_t kRawCodec = 0, kCodec = 1;
constexpr int kZstdLevel = 1;  // higher ones gain a few per cent for several times the time

enum class Encoding : std::uint8_t {
  kTime,             // reference: smallest difference; unit: their common divisor
  kBits,             // doubles as they are
  kConstant,         // reference: the bits of every value
  kDecimalDelta,     // reference: first number
  kDecimalToClose,   // difference to the close of the same row
  kDecimalToBefore,  // difference to the close of the row before (the first row: to its own)
  kDecimalOffset,    // reference: smallest number
};

struct ColumnHeader {
  Encoding encoding = Encoding::kBits;
  std::uint8_t decimals = 0;
  std::uint8_t width = 0;  // byte planes
  std::array<std::uint8_t, 5> reserved{};
  std::uint64_t reference = 0;
  std::uint64_t unit = 0;
};
static_assert(sizeof(ColumnHeader) == 24 && std::is_trivially_copyable_v<ColumnHeader>);

enum Column { kTime, kOpen, kHigh, kLow, kClose, kVolume, kColumns };
using Headers = std::array<ColumnHeader, kColumns>;

constexpr std::size_t kBodyBytesMax = sizeof(Headers) + kColumns * kChunkRowsMax * sizeof(double);

std::uint32_t checksum_of(const EncodedChunk& chunk) {
  const std::array<std::int64_t, 4> columns{chunk.codec, chunk.first_time, chunk.last_time, chunk.row_count};
  return crc32c(chunk.payload, crc32c(std::as_bytes(std::span(columns))));
}

std::uint64_t max_of(std::span<const std::uint64_t> values) {
  std::uint64_t bits = 0;  // only the highest set bit matters, and OR vectorises where max of uint64 does not
  for (const std::uint64_t value : values) bits |= value;
  return bits;
}

std::uint64_t bits_of(double value) { return std::bit_cast<std::uint64_t>(value); }

std::array<std::span<const double>, kColumns> value_columns(const market::Series& bars, std::size_t first,
                                                            std::size_t count) {
  const auto part = [&](const std::vector<double>& column) { return std::span(column).subspan(first, count); };
  return {{{}, part(bars.open), part(bars.high), part(bars.low), part(bars.close), part(bars.volume)}};
}

}  // namespace

struct ChunkEncoder::State {
  ZSTD_CCtx* compressor = ZSTD_createCCtx();
  std::array<std::byte, kBodyBytesMax> body;
  std::vector<std::byte> payload = std::vector<std::byte>(ZSTD_compressBound(kBodyBytesMax));
  std::byte* body_end = nullptr;
  Numbers numbers, close, scratch;

  State() {
    if (compressor == nullptr) throw std::bad_alloc();
    ZSTD_CCtx_setParameter(compressor, ZSTD_c_compressionLevel, kZstdLevel);
  }
  ~State() { ZSTD_freeCCtx(compressor); }

  void put_planes(std::span<const std::uint64_t> values, ColumnHeader& header) {
    header.width = static_cast<std::uint8_t>(bytes_needed(max_of(values)));
    split_planes(values, header.width, body_end);
    body_end += header.width * values.size();
  }

  ColumnHeader put_time(std::span<const std::int64_t> time) {
    ColumnHeader header{.encoding = Encoding::kTime, .unit = 1};
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
    header.reference = smallest;
    header.unit = std::max<std::uint64_t>(unit, 1);
    numbers[0] = 0;
    before = 0;
    std::uint64_t quotient = 0;
    for (std::size_t i = 1; i < count; ++i) {
      const std::uint64_t excess = difference(i) - smallest;
      if (excess != before) quotient = (before = excess) / header.unit;
      numbers[i] = quotient;
    }
    put_planes(std::span(numbers).first(count), header);
    return header;
  }

  /// A column as one value or as bits.
  ColumnHeader put_bits(std::span<const double> values) {
    ColumnHeader header{.encoding = Encoding::kBits};
    std::uint64_t differing = 0;
    const std::uint64_t first = bits_of(values[0]);
    for (std::size_t i = 0; i < values.size(); ++i) {
      numbers[i] = bits_of(values[i]);
      differing |= numbers[i] ^ first;
    }
    if (differing == 0) {
      header.encoding = Encoding::kConstant;
      header.reference = first;
      return header;
    }
    put_planes(std::span(numbers).first(values.size()), header);
    return header;
  }

  ColumnHeader put_volume(std::span<const double> values) {
    const auto decimals = find_decimals(values, numbers);
    if (!decimals) return put_bits(values);
    const auto column = std::span(numbers).first(values.size());
    ColumnHeader header{.encoding = Encoding::kDecimalOffset, .decimals = static_cast<std::uint8_t>(*decimals)};
    std::int64_t smallest = static_cast<std::int64_t>(column[0]);
    for (const std::uint64_t each : column) smallest = std::min(smallest, static_cast<std::int64_t>(each));
    header.reference = static_cast<std::uint64_t>(smallest);
    for (std::uint64_t& each : column) each -= header.reference;
    put_planes(column, header);
    return header;
  }

  /// A price against `close` (whole numbers of the same decimals), where it is exact.
  ColumnHeader put_price(std::span<const double> values, Encoding encoding, std::optional<int> decimals) {
    if (!decimals || !to_decimal(values, *decimals, scratch)) return put_bits(values);
    const std::size_t count = values.size();
    ColumnHeader header{.encoding = encoding, .decimals = static_cast<std::uint8_t>(*decimals)};
    if (encoding == Encoding::kDecimalToClose) {
      for (std::size_t i = 0; i < count; ++i) numbers[i] = zigzag(scratch[i] - close[i]);
    } else {
      numbers[0] = zigzag(scratch[0] - close[0]);
      for (std::size_t i = 1; i < count; ++i) numbers[i] = zigzag(scratch[i] - close[i - 1]);
    }
    put_planes(std::span(numbers).first(count), header);
    return header;
  }

  ColumnHeader put_close(std::span<const double> values, std::optional<int> decimals) {
    if (!decimals) return put_bits(values);
    ColumnHeader header{.encoding = Encoding::kDecimalDelta, .decimals = static_cast<std::uint8_t>(*decimals)};
    header.reference = close[0];
    numbers[0] = 0;
    for (std::size_t i = 1; i < values.size(); ++i) numbers[i] = zigzag(close[i] - close[i - 1]);
    put_planes(std::span(numbers).first(values.size()), header);
    return header;
  }
};

ChunkEncoder::ChunkEncoder() : state_(std::make_unique<State>()) {}
ChunkEncoder::~ChunkEncoder() = default;
ChunkEncoder::ChunkEncoder(ChunkEncoder&&) noexcept = default;

EncodedChunk ChunkEncoder::encode(const market::Series& bars, std::size_t first, std::size_t count) {
  assert(count >= 1 && count <= kChunkRowsMax && first + count <= bars.size());
  const auto time = std::span(bars.time).subspan(first, count);
  assert(std::ranges::adjacent_find(time, std::greater_equal<>()) == time.end());
  const auto values = value_columns(bars, first, count);

  // One number of decimals for all four prices, so that they can be told apart by small differences.
  std::optional<int> decimals = find_decimals(values[kClose], state_->scratch);
  if (decimals) {
    for (const Column column : {kOpen, kHigh, kLow}) {
      if (to_decimal(values[column], *decimals, state_->scratch)) continue;
      if (const auto own = find_decimals(values[column], state_->scratch)) decimals = std::max(*decimals, *own);
    }
    if (!to_decimal(values[kClose], *decimals, state_->close)) decimals.reset();
  }

  Headers headers;
  state_->body_end = state_->body.data() + sizeof(Headers);
  headers[kTime] = state_->put_time(time);
  headers[kOpen] = state_->put_price(values[kOpen], Encoding::kDecimalToBefore, decimals);
  headers[kHigh] = state_->put_price(values[kHigh], Encoding::kDecimalToClose, decimals);
  headers[kLow] = state_->put_price(values[kLow], Encoding::kDecimalToClose, decimals);
  headers[kClose] = state_->put_close(values[kClose], decimals);
  headers[kVolume] = state_->put_volume(values[kVolume]);
  std::memcpy(state_->body.data(), headers.data(), sizeof(Headers));

  const auto body_bytes = static_cast<std::size_t>(state_->body_end - state_->body.data());
  const std::size_t size = ZSTD_compress2(state_->compressor, state_->payload.data(), state_->payload.size(),
                                          state_->body.data(), body_bytes);
  if (ZSTD_isError(size)) throw std::bad_alloc();  // the buffer is large enough for anything: only memory is left

  EncodedChunk chunk{.first_time = time.front(),
                     .last_time = time.back(),
                     .row_count = static_cast<std::int64_t>(count),
                     .codec = kCodec,
                     .payload = std::span(state_->payload).first(size)};
  chunk.checksum = checksum_of(chunk);
  return chunk;
}

EncodedChunk ChunkEncoder::encode_raw(const market::Series& bars, std::size_t first, std::size_t count) {
  assert(count >= 1 && count <= kChunkRowsMax && first + count <= bars.size());
  const std::size_t bytes = count * sizeof(double);
  static_assert(kColumns * kChunkRowsMax * sizeof(double) <= kBodyBytesMax);
  std::byte* to = state_->body.data();
  std::memcpy(to, bars.time.data() + first, bytes);
  for (const auto& values : value_columns(bars, first, count)) {
    if (!values.empty()) std::memcpy(to += bytes, values.data(), bytes);
  }
  EncodedChunk chunk{.first_time = bars.time[first],
                     .last_time = bars.time[first + count - 1],
                     .row_count = static_cast<std::int64_t>(count),
                     .codec = kRawCodec,
                     .payload = std::span(state_->body).first(kColumns * bytes)};
  chunk.checksum = checksum_of(chunk);
  return chunk;
}

struct ChunkDecoder::State {
  ZSTD_DCtx* decompressor = ZSTD_createDCtx();
  std::array<std::byte, kBodyBytesMax> body;
  Numbers numbers, close;

  State() {
    if (decompressor == nullptr) throw std::bad_alloc();
  }
  ~State() { ZSTD_freeDCtx(decompressor); }

  static bool is_sound(const Headers& headers, std::size_t count, std::size_t body_bytes) {
    std::size_t expected = sizeof(Headers);
    for (int column = 0; column < kColumns; ++column) {
      const ColumnHeader& header = headers[static_cast<std::size_t>(column)];
      if (header.width > 8 || header.decimals > kDecimalsMax || header.encoding > Encoding::kDecimalOffset)
        return false;
      if ((header.encoding == Encoding::kTime) != (column == kTime)) return false;
      const bool needs_close =
          header.encoding == Encoding::kDecimalToClose || header.encoding == Encoding::kDecimalToBefore;
      if (needs_close && (column == kClose || headers[kClose].encoding != Encoding::kDecimalDelta)) return false;
      if (header.encoding == Encoding::kConstant && header.width != 0) return false;
      expected += header.width * count;
    }
    return expected == body_bytes;
  }

  void get_time(const ColumnHeader& header, const std::byte* planes, std::int64_t first_time,
                std::span<std::int64_t> time) {
    const std::size_t count = time.size();
    const auto column = std::span(numbers).first(count);
    join_planes(planes, header.width, column);
    auto now = static_cast<std::uint64_t>(first_time);
    time[0] = first_time;
    for (std::size_t i = 1; i < count; ++i) {
      now += header.reference + column[i] * header.unit;
      time[i] = static_cast<std::int64_t>(now);
    }
  }

  /// The close's whole numbers, which the other prices refer to.
  void get_close(const ColumnHeader& header, const std::byte* planes, std::size_t count) {
    join_planes(planes, header.width, std::span(numbers).first(count));
    std::uint64_t now = header.reference;
    for (std::size_t i = 0; i < count; ++i) close[i] = now += unzigzag(numbers[i]);
  }

  void get_values(const ColumnHeader& header, const std::byte* planes, std::span<double> values) {
    const std::size_t count = values.size();
    const auto column = std::span(numbers).first(count);
    if (header.encoding == Encoding::kConstant) {
      std::ranges::fill(values, std::bit_cast<double>(header.reference));
      return;
    }
    if (header.encoding == Encoding::kDecimalDelta) {
      from_decimal(std::span(close).first(count), header.decimals, values);
      return;
    }
    join_planes(planes, header.width, column);
    switch (header.encoding) {
      case Encoding::kDecimalToClose:
        for (std::size_t i = 0; i < count; ++i) column[i] = unzigzag(column[i]) + close[i];
        break;
      case Encoding::kDecimalToBefore:
        column[0] = unzigzag(column[0]) + close[0];
        for (std::size_t i = 1; i < count; ++i) column[i] = unzigzag(column[i]) + close[i - 1];
        break;
      case Encoding::kDecimalOffset:
        for (std::size_t i = 0; i < count; ++i) column[i] += header.reference;
        break;
      default:  // kBits
        std::memcpy(values.data(), column.data(), count * sizeof(double));
        return;
    }
    from_decimal(column, header.decimals, values);
  }
};

ChunkDecoder::ChunkDecoder() : state_(std::make_unique<State>()) {}
ChunkDecoder::~ChunkDecoder() = default;
ChunkDecoder::ChunkDecoder(ChunkDecoder&&) noexcept = default;

base::Result<void> ChunkDecoder::append_to(market::Series& bars, const EncodedChunk& chunk) {
  if (checksum_of(chunk) != chunk.checksum) { return base::failure(ErrorCode::kDataLoss, "checksum does not match"); }
  if (chunk.codec != kRawCodec && chunk.codec != kCodec) {
    return base::failure(ErrorCode::kUnsupported,
                         "codec " + std::to_string(chunk.codec) + " is of a newer TradeAssist; this one reads 0 and 1");
  }
  const auto damaged = [] { return base::failure(ErrorCode::kDataLoss, "payload is not a chunk"); };
  if (chunk.row_count < 1 || chunk.row_count > static_cast<std::int64_t>(kChunkRowsMax)) return damaged();
  const auto count = static_cast<std::size_t>(chunk.row_count);
  std::vector<double>* const columns[] = {nullptr, &bars.open, &bars.high, &bars.low, &bars.close, &bars.volume};
  const std::size_t before = bars.size();
  if (chunk.codec == kRawCodec) {
    const std::size_t bytes = count * sizeof(double);
    if (chunk.payload.size() != kColumns * bytes) return damaged();
    bars.resize(before + count);
    const std::byte* from = chunk.payload.data();
    std::memcpy(bars.time.data() + before, from, bytes);
    for (std::size_t column = kOpen; column < kColumns; ++column) {
      std::memcpy(columns[column]->data() + before, from += bytes, bytes);
    }
    const auto time = std::span(bars.time).subspan(before);
    if (time.front() == chunk.first_time && time.back() == chunk.last_time &&
        std::ranges::adjacent_find(time, std::greater_equal<>()) == time.end()) {
      return {};
    }
    bars.resize(before);
    return damaged();
  }

  const std::size_t body_bytes = ZSTD_decompressDCtx(state_->decompressor, state_->body.data(), state_->body.size(),
                                                     chunk.payload.data(), chunk.payload.size());
  Headers headers;
  if (ZSTD_isError(body_bytes) || body_bytes < sizeof(headers)) return damaged();
  std::memcpy(headers.data(), state_->body.data(), sizeof(headers));
  if (!State::is_sound(headers, count, body_bytes)) return damaged();

  std::array<const std::byte*, kColumns> planes;
  const std::byte* next = state_->body.data() + sizeof(headers);
  for (std::size_t column = 0; column < kColumns; ++column) {
    planes[column] = next;
    next += headers[column].width * count;
  }
  bars.resize(before + count);
  state_->get_time(headers[kTime], planes[kTime], chunk.first_time, std::span(bars.time).subspan(before));
  if (headers[kClose].encoding == Encoding::kDecimalDelta) {
    state_->get_close(headers[kClose], planes[kClose], count);
  }
  for (std::size_t column = kOpen; column < kColumns; ++column) {
    state_->get_values(headers[column], planes[column], std::span(*columns[column]).subspan(before));
  }
  if (bars.time.back() != chunk.last_time) {
    bars.resize(before);
    return damaged();
  }
  return {};
}

}  // namespace tradeassist::store
