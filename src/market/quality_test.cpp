#include "market/quality.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <random>

#include "market/calendar/testing/calendar_text.hpp"
#include "market/robust_scale.hpp"

namespace tradeassist::market {
namespace {

using testing::at;
using testing::calendar_named;
using Reason = QualityReason;

/// Sound bars at every regular minute from one instant to another: prices wander, volumes differ.
Series sound_minutes(const Calendar& calendar, const char* from, const char* to, std::uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  Series bars;
  double price = 100;
  for (const Session& session : calendar.sessions_between(at(from), at(to), Hours::kRegular)) {
    for (base::Time t = session.open; t < session.close; t += std::chrono::minutes(1)) {
      const double open = price;
      price *= 1 + (static_cast<double>(random() % 201) - 100) / 100'000;
      bars.push_back({t, open, std::max(open, price) + 0.01, std::min(open, price) - 0.01, price,
                      static_cast<double>(1 + random() % 1000)});
    }
  }
  return bars;
}

QualityQuery minute_query(const CalendarPtr& calendar) {
  QualityQuery query;
  query.timeframe = {Timeframe::Unit::kMinute, 1};
  query.calendar = calendar;
  query.anchor = *session_anchor("America/New_York", "0930-1600");
  return query;
}

QualityReport judged(const Series& bars, const QualityQuery& query) {
  const auto report = quality_of(bars, query);
  EXPECT_TRUE(report);
  return report.value();
}

std::int64_t count(const QualityReport& report, Reason reason) {
  const auto found = std::ranges::find(report.findings, reason, &QualityFinding::reason);
  return found == report.findings.end() ? 0 : found->count;
}

const QualityFinding& finding(const QualityReport& report, Reason reason) {
  const auto found = std::ranges::find(report.findings, reason, &QualityFinding::reason);
  EXPECT_NE(found, report.findings.end()) << to_string(reason);
  return *found;
}

class Quality : public ::testing::Test {
 protected:
  const CalendarPtr calendar_ = calendar_named("XNYS");
  const Series sound_ = sound_minutes(*calendar_, "2021-03-01T00:00:00Z", "2021-03-06T00:00:00Z");  // 5 × 390 bars
};

TEST_F(Quality, sound_bars_score_100_on_every_day) {
  const QualityReport report = judged(sound_, minute_query(calendar_));
  EXPECT_EQ(report.score, 100);
  EXPECT_TRUE(report.findings.empty());
  ASSERT_EQ(report.days.size(), 5u);
  for (const DayQuality& day : report.days) {
    EXPECT_EQ(day.bars, 390);
    EXPECT_EQ(day.score, 100);
  }
  EXPECT_EQ(judged({}, minute_query(calendar_)).score, 100);
}

/// One bar is spoilt; that reason and no other is found, at that bar and on its day.
TEST_F(Quality, each_fault_is_found_where_it_is) {
  struct Fault {
    Reason reason;
    std::function<void(Series&, std::size_t)> spoil;
  };
  const double infinity = std::numeric_limits<double>::infinity();
  const Fault faults[] = {
      {Reason::kInconsistent, [](Series& bars, std::size_t i) { bars.high[i] = bars.low[i] - 0.01; }},
      {Reason::kInconsistent, [](Series& bars, std::size_t i) { bars.open[i] = bars.high[i] + 0.01; }},
      {Reason::kInconsistent, [](Series& bars, std::size_t i) { bars.low[i] = bars.close[i] + 0.001; }},
      {Reason::kInconsistent, [](Series& bars, std::size_t i) { bars.volume[i] = -1; }},
      {Reason::kInconsistent, [=](Series& bars, std::size_t i) { bars.high[i] = infinity; }},
      {Reason::kUnknownPrice, [](Series& bars, std::size_t i) { bars.open[i] = kNotKnown; }},
      {Reason::kZeroPrice, [](Series& bars, std::size_t i) { bars.low[i] = 0; }},
      {Reason::kNegativePrice, [](Series& bars, std::size_t i) { bars.low[i] = -1; }},
      {Reason::kUnknownVolume, [](Series& bars, std::size_t i) { bars.volume[i] = kNotKnown; }},
      {Reason::kZeroVolume, [](Series& bars, std::size_t i) { bars.volume[i] = 0; }},
  };
  const std::size_t row = 500;  // of the second day
  for (const Fault& fault : faults) {
    Series bars = sound_;
    fault.spoil(bars, row);
    const QualityReport report = judged(bars, minute_query(calendar_));
    ASSERT_EQ(report.findings.size(), 1u) << to_string(fault.reason);
    const QualityFinding& found = report.findings[0];
    EXPECT_EQ(found.reason, fault.reason);
    EXPECT_EQ(found.count, 1);
    EXPECT_EQ(found.first, bars.bar(row).time);
    EXPECT_TRUE(found.text.starts_with("1 bar ")) << found.text;
    EXPECT_EQ(report.days[1].counts[static_cast<std::size_t>(fault.reason)], 1);
    EXPECT_LT(report.days[1].score, report.score);
    EXPECT_EQ(report.days[0].score, 100);
    // The formula of docs/data-quality.md.
    const QualityWeight weight = quality_weight(fault.reason);
    EXPECT_DOUBLE_EQ(report.score, 100 - weight.points_per_percent * 100 / 1950);
    EXPECT_DOUBLE_EQ(report.days[1].score, 100 - weight.points_per_percent * 100 / 390);
  }
}

TEST_F(Quality, a_bad_tick_is_an_outlier_and_an_ordinary_night_is_none) {
  Series bars = sound_;
  for (std::size_t i = 390; i < bars.size(); ++i) {  // the second day opens 1 % higher: wild for a minute
    for (const ValueColumn column : kPriceColumns) (bars.*column)[i] *= 1.01;
  }
  EXPECT_EQ(count(judged(bars, minute_query(calendar_)), Reason::kOutlier), 0);
  bars.close[600] *= 1.03;
  bars.high[600] *= 1.04;
  const QualityReport report = judged(bars, minute_query(calendar_));
  EXPECT_EQ(finding(report, Reason::kOutlier).count, 2);  // there and back
  EXPECT_EQ(finding(report, Reason::kOutlier).first, bars.bar(600).time);
}

TEST_F(Quality, prices_through_zero_are_judged_by_differences) {
  Series bars = sound_;
  for (const ValueColumn column : kPriceColumns) {
    for (double& price : bars.*column) price -= 100;  // around 0, as crude oil in April 2020
  }
  QualityQuery query = minute_query(calendar_);
  query.asset_class = "future";
  EXPECT_EQ(count(judged(bars, query), Reason::kOutlier), 0);
  const std::size_t row =
      static_cast<std::size_t>(std::ranges::find_if(bars.close, [](double x) { return x < 0; }) - bars.close.begin()) +
      5;
  bars.close[row] = bars.low[row] = -30;
  const QualityReport report = judged(bars, query);
  EXPECT_EQ(finding(report, Reason::kOutlier).first, bars.bar(row).time);
}

TEST_F(Quality, negative_prices_are_a_note_for_futures_and_cost_points_for_stocks) {
  Series bars = sound_;
  bars.low[10] = -1;
  QualityQuery query = minute_query(calendar_);
  EXPECT_LT(judged(bars, query).score, 100);
  for (const char* asset_class : {"future", "series"}) {
    query.asset_class = asset_class;
    const QualityReport report = judged(bars, query);
    EXPECT_EQ(report.score, 100);
    EXPECT_EQ(finding(report, Reason::kNegativePrice).penalty, 0);
    EXPECT_EQ(finding(report, Reason::kNegativePrice).text,
              std::string("1 bar has a price below 0, as a ") + asset_class + " may");
  }
}

TEST_F(Quality, a_series_without_any_volume_is_noted_and_loses_nothing) {
  Series bars = sound_;
  bars.volume.assign(bars.size(), kNotKnown);
  const QualityReport report = judged(bars, minute_query(calendar_));
  EXPECT_EQ(report.score, 100);
  EXPECT_EQ(finding(report, Reason::kUnknownVolume).count, 1950);
}

TEST_F(Quality, equal_bars_in_a_row_are_stale_from_the_tenth_on) {
  const auto with_repeats = [&](std::size_t bars_in_row, double volume) {
    Series bars = sound_;
    for (std::size_t i = 100; i < 100 + bars_in_row; ++i) {
      for (const ValueColumn column : kPriceColumns) (bars.*column)[i] = (bars.*column)[100];
      bars.volume[i] = volume;
    }
    return judged(bars, minute_query(calendar_));
  };
  EXPECT_EQ(count(with_repeats(9, 55.5), Reason::kStale), 0);
  EXPECT_EQ(count(with_repeats(10, 55.5), Reason::kStale), 10);
  EXPECT_EQ(finding(with_repeats(40, 55.5), Reason::kStale).first, sound_.bar(100).time);
  EXPECT_EQ(count(with_repeats(40, 0), Reason::kStale), 0);  // nothing traded
}

TEST_F(Quality, a_price_that_stands_still_while_volumes_come_in_is_stale_after_an_hour) {
  const auto flat = [&](std::size_t bars_in_row, bool volumes_differ) {
    Series bars = sound_;
    for (std::size_t i = 100; i < 100 + bars_in_row; ++i) {
      for (const ValueColumn column : kPriceColumns) (bars.*column)[i] = 100;
      bars.volume[i] = volumes_differ ? static_cast<double>(i) : 7;
    }
    return count(judged(bars, minute_query(calendar_)), Reason::kStale);
  };
  EXPECT_EQ(flat(59, true), 0);
  EXPECT_EQ(flat(60, true), 60);
  EXPECT_EQ(flat(60, false), 60);  // stale in both ways, counted once
}

TEST_F(Quality, bars_outside_the_hours_are_found_but_not_one_into_which_a_session_opens) {
  Series bars = sound_;
  bars.push_back({at("2021-03-06T15:00:00Z"), 100, 101, 99, 100, 5});  // a Saturday
  const QualityReport report = judged(bars, minute_query(calendar_));
  EXPECT_EQ(finding(report, Reason::kOutsideHours).count, 1);
  EXPECT_EQ(finding(report, Reason::kOutsideHours).first, at("2021-03-06T15:00:00Z"));

  Series hours;
  hours.push_back({at("2021-03-01T06:00:00Z"), 100, 101, 99, 100, 5});  // 01:00 in New York: closed until 04:00
  hours.push_back({at("2021-03-01T08:30:00Z"), 100, 101, 99, 100, 5});  // half an hour before it opens
  QualityQuery query = minute_query(calendar_);
  query.timeframe = {Timeframe::Unit::kHour, 1};
  EXPECT_EQ(count(judged(hours, query), Reason::kOutsideHours), 1);

  Series days;
  for (const char* date : {"2021-04-01", "2021-04-02", "2021-04-05"}) days.push_back({at(date), 1, 1, 1, 1, 1});
  query.timeframe = {Timeframe::Unit::kDay, 1};
  query.times = BarTimes::kDates;
  EXPECT_EQ(finding(judged(days, query), Reason::kOutsideHours).first, at("2021-04-02"));  // Good Friday
}

TEST_F(Quality, missing_bars_count_on_the_day_on_which_they_are_missing) {
  Series bars;
  for (std::size_t i = 0; i < sound_.size(); ++i) {  // all of the third day, and 39 bars of the fourth
    if (i >= 2 * 390 && i < 3 * 390) continue;
    if (i >= 3 * 390 + 100 && i < 3 * 390 + 139) continue;
    bars.push_back(sound_.bar(i));
  }
  QualityQuery query = minute_query(calendar_);
  GapQuery asked;
  asked.timeframe = query.timeframe;
  asked.anchor = query.anchor;
  const GapReport gaps = *find_gaps(bars, *calendar_, asked);
  query.gaps = &gaps;
  const QualityReport report = judged(bars, query);
  EXPECT_EQ(count(report, Reason::kMissingBars), 429);
  EXPECT_DOUBLE_EQ(report.score, 100 - 100.0 * 429 / 1950);
  ASSERT_EQ(report.days.size(), 5u);
  EXPECT_EQ(report.days[2].bars, 0);
  EXPECT_EQ(report.days[2].score, 0);
  EXPECT_DOUBLE_EQ(report.days[3].score, 90);
  EXPECT_EQ(report.days[4].score, 100);
}

TEST_F(Quality, missing_days_are_the_trade_dates_of_a_gap) {
  Series days;
  for (const char* date : {"2021-12-22", "2021-12-23", "2021-12-29"}) days.push_back({at(date), 1, 2, 1, 2, 1});
  QualityQuery query;
  query.timeframe = {Timeframe::Unit::kDay, 1};
  query.calendar = calendar_;
  query.times = BarTimes::kDates;
  GapQuery asked;
  asked.timeframe = query.timeframe;
  const GapReport gaps = *find_gaps(days, *calendar_, asked);
  query.gaps = &gaps;
  const QualityReport report = judged(days, query);
  EXPECT_EQ(count(report, Reason::kMissingBars), 2);
  std::vector<std::string> dates;
  for (const DayQuality& day : report.days) {
    if (day.bars == 0) dates.push_back(to_string(civil_from_days(day.day)));
  }
  EXPECT_EQ(dates, (std::vector<std::string>{"2021-12-27", "2021-12-28"}));
}

TEST_F(Quality, what_ingest_saw_is_told) {
  QualityQuery query = minute_query(calendar_);
  query.ingest = {.duplicates = 50, .out_of_order = 1, .first_duplicate = at("2021-03-02T15:00:00Z")};
  const QualityReport report = judged(sound_, query);
  EXPECT_EQ(finding(report, Reason::kDuplicate).text, "50 bars came more than once");
  EXPECT_EQ(finding(report, Reason::kDuplicate).first, at("2021-03-02T15:00:00Z"));
  EXPECT_DOUBLE_EQ(report.score, 100 - 100.0 * 50 / 2000 - 100.0 / 1951);
}

TEST_F(Quality, penalties_are_capped_and_the_score_stays_within_0_and_100) {
  Series bars = sound_;
  bars.high = bars.low;
  for (double& price : bars.open) price = 0;
  const QualityReport report = judged(bars, minute_query(calendar_));
  EXPECT_EQ(finding(report, Reason::kInconsistent).penalty, 40);
  EXPECT_EQ(finding(report, Reason::kZeroPrice).penalty, 40);
  EXPECT_EQ(report.score, 20);
  for (double& price : bars.low) price = -1;
  EXPECT_EQ(judged(bars, minute_query(calendar_)).score, 0);
}

TEST_F(Quality, without_a_calendar_days_are_those_of_the_anchor) {
  QualityQuery query = minute_query(nullptr);
  const QualityReport report = judged(sound_, query);
  EXPECT_EQ(report.days.size(), 5u);
  EXPECT_EQ(report.score, 100);
  query.anchor.time_zone = "Mars/Olympus";
  EXPECT_FALSE(quality_of(sound_, query));
}

/// Reasons counted day by day add up to those of the series, whatever is wrong with it.
TEST_F(Quality, counts_of_days_add_up_to_those_of_the_series) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    std::mt19937_64 random(seed);
    Series bars;
    for (std::size_t i = 0; i < sound_.size(); ++i) {
      if (random() % 100 == 0) i += random() % 60;
      if (i >= sound_.size()) break;
      Bar bar = sound_.bar(i);
      for (double* const value : {&bar.open, &bar.high, &bar.low, &bar.close, &bar.volume}) {
        if (random() % 50 != 0) continue;
        const double wrong[] = {kNotKnown, 0, -5, 1e6, *value};
        *value = wrong[random() % 5];
      }
      bars.push_back(bar);
    }
    QualityQuery query = minute_query(calendar_);
    GapQuery asked;
    asked.timeframe = query.timeframe;
    asked.anchor = query.anchor;
    const GapReport gaps = *find_gaps(bars, *calendar_, asked);
    query.gaps = &gaps;
    const QualityReport report = judged(bars, query);
    std::array<std::int64_t, kQualityReasonCount> sums{};
    std::int64_t rows = 0;
    for (const DayQuality& day : report.days) {
      rows += day.bars;
      for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += day.counts[i];
      EXPECT_GE(day.score, 0);
      EXPECT_LE(day.score, 100);
    }
    EXPECT_EQ(rows, static_cast<std::int64_t>(bars.size()));
    double penalties = 0;
    for (const QualityFinding& found : report.findings) {
      EXPECT_EQ(sums[static_cast<std::size_t>(found.reason)], found.count) << to_string(found.reason);
      penalties += found.penalty;
    }
    EXPECT_DOUBLE_EQ(report.score, std::max(0.0, 100 - penalties));
    EXPECT_EQ(count(report, Reason::kMissingBars), gaps.bars_missing);
  }
}

TEST(QualityTable, of_the_documentation_is_the_one_that_is_used) {
  std::ifstream file(TRADEASSIST_SOURCE_DIR "/docs/data-quality.md");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  for (std::size_t i = 0; i < kQualityReasonCount; ++i) {
    const Reason reason{static_cast<std::uint8_t>(i)};
    const QualityWeight weight = quality_weight(reason);
    const std::string row =
        fmt::format("\n| `{}` | {} | {} | ", to_string(reason), weight.points_per_percent, weight.points_max);
    EXPECT_NE(text.find(row), std::string::npos) << row;
  }
}

TEST(RobustScale, is_not_moved_by_outliers_and_falls_back_where_most_values_are_equal) {
  const RobustScale plain = robust_scale({1, 2, 3, 4, 5}), spoilt = robust_scale({1, 2, 3, 4, 1e9});
  EXPECT_EQ(plain.median, 3);
  EXPECT_DOUBLE_EQ(plain.deviation, 1.4826);
  EXPECT_EQ(spoilt.median, 3);
  EXPECT_DOUBLE_EQ(spoilt.deviation, 1.4826);
  EXPECT_DOUBLE_EQ(robust_scale({0, 0, 0, 0, 5}).deviation, 1.2533);
  EXPECT_EQ(robust_scale({7, 7, 7}).deviation, 0);
}

}  // namespace
}  // namespace tradeassist::market
