#include "store/catalogue/history.hpp"

#include <gmock/gmock.h>

#include "base/json.hpp"
#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;
using market::Series;
using market::Timeframe;
using testing::ElementsAre;

class History : public MarketStoreOnBoth {
 protected:
  /// "created instrument by program", the oldest first.
  std::vector<std::string> noted(const std::string& symbol = "") {
    const auto entries = store_->history({.symbol = symbol});
    EXPECT_TRUE(entries) << entries.error().message;
    std::vector<std::string> lines;
    for (const HistoryEntry& entry : *entries) {
      const std::string what = entry.series_id ? entry.timeframe + " " + entry.source : "instrument";
      lines.insert(lines.begin(), entry.action + " " + what + " by " + entry.by);
    }
    return lines;
  }

  HistoryEntry newest() { return store_->history({.symbol = "SPY", .limit = 1}).value().at(0); }
  static boost::json::object object(const std::string& text) { return base::parse_json(text).value().as_object(); }
  std::int64_t version() { return number("SELECT version FROM series WHERE id = " + std::to_string(series_)); }
};

INSTANTIATE_ON_BOTH_DATABASES(History);

TEST_P(History, says_what_was_changed_and_by_whom_in_order) {
  ASSERT_TRUE(store_->put_instrument({.symbol = "SPY", .name = "S&P", .time_zone = "America/New_York"}, "Ann"));
  ASSERT_TRUE(store_->delete_series(series_, "Ben"));
  ASSERT_TRUE(store_->restore_series(series_, "Cem"));
  ASSERT_TRUE(store_->delete_instrument("SPY", "Dua"));
  ASSERT_TRUE(store_->restore_instrument("SPY", "Eva"));
  EXPECT_THAT(noted("SPY"), ElementsAre("created instrument by program", "created 1m csv by program",
                                        "updated instrument by Ann", "deleted 1m csv by Ben", "restored 1m csv by Cem",
                                        "deleted instrument by Dua", "restored instrument by Eva"));
  EXPECT_THAT(noted("QQQ"), ElementsAre());
}

TEST_P(History, keeps_what_was_before_and_after) {
  ASSERT_TRUE(store_->put_instrument({.symbol = "SPY", .time_zone = "UTC", .tick_size = 0.25}));
  const HistoryEntry entry = newest();
  EXPECT_EQ(object(entry.before)["time_zone"], "America/New_York");
  EXPECT_EQ(object(entry.before)["tick_size"], 0.01);
  EXPECT_EQ(object(entry.after)["time_zone"], "UTC");
  EXPECT_EQ(object(entry.after)["tick_size"], 0.25);

  append(minutes(0, 10));
  ASSERT_TRUE(store_->delete_series(series_));
  EXPECT_EQ(object(newest().before)["row_count"], 10);
  EXPECT_EQ(object(newest().before)["last_time"], "2020-01-01T00:09:00Z");
  EXPECT_EQ(newest().after, "");
}

TEST_P(History, what_changes_nothing_or_fails_is_not_in_it) {
  const auto before = noted();
  const std::int64_t version_before = version();
  ASSERT_TRUE(store_->put_instrument({.symbol = "SPY", .time_zone = "America/New_York"}));
  ASSERT_TRUE(store_->ensure_series({"SPY", {Timeframe::Unit::kMinute, 1}, "csv"}));
  EXPECT_FALSE(store_->restore_instrument("SPY"));
  EXPECT_FALSE(store_->restore_series(series_));
  EXPECT_FALSE(store_->delete_instrument("QQQ"));
  EXPECT_FALSE(store_->put_instrument({.symbol = "SPY", .asset_class = "art"}));
  EXPECT_EQ(noted(), before);
  EXPECT_EQ(version(), version_before);
}

TEST_P(History, is_read_in_pages) {
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(store_->delete_instrument("SPY"));
    ASSERT_TRUE(store_->restore_instrument("SPY"));
  }
  std::vector<std::int64_t> ids;
  std::optional<std::int64_t> before;
  while (true) {
    const auto page = store_->history({.symbol = "SPY", .before_id = before, .limit = 5}).value();
    for (const HistoryEntry& entry : page) ids.push_back(entry.id);
    if (page.size() < 5) break;
    before = page.back().id;
  }
  EXPECT_EQ(ids.size(), 12u);
  EXPECT_TRUE(std::ranges::is_sorted(ids, std::greater<>()));
}

TEST_P(History, every_way_in_which_a_series_goes_or_comes_back_counts_its_version_up) {
  std::int64_t last = version();
  const auto counted_up = [&] { return std::exchange(last, version()) < version(); };
  ASSERT_TRUE(store_->delete_series(series_));
  EXPECT_TRUE(counted_up());
  ASSERT_TRUE(store_->restore_series(series_));
  EXPECT_TRUE(counted_up());
  ASSERT_TRUE(store_->delete_instrument("SPY"));
  EXPECT_TRUE(counted_up());
  ASSERT_TRUE(store_->restore_instrument("SPY"));
  EXPECT_TRUE(counted_up());
  ASSERT_TRUE(store_->put_instrument({.symbol = "SPY", .session = "0930-1600"}));
  EXPECT_TRUE(counted_up());
}

TEST_P(History, restoring_an_instrument_brings_all_back_as_it_was_and_what_was_deleted_alone_stays_so) {
  const Series bars = minutes(0, 5'000);
  append(bars);
  const auto other = store_->ensure_series({"SPY", {Timeframe::Unit::kDay, 1}, "csv"}).value();
  ASSERT_TRUE(store_->delete_series(other));
  const auto before = store_->series(series_).value();

  ASSERT_TRUE(store_->delete_instrument("SPY"));
  EXPECT_EQ(store_->list_deleted_instruments()->size(), 1u);
  EXPECT_EQ(store_->append(series_, minutes(5'000, 1), import_).error().code, ErrorCode::kFailedPrecondition);
  ASSERT_TRUE(store_->restore_instrument("SPY"));

  EXPECT_EQ(store_->list_deleted_instruments()->size(), 0u);
  const auto after = store_->series(series_).value();
  EXPECT_EQ(after.row_count, before.row_count);
  EXPECT_EQ(after.corrections, before.corrections);
  EXPECT_EQ(after.appended_at, before.appended_at);
  EXPECT_TRUE(same_bits(read_all().value(), bars));
  EXPECT_TRUE(store_->series(other)->is_deleted);
  EXPECT_EQ(store_->list_series()->size(), 1u);
}

}  // namespace
}  // namespace tradeassist::store
