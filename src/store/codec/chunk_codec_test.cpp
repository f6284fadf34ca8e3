#include "store/codec/chunk_codec.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "store/codec/byte_planes.hpp"
#include "store/codec/crc32c.hpp"
#include "store/codec/decimal_column.hpp"
#include "store/testing/random_bars.hpp"

namespace tradeassist::store {
namespace {

using market::Series;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::int64_t kMinute = 60 * base::kNanosecondsPerSecond;

Series minutes(std::size_t count) {
  Series bars;
  for (std::size_t i = 0; i < count; ++i) {
    const double close = 100 + static_cast<double>(i % 700) / 100;
    bars.push_back({base::time_from_nanoseconds(static_cast<std::int64_t>(i) * kMinute), close, close + 0.25,
                    close - 0.5, close, static_cast<double>(i % 97)});
  }
  return bars;
}

/// Encodes and decodes; gives the payload's size.
std::size_t expect_round_trip(const Series& bars) {
  ChunkEncoder encoder;
  ChunkDecoder decoder;
  const EncodedChunk chunk = encoder.encode(bars, 0, bars.size());
  EXPECT_EQ(chunk.first_time, bars.time.front());
  EXPECT_EQ(chunk.last_time, bars.time.back());
  Series read;
  const auto done = decoder.append_to(read, chunk);
  EXPECT_TRUE(done) << done.error().message;
  EXPECT_TRUE(same_bits(read, bars));
  return chunk.payload.size();
}

TEST(Crc32c, gives_the_published_values) {
  const std::string_view digits = "123456789";
  EXPECT_EQ(crc32c(std::as_bytes(std::span(digits))), 0xe3069283u);
  const std::array<std::byte, 32> zeros{};
  EXPECT_EQ(crc32c(zeros), 0x8a9136aau);  // RFC 3720, B.4
}

TEST(Crc32c, the_instruction_and_the_table_agree_on_every_length_and_split) {
  std::mt19937_64 random(1);
  std::vector<std::byte> bytes(100);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
  for (std::size_t length = 0; length <= bytes.size(); ++length) {
    const auto part = std::span(bytes).first(length);
    EXPECT_EQ(crc32c(part), crc32c_portable(part));
    EXPECT_EQ(crc32c(part.subspan(length / 3), crc32c(part.first(length / 3))), crc32c(part));
  }
}

TEST(BytePlanes, every_width_comes_back) {
  std::mt19937_64 random(2);
  for (int width = 0; width <= 8; ++width) {
    std::vector<std::uint64_t> values(1'001), read(values.size(), 99);
    const std::uint64_t mask = width == 0 ? 0 : ~std::uint64_t{0} >> (64 - 8 * width);
    for (auto& value : values) value = random() & mask;
    std::vector<std::byte> planes(values.size() * static_cast<std::size_t>(width));
    split_planes(values, width, planes.data());
    join_planes(planes.data(), width, read);
    EXPECT_EQ(read, values) << width;
  }
  EXPECT_EQ(bytes_needed(0), 0);
  EXPECT_EQ(bytes_needed(255), 1);
  EXPECT_EQ(bytes_needed(256), 2);
  EXPECT_EQ(bytes_needed(~std::uint64_t{0}), 8);
}

TEST(BytePlanes, zigzag_is_exact_at_the_ends_of_the_range) {
  for (const std::int64_t value :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1}, std::numeric_limits<std::int64_t>::min(),
        std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_EQ(unzigzag(zigzag(static_cast<std::uint64_t>(value))), static_cast<std::uint64_t>(value));
  }
  EXPECT_EQ(zigzag(static_cast<std::uint64_t>(-2)), 3u);
}

TEST(DecimalColumn, takes_decimals_and_only_decimals) {
  std::vector<std::uint64_t> scratch(8);
  const auto decimals = [&](std::vector<double> values) { return find_decimals(values, scratch); };
  EXPECT_EQ(decimals({1, 2, -3}), 0);
  EXPECT_EQ(decimals({101.25, 0.5}), 2);
  EXPECT_EQ(decimals({1.08345, 1}), 5);
  EXPECT_EQ(decimals({0.1 + 0.2}), std::nullopt);  // 0.30000000000000004
  EXPECT_EQ(decimals({-0.0}), std::nullopt);
  EXPECT_EQ(decimals({kNaN, 1}), std::nullopt);
  EXPECT_EQ(decimals({kInfinity}), std::nullopt);
  EXPECT_EQ(decimals({0x1p51}), 0);
  EXPECT_EQ(decimals({0x1p53}), std::nullopt);
  EXPECT_EQ(decimals({1e300}), std::nullopt);
}

TEST(DecimalColumn, gives_quotients_as_a_division_does_to_the_bit) {
  std::mt19937_64 random(7);
  std::vector<std::uint64_t> numbers(4'099);
  std::vector<double> values(numbers.size());
  for (int decimals = 0; decimals <= kDecimalsMax; ++decimals) {
    const double power = std::pow(10.0, decimals);
    for (int round = 0; round < 40; ++round) {
      for (std::uint64_t& number : numbers) {
        number = random() >> (13 + random() % 51);  // every magnitude up to 2^51
        if (random() % 2 == 0) number = 0 - number;
      }
      numbers[0] = std::uint64_t{1} << 51;
      from_decimal(numbers, decimals, values);
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        const double number = static_cast<double>(static_cast<std::int64_t>(numbers[i]));
        ASSERT_EQ(std::bit_cast<std::uint64_t>(values[i]), std::bit_cast<std::uint64_t>(number / power)) << number;
      }
    }
  }
}

TEST(ChunkCodec, ordinary_bars_take_a_few_bytes_each) {
  // Two decimals, whole volumes: 48 bytes a row in memory. The bound fails when a column falls back to raw doubles.
  EXPECT_LT(expect_round_trip(minutes(4'096)), 4'096u * 3);
}

TEST(ChunkCodec, one_row_and_every_count_near_a_vector_width_come_back) {
  for (std::size_t count = 1; count <= 40; ++count) expect_round_trip(minutes(count));
  expect_round_trip(minutes(4'095));
}

TEST(ChunkCodec, extreme_times_come_back) {
  Series bars = minutes(4);
  bars.time = {std::numeric_limits<std::int64_t>::min(), -1, 0, std::numeric_limits<std::int64_t>::max() - 1};
  expect_round_trip(bars);
  bars.time = {5, 6, 1'000'000'007, std::numeric_limits<std::int64_t>::max() - 1};
  expect_round_trip(bars);
}

TEST(ChunkCodec, special_values_keep_their_bits) {
  const double payload_nan = std::bit_cast<double>(0x7ff8'dead'beef'0001);
  const double signalling_nan = std::bit_cast<double>(0x7ff0'0000'0000'0001);
  const double specials[] = {kNaN,
                             -kNaN,
                             payload_nan,
                             signalling_nan,
                             -0.0,
                             0.0,
                             kInfinity,
                             -kInfinity,
                             std::numeric_limits<double>::max(),
                             std::numeric_limits<double>::denorm_min(),
                             -37.63,
                             0x1p51,
                             0x1p52,
                             -0x1p51,
                             0x1p53,
                             0.1 + 0.2,
                             1e22,
                             123456789.123456789};
  for (const double special : specials) {
    for (auto column : {&Series::open, &Series::high, &Series::low, &Series::close, &Series::volume}) {
      Series bars = minutes(100);
      (bars.*column)[0] = special;
      expect_round_trip(bars);
      bars = minutes(100);
      (bars.*column)[57] = special;
      expect_round_trip(bars);
      std::ranges::fill(bars.*column, special);
      expect_round_trip(bars);
    }
  }
}

TEST(ChunkCodec, random_columns_of_every_kind_come_back) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  RandomBars random(seed);
  for (int i = 0; i < 400; ++i) expect_round_trip(random.series(1 + random.below(kChunkRowsMax)));
}

TEST(ChunkCodec, a_part_of_a_series_is_encoded_and_put_behind_what_is_there) {
  const Series bars = minutes(300);
  ChunkEncoder encoder;
  ChunkDecoder decoder;
  Series read;
  ASSERT_TRUE(decoder.append_to(read, encoder.encode(bars, 10, 90)));
  ASSERT_TRUE(decoder.append_to(read, encoder.encode(bars, 100, 200)));
  EXPECT_TRUE(same_bits(read, bars.slice(10, 290)));
}

TEST(ChunkCodec, any_damaged_byte_is_found_and_leaves_the_series_as_it_was) {
  ChunkEncoder encoder;
  ChunkDecoder decoder;
  const EncodedChunk chunk = encoder.encode(minutes(500), 0, 500);
  std::vector<std::byte> payload(chunk.payload.begin(), chunk.payload.end());
  Series read = minutes(3);
  const auto expect_loss = [&](const EncodedChunk& damaged) {
    const auto done = decoder.append_to(read, damaged);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, base::ErrorCode::kDataLoss);
    EXPECT_EQ(read.size(), 3u);
  };
  EncodedChunk damaged = chunk;
  damaged.payload = payload;
  for (std::byte& byte : payload) {
    byte ^= std::byte{0x10};
    expect_loss(damaged);
    byte ^= std::byte{0x10};
  }
  damaged.payload = std::span(payload).first(payload.size() - 1);
  expect_loss(damaged);
  for (auto column : {&EncodedChunk::first_time, &EncodedChunk::last_time, &EncodedChunk::row_count}) {
    damaged = chunk;
    ++(damaged.*column);
    expect_loss(damaged);
  }
}

/// A chunk around any bytes with a right checksum, as a hostile file would have it.
EncodedChunk forged(std::span<const std::byte> payload, std::int64_t rows, std::int64_t codec) {
  EncodedChunk chunk{.first_time = 0, .last_time = 1, .row_count = rows, .codec = codec, .payload = payload};
  const std::array<std::int64_t, 4> columns{codec, 0, 1, rows};
  chunk.checksum = crc32c(payload, crc32c(std::as_bytes(std::span(columns))));
  return chunk;
}

TEST(ChunkCodec, bytes_that_are_no_chunk_are_refused_even_with_a_right_checksum) {
  ChunkDecoder decoder;
  Series read;
  const std::vector<std::byte> junk(100, std::byte{7});
  for (const std::int64_t rows : {-1, 0, 1, 5, 4'096, 4'097}) {
    EXPECT_EQ(decoder.append_to(read, forged(junk, rows, 1)).error().code, base::ErrorCode::kDataLoss);
    EXPECT_EQ(decoder.append_to(read, forged({}, rows, 1)).error().code, base::ErrorCode::kDataLoss);
  }
  // A real payload with another number of rows.
  ChunkEncoder encoder;
  const auto payload = encoder.encode(minutes(64), 0, 64).payload;
  for (const std::int64_t rows : {1, 63, 65, 4'096}) {
    EXPECT_EQ(decoder.append_to(read, forged(payload, rows, 1)).error().code, base::ErrorCode::kDataLoss);
  }
  EXPECT_TRUE(read.empty());
}

TEST(ChunkCodec, a_newer_codec_is_unsupported_not_damaged) {
  ChunkDecoder decoder;
  Series read;
  const auto refused = decoder.append_to(read, forged({}, 1, 99));
  EXPECT_EQ(refused.error().code, base::ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace tradeassist::store
