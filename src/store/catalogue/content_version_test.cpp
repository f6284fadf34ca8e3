#include "store/catalogue/content_version.hpp"

#include <gtest/gtest.h>

#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::store {
namespace {

class ContentVersion : public MarketStoreOnBoth {
 protected:
  std::int64_t version(std::string_view symbol) {
    const auto read = store_->content_version(symbol);
    EXPECT_TRUE(read) << read.error().message;
    return read.value_or(-1);
  }

  /// By how much the work made it grow.
  template <class Work>
  std::int64_t growth(std::string_view symbol, Work work) {
    const std::int64_t before = version(symbol);
    EXPECT_TRUE(work());
    return version(symbol) - before;
  }
};

INSTANTIATE_ON_BOTH_DATABASES(ContentVersion);

TEST_P(ContentVersion, grows_with_every_change_of_what_an_answer_is_made_of) {
  const SeriesKey another{"SPY", {market::Timeframe::Unit::kMinute, 5}, "csv"};
  EXPECT_GT(growth("SPY", [&] { return store_->append(series_, minutes(0, 10), import_); }), 0);
  EXPECT_GT(growth("SPY", [&] { return store_->append(series_, minutes(0, 10), import_); }), 0) << "freshness";
  EXPECT_GT(growth("SPY", [&] { return store_->put_instrument({.symbol = "SPY", .session = "0930-1600"}); }), 0);
  EXPECT_GT(growth("SPY", [&] { return store_->ensure_series(another); }), 0);
  EXPECT_GT(growth("SPY", [&] { return store_->delete_series(series_); }), 0);
  EXPECT_GT(growth("SPY", [&] { return store_->restore_series(series_); }), 0);
  EXPECT_GT(growth("SPY", [&] { return store_->delete_instrument("SPY"); }), 0);
  EXPECT_GT(growth("SPY", [&] { return store_->restore_instrument("SPY"); }), 0);
  EXPECT_EQ(growth("SPY", [&] { return store_->ensure_series(another); }), 0) << "it is there already";
}

TEST_P(ContentVersion, grows_when_a_partition_is_dropped_and_when_it_is_opened) {
  append(minutes(0, 10));
  const PartitionRange year = partition_of(PartitionKind::kBar, minutes(0, 1).time.front());
  const ChunkFingerprint sealed = store_->seal_partition(PartitionKind::kBar, year).value();
  ASSERT_TRUE(store_->set_partition_archived(
      PartitionKind::kBar, year, {.file = "2020.parquet", .sha256 = "0", .row_count = 10, .archived_at = base::now()},
      sealed));
  ASSERT_TRUE(store_->put_instrument({.symbol = "QQQ"}));
  EXPECT_GT(growth("QQQ", [&] { return store_->drop_partition(PartitionKind::kBar, year); }), 0);
  EXPECT_GT(growth("QQQ", [&] { return store_->open_partition(PartitionKind::kBar, year); }), 0);
}

TEST_P(ContentVersion, is_of_one_symbol_alone) {
  ASSERT_TRUE(store_->put_instrument({.symbol = "QQQ"}));
  EXPECT_EQ(growth("QQQ", [&] { return store_->append(series_, minutes(0, 10), import_); }), 0);
  EXPECT_EQ(version("GONE"), version("NEVER"));
  EXPECT_GT(growth("GONE", [&] { return store_->put_instrument({.symbol = "GONE"}); }), 0);
}

TEST_P(ContentVersion, of_a_continuous_symbol_is_of_all_that_may_be_its_contracts) {
  for (const char* contract : {"ESZ2025", "202512", "ES1!"}) {
    EXPECT_GT(growth("ES1!", [&] { return store_->put_instrument({.symbol = contract}); }), 0) << contract;
    EXPECT_GT(
        growth("ES.c.0", [&] { return store_->ensure_series({contract, {market::Timeframe::Unit::kDay, 1}, "csv"}); }),
        0)
        << contract;
  }
  EXPECT_EQ(growth("ES1!", [&] { return store_->append(series_, minutes(0, 10), import_); }), 0);
}

TEST_P(ContentVersion, a_database_keeps_its_identity_and_another_has_another) {
  const std::string identity = store_->identity().value();
  EXPECT_EQ(identity.size(), 32u);
  open();
  EXPECT_EQ(store_->identity().value(), identity);
  const TestDatabase other(GetParam());
  EXPECT_NE(MarketStore::open(other.address()).value()->identity().value(), identity);
}

}  // namespace
}  // namespace tradeassist::store
