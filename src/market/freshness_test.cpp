#include "market/freshness.hpp"

#include <gmock/gmock.h>

#include "market/calendar/testing/calendar_text.hpp"

namespace tradeassist::market {
namespace {

using namespace std::chrono_literals;
using testing::at;
using testing::calendar_named;
using ::testing::HasSubstr;

constexpr Timeframe kMinute{Timeframe::Unit::kMinute, 1}, kDay{Timeframe::Unit::kDay, 1},
    kWeek{Timeframe::Unit::kWeek, 1}, kMonth{Timeframe::Unit::kMonth, 1};

class FreshnessTest : public ::testing::Test {
 protected:
  /// A series of the stock exchange that begins on Monday 2021-11-01.
  static FreshnessQuery query(Timeframe timeframe, const char* first, const char* last, std::int64_t rows) {
    FreshnessQuery made;
    made.timeframe = timeframe;
    made.anchor = *session_anchor("America/New_York", "0930-1600");
    made.first_time = at(first);
    made.last_time = at(last);
    made.row_count = rows;
    return made;
  }
  Freshness judged(FreshnessQuery query, const char* now) const {
    query.now = at(now);
    return freshness_of(query, hours_);
  }

  const OpenTime hours_{calendar_named("XNYS")};
};

TEST_F(FreshnessTest, nothing_stored_and_dates_beyond_the_calendar_are_unknown) {
  FreshnessQuery none;
  none.now = at("2021-11-24T00:00:00Z");
  EXPECT_EQ(freshness_of(none, hours_).state, FreshnessState::kUnknown);
  const auto beyond = judged(query(kDay, "2021-11-01T00:00:00Z", "2021-11-23T00:00:00Z", 17), "2050-01-01T00:00:00Z");
  EXPECT_EQ(beyond.state, FreshnessState::kUnknown);
  EXPECT_THAT(beyond.reason, HasSubstr("XNYS knows 1998-01-01 to 2030-12-31 only"));
  EXPECT_FALSE(beyond.bars_due);
}

TEST_F(FreshnessTest, a_day_is_due_a_while_after_its_close_and_holidays_are_not) {
  // The bar of Wednesday 2021-11-24 is there; Thursday is Thanksgiving, Friday closes at 13:00 (18:00 UTC).
  const FreshnessQuery days = query(kDay, "2021-11-01T00:00:00Z", "2021-11-24T00:00:00Z", 18);
  EXPECT_EQ(judged(days, "2021-11-26T00:00:00Z").state, FreshnessState::kFresh);
  EXPECT_EQ(judged(days, "2021-11-26T18:14:00Z").state, FreshnessState::kFresh);
  const Freshness late = judged(days, "2021-11-26T18:15:00Z");
  EXPECT_EQ(late.state, FreshnessState::kStale);
  EXPECT_EQ(late.bars_due, 1);
  EXPECT_EQ(late.open_since_last, 3h + 30min);
  EXPECT_THAT(late.reason, HasSubstr("1 bar of 1d is due"));
  EXPECT_EQ(judged(days, "2021-12-01T12:00:00Z").bars_due, 3);
}

TEST_F(FreshnessTest, days_stamped_with_their_session_are_judged_alike) {
  const FreshnessQuery days = query(kDay, "2021-11-01T13:30:00Z", "2021-11-24T14:30:00Z", 18);
  EXPECT_EQ(judged(days, "2021-11-26T18:14:00Z").bars_due, 0);
  EXPECT_EQ(judged(days, "2021-11-26T18:15:00Z").bars_due, 1);
  EXPECT_EQ(judged(days, "2021-11-26T18:15:00Z").open_since_last, 3h + 30min);
}

TEST_F(FreshnessTest, weeks_and_months_are_due_when_their_last_trade_date_is_over) {
  const FreshnessQuery weeks = query(kWeek, "2021-11-01T00:00:00Z", "2021-11-15T00:00:00Z", 3);
  EXPECT_EQ(judged(weeks, "2021-11-24T23:00:00Z").bars_due, 0);
  EXPECT_EQ(judged(weeks, "2021-11-26T18:15:00Z").bars_due, 1);  // its Friday closed early
  EXPECT_EQ(judged(weeks, "2021-12-03T21:14:00Z").bars_due, 1);
  EXPECT_EQ(judged(weeks, "2021-12-03T21:15:00Z").bars_due, 2);
  const FreshnessQuery months = query(kMonth, "2021-08-01T00:00:00Z", "2021-10-01T00:00:00Z", 3);
  EXPECT_EQ(judged(months, "2021-11-30T21:14:00Z").state, FreshnessState::kFresh);
  EXPECT_EQ(judged(months, "2021-11-30T21:15:00Z").state, FreshnessState::kStale);
}

TEST_F(FreshnessTest, minutes_are_stale_after_ten_of_them_in_open_time) {
  // 390 bars a day, all there to Tuesday 2021-11-23 15:59 in New York.
  const FreshnessQuery minutes = query(kMinute, "2021-11-01T13:30:00Z", "2021-11-23T20:59:00Z", 17 * 390);
  EXPECT_EQ(judged(minutes, "2021-11-24T14:00:00Z").state, FreshnessState::kFresh);
  EXPECT_THAT(judged(minutes, "2021-11-24T14:00:00Z").reason, HasSubstr("not open"));
  EXPECT_EQ(judged(minutes, "2021-11-24T14:55:00Z").state, FreshnessState::kFresh);  // open 25 minutes, 10 of them due
  const Freshness late = judged(minutes, "2021-11-24T14:56:00Z");
  EXPECT_EQ(late.state, FreshnessState::kStale);
  EXPECT_EQ(late.open_since_last, 26min);
  EXPECT_EQ(late.bars_due, 11);
  EXPECT_THAT(late.reason, HasSubstr("open for 26 min since the last of the bars, which come every 60 s"));
}

TEST_F(FreshnessTest, a_quiet_series_is_given_time_but_not_a_whole_trade_date) {
  // Two bars a day: one in 195 minutes.
  const FreshnessQuery quiet = query(kMinute, "2021-11-01T13:30:00Z", "2021-11-23T20:59:00Z", 17 * 2);
  EXPECT_EQ(judged(quiet, "2021-11-24T20:00:00Z").state, FreshnessState::kFresh);
  const Freshness late = judged(quiet, "2021-11-24T21:15:00Z");
  EXPECT_EQ(late.state, FreshnessState::kStale);
  EXPECT_THAT(late.reason, HasSubstr("no bars of 1 trade date after 2021-11-23"));
}

TEST_F(FreshnessTest, ticks_are_judged_by_their_mean_distance) {
  FreshnessQuery ticks = query(kTickTimeframe, "2021-11-23T14:30:00Z", "2021-11-23T20:59:59Z", 390 * 60);
  EXPECT_EQ(judged(ticks, "2021-11-24T14:45:00Z").state, FreshnessState::kFresh);
  const Freshness late = judged(ticks, "2021-11-24T14:46:00Z");
  EXPECT_EQ(late.state, FreshnessState::kStale);
  EXPECT_FALSE(late.bars_due);
  EXPECT_THAT(late.reason, HasSubstr("ticks, which come every 1 s"));
}

TEST_F(FreshnessTest, a_contract_that_ended_is_judged_as_of_its_end) {
  FreshnessQuery contract = query(kDay, "2021-11-01T00:00:00Z", "2021-11-19T00:00:00Z", 15);
  contract.last_trade_date = CivilDate{2021, 11, 19};
  const Freshness whole = judged(contract, "2024-01-05T00:00:00Z");
  EXPECT_EQ(whole.state, FreshnessState::kFresh);
  EXPECT_EQ(whole.bars_due, 0);
  EXPECT_THAT(whole.reason, HasSubstr("traded last on 2021-11-19"));
  contract.last_time = at("2021-11-17T00:00:00Z");
  EXPECT_EQ(judged(contract, "2024-01-05T00:00:00Z").bars_due, 2);
  contract.last_trade_date = CivilDate{2024, 1, 19};  // still trades
  EXPECT_EQ(judged(contract, "2021-11-19T12:00:00Z").bars_due, 1);
}

}  // namespace
}  // namespace tradeassist::market
