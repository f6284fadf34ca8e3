#include "market/gaps.hpp"

#include <gtest/gtest.h>

#include <random>

#include "market/calendar/testing/calendar_text.hpp"

namespace tradeassist::market {
namespace {

using testing::at;
using testing::calendar_named;

/// A bar of price 1 at every regular minute of the stock exchange from one instant to another.
Series minutes(const Calendar& calendar, const char* from, const char* to, Hours hours = Hours::kRegular) {
  Series made;
  for (const Session& session : calendar.sessions_between(at(from), at(to), hours)) {
    for (base::Time t = session.open; t < session.close; t += std::chrono::minutes(1)) {
      if (t >= at(from) && t < at(to)) made.push_back({t, 1, 1, 1, 1, 1});
    }
  }
  return made;
}

void erase(Series& series, const char* from, const char* to) {
  Series kept;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const Bar bar = series.bar(i);
    if (bar.time < at(from) || bar.time >= at(to)) kept.push_back(bar);
  }
  series = kept;
}

GapQuery minute_query() {
  GapQuery query;
  query.timeframe = {Timeframe::Unit::kMinute, 1};
  query.anchor = *session_anchor("America/New_York", "0930-1600");
  return query;
}

GapReport gaps_of(const Series& series, const Calendar& calendar, const GapQuery& query) {
  const auto report = find_gaps(series, calendar, query);
  EXPECT_TRUE(report) << report.error().message;
  return *report;
}

TEST(Gaps, nights_weekends_and_holidays_are_closed_and_named) {
  const auto calendar = calendar_named("XNYS");
  // Wednesday to Monday over Thanksgiving 2021, whose Friday closes at 13:00.
  const Series series = minutes(*calendar, "2021-11-24T00:00:00Z", "2021-11-30T00:00:00Z");
  GapQuery query = minute_query();
  query.lists_closed = true;
  const GapReport report = gaps_of(series, *calendar, query);
  EXPECT_EQ(report.hours, Hours::kRegular);
  ASSERT_EQ(report.gaps.size(), 2u);
  EXPECT_EQ(report.gaps[0],
            (Gap{at("2021-11-24T21:00:00Z"), at("2021-11-26T14:30:00Z"), GapKind::kClosed, 0, "Thanksgiving Day"}));
  EXPECT_EQ(report.gaps[1],
            (Gap{at("2021-11-26T18:00:00Z"), at("2021-11-29T14:30:00Z"), GapKind::kClosed, 0, "weekend"}));
  EXPECT_EQ(report.missing_count + report.no_trade_count, 0);
  EXPECT_EQ(report.bars_present, 390 + 210 + 390);
}

TEST(Gaps, a_short_hole_of_a_busy_market_is_no_trade_and_a_long_one_is_missing) {
  const auto calendar = calendar_named("XNYS");
  Series series = minutes(*calendar, "2021-03-01T00:00:00Z", "2021-03-04T00:00:00Z");
  erase(series, "2021-03-01T15:00:00Z", "2021-03-01T15:03:00Z");
  erase(series, "2021-03-02T15:00:00Z", "2021-03-02T15:40:00Z");
  const GapReport report = gaps_of(series, *calendar, minute_query());
  ASSERT_EQ(report.gaps.size(), 2u);
  EXPECT_EQ(report.gaps[0], (Gap{at("2021-03-01T15:00:00Z"), at("2021-03-01T15:03:00Z"), GapKind::kNoTrade, 3}));
  EXPECT_EQ(report.gaps[1], (Gap{at("2021-03-02T15:00:00Z"), at("2021-03-02T15:40:00Z"), GapKind::kMissing, 40}));
  EXPECT_EQ(report.closed_count, 2);
}

TEST(Gaps, the_long_holes_of_a_thin_market_are_no_trade) {
  const auto calendar = calendar_named("XNYS");
  const Series whole = minutes(*calendar, "2021-03-01T00:00:00Z", "2021-03-02T00:00:00Z");
  Series thin;
  for (std::size_t i = 0; i < whole.size(); i += 30) thin.push_back(whole.bar(i));
  GapQuery query = minute_query();
  query.to = at("2021-03-01T21:00:00Z");
  const GapReport report = gaps_of(thin, *calendar, query);
  EXPECT_EQ(report.missing_count, 0);
  EXPECT_EQ(report.bars_without_trade, 390 - static_cast<std::int64_t>(thin.size()));
}

TEST(Gaps, a_session_without_bars_is_missing_before_between_and_after) {
  const auto calendar = calendar_named("XNYS");
  Series series = minutes(*calendar, "2021-03-02T00:00:00Z", "2021-03-05T00:00:00Z");
  erase(series, "2021-03-03T00:00:00Z", "2021-03-04T00:00:00Z");
  GapQuery query = minute_query();
  query.from = at("2021-03-01T00:00:00Z");
  query.to = at("2021-03-06T00:00:00Z");
  const GapReport report = gaps_of(series, *calendar, query);
  ASSERT_EQ(report.gaps.size(), 3u);
  for (const auto& [i, open] : {std::pair(0, "2021-03-01T14:30:00Z"), std::pair(1, "2021-03-03T14:30:00Z"),
                                std::pair(2, "2021-03-05T14:30:00Z")}) {
    const Gap& gap = report.gaps[static_cast<std::size_t>(i)];
    EXPECT_EQ(gap, (Gap{at(open), at(open) + std::chrono::minutes(390), GapKind::kMissing, 390}));
  }
}

TEST(Gaps, extended_hours_are_expected_only_of_a_series_that_has_them) {
  const auto calendar = calendar_named("XNYS");
  const Series regular = minutes(*calendar, "2021-03-01T00:00:00Z", "2021-03-03T00:00:00Z");
  const Series all = minutes(*calendar, "2021-03-01T00:00:00Z", "2021-03-03T00:00:00Z", Hours::kAll);
  EXPECT_EQ(gaps_of(regular, *calendar, minute_query()).missing_count, 0);
  EXPECT_EQ(gaps_of(all, *calendar, minute_query()).hours, Hours::kAll);
  EXPECT_EQ(gaps_of(all, *calendar, minute_query()).missing_count, 0);
  Series torn = all;
  erase(torn, "2021-03-01T22:00:00Z", "2021-03-02T00:00:00Z");  // 17:00 to 19:00 in New York
  EXPECT_EQ(gaps_of(torn, *calendar, minute_query()).bars_missing, 120);
}

TEST(Gaps, days_are_counted_by_trade_date) {
  const auto calendar = calendar_named("XNYS");
  Series days;
  const auto dates = calendar->trading_days({2021, 12, 20}, {2022, 1, 7});
  for (const CivilDate date : *dates) {
    if (date == CivilDate{2021, 12, 29} || date == CivilDate{2021, 12, 30}) continue;
    days.push_back({base::time_from_nanoseconds(days_from_civil(date) * base::kNanosecondsPerDay), 1, 1, 1, 1, 1});
  }
  GapQuery query;
  query.timeframe = {Timeframe::Unit::kDay, 1};
  query.lists_closed = true;
  const GapReport report = gaps_of(days, *calendar, query);
  ASSERT_EQ(report.gaps.size(), 4u);  // Christmas with its weekend is two: a holiday, then a weekend
  EXPECT_EQ(report.gaps[0].reason, "Christmas Day");
  EXPECT_EQ(report.gaps[1].reason, "weekend");
  EXPECT_EQ(report.gaps[2], (Gap{at("2021-12-29"), at("2021-12-31"), GapKind::kMissing, 2}));
  EXPECT_EQ(report.gaps[3].reason, "weekend");
  EXPECT_EQ(report.closed_count, 3);

  query.timeframe = {Timeframe::Unit::kWeek, 1};
  Series weeks;
  weeks.push_back({at("2021-12-20"), 1, 1, 1, 1, 1});
  weeks.push_back({at("2022-01-03"), 1, 1, 1, 1, 1});
  const GapReport weekly = gaps_of(weeks, *calendar, query);
  ASSERT_EQ(weekly.gaps.size(), 1u);
  EXPECT_EQ(weekly.gaps[0], (Gap{at("2021-12-27"), at("2022-01-03"), GapKind::kMissing, 1}));
}

TEST(Gaps, days_that_open_the_evening_before_belong_to_the_date_on_which_they_end) {
  const auto calendar = calendar_named("CME_EQUITY");
  GapQuery query;
  query.timeframe = {Timeframe::Unit::kDay, 1};
  query.anchor = *session_anchor("America/Chicago", "1700-1600");
  query.lists_closed = true;
  Series days;
  const auto dates = calendar->trading_days({2021, 3, 8}, {2021, 3, 19});  // over the change of clocks
  for (const CivilDate date : *dates) {
    const auto start = calendar->sessions_of(date).front().open;
    if (date != CivilDate{2021, 3, 16}) days.push_back({start, 1, 1, 1, 1, 1});
  }
  const GapReport report = gaps_of(days, *calendar, query);
  ASSERT_EQ(report.gaps.size(), 2u);
  EXPECT_EQ(report.gaps[0].reason, "weekend");
  EXPECT_EQ(report.gaps[1], (Gap{at("2021-03-15T22:00:00Z"), at("2021-03-16T22:00:00Z"), GapKind::kMissing, 1}));
}

TEST(Gaps, a_bucket_that_begins_before_the_range_is_not_asked_for) {
  const auto calendar = calendar_named("XNYS");
  GapQuery query;
  query.timeframe = {Timeframe::Unit::kWeek, 1};
  query.from = at("2022-01-05");  // a Wednesday
  Series weeks;
  for (const char* monday : {"2022-01-03", "2022-01-10", "2022-01-17"}) weeks.push_back({at(monday), 1, 1, 1, 1, 1});
  EXPECT_EQ(gaps_of(weeks, *calendar, query).missing_count, 0);

  query.timeframe = {Timeframe::Unit::kHour, 1};
  query.anchor = *session_anchor("America/New_York", "0930-1600");
  query.from = at("2022-01-05T15:00:00Z");  // half an hour into the first bar
  Series hours;
  for (const char* time : {"2022-01-05T14:30:00Z", "2022-01-05T15:30:00Z"}) hours.push_back({at(time), 1, 1, 1, 1, 1});
  const GapReport report = gaps_of(hours, *calendar, query);
  EXPECT_EQ(report.missing_count + report.no_trade_count, 0);
  EXPECT_EQ(report.bars_present, 1);
}

TEST(Gaps, bars_where_the_calendar_says_closed_are_counted) {
  const auto stocks = calendar_named("XNYS"), always = calendar_named("CRYPTO");
  Series hours;
  for (int hour = 0; hour < 48; ++hour) {  // Friday and Saturday
    hours.push_back({at("2022-01-07T00:30:00Z") + std::chrono::hours(hour), 1, 1, 1, 1, 1});
  }
  GapQuery query;
  query.timeframe = {Timeframe::Unit::kHour, 1};
  // From 04:00 to 20:00 in New York stocks trade: 09:00 to 01:00, of Thursday's evening too.
  EXPECT_EQ(gaps_of(hours, *stocks, query).bars_outside, 48 - 16 - 1);
  EXPECT_EQ(gaps_of(hours, *always, query).bars_outside, 0);

  Series days;
  for (const char* date : {"2022-01-07", "2022-01-08", "2022-01-10"}) days.push_back({at(date), 1, 1, 1, 1, 1});
  query.timeframe = {Timeframe::Unit::kDay, 1};
  EXPECT_EQ(gaps_of(days, *stocks, query).bars_outside, 1);
}

TEST(Gaps, outside_the_calendar_nothing_is_claimed) {
  const auto calendar = calendar_named("XNYS");
  Series series;
  series.push_back({at("1990-01-02T15:00:00Z"), 1, 1, 1, 1, 1});
  series.push_back({at("1990-01-05T15:00:00Z"), 1, 1, 1, 1, 1});
  const GapReport report = gaps_of(series, *calendar, minute_query());
  ASSERT_EQ(report.gaps.size(), 1u);
  EXPECT_EQ(report.gaps[0].kind, GapKind::kUnknown);
}

TEST(Gaps, the_list_is_bounded_and_the_counts_are_of_all) {
  const auto calendar = calendar_named("XNYS");
  const Series whole = minutes(*calendar, "2021-03-01T00:00:00Z", "2021-03-02T00:00:00Z");
  Series thin;
  for (std::size_t i = 0; i < whole.size(); i += 2) thin.push_back(whole.bar(i));
  GapQuery query = minute_query();
  query.listed_max = 10;
  const GapReport report = gaps_of(thin, *calendar, query);
  EXPECT_TRUE(report.is_cut);
  EXPECT_EQ(report.gaps.size(), 10u);
  EXPECT_EQ(report.no_trade_count, 194);
}

TEST(Gaps, what_cannot_be_answered_is_refused) {
  const auto calendar = calendar_named("XNYS");
  Series series = minutes(*calendar, "2021-03-01T00:00:00Z", "2021-03-02T00:00:00Z");
  GapQuery query = minute_query();
  query.from = query.to = at("2021-03-01T00:00:00Z");
  EXPECT_FALSE(find_gaps(series, *calendar, query));
  std::swap(series.time[3], series.time[4]);
  EXPECT_FALSE(find_gaps(series, *calendar, minute_query()));
}

/// Every minute is a bar, open without one, or closed: counted one by one.
TEST(Gaps, agree_with_a_count_of_every_minute) {
  for (const std::uint64_t seed : {1, 2, 3, 4, 5, 6}) {
    std::mt19937_64 random(seed);
    const bool stocks = seed % 2 == 0;
    const auto calendar = calendar_named(stocks ? "XNYS" : "CME_EQUITY");
    const Hours hours = seed % 3 == 0 ? Hours::kRegular : Hours::kAll;
    GapQuery query = minute_query();
    if (!stocks) query.anchor = *session_anchor("America/Chicago", "1700-1600");
    query.from = at("2021-10-29T00:00:00Z");  // to over the change of clocks and Thanksgiving
    query.to = at("2021-12-01T00:00:00Z");
    query.lists_closed = true;
    query.listed_max = 1'000'000;
    const Series whole = minutes(*calendar, "2021-10-29T00:00:00Z", "2021-12-01T00:00:00Z", hours);
    Series kept;
    for (std::size_t i = 0, skip = 0; i < whole.size(); ++i) {
      if (skip > 0) {
        --skip;
      } else if (random() % 50 == 0) {
        skip = random() % (random() % 20 == 0 ? 2'000 : 12);
      } else {
        kept.push_back(whole.bar(i));
      }
    }
    const GapReport report = gaps_of(kept, *calendar, query);
    ASSERT_EQ(report.hours, hours);
    std::int64_t open_without = 0;
    std::size_t bar = 0, gap = 0;
    for (base::Time t = *query.from; t < *query.to; t += std::chrono::minutes(1)) {
      const bool present = bar < kept.size() && kept.bar(bar).time == t;
      if (present) ++bar;
      while (gap < report.gaps.size() && report.gaps[gap].to <= t) ++gap;
      const bool in_gap = gap < report.gaps.size() && report.gaps[gap].from <= t;
      ASSERT_EQ(in_gap, !present) << "seed " << seed << ", " << base::format_time(t);
      if (present) continue;
      const bool open = calendar->is_open(t, hours);
      ASSERT_EQ(report.gaps[gap].kind == GapKind::kClosed, !open) << "seed " << seed << ", " << base::format_time(t);
      open_without += open ? 1 : 0;
    }
    EXPECT_EQ(report.bars_missing + report.bars_without_trade, open_without);
    EXPECT_EQ(report.bars_present, static_cast<std::int64_t>(kept.size()));
  }
}

}  // namespace
}  // namespace tradeassist::market
