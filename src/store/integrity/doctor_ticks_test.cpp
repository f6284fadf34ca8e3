#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>
#include <random>

#include "store/bars/chunk_rows.hpp"
#include "store/codec/tick_codec.hpp"
#include "store/testing/doctor_fixture.hpp"
#include "store/testing/ticks_model.hpp"
#include "store/ticks/tick_rows.hpp"

namespace tradeassist::store {
namespace {

using market::TickSeries;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t kSecond = base::kNanosecondsPerSecond;
constexpr std::int64_t kStart = 1'577'836'800 * kSecond;  // 2020-01-01
constexpr std::size_t kChunk = kTickChunkRowsMax;

/// GC has three chunks of ticks a second apart and ten ticks in its tail, one of them in place of one in a chunk; SI
/// has one chunk.
class DoctorOfTicks : public DoctorOnBoth {
 protected:
  void SetUp() override {
    DoctorOnBoth::SetUp();
    ASSERT_TRUE(store_->finish_import(import_));
    ASSERT_TRUE(store_->delete_series(series_));
    gold_ = make("GC", seconds(0, 3 * kChunk));
    TickSeries tail = seconds(5, 1);
    tail.price[0] += 1;
    tail.append(seconds(3 * kChunk, 9), 0, 9);
    append(gold_, tail);
    silver_ = make("SI", seconds(0, kChunk));
    gold_ticks_ = ticks_of(gold_);
    ASSERT_EQ(number("SELECT count(*) FROM tick_chunk"), 4);
    ASSERT_EQ(number("SELECT count(*) FROM tick_tail"), 10);
  }

  static TickSeries seconds(std::size_t first, std::size_t count) {
    TickSeries ticks;
    for (std::size_t i = first; i < first + count; ++i) {
      ticks.push_back({.time = base::time_from_nanoseconds(kStart + static_cast<std::int64_t>(i) * kSecond),
                       .price = 100 + static_cast<double>(i % 977) / 4,
                       .size = static_cast<double>(1 + i % 5)});
    }
    return ticks;
  }

  std::int64_t make(const std::string& symbol, const TickSeries& ticks) {
    EXPECT_TRUE(store_->put_instrument({.symbol = symbol}));
    const auto id = store_->ensure_series({symbol, market::kTickTimeframe, "csv"}).value();
    append(id, ticks);
    return id;
  }

  void append(std::int64_t id, const TickSeries& ticks) {
    const auto import = store_->begin_import(id, "csv", "x.csv").value();
    const auto stored = store_->append_ticks(id, ticks, import);
    ASSERT_TRUE(stored) << stored.error().message;
    ASSERT_TRUE(store_->finish_import(import));
  }

  TickSeries ticks_of(std::int64_t id) {
    auto ticks = store_->read_ticks(id, base::Time::min(), base::Time::max());
    EXPECT_TRUE(ticks) << ticks.error().message;
    return ticks.value_or(TickSeries{});
  }

  void damage_second_chunk() {
    sql(fmt::format("UPDATE tick_chunk SET checksum = checksum + 1 WHERE series_id = {} AND first_time = {}", gold_,
                    kStart + static_cast<std::int64_t>(kChunk) * kSecond));
  }

  /// All of gold but what the second chunk held.
  TickSeries without_second_chunk() const {
    TickSeries rest = gold_ticks_.slice(0, kChunk);
    rest.append(gold_ticks_, 2 * kChunk, gold_ticks_.rows() - 2 * kChunk);
    return rest;
  }

  std::int64_t gold_ = 0, silver_ = 0;
  TickSeries gold_ticks_;
};

INSTANTIATE_ON_BOTH_DATABASES(DoctorOfTicks);

TEST_P(DoctorOfTicks, finds_nothing_where_nothing_is_wrong_and_counts_each_tick_once) {
  EXPECT_THAT(findings(), ElementsAre());
  const Examination examined = examination();
  EXPECT_EQ(examined.chunks, 4);
  EXPECT_EQ(examined.bars, static_cast<std::int64_t>(4 * kChunk + 9));
  EXPECT_EQ(store_->series(gold_)->row_count, static_cast<std::int64_t>(3 * kChunk + 9));
}

TEST_P(DoctorOfTicks, a_damaged_chunk_costs_its_own_ticks_and_can_be_imported_again) {
  damage_second_chunk();
  EXPECT_THAT(findings(), ElementsAre(AllOf(HasSubstr("GC tick csv, 2020-01-01T02:16:32Z to 2020-01-01T04:33:03Z: "
                                                      "8192 ticks cannot be read: "),
                                            HasSubstr("--discard-damaged"), HasSubstr("other ticks are whole"))));
  const auto second = base::time_from_nanoseconds(kStart + static_cast<std::int64_t>(kChunk) * kSecond);
  const auto before = store_->read_ticks(gold_, base::Time::min(), second);
  ASSERT_TRUE(before) << before.error().message;
  EXPECT_TRUE(same_bits(*before, gold_ticks_.slice(0, kChunk)));
  EXPECT_EQ(store_->read_ticks(gold_, second, base::Time::max()).error().code, base::ErrorCode::kDataLoss);

  EXPECT_THAT(repaired(), ElementsAre(HasSubstr("damaged chunks were left")));
  EXPECT_EQ(examination().broken, 1);
  EXPECT_THAT(repaired({.discard_damaged = true}),
              ElementsAre(HasSubstr("GC tick csv: 8192 ticks from 2020-01-01T02:16:32Z")));
  EXPECT_THAT(findings(), ElementsAre());
  EXPECT_TRUE(same_bits(ticks_of(gold_), without_second_chunk()));
  EXPECT_TRUE(same_bits(ticks_of(silver_), seconds(0, kChunk)));
  EXPECT_EQ(store_->series(gold_)->row_count, static_cast<std::int64_t>(2 * kChunk + 9));
  EXPECT_EQ(number("SELECT count(*) FROM history WHERE action = 'data_discarded'"), 1);
  append(gold_, seconds(kChunk, kChunk));
  EXPECT_TRUE(same_bits(ticks_of(gold_), gold_ticks_));
  EXPECT_THAT(findings(), ElementsAre());
}

TEST_P(DoctorOfTicks, the_store_discards_damage_and_keeps_the_tail_over_it) {
  damage_second_chunk();
  // In the middle of what is damaged, and stored in the tail without reading it: the reader would not get there.
  sql(fmt::format(
      "INSERT INTO tick_tail (series_id, time, ordinal, price, size, bid, ask, exact) SELECT {0}, {1}, 0, 7, "
      "8, 9, 10, NULL; UPDATE series SET tail_rows = tail_rows + 1 WHERE id = {0}",
      gold_, kStart + static_cast<std::int64_t>(kChunk + 100) * kSecond));
  const auto discarded = store_->discard_damaged(gold_);
  ASSERT_TRUE(discarded) << discarded.error().message;
  ASSERT_EQ(discarded->size(), 1u);
  EXPECT_EQ(discarded->front().row_count, static_cast<std::int64_t>(kChunk));
  const TickSeries left = ticks_of(gold_);
  ASSERT_EQ(left.rows(), 2 * kChunk + 10);
  EXPECT_EQ(left.price[kChunk], 7);
  EXPECT_EQ(left.ask[kChunk], 10);
  EXPECT_EQ(store_->series(gold_)->row_count, static_cast<std::int64_t>(2 * kChunk + 10));
  EXPECT_THAT(findings(), ElementsAre());
  EXPECT_EQ(store_->discard_damaged(gold_)->size(), 0u);
}

TEST_P(DoctorOfTicks, what_is_left_of_a_divided_instant_is_read_and_replaced_as_before) {
  TickSeries instant;
  for (std::size_t i = 0; i < 3 * kChunk; ++i) {
    instant.push_back({.time = base::time_from_nanoseconds(kStart), .price = static_cast<double>(i), .size = 1});
  }
  TickSeries after = seconds(1, 100);
  TickSeries all = instant;
  all.append(after, 0, after.rows());
  const auto id = make("PL", all);
  sql(
      fmt::format("UPDATE tick_chunk SET checksum = checksum + 1 WHERE series_id = {} AND first_time = {} AND ordinal "
                  "IN (0, {})",
                  id, kStart, 2 * kChunk));
  EXPECT_EQ(findings().size(), 2u);
  EXPECT_EQ(repaired({.discard_damaged = true}).size(), 2u);
  EXPECT_THAT(findings(), ElementsAre());
  EXPECT_EQ(number(fmt::format("SELECT min(ordinal) FROM tick_chunk WHERE series_id = {}", id)), 0);
  TickSeries left = instant.slice(kChunk, kChunk);
  left.append(after, 0, after.rows());
  EXPECT_TRUE(same_bits(ticks_of(id), left));
  append(id, instant);
  EXPECT_TRUE(same_bits(ticks_of(id), all));
  EXPECT_THAT(findings(), ElementsAre());
}

TEST_P(DoctorOfTicks, wrong_counts_and_partitions_are_put_right) {
  sql(fmt::format("UPDATE series SET row_count = 5, tail_rows = 3, first_time = NULL WHERE id = {}", gold_));
  sql(fmt::format(
      "INSERT INTO partition (id, kind, first_time, last_time, created_at) VALUES (900, 'tick', -9, -1, 0); "
      "UPDATE tick_chunk SET partition_id = 900 WHERE series_id = {}",
      silver_));
  EXPECT_THAT(findings(), ElementsAre(HasSubstr("says 3 ticks in the tail, and there are 10"),
                                      HasSubstr("says 5 ticks, and there are 24585"),
                                      HasSubstr("the first tick is none, and it is 2020-01-01T00:00:00Z"),
                                      HasSubstr("listed in partition 1969-12, and belongs to partition 2020-01")));
  EXPECT_THAT(repaired(), ElementsAre("GC tick csv: counted again",
                                      "SI tick csv: 1 chunks listed in the partitions of their times"));
  EXPECT_THAT(findings(), ElementsAre());
  EXPECT_TRUE(same_bits(ticks_of(gold_), gold_ticks_));
  EXPECT_EQ(store_->series(gold_)->row_count, static_cast<std::int64_t>(gold_ticks_.rows()));
}

/// Random ticks, corrections that lie in the tail, and damage: what is left is what the other chunks and the tail hold.
TEST_P(DoctorOfTicks, random_damage_costs_exactly_the_ticks_of_its_chunks) {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    std::mt19937 random(seed);
    TickSeries ticks;
    std::int64_t time = kStart + static_cast<std::int64_t>(seed) * 40 * 86'400 * kSecond;  // some cross a month's end
    const std::size_t rows = 20'000 + random() % 30'000;
    while (ticks.rows() < rows) {
      time += static_cast<std::int64_t>(random() % 90) * kSecond;
      const std::size_t together = random() % 2'000 == 0 ? 1 + random() % 12'000 : 1 + random() % 3;
      for (std::size_t i = 0; i < together; ++i) {
        ticks.push_back({.time = base::time_from_nanoseconds(time),
                         .price = static_cast<double>(random() % 1'000) / 4,
                         .size = 1,
                         .bid = seed % 2 == 0 ? static_cast<double>(random() % 9) : market::kNotKnown});
      }
    }
    const std::string symbol = "R" + std::to_string(seed);
    const auto id = make(symbol, ticks);
    // Sealed again by nothing before the damage: fewer than go into chunks at once.
    TickSeries corrections;
    for (std::size_t row = random() % 500; row < ticks.rows(); row += 1'000 + random() % 3'000) {
      if (!corrections.empty() && corrections.time.back() >= ticks.time[row]) continue;
      corrections.push_back({.time = base::time_from_nanoseconds(ticks.time[row]), .price = -1, .size = 2});
    }
    append(id, corrections);

    std::map<std::int64_t, std::vector<market::Tick>> expected;  // by instant
    {
      const auto connection = raw();
      struct Found {
        std::int64_t first_time, ordinal;
      };
      const auto chunks =
          connection
              ->query_all("SELECT first_time, ordinal FROM tick_chunk WHERE series_id = $1 ORDER BY 1, 2", {id},
                          [](const Row& row) { return Found{row.integer(0), row.integer(1)}; })
              .value();
      ASSERT_GT(chunks.size(), 2u);
      TickDecoder decoder;
      for (const Found& chunk : chunks) {
        const Parameters exactly{id, chunk.first_time, chunk.ordinal};
        if (random() % 3 == 0) {
          ASSERT_TRUE(
              connection->run("UPDATE tick_chunk SET checksum = checksum + 1 WHERE series_id = $1 AND "
                              "first_time = $2 AND ordinal = $3",
                              exactly));
          continue;
        }
        TickSeries held;
        auto rows_of = connection->query(
            std::string(kSelectTickChunk) + "WHERE series_id = $1 AND first_time = $2 AND ordinal = $3", exactly);
        ASSERT_TRUE(rows_of && rows_of->next().value());
        ASSERT_TRUE(decoder.append_to(held, chunk_of(**rows_of)));
        for (std::size_t i = 0; i < held.rows(); ++i) expected[held.time[i]].push_back(held.tick(i));
      }
    }
    for (std::size_t i = 0; i < corrections.rows(); ++i) expected[corrections.time[i]] = {corrections.tick(i)};
    TickSeries left;
    for (const auto& [instant, all] : expected) {
      for (const market::Tick& tick : all) left.push_back(tick);
    }

    const Examination examined = examination();
    EXPECT_EQ(examined.to_discard.contains(id), examined.broken > 0) << seed;
    repaired({.discard_damaged = true});
    EXPECT_TRUE(same_bits(ticks_of(id), left)) << seed;
    EXPECT_EQ(store_->series(id)->row_count, static_cast<std::int64_t>(left.rows())) << seed;
    EXPECT_THAT(findings(), ElementsAre()) << seed;
    append(id, ticks);
    append(id, corrections);
    EXPECT_EQ(store_->series(id)->row_count, static_cast<std::int64_t>(ticks_of(id).rows())) << seed;
  }
}

}  // namespace
}  // namespace tradeassist::store
