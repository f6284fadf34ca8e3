#include <gmock/gmock.h>

#include "market/calendar/testing/calendar_text.hpp"

namespace tradeassist::market {
namespace {

using testing::at;
using testing::calendar_named;
using testing::date;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::sessions_text;
using testing::weekdays_of_kind;

TEST(CmeEquity, sunday_evening_belongs_to_monday_in_winter_and_summer) {
  const CalendarPtr cme = calendar_named("CME_EQUITY");
  EXPECT_FALSE(cme->is_open(at("2024-01-07T22:59:59Z")));
  EXPECT_TRUE(cme->is_open(at("2024-01-07T23:00:00Z")));  // 17:00 in Chicago
  EXPECT_EQ(to_string(*cme->trade_date_of(at("2024-01-07T23:00:00Z"))), "2024-01-08");
  EXPECT_EQ(*cme->next_open(at("2024-03-09T12:00:00Z")), at("2024-03-10T22:00:00Z"));  // clocks changed that morning
  EXPECT_EQ(*cme->next_open(at("2024-11-02T12:00:00Z")), at("2024-11-03T23:00:00Z"));
}

TEST(CmeEquity, hours_are_those_of_their_time) {
  const CalendarPtr cme = calendar_named("CME_EQUITY");
  EXPECT_THAT(sessions_text(*cme, "2011-03-02"),
              ElementsAre("03-01 15:30 - 03-01 16:30 extended", "03-01 17:00 - 03-02 08:30 extended",
                          "03-02 08:30 - 03-02 15:15"));
  EXPECT_THAT(sessions_text(*cme, "2011-02-28"),
              ElementsAre("02-27 17:00 - 02-28 08:30 extended", "02-28 08:30 - 02-28 15:15"));
  EXPECT_THAT(sessions_text(*cme, "2013-10-07"),
              ElementsAre("10-06 17:00 - 10-07 08:30 extended", "10-07 08:30 - 10-07 15:15",
                          "10-07 15:30 - 10-07 16:15 extended"));
  EXPECT_THAT(sessions_text(*cme, "2016-10-07"),
              ElementsAre("10-06 17:00 - 10-07 08:30 extended", "10-07 08:30 - 10-07 15:15",
                          "10-07 15:30 - 10-07 16:00 extended"));
  EXPECT_THAT(sessions_text(*cme, "2022-10-07"),
              ElementsAre("10-06 17:00 - 10-07 08:30 extended", "10-07 08:30 - 10-07 15:00",
                          "10-07 15:00 - 10-07 16:00 extended"));
}

TEST(CmeEquity, a_holiday_trades_until_noon_for_the_next_day) {
  const CalendarPtr cme = calendar_named("CME_EQUITY");
  EXPECT_FALSE(cme->is_trading_day(date("2024-01-15")));
  EXPECT_EQ(cme->day_status(date("2024-01-15")), (DayStatus{DayKind::kHolidaySession, "Martin Luther King Jr. Day"}));
  EXPECT_THAT(sessions_text(*cme, "2024-01-16"),
              ElementsAre("01-14 17:00 - 01-15 08:30 extended", "01-15 08:30 - 01-15 12:00",
                          "01-15 17:00 - 01-16 08:30 extended", "01-16 08:30 - 01-16 15:00",
                          "01-16 15:00 - 01-16 16:00 extended"));
  const std::vector<Session> sessions = cme->sessions_of(date("2024-01-16"));
  EXPECT_TRUE(sessions.at(1).early_close);
  EXPECT_FALSE(sessions.at(3).early_close);
  EXPECT_EQ(*cme->next_open(at("2024-01-15T18:00:00Z")), at("2024-01-15T23:00:00Z"));
}

TEST(CmeEquity, a_friday_holiday_counts_for_monday_and_nothing_opens_in_the_pause) {
  const CalendarPtr cme = calendar_named("CME_EQUITY");
  // 2008-07-03 closed at 12:15; what usually began at 15:30 for the next day began at 17:00.
  EXPECT_THAT(sessions_text(*cme, "2008-07-03"),
              ElementsAre("07-02 15:30 - 07-02 16:30 extended", "07-02 17:00 - 07-03 08:30 extended",
                          "07-03 08:30 - 07-03 12:15"));
  EXPECT_THAT(sessions_text(*cme, "2008-07-07"),
              ElementsAre("07-03 17:00 - 07-04 08:30 extended", "07-04 08:30 - 07-04 10:30",
                          "07-06 17:00 - 07-07 08:30 extended", "07-07 08:30 - 07-07 15:15"));
}

TEST(CmeEquity, christmas_is_shut_from_the_early_close_to_the_evening_of_the_day) {
  const CalendarPtr cme = calendar_named("CME_EQUITY");
  EXPECT_EQ(*cme->previous_close(at("2024-12-25T12:00:00Z")), at("2024-12-24T18:15:00Z"));
  EXPECT_EQ(*cme->next_open(at("2024-12-24T19:00:00Z")), at("2024-12-25T23:00:00Z"));
  EXPECT_EQ(to_string(*cme->trade_date_of(at("2024-12-25T23:00:00Z"))), "2024-12-26");
}

TEST(CmeEquity, good_friday_trades_briefly_when_the_employment_report_comes_out) {
  const CalendarPtr cme = calendar_named("CME_EQUITY");
  EXPECT_EQ(cme->day_status(date("2024-03-29")), (DayStatus{DayKind::kClosed, "Good Friday"}));
  EXPECT_EQ(cme->day_status(date("2023-04-07")), (DayStatus{DayKind::kHolidaySession, "Good Friday"}));
  EXPECT_TRUE(cme->is_open(at("2023-04-07T13:14:00Z")));
  EXPECT_FALSE(cme->is_open(at("2023-04-07T13:15:00Z")));
  EXPECT_FALSE(cme->is_open(at("2024-03-29T13:00:00Z")));
}

TEST(CmeEquity, hurricane_sandy_left_two_short_nights_for_wednesday) {
  const CalendarPtr cme = calendar_named("CME_EQUITY");
  EXPECT_THAT(sessions_text(*cme, "2012-10-31"),
              ElementsAre("10-28 17:00 - 10-29 08:15 extended", "10-29 17:00 - 10-30 08:15 extended",
                          "10-30 17:00 - 10-31 08:30 extended", "10-31 08:30 - 10-31 15:15"));
}

TEST(CmeEquity, trading_days_count_back_over_holidays_for_rolls) {
  const CalendarPtr cme = calendar_named("CME_EQUITY");
  // The third Friday of June 2024 is the 21st; Wednesday the 19th is Juneteenth.
  EXPECT_EQ(to_string(*cme->trading_day_before(date("2024-06-21"), 1)), "2024-06-20");
  EXPECT_EQ(to_string(*cme->trading_day_before(date("2024-06-21"), 2)), "2024-06-18");
  EXPECT_EQ(to_string(*cme->trading_day_before(date("2024-06-21"), 8)), "2024-06-10");
  EXPECT_EQ(to_string(*cme->trading_day_after(date("2024-06-18"), 1)), "2024-06-20");
}

TEST(CmeRates, closed_for_president_bush_and_short_on_good_fridays_with_a_report) {
  const CalendarPtr rates = calendar_named("CME_RATES");
  EXPECT_FALSE(rates->is_trading_day(date("2018-12-05")));
  EXPECT_THAT(sessions_text(*rates, "2021-04-02"),
              ElementsAre("04-01 17:00 - 04-02 07:20 extended", "04-02 07:20 - 04-02 10:15"));
  EXPECT_THAT(sessions_text(*rates, "2019-06-12"),
              ElementsAre("06-11 17:00 - 06-12 07:20 extended", "06-12 07:20 - 06-12 14:00",
                          "06-12 14:00 - 06-12 16:00 extended"));
}

TEST(CbotGrains, hours_changed_often) {
  const CalendarPtr grains = calendar_named("CBOT_GRAINS");
  EXPECT_THAT(sessions_text(*grains, "2010-06-16"),
              ElementsAre("06-15 18:00 - 06-16 07:15 extended", "06-16 09:30 - 06-16 13:15"));
  EXPECT_THAT(sessions_text(*grains, "2012-06-13"),
              ElementsAre("06-12 17:00 - 06-13 09:30 extended", "06-13 09:30 - 06-13 14:00"));
  EXPECT_THAT(sessions_text(*grains, "2014-06-11"),
              ElementsAre("06-10 19:00 - 06-11 07:45 extended", "06-11 08:30 - 06-11 13:15"));
  EXPECT_THAT(sessions_text(*grains, "2024-06-12"),
              ElementsAre("06-11 19:00 - 06-12 07:45 extended", "06-12 08:30 - 06-12 13:20"));
}

TEST(CbotGrains, thanksgiving_drops_the_night_and_shortens_the_friday) {
  const CalendarPtr grains = calendar_named("CBOT_GRAINS");
  EXPECT_THAT(sessions_text(*grains, "2023-11-23"), IsEmpty());
  EXPECT_THAT(sessions_text(*grains, "2023-11-24"), ElementsAre("11-24 08:30 - 11-24 12:05"));
  EXPECT_THAT(sessions_text(*grains, "2024-01-16"),
              ElementsAre("01-15 19:00 - 01-16 07:45 extended", "01-16 08:30 - 01-16 13:20"));
}

TEST(NymexEnergy, holidays_trade_for_the_next_day_and_the_day_ends_an_hour_before_the_next) {
  const CalendarPtr nymex = calendar_named("NYMEX");
  EXPECT_THAT(sessions_text(*nymex, "2008-01-22"),
              ElementsAre("01-20 18:00 - 01-21 09:00 extended", "01-21 09:00 - 01-21 14:30",
                          "01-21 14:30 - 01-21 17:15 extended", "01-21 18:00 - 01-22 09:00 extended",
                          "01-22 09:00 - 01-22 14:30", "01-22 14:30 - 01-22 17:15 extended"));
  EXPECT_FALSE(nymex->sessions_of(date("2008-01-22")).at(0).early_close) << "its holiday had the usual length";
  EXPECT_TRUE(nymex->sessions_of(date("2024-01-16")).at(0).early_close);
  EXPECT_EQ(*nymex->previous_close(at("2024-06-12T21:30:00Z")), at("2024-06-12T21:00:00Z"));
  EXPECT_EQ(*nymex->next_open(at("2024-06-12T21:30:00Z")), at("2024-06-12T22:00:00Z"));
  EXPECT_EQ(*nymex->previous_close(at("2025-07-04T20:00:00Z")), at("2025-07-04T17:00:00Z"));  // a Friday
  EXPECT_EQ(*nymex->previous_close(at("2025-09-01T20:00:00Z")), at("2025-09-01T18:30:00Z"));
  EXPECT_FALSE(nymex->is_trading_day(date("2003-12-26")));
  EXPECT_TRUE(nymex->is_trading_day(date("2012-10-30")));
}

TEST(ComexMetals, gold_traded_on_the_floor_until_globex) {
  const CalendarPtr comex = calendar_named("COMEX");
  EXPECT_THAT(sessions_text(*comex, "2002-06-12"),
              ElementsAre("06-11 15:15 - 06-12 08:00 extended", "06-12 08:20 - 06-12 13:30"));
  EXPECT_THAT(sessions_text(*comex, "2013-10-07"),
              ElementsAre("10-06 18:00 - 10-07 08:20 extended", "10-07 08:20 - 10-07 13:30",
                          "10-07 13:30 - 10-07 17:15 extended"));
}

TEST(Eurex, asian_hours_follow_utc_and_the_rest_the_local_clock) {
  const CalendarPtr eurex = calendar_named("EUREX");
  EXPECT_THAT(sessions_text(*eurex, "2024-01-15"),
              ElementsAre("01-15 01:10 - 01-15 08:00 extended", "01-15 08:00 - 01-15 22:00"));
  EXPECT_THAT(sessions_text(*eurex, "2024-07-15"),
              ElementsAre("07-15 02:10 - 07-15 08:00 extended", "07-15 08:00 - 07-15 22:00"));
  EXPECT_THAT(sessions_text(*eurex, "2006-02-01"), ElementsAre("02-01 09:00 - 02-01 22:00"));
  EXPECT_THAT(weekdays_of_kind(*eurex, 2026, DayKind::kClosed),
              ElementsAre("01-01 New Year's Day", "04-03 Good Friday", "04-06 Easter Monday", "05-01 Labour Day",
                          "12-24 Christmas Eve", "12-25 Christmas Day", "12-31 New Year's Eve"));
}

TEST(Forex, the_week_runs_from_sunday_to_friday_in_new_york) {
  const CalendarPtr fx = calendar_named("FX");
  EXPECT_EQ(*fx->next_open(at("2024-06-15T12:00:00Z")), at("2024-06-16T21:00:00Z"));
  EXPECT_EQ(*fx->previous_close(at("2024-06-15T12:00:00Z")), at("2024-06-14T21:00:00Z"));
  EXPECT_EQ(to_string(*fx->trade_date_of(at("2024-06-12T21:00:00Z"))), "2024-06-13");
  EXPECT_TRUE(fx->is_open(at("2024-06-12T21:00:00Z")));
  EXPECT_EQ(*fx->next_open(at("2017-12-23T12:00:00Z")), at("2017-12-25T22:00:00Z"));
}

TEST(Crypto, never_closes) {
  const CalendarPtr crypto = calendar_named("CRYPTO");
  EXPECT_TRUE(crypto->is_open(at("2024-12-25T00:00:00Z")));
  EXPECT_EQ(crypto->trading_days({2024, 1, 1}, {2024, 12, 31})->size(), 366u);
  EXPECT_EQ(crypto->next_open(at("2024-06-15T12:00:00Z")), std::nullopt);
}

}  // namespace
}  // namespace tradeassist::market
