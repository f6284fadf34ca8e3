#include "store/market_store.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <thread>

#include "store/bars/chunk_rows.hpp"
#include "store/partitions/partition.hpp"
#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;
using base::parse_time;
using market::Instrument;
using market::Series;
using market::Timeframe;

std::int64_t nanoseconds(std::string_view text) { return base::to_nanoseconds(parse_time(text).value()); }

class Store : public MarketStoreOnBoth {};
INSTANTIATE_ON_BOTH_DATABASES(Store);

TEST_P(Store, an_instrument_comes_back_as_it_was_put_and_is_updated_by_its_symbol) {
  Instrument es{"ES1!", "E-mini S&P 500", "future", "CME", "USD", "America/Chicago", "1700-1600", 0.25, 50, 1};
  ASSERT_TRUE(store_->put_instrument(es));
  EXPECT_EQ(store_->instrument("ES1!").value(), es);
  es.tick_size = 0.1;
  ASSERT_TRUE(store_->put_instrument(es));
  EXPECT_EQ(store_->instrument("ES1!").value(), es);
  EXPECT_EQ(store_->list_instruments()->size(), 2u);  // with the fixture's
  EXPECT_EQ(store_->instrument("ES").error().code, ErrorCode::kNotFound);
}

TEST_P(Store, a_wrong_instrument_is_refused_by_the_name_of_the_field) {
  const auto message_of = [&](const Instrument& instrument) {
    const auto put = store_->put_instrument(instrument);
    EXPECT_FALSE(put);
    EXPECT_EQ(put.error().code, ErrorCode::kInvalidArgument);
    return put.error().message;
  };
  EXPECT_EQ(message_of({.symbol = ""}), "instrument '': symbol: is empty; give 1 to 256 printable bytes");
  EXPECT_EQ(message_of({.symbol = "X", .asset_class = "bond"}),
            "instrument 'X': asset_class: 'bond' is none of stock, index, future, forex, crypto, series");
  EXPECT_EQ(message_of({.symbol = "X", .tick_size = 0}), "instrument 'X': tick_size: must be a number above 0");
  EXPECT_EQ(message_of({.symbol = "X", .point_value = std::numeric_limits<double>::quiet_NaN()}),
            "instrument 'X': point_value: must be a number above 0");
}

TEST_P(Store, a_series_is_made_once_for_each_instrument_timeframe_and_source) {
  EXPECT_EQ(store_->ensure_series({"SPY", {Timeframe::Unit::kMinute, 1}, "csv"}).value(), series_);
  EXPECT_NE(store_->ensure_series({"SPY", {Timeframe::Unit::kMinute, 1}, "schwab"}).value(), series_);
  EXPECT_NE(store_->ensure_series({"SPY", {Timeframe::Unit::kMonth, 1}, "csv"}).value(), series_);
  EXPECT_EQ(store_->ensure_series({"QQQ", {Timeframe::Unit::kDay, 1}, "csv"}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store_->ensure_series({"SPY", {Timeframe::Unit::kDay, 1}, ""}).error().code, ErrorCode::kInvalidArgument);

  const auto all = store_->list_series();
  ASSERT_EQ(all->size(), 3u);
  EXPECT_EQ((*all)[2].key.timeframe, (Timeframe{Timeframe::Unit::kMonth, 1}));
  EXPECT_EQ(store_->list_series({.symbol = "QQQ"})->size(), 0u);
  const auto page = store_->list_series({.after_id = (*all)[0].id, .limit = 1});
  ASSERT_EQ(page->size(), 1u);
  EXPECT_EQ(page->front().id, (*all)[1].id);
}

TEST_P(Store, what_is_deleted_is_hidden_and_restored_as_it_was) {
  const Series bars = minutes(0, 5'000);
  append(bars);
  ASSERT_TRUE(store_->delete_series(series_));
  EXPECT_EQ(store_->list_series()->size(), 0u);
  EXPECT_EQ(store_->list_series({.with_deleted = true})->front().is_deleted, true);
  EXPECT_EQ(read_all().error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store_->append(series_, bars, import_).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(store_->ensure_series({"SPY", {Timeframe::Unit::kMinute, 1}, "csv"}).error().code,
            ErrorCode::kFailedPrecondition);
  EXPECT_EQ(store_->delete_series(series_).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(store_->restore_series(series_));
  EXPECT_TRUE(same_bits(read_all().value(), bars));

  ASSERT_TRUE(store_->delete_instrument("SPY"));
  EXPECT_EQ(store_->instrument("SPY").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store_->list_series()->size(), 0u);
  EXPECT_EQ(store_->put_instrument({.symbol = "SPY"}).error().code, ErrorCode::kFailedPrecondition);
  ASSERT_TRUE(store_->restore_instrument("SPY"));
  EXPECT_EQ(store_->list_series()->size(), 1u);
}

TEST_P(Store, nothing_can_be_deleted_from_under_what_refers_to_it) {
  append(minutes(0, 2'000));
  append(minutes(2'000, 10));
  const auto connection = raw();
  for (const char* table : {"instrument", "series", "partition"}) {
    const auto deleted = connection->run(std::string("DELETE FROM ") + table);
    ASSERT_FALSE(deleted) << table;
    EXPECT_EQ(deleted.error().code, ErrorCode::kFailedPrecondition) << table;
  }
}

TEST_P(Store, bars_and_ticks_do_not_mix_and_a_deleted_instrument_takes_neither) {
  const std::int64_t ticks_id = store_->ensure_series({"SPY", market::kTickTimeframe, "csv"}).value();
  const std::int64_t ticks_import = store_->begin_import(ticks_id, "csv", "").value();
  market::TickSeries ticks;
  ticks.push_back({.time = parse_time("2020-01-02").value(), .price = 1, .size = 1});
  const auto refused = [](const auto& result) {
    EXPECT_FALSE(result);
    return result ? "" : result.error().message;
  };
  EXPECT_NE(refused(store_->append(ticks_id, minutes(0, 5), ticks_import)).find("holds ticks, not bars"),
            std::string::npos);
  EXPECT_NE(refused(store_->append_ticks(series_, ticks, import_)).find("holds bars of 1m, not ticks"),
            std::string::npos);
  ASSERT_TRUE(store_->append_ticks(ticks_id, ticks, ticks_import));
  ASSERT_TRUE(store_->delete_instrument("SPY"));
  EXPECT_NE(refused(store_->append(series_, minutes(0, 5), import_)).find("is deleted"), std::string::npos);
  EXPECT_NE(refused(store_->append_ticks(ticks_id, ticks, ticks_import)).find("is deleted"), std::string::npos);
}

TEST_P(Store, an_append_is_idempotent) {
  const Series bars = minutes(0, 10'000);
  EXPECT_EQ(append(bars), (AppendResult{.inserted = 10'000}));
  const auto ids = chunk_ids();
  EXPECT_EQ(append(bars), (AppendResult{.unchanged = 10'000}));
  EXPECT_EQ(append(bars.slice(5'000, 20)), (AppendResult{.unchanged = 20}));
  EXPECT_EQ(chunk_ids(), ids);  // and writes no chunk again
  EXPECT_TRUE(same_bits(read_all().value(), bars));
}

TEST_P(Store, late_bar_replaces_earlier_value_and_counts_a_correction) {
  Series bars = minutes(0, 10'000);
  append(bars);
  for (const std::size_t row : {std::size_t{0}, std::size_t{4'095}, std::size_t{4'096}, std::size_t{9'999}}) {
    Series late = bars.slice(row, 1);
    late.close[0] = -37.63;
    EXPECT_EQ(append(late), (AppendResult{.corrected = 1}));
    bars.close[row] = -37.63;
  }
  EXPECT_TRUE(same_bits(read_all().value(), bars));
  const SeriesInfo info = store_->series(series_).value();
  EXPECT_EQ(info.corrections, 4);
  EXPECT_EQ(info.row_count, 10'000);
}

TEST_P(Store, zero_and_minus_zero_are_different_values_and_nan_equals_itself) {
  Series bar = minutes(0, 1);
  bar.volume[0] = 0.0;
  append(bar);
  bar.volume[0] = -0.0;
  EXPECT_EQ(append(bar), (AppendResult{.corrected = 1}));
  EXPECT_EQ(append(bar), (AppendResult{.unchanged = 1}));
  bar.volume[0] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(append(bar), (AppendResult{.corrected = 1}));
  EXPECT_EQ(append(bar), (AppendResult{.unchanged = 1}));
  EXPECT_TRUE(same_bits(read_all().value(), bar));
}

TEST_P(Store, bars_that_come_in_small_batches_are_sealed_into_chunks_that_are_nearly_full) {
  const Series bars = minutes(0, 10'000);
  for (std::size_t i = 0; i < bars.size(); i += 500) {
    EXPECT_EQ(append(bars.slice(i, 500)), (AppendResult{.inserted = 500}));
  }
  EXPECT_TRUE(same_bits(read_all().value(), bars));
  EXPECT_EQ(number("SELECT count(*) FROM bar_chunk WHERE row_count >= 3072"), 2);
  EXPECT_EQ(number("SELECT count(*) FROM bar_chunk"), 2);
  EXPECT_LE(number("SELECT sum(row_count) FROM bar_tail"), 4'096);
  EXPECT_GE(number("SELECT sum(row_count) FROM bar_tail"), 1);
}

TEST_P(Store, batches_in_any_order_leave_few_chunks) {
  const Series bars = minutes(0, 60'000);
  for (std::size_t i = 0; i < bars.size(); i += 3'000) append(bars.slice(i, 3'000));
  EXPECT_TRUE(same_bits(read_all().value(), bars));
  EXPECT_LE(chunk_ids().size(), 18u);  // 15 would be the fewest

  other_series();
  for (std::size_t i = bars.size(); i > 0; i -= 3'000) append(bars.slice(i - 3'000, 3'000));
  EXPECT_TRUE(same_bits(read_all().value(), bars));
  EXPECT_LE(chunk_ids().size(), 21u);
}

TEST_P(Store, a_chunk_never_crosses_a_year) {
  const std::int64_t new_year = nanoseconds("2021-01-01");
  Series bars = minutes(0, 6'000);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    bars.time[i] = new_year + (static_cast<std::int64_t>(i) - 3'000) * 60 * base::kNanosecondsPerSecond;
  }
  append(bars);
  EXPECT_TRUE(same_bits(read_all().value(), bars));
  const auto partitions = store_->list_partitions();
  ASSERT_EQ(partitions->size(), 2u);
  EXPECT_EQ((*partitions)[0].row_count, 3'000);
  EXPECT_EQ((*partitions)[0].range.last_time, new_year - 1);
  EXPECT_EQ((*partitions)[1].range.first_time, new_year);
  EXPECT_GT((*partitions)[1].payload_bytes, 0);
}

TEST_P(Store, a_range_is_half_open_and_the_last_n_are_the_newest) {
  const Series bars = minutes(0, 9'000);
  append(bars.slice(0, 8'500));
  append(bars.slice(8'500, 500));  // in the tail
  const auto at = [&](std::size_t i) { return base::time_from_nanoseconds(bars.time[i]); };
  EXPECT_TRUE(same_bits(store_->read(series_, at(100), at(200)).value(), bars.slice(100, 100)));
  EXPECT_TRUE(same_bits(store_->read(series_, at(4'000), at(8'600)).value(), bars.slice(4'000, 4'600)));
  EXPECT_TRUE(same_bits(store_->read(series_, at(7), at(8)).value(), bars.slice(7, 1)));
  EXPECT_TRUE(store_->read(series_, at(7), at(7))->empty());
  EXPECT_EQ(store_->read(series_, at(8), at(7)).error().code, ErrorCode::kInvalidArgument);
  for (const std::int64_t n : {0, 1, 499, 500, 501, 5'000, 9'000}) {
    EXPECT_TRUE(same_bits(store_->read_last(series_, n).value(),
                          bars.slice(bars.size() - static_cast<std::size_t>(n), static_cast<std::size_t>(n))));
  }
  EXPECT_EQ(store_->read_last(series_, 20'000)->size(), 9'000u);
  EXPECT_EQ(store_->read_last(series_, -1).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(store_->read_last(series_ + 99, 1).error().code, ErrorCode::kNotFound);
}

TEST_P(Store, a_read_beyond_its_bound_is_refused_before_it_takes_memory) {
  append(minutes(0, 30'000));
  const auto refused = store_->read(series_, base::Time::min(), base::Time::max(), {.rows_max = 10'000});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kResourceExhausted);
  EXPECT_NE(refused.error().message.find("30000 bars, and one read gives at most 10000"), std::string::npos);
}

TEST_P(Store, bars_that_are_not_in_order_are_refused_whole) {
  Series bars = minutes(0, 2'000);
  bars.time[1'500] = bars.time[1'499];
  const auto refused = store_->append(series_, bars, import_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(refused.error().message.find("row 1500"), std::string::npos) << refused.error().message;
  bars = minutes(0, 10);
  bars.low.pop_back();
  EXPECT_EQ(store_->append(series_, bars, import_).error().code, ErrorCode::kInvalidArgument);
  bars = minutes(0, 2);
  bars.time[1] = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(store_->append(series_, bars, import_).error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(read_all()->empty());
}

TEST_P(Store, times_at_both_ends_of_the_range_are_kept) {
  Series bars = minutes(0, 3);
  bars.time = {std::numeric_limits<std::int64_t>::min(), 0, std::numeric_limits<std::int64_t>::max() - 1};
  append(bars);
  EXPECT_TRUE(same_bits(read_all().value(), bars));
  Series more = minutes(0, 3'000);  // seals them
  append(more);
  EXPECT_EQ(read_all()->size(), 3'003u);
  EXPECT_EQ(read_all()->time.back(), bars.time[2]);
  EXPECT_TRUE(same_bits(store_->read_last(series_, 1).value(), bars.slice(2, 1)));
}

TEST_P(Store, every_series_tells_where_its_bars_came_from) {
  const Series bars = minutes(0, 3'000);
  append(bars.slice(0, 2'000));
  append(bars.slice(1'990, 20));
  ASSERT_TRUE(store_->finish_import(import_));
  EXPECT_EQ(store_->append(series_, bars, import_).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(store_->finish_import(import_).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(read_all()->size(), 2'010u);  // the refused append left nothing
  const std::int64_t second = store_->begin_import(series_, "schwab", "").value();

  const auto imports = store_->list_imports(series_).value();
  ASSERT_EQ(imports.size(), 2u);
  EXPECT_EQ(imports[0].id, second);
  EXPECT_EQ(imports[0].finished_at, std::nullopt);
  EXPECT_EQ(imports[0].first_time, std::nullopt);
  EXPECT_EQ(imports[1].source, "csv");
  EXPECT_EQ(imports[1].file, "spy.csv");
  EXPECT_EQ(imports[1].inserted, 2'010);
  EXPECT_EQ(imports[1].unchanged, 10);
  EXPECT_EQ(imports[1].first_time, base::time_from_nanoseconds(bars.time.front()));
  EXPECT_EQ(imports[1].last_time, base::time_from_nanoseconds(bars.time[2'009]));
  EXPECT_TRUE(imports[1].finished_at >= imports[1].started_at);
  EXPECT_EQ(store_->begin_import(series_ + 99, "csv", "").error().code, ErrorCode::kNotFound);
}

TEST_P(Store, series_info_follows_what_is_appended) {
  SeriesInfo info = store_->series(series_).value();
  EXPECT_EQ(info.first_time, std::nullopt);
  EXPECT_EQ(info.appended_at, std::nullopt);
  const Series bars = minutes(0, 100);
  const base::Time before = base::now();
  append(bars.slice(50, 50));
  append(bars.slice(0, 60));
  info = store_->series(series_).value();
  EXPECT_EQ(info.row_count, 100);
  EXPECT_EQ(info.corrections, 0);
  EXPECT_EQ(info.first_time, base::time_from_nanoseconds(bars.time.front()));
  EXPECT_EQ(info.last_time, base::time_from_nanoseconds(bars.time.back()));
  EXPECT_GE(info.appended_at, before);
}

TEST_P(Store, readers_see_whole_appends_while_a_writer_works) {
  // Each append replaces one value of all bars, so a reader that saw half of one would see two values.
  Series bars = minutes(0, 6'000);
  std::ranges::fill(bars.volume, 0.0);
  append(bars);
  std::atomic<bool> done = false;
  std::atomic<int> reads = 0, torn = 0, failed = 0;
  std::vector<std::jthread> readers;
  for (int i = 0; i < 6; ++i) {  // more than the store has readers
    readers.emplace_back([&] {
      while (!done) {
        const auto read = read_all();
        if (!read || read->size() != bars.size()) {
          ++failed;
        } else if (std::ranges::adjacent_find(read->volume, std::not_equal_to<>()) != read->volume.end()) {
          ++torn;
        }
        ++reads;
      }
    });
  }
  for (int i = 1; i <= 30 || reads < 60; ++i) {
    std::ranges::fill(bars.volume, i);
    append(bars);
  }
  done = true;
  readers.clear();
  EXPECT_EQ(torn, 0);
  EXPECT_EQ(failed, 0);
}

class Partitions : public MarketStoreOnBoth {
 protected:
  static PartitionRange year(const char* date) { return partition_of(PartitionKind::kBar, nanoseconds(date)); }

  base::Result<void> archive(PartitionRange range) {
    TRY_ASSIGN(const ChunkFingerprint fingerprint, store_->seal_partition(PartitionKind::kBar, range));
    return store_->set_partition_archived(
        PartitionKind::kBar, range, {"bars-2020.parquet", "00ff", fingerprint.row_count, base::now()}, fingerprint);
  }

  /// Bars of every `hours` hours from 2019-12 on.
  static Series bars(std::int64_t hours, std::size_t count) {
    Series made = minutes(0, count);
    for (std::size_t i = 0; i < count; ++i) {
      made.time[i] =
          nanoseconds("2019-12-01") + static_cast<std::int64_t>(i) * hours * 3'600 * base::kNanosecondsPerSecond;
    }
    return made;
  }
};
INSTANTIATE_ON_BOTH_DATABASES(Partitions);

TEST_P(Partitions, are_made_ahead_once) {
  const auto made = store_->create_partitions(parse_time("2023-11-15").value(), parse_time("2024-01-15").value());
  ASSERT_TRUE(made) << made.error().message;
  std::string names;
  for (const PartitionInfo& each : *made) names += each.name() + " ";
  EXPECT_EQ(names, "2023 2024 2023-11 2023-12 2024-01 ");  // years of bars, months of ticks
  EXPECT_EQ(store_->create_partitions(parse_time("2023-11-15").value(), parse_time("2024-01-15").value())->size(), 0u);
  EXPECT_EQ(store_->list_partitions()->size(), 5u);
}

TEST_P(Partitions, only_an_archived_one_can_be_dropped_and_then_its_bars_are_gone_until_they_are_put_back) {
  const Series all = bars(3, 4'000);
  append(all);
  append(bars(3, 100));  // unchanged
  const PartitionRange range = year("2020-06-01");
  const auto early = store_->drop_partition(PartitionKind::kBar, range);
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, ErrorCode::kFailedPrecondition);

  ASSERT_TRUE(archive(range));
  const auto archived = store_->partition(PartitionKind::kBar, range);
  EXPECT_EQ(archived->state, PartitionState::kArchived);
  EXPECT_EQ(archived->archive->row_count, 366 * 8);
  const auto series = store_->partition_series(PartitionKind::kBar, range);
  ASSERT_EQ(series->size(), 1u);
  EXPECT_EQ(series->front().symbol, "SPY");

  const auto dropped = store_->drop_partition(PartitionKind::kBar, range);
  ASSERT_TRUE(dropped) << dropped.error().message;
  EXPECT_EQ(store_->partition(PartitionKind::kBar, range)->state, PartitionState::kDropped);
  const Series rest = read_all().value();
  EXPECT_EQ(rest.size(), all.size() - 366 * 8);
  const SeriesInfo info = store_->series(series_).value();
  EXPECT_EQ(info.row_count, static_cast<std::int64_t>(rest.size()));
  EXPECT_EQ(base::to_nanoseconds(*info.last_time), rest.time.back());

  // Late bars and great imports alike.
  for (const std::size_t count : {std::size_t{1}, std::size_t{2'000}}) {
    const auto refused = store_->append(series_, bars(3, 2'500).slice(2'500 - count, count), import_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kFailedPrecondition);
    EXPECT_NE(refused.error().message.find("bars of 2020 are archived"), std::string::npos) << refused.error().message;
  }

  ASSERT_TRUE(store_->open_partition(PartitionKind::kBar, range));
  append(all);
  EXPECT_TRUE(same_bits(read_all().value(), all));
}

TEST_P(Partitions, one_that_was_changed_since_it_was_archived_is_not_dropped) {
  append(bars(3, 4'000));
  const PartitionRange range = year("2020-06-01");
  ASSERT_TRUE(archive(range));
  Series late = bars(3, 1'001).slice(1'000, 1);
  late.close[0] += 1;
  append(late);  // to the tail
  const auto refused = store_->drop_partition(PartitionKind::kBar, range);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("changed since"), std::string::npos) << refused.error().message;
  EXPECT_EQ(read_all()->size(), 4'000u);
  ASSERT_TRUE(archive(range));
  EXPECT_TRUE(store_->drop_partition(PartitionKind::kBar, range));
}

TEST_P(Partitions, a_read_of_a_range_looks_into_its_partitions_only) {
  if (!on_server()) GTEST_SKIP() << "SQLite has one table";
  append(bars(24, 3'000));  // nine years
  const auto connection = raw();
  const auto plan = connection->query_all(
      std::string("EXPLAIN (ANALYZE) ") + kSelectChunk + kWhereChunkMeets + "AND last_time >= $2 ORDER BY first_time",
      {series_, nanoseconds("2022-03-01"), nanoseconds("2022-04-01")},
      [](const Row& row) { return std::string(row.text(0)); });
  ASSERT_TRUE(plan) << plan.error().message;
  std::string scanned;
  for (const std::string& line : *plan) {
    const bool runs = line.find("never executed") == std::string::npos && line.find("Scan") != std::string::npos;
    // The first part of the plan looks for the chunk that the range begins in; it too stops at the first one found.
    if (runs) scanned += line + "\n";
  }
  EXPECT_NE(scanned.find("bar_chunk_2022"), std::string::npos) << scanned;
  for (const char* other : {"bar_chunk_2019", "bar_chunk_2020", "bar_chunk_2024", "bar_chunk_2026"}) {
    EXPECT_EQ(scanned.find(other), std::string::npos) << scanned;
  }
}

}  // namespace
}  // namespace tradeassist::store
