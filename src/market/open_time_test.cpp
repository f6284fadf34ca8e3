#include "market/open_time.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "market/calendar/testing/calendar_text.hpp"

namespace tradeassist::market {
namespace {

using namespace std::chrono_literals;
using testing::at;
using testing::calendar_named;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::int64_t day(int year, unsigned month, unsigned number) { return days_from_civil({year, month, number}); }

TEST(OpenTime, counts_regular_hours_and_leaves_out_nights_and_holidays) {
  const OpenTime hours(calendar_named("XNYS"));
  // Wednesday noon to Monday 10:00 in New York over Thanksgiving 2021, whose Friday closes at 13:00.
  EXPECT_EQ(hours.between(at("2021-11-24T17:00:00Z"), at("2021-11-29T15:00:00Z")), 4h + 3h + 30min + 30min);
  EXPECT_EQ(hours.between(at("2021-11-25T00:00:00Z"), at("2021-11-26T00:00:00Z")), 0h);
  EXPECT_EQ(hours.between(at("2021-11-24T21:00:00Z"), at("2021-11-24T22:00:00Z")), 0h) << "extended hours do not count";
  EXPECT_EQ(hours.between(at("2021-11-29T15:00:00Z"), at("2021-11-24T17:00:00Z")), 0h);
}

TEST(OpenTime, a_market_without_regular_hours_counts_all_of_them) {
  const OpenTime hours(calendar_named("CRYPTO"));
  EXPECT_EQ(hours.between(at("2021-11-24T17:00:00Z"), at("2021-11-25T18:30:00Z")), 25h + 30min);
}

TEST(OpenTime, a_trade_date_is_over_with_its_close) {
  const OpenTime hours(calendar_named("XNYS"));
  EXPECT_THAT(hours.days_over(day(2021, 11, 24), at("2021-11-26T18:00:00Z")),
              ElementsAre(day(2021, 11, 24), day(2021, 11, 26)));
  EXPECT_THAT(hours.days_over(day(2021, 11, 24), at("2021-11-26T17:59:59Z")), ElementsAre(day(2021, 11, 24)));
  EXPECT_THAT(hours.days_over(day(2021, 11, 25), at("2021-11-26T17:59:59Z")), IsEmpty());
  EXPECT_EQ(hours.end_of(day(2021, 11, 25)), at("2021-11-26T18:00:00Z"));
  EXPECT_EQ(hours.day_from(day(2021, 11, 25)), day(2021, 11, 26));
  EXPECT_EQ(hours.end_before(day(2021, 11, 26)), at("2021-11-24T21:00:00Z"));
  EXPECT_EQ(hours.end_of(day(2099, 1, 1)), base::Time::max());
  EXPECT_EQ(hours.end_before(day(1970, 1, 1)), base::Time::min());
}

TEST(OpenTime, agrees_with_a_walk_through_the_sessions) {
  for (const char* name : {"XNYS", "CME_EQUITY", "FX"}) {
    const auto calendar = calendar_named(name);
    const OpenTime hours(calendar);
    const bool has_regular = calendar->sessions(Hours::kRegular).size() > 0;
    const SessionColumns& sessions = calendar->sessions(has_regular ? Hours::kRegular : Hours::kAll);
    std::mt19937_64 random(1);
    const auto instant = [&] {
      const auto session = static_cast<std::size_t>(random() % sessions.size());
      // Often exactly at an edge.
      return random() % 3 == 0 ? sessions.open[session]
             : random() % 2 == 0
                 ? sessions.close[session]
                 : sessions.open[session] + static_cast<std::int64_t>(random() % 200'000) * 1'000'000'000;
    };
    for (int round = 0; round < 50; ++round) {
      const std::int64_t from = instant(), to = instant();
      std::int64_t wanted = 0, days = 0, last_day = INT64_MIN;
      for (std::size_t i = 0; i < sessions.size(); ++i) {
        wanted += std::max<std::int64_t>(0, std::min(to, sessions.close[i]) - std::max(from, sessions.open[i]));
        const bool is_last = i + 1 == sessions.size() || sessions.trade_day[i + 1] != sessions.trade_day[i];
        if (is_last && sessions.close[i] <= to && sessions.trade_day[i] >= day_of(from) &&
            sessions.trade_day[i] != last_day) {
          ++days;
          last_day = sessions.trade_day[i];
        }
      }
      EXPECT_EQ(hours.between(base::time_from_nanoseconds(from), base::time_from_nanoseconds(to)).count(), wanted);
      EXPECT_EQ(static_cast<std::int64_t>(hours.days_over(day_of(from), base::time_from_nanoseconds(to)).size()), days);
    }
  }
}

}  // namespace
}  // namespace tradeassist::market
