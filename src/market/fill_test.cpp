#include "market/fill.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "market/calendar/testing/calendar_text.hpp"

namespace tradeassist::market {
namespace {

using testing::at;
using testing::calendar_named;

constexpr std::uint8_t kStored = 0, kForward = 1, kInterpolated = 2, kZeroVolume = 3;

Series minutes(const Calendar& calendar, const char* from, const char* to, Hours hours = Hours::kRegular) {
  Series made;
  double price = 100;
  for (const Session& session : calendar.sessions_between(at(from), at(to), hours)) {
    for (base::Time t = session.open; t < session.close; t += std::chrono::minutes(1)) {
      Bar bar{t, price, price + 2, price - 2, price + 1, 7};
      bar.open_interest = price * 10;
      bar.trade_count = 3;
      bar.vwap = price + 0.5;
      made.push_back(bar);
      price += 1;
    }
  }
  return made;
}

Series without(const Series& series, const char* from, const char* to) {
  Series kept;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const Bar bar = series.bar(i);
    if (bar.time < at(from) || bar.time >= at(to)) kept.push_back(bar);
  }
  return kept;
}

FillQuery minute_query(FillMethod method) {
  FillQuery query;
  query.method = method;
  query.timeframe = {Timeframe::Unit::kMinute, 1};
  query.anchor = *session_anchor("America/New_York", "0930-1600");
  return query;
}

FilledSeries filled(const Series& bars, const Calendar& calendar, const FillQuery& query) {
  auto made = fill(bars, calendar, query);
  EXPECT_TRUE(made) << made.error().message;
  return made.value();
}

/// A no-trade hole of 3 minutes from 15:00 and a missing one of 40 minutes from 16:00.
Series torn(const Series& whole) {
  return without(without(whole, "2021-03-01T15:00:00Z", "2021-03-01T15:03:00Z"), "2021-03-01T16:00:00Z",
                 "2021-03-01T16:40:00Z");
}

TEST(Fill, none_makes_nothing) {
  const CalendarPtr calendar = calendar_named("XNYS");
  const Series bars = torn(minutes(*calendar, "2021-03-01T00:00:00Z", "2021-03-02T00:00:00Z"));
  const FilledSeries same = filled(bars, *calendar, minute_query(FillMethod::kNone));
  EXPECT_TRUE(is_same(same.bars, bars));
  EXPECT_EQ(same.filled, std::vector<std::uint8_t>(bars.size(), kStored));
}

TEST(Fill, forward_carries_the_last_close_with_no_volume_over_both_kinds_of_hole) {
  const CalendarPtr calendar = calendar_named("XNYS");
  const Series whole = minutes(*calendar, "2021-03-01T00:00:00Z", "2021-03-02T00:00:00Z"), bars = torn(whole);
  const FilledSeries made = filled(bars, *calendar, minute_query(FillMethod::kForward));
  EXPECT_EQ(made.bars_made, 43u);
  ASSERT_EQ(made.bars.time, whole.time);
  const std::size_t hole = whole.lower_bound(at("2021-03-01T15:00:00Z"));
  for (std::size_t i = hole; i < hole + 3; ++i) {
    EXPECT_EQ(made.filled[i], kForward);
    for (const ValueColumn column : kPriceColumns) EXPECT_EQ((made.bars.*column)[i], whole.close[hole - 1]);
    EXPECT_EQ(made.bars.volume[i], 0);
    EXPECT_EQ(made.bars.trade_count[i], 0);
    EXPECT_EQ(made.bars.open_interest[i], whole.open_interest[hole - 1]);
    EXPECT_NE(made.bars.vwap[i], made.bars.vwap[i]);
  }
  EXPECT_EQ(made.filled[hole + 3], kStored);
  EXPECT_EQ(made.bars.open[hole + 3], whole.open[hole + 3]);
}

TEST(Fill, zero_volume_fills_only_where_nothing_traded) {
  const CalendarPtr calendar = calendar_named("XNYS");
  const Series bars = torn(minutes(*calendar, "2021-03-01T00:00:00Z", "2021-03-02T00:00:00Z"));
  const FilledSeries made = filled(bars, *calendar, minute_query(FillMethod::kZeroVolume));
  EXPECT_EQ(made.bars_made, 3u);
  EXPECT_EQ(std::ranges::count(made.filled, kZeroVolume), 3);
  EXPECT_EQ(made.bars.volume[made.bars.lower_bound(at("2021-03-01T15:01:00Z"))], 0);
}

TEST(Fill, interpolation_is_a_straight_line_between_the_closes_around) {
  const CalendarPtr calendar = calendar_named("XNYS");
  const Series whole = minutes(*calendar, "2021-03-01T00:00:00Z", "2021-03-02T00:00:00Z");
  const FilledSeries made = filled(torn(whole), *calendar, minute_query(FillMethod::kInterpolate));
  ASSERT_EQ(made.bars.time, whole.time);
  for (std::size_t i = 0; i < whole.size(); ++i) {  // the closes rise by 1 a minute
    EXPECT_NEAR(made.bars.close[i], whole.close[i], 1e-9);
    if (made.filled[i] == kStored) continue;
    EXPECT_EQ(made.filled[i], kInterpolated);
    EXPECT_EQ(made.bars.open[i], made.bars.close[i]);
    EXPECT_EQ(made.bars.volume[i], 0);
  }
}

TEST(Fill, a_line_over_a_hole_that_is_filled_in_part_goes_through_all_of_trading_time) {
  const CalendarPtr calendar = calendar_named("XNYS");
  const Series whole = minutes(*calendar, "2021-03-01T00:00:00Z", "2021-03-04T00:00:00Z");
  // From two minutes before a close over a whole lost day: two no-trade minutes, then 390 missing ones.
  const Series bars = without(whole, "2021-03-01T20:58:00Z", "2021-03-03T00:00:00Z");
  FillQuery query = minute_query(FillMethod::kInterpolate);
  query.kinds = {GapKind::kNoTrade};
  const FilledSeries made = filled(bars, *calendar, query);
  EXPECT_EQ(made.bars_made, 2u);
  for (std::size_t i = 0; i < 390; ++i) EXPECT_NEAR(made.bars.close[i], whole.close[i], 1e-9);
}

TEST(Fill, nothing_is_put_into_nights_weekends_holidays_and_after_early_closes) {
  const CalendarPtr calendar = calendar_named("XNYS");
  const Series bars = minutes(*calendar, "2021-11-24T00:00:00Z", "2021-11-30T00:00:00Z");
  EXPECT_EQ(filled(bars, *calendar, minute_query(FillMethod::kForward)).bars_made, 0u);
}

TEST(Fill, nothing_is_put_before_the_first_or_after_the_last_bar) {
  const CalendarPtr calendar = calendar_named("XNYS");
  const Series bars = minutes(*calendar, "2021-03-01T15:00:00Z", "2021-03-01T16:00:00Z").slice(30, 30);
  EXPECT_EQ(filled(bars, *calendar, minute_query(FillMethod::kForward)).bars_made, 0u);
  EXPECT_EQ(filled({}, *calendar, minute_query(FillMethod::kForward)).bars.size(), 0u);
}

TEST(Fill, a_close_that_is_not_known_is_passed_over_on_both_sides) {
  const CalendarPtr calendar = calendar_named("XNYS");
  Series bars = without(minutes(*calendar, "2021-03-01T00:00:00Z", "2021-03-02T00:00:00Z"), "2021-03-01T14:33:00Z",
                        "2021-03-01T14:34:00Z");
  bars.close[2] = bars.close[3] = kNotKnown;  // 14:32 and 14:34
  const FilledSeries line = filled(bars, *calendar, minute_query(FillMethod::kInterpolate));
  EXPECT_EQ(line.bars.close[3], (bars.close[1] + bars.close[4]) / 2);
  bars.close[0] = bars.close[1] = kNotKnown;
  EXPECT_EQ(filled(bars, *calendar, minute_query(FillMethod::kForward)).bars_made, 0u);  // no close before the hole
}

TEST(Fill, lost_days_are_filled_by_trade_date) {
  const CalendarPtr calendar = calendar_named("XNYS");
  Series days;
  for (const char* date : {"2021-12-23", "2021-12-28", "2022-01-03"}) days.push_back({at(date), 1, 5, 1, 4, 9});
  days.close[2] = 12;
  FillQuery query;
  query.method = FillMethod::kInterpolate;
  query.timeframe = {Timeframe::Unit::kDay, 1};
  const FilledSeries made = filled(days, *calendar, query);
  std::vector<std::string> dates;
  for (const std::int64_t time : made.bars.time) dates.push_back(to_string(civil_from_days(day_of(time))));
  EXPECT_EQ(dates, (std::vector<std::string>{"2021-12-23", "2021-12-27", "2021-12-28", "2021-12-29", "2021-12-30",
                                             "2021-12-31", "2022-01-03"}));
  EXPECT_EQ(made.bars.close[4], 8);
}

TEST(Fill, what_cannot_be_filled_is_refused) {
  const CalendarPtr calendar = calendar_named("XNYS");
  const Series bars = torn(minutes(*calendar, "2021-03-01T00:00:00Z", "2021-03-02T00:00:00Z"));
  FillQuery query = minute_query(FillMethod::kForward);
  query.bars_max = 42;
  EXPECT_EQ(fill(bars, *calendar, query).error().code, base::ErrorCode::kResourceExhausted);
  query.bars_max = 43;
  EXPECT_TRUE(fill(bars, *calendar, query));
  query.kinds = {GapKind::kClosed};
  EXPECT_EQ(fill(bars, *calendar, query).error().code, base::ErrorCode::kInvalidArgument);
  query = minute_query(FillMethod::kZeroVolume);
  query.kinds = {GapKind::kMissing};
  EXPECT_EQ(fill(bars, *calendar, query).error().code, base::ErrorCode::kInvalidArgument);
  for (const char* name : {"none", "forward", "interpolate", "zero_volume"}) {
    EXPECT_EQ(to_string(*parse_fill_method(name)), name);
  }
  EXPECT_FALSE(parse_fill_method("linear"));
}

TEST(Fill, the_bound_counts_the_shorter_bars_at_the_end_of_a_day) {
  const CalendarPtr calendar = calendar_named("CRYPTO");
  Series bars;  // of 7 hours: three and a short one a day
  bars.push_back({at("2021-03-01T21:00:00Z"), 1, 1, 1, 1, 1});
  bars.push_back({at("2021-03-12T00:00:00Z"), 1, 1, 1, 1, 1});
  FillQuery query;
  query.method = FillMethod::kForward;
  query.timeframe = {Timeframe::Unit::kHour, 7};
  query.bars_max = 40;
  EXPECT_EQ(filled(bars, *calendar, query).bars_made, 40u);
  query.bars_max = 39;
  EXPECT_EQ(fill(bars, *calendar, query).error().code, base::ErrorCode::kResourceExhausted);
}

/// Whatever is lost, the filled bars are those of the open market, and the stored ones are as they were.
TEST(Fill, every_open_bucket_between_first_and_last_has_one_bar) {
  struct Market {
    const char* calendar;
    const char* session;
    const char* timeframe;
  };
  const Market markets[] = {{"XNYS", "0930-1600", "1m"},       {"XNYS", "0930-1600", "7m"},
                            {"CME_EQUITY", "1700-1600", "5m"}, {"CME_EQUITY", "1700-1600", "90m"},
                            {"FX", "1700-1700", "1h"},         {"CRYPTO", "", "7h"}};
  std::uint64_t seed = 1;
  for (const Market& market : markets) {
    std::mt19937_64 random(seed++);
    const CalendarPtr calendar = calendar_named(market.calendar);
    const Timeframe timeframe = parse_timeframe(market.timeframe).value();
    const SessionAnchor anchor = *session_anchor(calendar->time_zone(), market.session);
    const Hours hours = std::string_view(market.calendar) == "XNYS" ? Hours::kRegular : Hours::kAll;
    const Series base = minutes(*calendar, "2021-10-29T00:00:00Z", "2021-12-01T00:00:00Z", hours);
    const Series whole = *resample(base, timeframe, anchor);
    Series kept;
    for (std::size_t i = 0, skip = 0; i < whole.size(); ++i) {
      if (skip > 0 && i + 1 < whole.size() && i > 0) {
        --skip;
        continue;
      }
      kept.push_back(whole.bar(i));
      if (random() % 12 == 0) skip = random() % (random() % 8 == 0 ? 200 : 6);
    }
    FillQuery query;
    query.method = FillMethod::kForward;
    query.timeframe = timeframe;
    query.anchor = anchor;
    const FilledSeries made = filled(kept, *calendar, query);
    EXPECT_EQ(made.bars.time, whole.time) << market.calendar << market.timeframe;
    Series stored;
    for (std::size_t i = 0; i < made.bars.size(); ++i) {
      if (made.filled[i] == kStored) stored.push_back(made.bars.bar(i));
    }
    EXPECT_TRUE(is_same(stored, kept));
    EXPECT_EQ(made.bars_made, whole.size() - kept.size());
  }
}

}  // namespace
}  // namespace tradeassist::market
