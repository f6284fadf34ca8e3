#include "server/historical/frequencies.hpp"

#include <gmock/gmock.h>

#include "market/timeframe.hpp"
#include "store/answers/bar_query.hpp"
#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Frequencies : public store::MarketStoreTest {
 protected:
  void put(const std::string& symbol, const char* timeframe, const std::string& source, std::size_t bars) {
    ASSERT_TRUE(store_->put_instrument({.symbol = symbol, .time_zone = "America/New_York"}));
    const auto series = store_->ensure_series({symbol, market::parse_timeframe(timeframe).value(), source}).value();
    const auto import = store_->begin_import(series, source, "").value();
    ASSERT_TRUE(store_->append(series, minutes(0, bars), import));
  }

  /// "1d csv" of each.
  static std::vector<std::string> names(const std::vector<report::StoredBase>& bases) {
    std::vector<std::string> out;
    for (const report::StoredBase& each : bases) out.push_back(market::to_string(each.timeframe) + " " + each.source);
    return out;
  }
  std::vector<std::string> made_of(const std::string& symbol, const char* frequency) {
    const auto stored = stored_bases(*store_, symbol);
    EXPECT_TRUE(stored) << stored.error().message;
    return names(bases_of(market::parse_timeframe(frequency).value(), *stored));
  }
};

TEST_F(Frequencies, all_that_have_a_name_are_read_and_ascend) {
  std::int64_t before = 0;
  for (const std::string_view name : kFrequencies) {
    const auto timeframe = market::parse_timeframe(name);
    ASSERT_TRUE(timeframe);
    EXPECT_EQ(market::to_string(*timeframe), name);
    EXPECT_GT(timeframe->nominal_seconds(), before);
    before = timeframe->nominal_seconds();
  }
}

TEST_F(Frequencies, the_bounds_that_are_told_are_those_of_timeframes) {
  const auto told = report::frequencies_json({}, std::nullopt).at("custom").as_object();
  const std::int64_t count_max = told.at("count_max").as_int64();
  for (const auto& [unit, meaning] : told.at("units").as_object()) {
    const std::string letter(unit);
    EXPECT_TRUE(market::parse_timeframe(std::to_string(count_max) + letter));
    EXPECT_FALSE(market::parse_timeframe(std::to_string(count_max + 1) + letter));
    EXPECT_FALSE(market::parse_timeframe("0" + letter));
  }
}

TEST_F(Frequencies, are_made_of_the_longest_bars_that_fit) {
  put("A", "1m", "csv", 30);
  put("A", "15m", "csv", 3);
  put("A", "15m", "feed", 20);
  put("A", "1d", "csv", 1);
  EXPECT_THAT(made_of("A", "1m"), ElementsAre("1m csv"));
  EXPECT_THAT(made_of("A", "10m"), ElementsAre("1m csv"));
  EXPECT_THAT(made_of("A", "1h"), ElementsAre("15m feed", "15m csv", "1m csv"));
  EXPECT_THAT(made_of("A", "1w"), ElementsAre("1d csv", "15m feed", "15m csv", "1m csv"));
  EXPECT_THAT(made_of("A", "30s"), IsEmpty());
  // As an answer takes them.
  store::BarQuery query{.symbol = "A", .timeframe = market::parse_timeframe("1h").value()};
  EXPECT_EQ(store::answer(*store_, query).value().series.key.source, "feed");
}

TEST_F(Frequencies, ticks_serve_every_frequency_and_come_last) {
  ASSERT_TRUE(store_->put_instrument({.symbol = "T"}));
  ASSERT_TRUE(store_->ensure_series({"T", market::kTickTimeframe, "csv"}));
  put("T", "1h", "csv", 5);
  EXPECT_THAT(made_of("T", "1m"), ElementsAre("tick csv"));
  EXPECT_THAT(made_of("T", "4h"), ElementsAre("1h csv", "tick csv"));
}

TEST_F(Frequencies, a_continuous_future_is_made_of_its_contracts) {
  put("ESH20", "1d", "csv", 5);
  put("ESM20", "1d", "csv", 7);
  put("NQM20", "1m", "csv", 7);
  const auto stored = stored_bases(*store_, "ES.c.0");
  ASSERT_TRUE(stored) << stored.error().message;
  ASSERT_EQ(stored->bases.size(), 1u);
  EXPECT_TRUE(stored->is_continuous);
  EXPECT_EQ(stored->bases.front().series_count, 2);
  EXPECT_EQ(stored->bases.front().row_count, 12);
  EXPECT_THAT(made_of("ES1!", "1w"), ElementsAre("1d csv"));
  EXPECT_THAT(made_of("ES1!", "1h"), IsEmpty());
  // Weeks are joined of days, so that stored weeks serve nothing.
  put("ESU20", "1w", "csv", 2);
  EXPECT_THAT(made_of("ES1!", "1w"), ElementsAre("1d csv"));
  EXPECT_THAT(made_of("ESU20", "1w"), ElementsAre("1w csv"));
}

TEST_F(Frequencies, what_is_not_stored_is_not_found) {
  const auto none = stored_bases(*store_, "GONE");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, base::ErrorCode::kNotFound);
  const auto root = stored_bases(*store_, "CL.c.0");
  ASSERT_FALSE(root);
  EXPECT_THAT(root.error().message, HasSubstr("no contracts of CL"));
}

}  // namespace
}  // namespace tradeassist::server
