#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>
#include <random>
#include <thread>

#include "store/codec/tick_codec.hpp"
#include "store/market_store.hpp"
#include "store/testing/child_process.hpp"
#include "store/testing/test_database.hpp"
#include "store/testing/ticks_model.hpp"

namespace tradeassist::store {
namespace {

using market::TickSeries;

base::Time at(std::int64_t nanoseconds) { return base::time_from_nanoseconds(nanoseconds); }

/// A store with one empty series of ticks, and an open import into it.
class TickStore : public testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override {
    open();
    ASSERT_TRUE(store_->put_instrument({.symbol = "GC"}));
    series_ = store_->ensure_series({"GC", market::kTickTimeframe, "csv"}).value();
    import_ = store_->begin_import(series_, "csv", "gc.csv").value();
  }

  void open() {
    store_.reset();
    auto opened = MarketStore::open(database_.address());
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }

  AppendResult append(const TickSeries& ticks) {
    const auto appended = store_->append_ticks(series_, ticks, import_);
    EXPECT_TRUE(appended) << appended.error().message;
    return appended.value_or(AppendResult{-1, -1, -1});
  }

  TickSeries read_all() {
    auto ticks = store_->read_ticks(series_, base::Time::min(), base::Time::max());
    EXPECT_TRUE(ticks) << ticks.error().message;
    return ticks.value_or(TickSeries{});
  }

  std::unique_ptr<Connection> raw() { return open_connection(database_.address()).value(); }
  std::int64_t number(std::string_view sql) { return raw()->query_integer(sql).value(); }

  void expect_sound() {
    EXPECT_EQ(number("SELECT count(*) FROM tick_chunk AS a JOIN tick_chunk AS b ON a.series_id = b.series_id AND "
                     "a.first_time < b.first_time AND a.last_time > b.first_time"),
              0)
        << "chunks overlap";
    EXPECT_EQ(number("SELECT count(*) FROM tick_chunk AS a JOIN tick_chunk AS b ON a.series_id = b.series_id AND "
                     "a.last_time = b.first_time AND a.first_time < b.first_time"),
              0)
        << "an instant does not begin with its chunk, and is divided";
    EXPECT_EQ(number("SELECT count(*) FROM tick_chunk WHERE ordinal % 8192 <> 0"), 0);
    EXPECT_EQ(number("SELECT count(*) FROM tick_chunk JOIN partition ON partition.id = partition_id WHERE "
                     "tick_chunk.first_time < partition.first_time OR tick_chunk.last_time > partition.last_time "
                     "OR kind <> 'tick'"),
              0)
        << "a chunk crosses its partition";
    EXPECT_EQ(number("SELECT count(*) FROM series WHERE tail_rows <> (SELECT count(*) FROM tick_tail WHERE "
                     "series_id = series.id)"),
              0)
        << "tail_rows is wrong";
  }

  /// One tick each millisecond, `each` of them at every tenth.
  static TickSeries milliseconds(std::int64_t first, std::size_t count, std::size_t each = 3) {
    TickSeries ticks;
    for (std::size_t i = 0; i < count; ++i) {
      const std::int64_t time = 1'577'836'800'000 + first + static_cast<std::int64_t>(i);
      for (std::size_t k = 0; k < (time % 10 == 0 ? each : 1); ++k) {
        ticks.push_back({.time = at(time * 1'000'000), .price = 100 + static_cast<double>(k), .size = 1});
      }
    }
    return ticks;
  }

  TestDatabase database_{GetParam()};
  std::unique_ptr<MarketStore> store_;
  std::int64_t series_ = 0, import_ = 0;
};

INSTANTIATE_ON_BOTH_DATABASES(TickStore);

TEST_P(TickStore, repeating_an_import_changes_nothing) {
  const TickSeries ticks = milliseconds(0, 20'000);
  EXPECT_EQ(append(ticks), (AppendResult{.inserted = 24'000}));
  EXPECT_EQ(append(ticks), (AppendResult{.unchanged = 24'000}));
  EXPECT_EQ(append(ticks.slice(1'000, 50)), (AppendResult{.unchanged = 50}));
  EXPECT_TRUE(same_bits(read_all(), ticks));
  EXPECT_EQ(store_->series(series_)->row_count, 24'000);
  EXPECT_EQ(store_->series(series_)->key.timeframe, market::kTickTimeframe);
  expect_sound();
}

TEST_P(TickStore, an_append_replaces_all_ticks_of_its_instants) {
  append(milliseconds(0, 20));
  TickSeries one;  // the tenth millisecond had three trades, and has one
  one.push_back({.time = at(1'577'836'800'010 * 1'000'000), .price = 100, .size = 1});
  EXPECT_EQ(append(one), (AppendResult{.corrected = 2, .unchanged = 1}));
  EXPECT_EQ(read_all().rows(), 22u);
  EXPECT_EQ(store_->series(series_)->row_count, 22);
  one.push_back({.time = at(1'577'836'800'010 * 1'000'000), .price = 105, .size = 1});
  EXPECT_EQ(append(one), (AppendResult{.inserted = 1, .unchanged = 1}));
  EXPECT_EQ(store_->series(series_)->corrections, 2);
}

TEST_P(TickStore, an_instant_larger_than_a_chunk_goes_on_in_the_next) {
  TickSeries ticks = milliseconds(0, 100);
  const TickSeries burst = milliseconds(200, 1, 20'000);  // 200 is a tenth
  ticks.append(burst, 0, burst.rows());
  const TickSeries rest = milliseconds(201, 100);
  ticks.append(rest, 0, rest.rows());
  append(ticks);
  EXPECT_TRUE(same_bits(read_all(), ticks));
  EXPECT_EQ(number("SELECT count(*) FROM tick_chunk WHERE first_time = 1577836800200000000"), 3);
  EXPECT_EQ(number("SELECT max(ordinal) FROM tick_chunk"), 16'384);
  expect_sound();
  EXPECT_EQ(append(burst), (AppendResult{.unchanged = 20'000}));
  EXPECT_EQ(append(milliseconds(200, 1, 3)), (AppendResult{.corrected = 19'997, .unchanged = 3}));
  append(milliseconds(1'000, 2'000));  // seals
  EXPECT_EQ(number("SELECT max(ordinal) FROM tick_chunk"), 0);
  expect_sound();
}

TEST_P(TickStore, what_is_no_series_of_ticks_is_refused) {
  const std::int64_t bars = store_->ensure_series({"GC", {market::Timeframe::Unit::kMinute, 1}, "csv"}).value();
  const auto refused = store_->append_ticks(bars, milliseconds(0, 1), import_);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("holds bars of 1m, not ticks"), std::string::npos);
  TickSeries wrong = milliseconds(0, 2);
  std::ranges::reverse(wrong.time);
  EXPECT_EQ(store_->append_ticks(series_, wrong, import_).error().code, base::ErrorCode::kInvalidArgument);
  EXPECT_EQ(store_->read_ticks(99, base::Time::min(), base::Time::max()).error().code, base::ErrorCode::kNotFound);
  append(milliseconds(0, 100));
  EXPECT_EQ(store_->read_ticks(series_, base::Time::min(), base::Time::max(), {.rows_max = 10}).has_value(), true)
      << "ticks of the tail are few";
}

TEST_P(TickStore, a_damaged_chunk_is_named_and_the_others_are_read) {
  const TickSeries ticks = milliseconds(0, 40'000, 1);
  append(ticks);
  const std::int64_t start = number("SELECT first_time FROM tick_chunk ORDER BY first_time LIMIT 1 OFFSET 1");
  const std::vector<std::byte> junk(10, std::byte{1});
  ASSERT_TRUE(raw()->run("UPDATE tick_chunk SET payload = $2 WHERE first_time = $1", {start, std::span(junk)}));
  const auto refused = store_->read_ticks(series_, base::Time::min(), base::Time::max());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::kDataLoss);
  EXPECT_NE(refused.error().message.find("the 8192 ticks from "), std::string::npos) << refused.error().message;
  EXPECT_TRUE(
      same_bits(store_->read_ticks(series_, base::Time::min(), at(start)).value(), ticks.slice(0, kTickChunkRowsMax)));
}

TEST_P(TickStore, a_month_of_ticks_is_a_partition_that_can_be_sealed) {
  append(milliseconds(0, 100));
  const auto partitions = store_->list_partitions().value();
  EXPECT_TRUE(partitions.empty());  // all in the tail
  const PartitionRange january = partition_of(PartitionKind::kTick, 1'577'836'800'000'000'000);
  EXPECT_EQ(store_->seal_partition(PartitionKind::kTick, january)->row_count, 120);
  EXPECT_EQ(store_->list_partitions()->front().name(), "2020-01");
  EXPECT_TRUE(same_bits(read_all(), milliseconds(0, 100)));
  expect_sound();
}

TEST_P(TickStore, any_appends_read_back_like_a_map_bit_for_bit) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  RandomTicks random(seed);
  for (int round = 0; round < 6; ++round) {
    series_ = store_->ensure_series({"GC", market::kTickTimeframe, "round " + std::to_string(round)}).value();
    import_ = store_->begin_import(series_, "random", "").value();
    // From crowded, where everything overlaps, to sparse over months.
    const std::uint64_t grid = 1'000u << round;
    TicksModel model;
    TickSeries before;
    for (int step = 0; step < 40; ++step) {
      const bool again = random.one_in(8) && !before.empty();
      const TickSeries batch = again ? before : random_tick_batch(random, grid);
      ASSERT_EQ(append(batch), model.append(batch)) << "round " << round << " step " << step;
      before = batch;
      const TickSeries all = model.all();
      const auto any_time = [&] {
        return all.time[random.below(all.rows())] + static_cast<std::int64_t>(random.below(3)) - 1;
      };
      const auto [from, to] = std::minmax({any_time(), any_time()});
      const auto part = store_->read_ticks(series_, at(from), at(to));
      ASSERT_TRUE(part) << part.error().message;
      ASSERT_TRUE(same_bits(*part, model.range(from, to))) << "round " << round << " step " << step;
      if (random.one_in(20)) open();
    }
    ASSERT_TRUE(same_bits(read_all(), model.all()));
    EXPECT_EQ(store_->series(series_)->row_count, static_cast<std::int64_t>(model.all().rows()));
    EXPECT_EQ(store_->series(series_)->corrections, model.corrections());
  }
  expect_sound();
}

TEST_P(TickStore, imports_and_live_appends_side_by_side_lose_nothing) {
  // Each thread has its own instants; they lie between each other's. Two import, two append as ticks come.
  constexpr int kThreads = 4;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([this, thread] {
      const auto import_id = store_->begin_import(series_, "thread", "").value();
      const bool live = thread % 2 == 0;
      const int batches = live ? 60 : 4;
      const std::int64_t rows = live ? 20 : 3'000;
      for (int batch = 0; batch < batches; ++batch) {
        TickSeries ticks;
        for (std::int64_t i = 0; i < rows; ++i) {
          const std::int64_t instant = (batch * rows + i) * kThreads + thread;
          for (int k = 0; k < 2; ++k) {
            ticks.push_back({.time = at(1'577'836'800'000'000'000 + instant * 1'000'000),
                             .price = static_cast<double>(instant),
                             .size = static_cast<double>(k)});
          }
        }
        const auto appended = store_->append_ticks(series_, ticks, import_id);
        ASSERT_TRUE(appended) << appended.error().message;
        ASSERT_EQ(*appended, (AppendResult{.inserted = 2 * rows}));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const TickSeries all = read_all();
  ASSERT_EQ(all.rows(), 2u * (2 * 60 * 20 + 2 * 4 * 3'000));
  for (std::size_t i = 0; i < all.rows(); ++i) ASSERT_EQ(all.size[i], static_cast<double>(i % 2)) << i;
  expect_sound();
}

/// The same batch for the same number, in the child and in the test.
TickSeries numbered_batch(std::uint64_t seed, std::uint64_t number) {
  RandomTicks random(seed * 1'000'003 + number);
  return random_tick_batch(random, 4'000);
}

TEST_P(TickStore, killed_at_any_moment_it_has_every_acknowledged_append_and_no_part_of_another) {
  constexpr int kRounds = 25;
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  TicksModel model;
  std::uint64_t next = 0;
  int rounds_with_work = 0;
  for (int round = 0; round < kRounds; ++round) {
    store_.reset();
    const std::uint64_t first = next;
    {
      ChildProcess child([&](int write_end) {
        auto opened = MarketStore::open(database_.address());
        if (!opened) return;
        for (std::uint64_t batch = first;; ++batch) {
          if (!(*opened)->append_ticks(series_, numbered_batch(seed, batch), import_)) return;
          if (::write(write_end, &batch, sizeof batch) != sizeof batch) return;
        }
      });
      if (round % 5 != 0) child.wait_for_output();
      std::this_thread::sleep_for(std::chrono::microseconds(random() % 40'000));
      child.kill_and_wait();
      const std::string acknowledged = child.read_all();
      for (std::size_t offset = 0; offset + sizeof next <= acknowledged.size(); offset += sizeof next) {
        std::uint64_t number = 0;
        std::memcpy(&number, acknowledged.data() + offset, sizeof number);
        ASSERT_EQ(number, next);
        model.append(numbered_batch(seed, next++));
      }
    }
    rounds_with_work += next > first;
    open();
    if (GetParam() == Dialect::kPostgres) {  // the server may still be at what the killed process sent last
      const auto connection = raw();
      auto transaction = Transaction::begin(*connection, Transaction::Kind::kWrite);
      ASSERT_TRUE(connection->query("SELECT id FROM series WHERE id = $1 FOR UPDATE", {series_}));
    }
    if (!same_bits(read_all(), model.all())) {
      // Killed between commit and acknowledgement: then the whole batch is there, not a part.
      model.append(numbered_batch(seed, next++));
      ASSERT_TRUE(same_bits(read_all(), model.all())) << "round " << round;
    }
    EXPECT_EQ(store_->series(series_)->row_count, static_cast<std::int64_t>(model.all().rows()));
  }
  EXPECT_GE(rounds_with_work, kRounds * 3 / 5);
  expect_sound();
}

}  // namespace
}  // namespace tradeassist::store
