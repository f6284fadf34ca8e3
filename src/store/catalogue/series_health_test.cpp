#include "store/catalogue/series_health.hpp"

#include <gmock/gmock.h>

#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::store {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr market::Timeframe kDay{market::Timeframe::Unit::kDay, 1};

base::Time at(const char* text) { return base::parse_time(text).value(); }

class SeriesHealthTest : public MarketStoreTest {
 protected:
  /// A series of daily bars of those dates; its id.
  std::int64_t daily(const market::Instrument& instrument, const std::vector<const char*>& dates,
                     const std::string& source = "csv") {
    EXPECT_TRUE(store_->put_instrument(instrument));
    const auto series = store_->ensure_series({instrument.symbol, kDay, source}).value();
    const auto import = store_->begin_import(series, source, "days.csv").value();
    market::Series bars;
    for (const char* date : dates) bars.push_back({at(date), 1, 2, 0.5, 1.5, 10});
    EXPECT_TRUE(store_->append(series, bars, import));
    EXPECT_TRUE(store_->finish_import(import));
    return series;
  }

  SeriesHealthPage health(SeriesHealthQuery query, const char* now) {
    query.now = at(now);
    auto page = series_health(*store_, query);
    EXPECT_TRUE(page) << page.error().message;
    return page.value_or(SeriesHealthPage{});
  }
};

TEST_F(SeriesHealthTest, tells_what_is_fresh_stale_and_unknown_and_counts_all) {
  daily({.symbol = "NEW", .exchange = "NYSE"}, {"2021-11-22", "2021-11-23", "2021-11-24"});
  daily({.symbol = "OLD", .exchange = "NYSE"}, {"2021-11-22", "2021-11-23"});
  daily({.symbol = "ODD", .exchange = "MARS", .currency = "EUR"}, {"2021-11-22"});
  const SeriesHealthPage page = health({.symbol = ""}, "2021-11-26T12:00:00Z");
  ASSERT_EQ(page.entries.size(), 4u);
  EXPECT_EQ(page.entries[0].series.key.symbol, "SPY");  // the fixture's, without bars
  EXPECT_EQ(page.entries[0].freshness.state, market::FreshnessState::kUnknown);
  EXPECT_THAT(page.entries[0].freshness.reason, HasSubstr("nothing is stored"));
  EXPECT_EQ(page.entries[1].freshness.state, market::FreshnessState::kFresh);
  EXPECT_EQ(page.entries[1].calendar, "XNYS");
  EXPECT_EQ(page.entries[1].last_import->file, "days.csv");
  EXPECT_EQ(page.entries[1].last_import->inserted, 3);
  EXPECT_TRUE(page.entries[1].last_import->finished_at);
  EXPECT_EQ(page.entries[2].freshness.state, market::FreshnessState::kStale);
  EXPECT_EQ(page.entries[2].freshness.bars_due, 1);
  EXPECT_EQ(page.entries[3].freshness.state, market::FreshnessState::kUnknown);
  EXPECT_THAT(page.entries[3].freshness.reason, HasSubstr("no calendar is known for ODD"));
  EXPECT_EQ(page.fresh, 1);
  EXPECT_EQ(page.stale, 1);
  EXPECT_EQ(page.unknown, 2);
  EXPECT_FALSE(page.next_after || page.is_cut);
}

TEST_F(SeriesHealthTest, pages_give_every_series_once_and_the_counts_of_all) {
  for (int i = 0; i < 5; ++i) daily({.symbol = "S" + std::to_string(i)}, {"2021-11-22"});
  std::vector<std::string> seen;
  SeriesHealthQuery query{.limit = 2};
  for (int page_number = 0; page_number < 3; ++page_number) {
    const SeriesHealthPage page = health(query, "2021-11-26T12:00:00Z");
    for (const SeriesHealth& each : page.entries) seen.push_back(each.series.key.symbol);
    EXPECT_EQ(page.stale, 5);
    EXPECT_EQ(page.unknown, 1);
    EXPECT_EQ(page.next_after.has_value(), page_number < 2);
    query.after_id = page.next_after.value_or(0);
  }
  EXPECT_THAT(seen, ::testing::ElementsAre("SPY", "S0", "S1", "S2", "S3", "S4"));
}

TEST_F(SeriesHealthTest, one_symbol_is_judged_alone_and_an_unknown_one_is_an_error) {
  daily({.symbol = "A"}, {"2021-11-22"}, "one");
  daily({.symbol = "A"}, {"2021-11-24"}, "two");
  const SeriesHealthPage page = health({.symbol = "A"}, "2021-11-26T12:00:00Z");
  EXPECT_EQ(page.entries.size(), 2u);
  EXPECT_EQ(page.fresh, 1);
  EXPECT_EQ(page.stale, 1);
  const auto none = series_health(*store_, {.symbol = "GONE", .now = at("2021-11-26")});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, base::ErrorCode::kNotFound);
}

TEST_F(SeriesHealthTest, an_expired_contract_that_is_whole_is_fresh) {
  const market::Instrument contract{
      .symbol = "ESH20", .asset_class = "future", .exchange = "CME", .time_zone = "America/Chicago"};
  daily(contract, {"2020-03-18", "2020-03-19", "2020-03-20"});
  const SeriesHealthPage page = health({.symbol = "ESH20"}, "2021-11-26T12:00:00Z");
  ASSERT_EQ(page.entries.size(), 1u);
  EXPECT_EQ(page.entries[0].freshness.state, market::FreshnessState::kFresh);
  EXPECT_THAT(page.entries[0].freshness.reason, HasSubstr("traded last on 2020-03-20"));
}

TEST_F(SeriesHealthTest, damaged_parts_that_were_removed_are_told) {
  append(minutes(0, 20'000));
  EXPECT_THAT(health({.symbol = "SPY"}, "2021-11-26T12:00:00Z").entries[0].discarded, IsEmpty());
  ASSERT_TRUE(
      raw()->run("UPDATE bar_chunk SET checksum = checksum + 1 WHERE first_time = (SELECT min(first_time) FROM "
                 "bar_chunk)",
                 {}));
  ASSERT_TRUE(store_->discard_damaged(series_, "test"));
  const SeriesHealthPage page = health({.symbol = "SPY"}, "2021-11-26T12:00:00Z");
  ASSERT_EQ(page.entries[0].discarded.size(), 1u);
  EXPECT_EQ(page.entries[0].discarded[0].by, "test");
  EXPECT_THAT(page.entries[0].discarded[0].before, HasSubstr("row_count"));
}

TEST_F(SeriesHealthTest, partitions_that_are_only_in_an_archive_are_told) {
  daily({.symbol = "A"}, {"2019-12-30", "2020-01-02", "2021-11-24"});
  daily({.symbol = "B"}, {"2018-12-31"});
  const PartitionRange year = partition_of(PartitionKind::kBar, base::to_nanoseconds(at("2019-06-01")));
  const auto fingerprint = store_->seal_partition(PartitionKind::kBar, year);
  ASSERT_TRUE(store_->set_partition_archived(PartitionKind::kBar, year,
                                             {"f", "00", fingerprint->row_count, base::now()}, *fingerprint));
  ASSERT_TRUE(store_->drop_partition(PartitionKind::kBar, year));
  const auto of_a = health({.symbol = "A"}, "2021-11-26T12:00:00Z").entries.at(0);
  EXPECT_THAT(of_a.archived, ::testing::ElementsAre(year));
  EXPECT_EQ(of_a.series.row_count, 2);
  EXPECT_EQ(of_a.freshness.state, market::FreshnessState::kFresh);
  EXPECT_THAT(health({.symbol = "B"}, "2021-11-26T12:00:00Z").entries.at(0).archived, IsEmpty());
}

TEST_F(SeriesHealthTest, no_bar_is_read) {
  append(minutes(0, 20'000));
  ASSERT_TRUE(raw()->run("UPDATE bar_chunk SET checksum = checksum + 1", {}));  // reading any would fail
  EXPECT_FALSE(read_all());
  EXPECT_EQ(health({.symbol = "SPY"}, "2021-11-26T12:00:00Z").entries[0].series.row_count, 20'000);
}

}  // namespace
}  // namespace tradeassist::store
