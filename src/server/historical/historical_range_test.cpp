#include "server/historical/historical_range.hpp"

#include <gmock/gmock.h>

#include <random>

#include "market/zone_clock.hpp"

namespace tradeassist::server {
namespace {

using market::CivilDate;
constexpr market::Timeframe kMinute{market::Timeframe::Unit::kMinute, 1}, kDay{market::Timeframe::Unit::kDay, 1};

const market::Instrument kSpy{.symbol = "SPY", .time_zone = "America/New_York", .session = "0930-1600"};
const market::Instrument kEs{.symbol = "ESZ5", .time_zone = "America/Chicago", .session = "1700-1600"};
const market::Instrument kNikkei{.symbol = "N225", .time_zone = "Asia/Tokyo", .session = "0900-1500"};

base::Time at(const char* text) { return base::parse_time(text).value(); }

HistoricalRange preset(const char* name) {
  HistoricalRange range;
  range.preset = name;
  return range;
}

HistoricalRange relative(const RelativeRange& back) {
  HistoricalRange range;
  range.relative = back;
  return range;
}

/// "from to" as times, "-" where open.
std::string applied(const HistoricalRange& range, const market::Instrument& instrument, const char* now,
                    market::Timeframe timeframe = kMinute) {
  store::BarQuery query;
  query.timeframe = timeframe;
  const auto done = apply_range(range, instrument, at(now), query);
  if (!done) return done.error().message;
  const auto text = [](const std::optional<base::Time>& time) { return time ? base::format_time(*time) : "-"; };
  return text(query.from) + " " + text(query.to);
}

std::vector<std::string> pointers_of(const HistoricalRange& range) {
  std::vector<base::FieldError> errors;
  check_range(range, 1'000, errors);
  std::vector<std::string> pointers;
  for (const base::FieldError& error : errors) pointers.push_back(error.pointer);
  return pointers;
}

TEST(HistoricalRange, begins_with_a_local_date_and_ends_with_the_minute_that_runs) {
  const char* now = "2024-03-31T14:30:20Z";  // 10:30:20 in New York
  EXPECT_EQ(applied(relative({.days = 2}), kSpy, now), "2024-03-29T04:00:00Z 2024-03-31T14:31:00Z");
  EXPECT_EQ(applied(relative({.weeks = 3}), kSpy, now), "2024-03-10T05:00:00Z 2024-03-31T14:31:00Z");
  EXPECT_EQ(applied(relative({.months = 1}), kSpy, now), "2024-02-29T05:00:00Z 2024-03-31T14:31:00Z");
  EXPECT_EQ(applied(relative({.years = 4}), kSpy, now), "2020-03-31T04:00:00Z 2024-03-31T14:31:00Z");
  EXPECT_EQ(applied(preset("6m"), kSpy, now), "2023-09-30T04:00:00Z 2024-03-31T14:31:00Z");
  EXPECT_EQ(applied(preset("1m"), kSpy, "2024-03-31T14:31:00Z"), "2024-02-29T05:00:00Z 2024-03-31T14:31:00Z");
  EXPECT_EQ(applied(preset("1m"), kSpy, "2023-03-31T14:31:00Z"), "2023-02-28T05:00:00Z 2023-03-31T14:31:00Z");
  EXPECT_EQ(applied(preset("1y"), kSpy, "2024-02-29T20:00:00Z"), "2023-02-28T05:00:00Z 2024-02-29T20:00:00Z");
  EXPECT_EQ(applied(preset("ytd"), kSpy, now), "2024-01-01T05:00:00Z 2024-03-31T14:31:00Z");
  EXPECT_EQ(applied(preset("max"), kSpy, now), "- -");
}

TEST(HistoricalRange, the_date_is_that_of_the_instruments_time_zone) {
  EXPECT_EQ(applied(preset("1d"), kNikkei, "2024-03-31T15:10:00Z"), "2024-03-30T15:00:00Z 2024-03-31T15:10:00Z");
  EXPECT_EQ(applied(preset("1d"), kNikkei, "2024-03-31T14:50:00Z"), "2024-03-29T15:00:00Z 2024-03-31T14:50:00Z");
  EXPECT_EQ(applied(preset("ytd"), kSpy, "2024-01-01T03:00:00Z"), "2023-01-01T05:00:00Z 2024-01-01T03:00:00Z");
}

TEST(HistoricalRange, a_date_begins_with_its_session_of_the_evening_before) {
  EXPECT_EQ(applied(relative({.days = 1}), kEs, "2024-07-10T14:00:00Z"), "2024-07-08T22:00:00Z 2024-07-10T14:00:00Z");
}

TEST(HistoricalRange, bars_that_are_stamped_with_the_first_date_belong_to_it) {
  EXPECT_EQ(applied(preset("5d"), kSpy, "2024-07-10T14:00:00Z", kDay), "2024-07-05T00:00:00Z 2024-07-10T14:00:00Z");
  EXPECT_EQ(applied(preset("5d"), kNikkei, "2024-07-10T14:00:00Z", kDay), "2024-07-04T15:00:00Z 2024-07-10T14:00:00Z");
  EXPECT_EQ(applied(preset("5d"), kEs, "2024-07-10T14:00:00Z", kDay), "2024-07-04T22:00:00Z 2024-07-10T14:00:00Z");
}

TEST(HistoricalRange, months_are_those_that_one_finds_by_walking_back_through_the_calendar) {
  std::mt19937_64 random(7);
  const market::Instrument instrument{.symbol = "X", .time_zone = "Europe/Berlin"};
  market::ZoneClock clock = market::ZoneClock::find("Europe/Berlin").value();
  for (int round = 0; round < 400; ++round) {
    const std::int64_t today = 3'000 + static_cast<std::int64_t>(random() % 20'000);
    const auto months = static_cast<std::int64_t>(1 + random() % 40);
    const CivilDate date = market::civil_from_days(today);
    const std::int64_t wanted = date.year * 12 + static_cast<std::int64_t>(date.month) - months;
    std::int64_t day = today;
    for (;; --day) {
      const CivilDate seen = market::civil_from_days(day);
      if (seen.year * 12 + static_cast<std::int64_t>(seen.month) == wanted && seen.day <= date.day) break;
    }
    store::BarQuery query;
    query.timeframe = kMinute;
    const base::Time noon = base::time_from_nanoseconds(clock.to_utc(today * 86'400 + 43'200) * 1'000'000'000);
    ASSERT_TRUE(apply_range(relative({.months = months}), instrument, noon, query));
    EXPECT_EQ(base::to_nanoseconds(*query.from), clock.to_utc(day * 86'400) * 1'000'000'000)
        << market::to_string(date) << " less " << months << " months";
  }
}

TEST(HistoricalRange, has_exactly_one_kind) {
  HistoricalRange range;
  EXPECT_THAT(pointers_of(range), testing::ElementsAre("/start"));
  range.last = 5;
  EXPECT_THAT(pointers_of(range), testing::IsEmpty());
  range.preset = "1y";
  EXPECT_THAT(pointers_of(range), testing::ElementsAre("/last"));
  range.end = at("2024-01-01");
  EXPECT_THAT(pointers_of(range), testing::ElementsAre("/preset", "/last"));
}

TEST(HistoricalRange, has_bounds) {
  EXPECT_THAT(pointers_of(relative({})), testing::ElementsAre("/relative"));
  EXPECT_THAT(pointers_of(relative({.days = 1, .years = 1})), testing::ElementsAre("/relative"));
  EXPECT_THAT(pointers_of(relative({.days = 0})), testing::ElementsAre("/relative/days"));
  EXPECT_THAT(pointers_of(relative({.weeks = 5'201})), testing::ElementsAre("/relative/weeks"));
  EXPECT_THAT(pointers_of(preset("7d")), testing::ElementsAre("/preset"));
  HistoricalRange range;
  range.last = 1'001;
  EXPECT_THAT(pointers_of(range), testing::ElementsAre("/last"));
  HistoricalRange backwards;
  backwards.start = backwards.end = at("2024-01-01");
  EXPECT_THAT(pointers_of(backwards), testing::ElementsAre("/end"));
}

}  // namespace
}  // namespace tradeassist::server
