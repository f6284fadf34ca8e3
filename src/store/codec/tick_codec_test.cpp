#include "store/codec/tick_codec.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "store/testing/random_ticks.hpp"

namespace tradeassist::store {
namespace {

using market::TickSeries;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::int64_t kMillisecond = 1'000'000;

/// Trades of a future: milliseconds, several in one, prices that walk in tenths.
TickSeries trades(std::size_t count, bool with_quotes = false) {
  std::mt19937_64 random(7);
  TickSeries ticks;
  std::int64_t time = 1'381'104'000'000 * kMillisecond, price = 13'137;
  for (std::size_t i = 0; i < count; ++i) {
    if (random() % 2 == 0) time += static_cast<std::int64_t>(random() % 4'000) * kMillisecond;
    price += static_cast<std::int64_t>(random() % 3) - 1;
    market::Tick tick{.time = base::time_from_nanoseconds(time),
                      .price = static_cast<double>(price) / 10,
                      .size = static_cast<double>(1 + random() % 5)};
    if (with_quotes) {
      tick.bid = static_cast<double>(price - 1) / 10;
      tick.ask = static_cast<double>(price + static_cast<std::int64_t>(random() % 2)) / 10;
    }
    ticks.push_back(tick);
  }
  return ticks;
}

/// Encodes and decodes; gives the payload's size.
std::size_t expect_round_trip(const TickSeries& ticks) {
  TickEncoder encoder;
  TickDecoder decoder;
  const EncodedChunk chunk = encoder.encode(ticks, 0, ticks.rows());
  EXPECT_EQ(chunk.first_time, ticks.time.front());
  EXPECT_EQ(chunk.last_time, ticks.time.back());
  TickSeries read;
  const auto done = decoder.append_to(read, chunk);
  EXPECT_TRUE(done) << done.error().message;
  EXPECT_TRUE(same_bits(read, ticks));
  return chunk.payload.size();
}

TEST(TickCodec, ordinary_trades_take_a_few_bytes_each_with_their_quotes) {
  // 24 and 40 bytes a row in memory. The bounds fail when a column falls back to raw doubles.
  EXPECT_LT(expect_round_trip(trades(kTickChunkRowsMax)), kTickChunkRowsMax * 3);
  EXPECT_LT(expect_round_trip(trades(kTickChunkRowsMax, true)), kTickChunkRowsMax * 4);
}

TEST(TickCodec, absent_quotes_stay_absent) {
  TickEncoder encoder;
  TickDecoder decoder;
  TickSeries read;
  ASSERT_TRUE(decoder.append_to(read, encoder.encode(trades(100), 0, 100)));
  EXPECT_TRUE(read.bid.empty() && read.ask.empty());
  ASSERT_TRUE(decoder.append_to(read, encoder.encode(trades(100, true), 0, 100)));
  EXPECT_EQ(read.bid.size(), 200u);
  EXPECT_TRUE(std::isnan(read.bid[99]));
  EXPECT_EQ(read.bid[100], trades(1, true).bid[0]);
}

TEST(TickCodec, one_row_and_every_count_near_a_vector_width_come_back) {
  for (std::size_t count = 1; count <= 40; ++count) expect_round_trip(trades(count, count % 2 == 0));
}

TEST(TickCodec, equal_and_extreme_times_come_back) {
  TickSeries ticks = trades(4);
  ticks.time = {std::numeric_limits<std::int64_t>::min(), -1, -1, std::numeric_limits<std::int64_t>::max()};
  expect_round_trip(ticks);
  ticks.time.assign(4, 17);
  expect_round_trip(ticks);
}

TEST(TickCodec, special_values_keep_their_bits) {
  const double specials[] = {kNaN,
                             -kNaN,
                             std::bit_cast<double>(0x7ff8'dead'beef'0001),
                             std::bit_cast<double>(0x7ff0'0000'0000'0001),
                             -0.0,
                             kInfinity,
                             -kInfinity,
                             std::numeric_limits<double>::denorm_min(),
                             -37.63,
                             0x1p52,
                             0.1 + 0.2};
  for (const double special : specials) {
    for (auto column : {&TickSeries::price, &TickSeries::size, &TickSeries::bid, &TickSeries::ask}) {
      for (const std::size_t row : {0, 57}) {
        TickSeries ticks = trades(100, true);
        (ticks.*column)[row] = special;
        expect_round_trip(ticks);
      }
      TickSeries ticks = trades(100, true);
      std::ranges::fill(ticks.*column, special);
      expect_round_trip(ticks);
    }
  }
}

TEST(TickCodec, random_columns_of_every_kind_come_back) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  RandomTicks random(seed);
  for (int i = 0; i < 300; ++i) expect_round_trip(random.series(1 + random.below(kTickChunkRowsMax)));
}

TEST(TickCodec, any_damaged_byte_is_found_and_leaves_the_ticks_as_they_were) {
  TickEncoder encoder;
  TickDecoder decoder;
  const EncodedChunk chunk = encoder.encode(trades(500, true), 0, 500);
  std::vector<std::byte> payload(chunk.payload.begin(), chunk.payload.end());
  TickSeries read = trades(3);
  const auto expect_loss = [&](const EncodedChunk& damaged) {
    const auto done = decoder.append_to(read, damaged);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, base::ErrorCode::kDataLoss);
    EXPECT_TRUE(same_bits(read, trades(3)));
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

TEST(TickCodec, bytes_that_are_no_chunk_are_refused_even_with_a_right_checksum) {
  TickEncoder encoder;
  TickDecoder decoder;
  TickSeries read;
  const EncodedChunk chunk = encoder.encode(trades(64), 0, 64);
  for (const std::int64_t rows : {-1, 0, 1, 63, 65, 8'192, 8'193}) {
    EncodedChunk forged = chunk;
    forged.row_count = rows;
    forged.checksum = checksum_of(forged);
    EXPECT_EQ(decoder.append_to(read, forged).error().code, base::ErrorCode::kDataLoss) << rows;
  }
  EncodedChunk forged = chunk;  // times that do not end where they should
  ++forged.last_time;
  forged.checksum = checksum_of(forged);
  EXPECT_EQ(decoder.append_to(read, forged).error().code, base::ErrorCode::kDataLoss);
  const std::vector<std::byte> junk(100, std::byte{7});
  forged.payload = junk;
  forged.checksum = checksum_of(forged);
  EXPECT_EQ(decoder.append_to(read, forged).error().code, base::ErrorCode::kDataLoss);
  forged.codec = 2;
  forged.checksum = checksum_of(forged);
  EXPECT_EQ(decoder.append_to(read, forged).error().code, base::ErrorCode::kUnsupported);
  EXPECT_TRUE(read.empty());
}

}  // namespace
}  // namespace tradeassist::store
