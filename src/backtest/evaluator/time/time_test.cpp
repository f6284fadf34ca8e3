#include <gtest/gtest.h>

#include <cmath>

#include "backtest/testing/script_run.hpp"

/// Calendars, sessions and other timeframes as scripts see them.
namespace tradeassist::backtest {
namespace {

using namespace testing;

void in_new_york(RunRequest& request) {
  request.instrument.time_zone = "America/New_York";
  request.instrument.session = "1700-1700";
}

/// Six hourly bars over the start of a forex day in New York in winter: 19:00 to 00:00 UTC, that is 14:00 to 19:00.
Values evening(const std::string& expression, const std::string& lines = "") {
  const market::Series bars = bars_of_closes({1, 2, 3, 4, 5, 6}, nanoseconds("2024-01-09T19:00:00Z"), kHour);
  const ScriptRun script = run_script(lines + "\nplot(" + expression + ", \"x\")\n", bars, in_new_york);
  if (!script.result) throw std::runtime_error(script.result.error().message);
  return script.plot("x");
}

double milliseconds(std::string_view text) { return static_cast<double>(nanoseconds(text) / 1'000'000); }

TEST(Time, calendar_fields_are_those_of_the_bars_open_at_the_exchange) {
  expect_values(evening("hour"), {14, 15, 16, 17, 18, 19});
  expect_values(evening("dayofweek"), Values(6, 3));  // Tuesday
  expect_values(evening("dayofmonth"), Values(6, 9));
  expect_values(evening("weekofyear * 10000 + year"), Values(6, 22024));
  expect_values(evening("hour(time, \"UTC\")"), {19, 20, 21, 22, 23, 0});
}

TEST(Time, the_evening_belongs_to_the_next_trading_day) {
  const double tuesday = milliseconds("2024-01-09"), wednesday = milliseconds("2024-01-10");
  expect_values(evening("time_tradingday"), {tuesday, tuesday, tuesday, wednesday, wednesday, wednesday});
  expect_values(evening("timeframe.change(\"D\") ? 1 : 0"), {0, 0, 0, 1, 0, 0});
  expect_values(evening("time_close - time"), Values(6, 3'600'000));
}

TEST(Time, before_v5_a_session_without_days_is_of_monday_to_friday) {
  // Friday 22:00 to Saturday 01:00.
  const market::Series bars = bars_of_closes({1, 2, 3, 4}, nanoseconds("2024-01-05T22:00:00Z"), kHour);
  const auto inside = [&](const std::string& head, const std::string& session) {
    const std::string text = head + "plot(na(time(\"60\", \"" + session + "\")) ? 0 : 1, \"x\")\n";
    return run_script(text, bars, [](RunRequest& request) { request.instrument.time_zone = "UTC"; }).plot("x");
  };
  const std::string v4 = "//@version=4\nstudy(\"t\")\n", v5 = "//@version=5\nindicator(\"t\")\n";
  expect_values(inside(v4, "0000-2359"), {1, 1, 0, 0});
  expect_values(inside(v4, "0000-2359:1234567"), {1, 1, 1, 1});
  expect_values(inside(v4, "24x7"), {1, 1, 1, 1});
  expect_values(inside(v5, "0000-2359"), {1, 1, 1, 1});
}

TEST(Time, a_week_ends_on_friday_but_for_what_trades_on_saturdays) {
  // Bars every twelve hours from Friday noon in New York to Sunday noon, and Friday's alone.
  const market::Series all = bars_of_closes({1, 2, 3, 4, 5}, nanoseconds("2024-01-05T17:00:00Z"), 12 * kHour);
  const auto closes = [](const market::Series& bars, const std::string& close) {
    const ScriptRun script = run_script("plot(" + close + ", \"x\")\n", bars, [](RunRequest& request) {
      request.instrument.time_zone = "America/New_York";
      request.timeframe = {market::Timeframe::Unit::kHour, 12};
    });
    return script.plot("x").front();
  };
  for (const char* close : {"time_close(\"W\")",
                            "request.security(syminfo.tickerid, \"W\", time_close, "
                            "lookahead = barmerge.lookahead_on)"}) {
    EXPECT_EQ(closes(all, close), milliseconds("2024-01-08T05:00:00Z")) << close;
    EXPECT_EQ(closes(all.slice(0, 1), close), milliseconds("2024-01-06T05:00:00Z")) << close;
  }
}

TEST(Time, timestamps_are_of_the_exchange_and_roll_over) {
  expect_values(evening("timestamp(2024, 1, 9, 14, 0) == time ? 1 : 0"), {1, 0, 0, 0, 0, 0});
  expect_values(evening("timestamp(\"UTC\", 2023, 13, 40, 0, 0)"), Values(6, milliseconds("2024-02-09")));
  expect_values(evening("timestamp(\"2024-01-09T10:00:00+02:00\")"), Values(6, milliseconds("2024-01-09T08:00:00Z")));
}

TEST(Time, a_session_lets_only_its_own_bars_through) {
  expect_values(evening("na(time(timeframe.period, \"1500-1700\")) ? 0 : 1"), {0, 1, 1, 0, 0, 0});
  expect_values(evening("na(time(timeframe.period, \"1500-1700:246\")) ? 0 : 1"), Values(6, 0));  // not on Tuesdays
  expect_values(evening("na(time(timeframe.period, \"1800-0200\")) ? 0 : 1"), {0, 0, 0, 0, 1, 1});
}

TEST(Time, the_present_is_the_end_of_the_last_bar) {
  expect_values(evening("timenow"), Values(6, milliseconds("2024-01-10T01:00:00Z")));
}

/// Hourly bars of two stock sessions in New York, 09:30 to 16:00 (the last bar is half an hour), and what is around.
Values sessions(const std::string& expression, const std::vector<std::string>& times) {
  market::Series bars;
  for (const std::string& time : times) bars.push_back({*base::parse_time(time), 1, 2, 0, 1, 10});
  const ScriptRun script = run_script("plot(" + expression + " ? 1 : 0, \"x\")\n", bars, [](RunRequest& request) {
    request.instrument.time_zone = "America/New_York";
    request.instrument.session = "0930-1600";
  });
  if (!script.result) throw std::runtime_error(script.result.error().message);
  return script.plot("x");
}

TEST(Sessions, the_first_and_last_bars_of_a_day_are_those_that_begin_and_end_its_session) {
  const std::vector<std::string> regular = {"2024-01-09T14:30:00Z", "2024-01-09T15:30:00Z", "2024-01-09T20:30:00Z",
                                            "2024-01-10T14:30:00Z", "2024-01-10T15:30:00Z", "2024-01-10T20:30:00Z"};
  expect_values(sessions("session.isfirstbar", regular), {1, 0, 0, 1, 0, 0});
  expect_values(sessions("session.islastbar", regular), {0, 0, 1, 0, 0, 1});
  expect_values(sessions("session.isfirstbar_regular", regular), {1, 0, 0, 1, 0, 0});
  expect_values(sessions("session.islastbar_regular", regular), {0, 0, 1, 0, 0, 1});
  expect_values(sessions("session.ismarket", regular), Values(6, 1));
  expect_values(sessions("session.ispremarket or session.ispostmarket", regular), Values(6, 0));
}

TEST(Sessions, bars_around_the_session_come_before_or_after_the_market) {
  // 08:30, 09:30, 15:30, 16:30 of one day and 08:30, 09:30 of the next.
  const std::vector<std::string> extended = {"2024-01-09T13:30:00Z", "2024-01-09T14:30:00Z", "2024-01-09T20:30:00Z",
                                             "2024-01-09T21:30:00Z", "2024-01-10T13:30:00Z", "2024-01-10T14:30:00Z"};
  expect_values(sessions("session.ismarket", extended), {0, 1, 1, 0, 0, 1});
  expect_values(sessions("session.ispremarket", extended), {1, 0, 0, 0, 1, 0});
  expect_values(sessions("session.ispostmarket", extended), {0, 0, 0, 1, 0, 0});
  expect_values(sessions("session.isfirstbar", extended), {0, 0, 0, 0, 1, 0});
  expect_values(sessions("session.islastbar", extended), {0, 0, 0, 1, 0, 0});
  expect_values(sessions("session.isfirstbar_regular", extended), {0, 1, 0, 0, 0, 1});
  expect_values(sessions("session.islastbar_regular", extended), {0, 0, 1, 0, 0, 0});
}

TEST(Time, bars_back_count_the_charts_bars_and_timeframe_bars_back_those_of_the_timeframe) {
  const double first = milliseconds("2024-01-09T19:00:00Z"), hour = 3'600'000;
  expect_values(evening("time(\"\", bars_back = 1)"),
                {kNone, first, first + hour, first + 2 * hour, first + 3 * hour, first + 4 * hour});
  expect_values(evening("time(timeframe.period, \"\", -1)"), {first + hour, first + 2 * hour, first + 3 * hour,
                                                              first + 4 * hour, first + 5 * hour, first + 6 * hour});
  // Buckets of two hours from 17:00 New York (22:00 UTC): 18, 20 and 22 o'clock.
  const double bucket = milliseconds("2024-01-09T18:00:00Z");
  expect_values(evening("time(\"120\")"), {bucket, bucket + 2 * hour, bucket + 2 * hour, bucket + 4 * hour,
                                           bucket + 4 * hour, bucket + 6 * hour});
  expect_values(evening("time(\"120\", timeframe_bars_back = 1)"),
                {bucket - 2 * hour, bucket, bucket, bucket + 2 * hour, bucket + 2 * hour, bucket + 4 * hour});
  expect_values(evening("time_close(\"120\", \"\", \"UTC\", 0, 1) - time(\"120\")"), Values(6, 0));
}

TEST(Time, a_session_replaces_the_bars_of_a_timeframe) {
  const double three = milliseconds("2024-01-09T20:00:00Z"), hour = 3'600'000;  // 15:00 New York
  expect_values(evening("time(\"D\", \"1500-1730\")"), {kNone, three, three, three, kNone, kNone});
  expect_values(evening("time_close(\"D\", \"1500-1730\")"),
                {kNone, three + 2.5 * hour, three + 2.5 * hour, three + 2.5 * hour, kNone, kNone});
  expect_values(evening("time(\"120\", \"1500-1730\")"), {kNone, three, three, three + 2 * hour, kNone, kNone});
  expect_values(evening("time_close(\"120\", \"1500-1730\")"),
                {kNone, three + 2 * hour, three + 2 * hour, three + 2.5 * hour, kNone, kNone});
  expect_values(evening("na(time(\"60\", \"1500-1600,1800-2000:3\")) ? 0 : 1"), {0, 1, 0, 0, 1, 1});
  expect_values(evening("na(time(\"60\", \"2000-2100\", \"UTC\")) ? 0 : 1"), {0, 1, 0, 0, 0, 0});
  expect_values(evening("na(time(\"60\", \"America/New_York\")) ? 0 : 1"), Values(6, 1));
}

TEST(Time, bars_back_of_a_session_are_those_of_its_own_grid) {
  const double three = milliseconds("2024-01-09T20:00:00Z"), hour = 3'600'000, day = 24 * hour;
  // The chart has no bars of the day before: the calendar knows its session.
  expect_values(evening("time(\"D\", \"1500-1730\", timeframe_bars_back = 1)"),
                {kNone, three - day, three - day, three - day, kNone, kNone});
  expect_values(evening("time(\"120\", \"1500-1730\", timeframe_bars_back = 1)"),
                {kNone, three - day + 2 * hour, three - day + 2 * hour, three, kNone, kNone});
  expect_values(evening("time_close(\"120\", \"1500-1730\", timeframe_bars_back = -1)"),
                {kNone, three + 2.5 * hour, three + 2.5 * hour, three + day + 2 * hour, kNone, kNone});
  // A bar looked back at from inside the session may lie outside: its day is that of the session before.
  expect_values(evening("time(\"60\", \"1500-1730\", bars_back = 1)"),
                {kNone, kNone, three, three + hour, three + 2 * hour, kNone});
  expect_values(evening("time(\"D\", \"1500-1730\", bars_back = 1)"), {kNone, three - day, three, three, three, three});
}

TEST(Time, days_without_bars_are_no_days_of_a_session) {
  // Friday and Monday, from 15:00 to 17:00 UTC.
  market::Series bars = bars_of_closes({1, 2, 3}, nanoseconds("2024-01-05T15:00:00Z"), kHour);
  const market::Series monday = bars_of_closes({4, 5, 6}, nanoseconds("2024-01-08T15:00:00Z"), kHour);
  for (std::size_t i = 0; i < monday.size(); ++i) bars.push_back(monday.bar(i));
  const double friday = milliseconds("2024-01-05T16:00:00Z"), day = 24 * 3'600'000;
  const ScriptRun back = run_script("plot(time(\"D\", \"1600-1730\", timeframe_bars_back = 1), \"x\")\n", bars);
  expect_values(back.plot("x"), {kNone, friday - day, friday - day, kNone, friday, friday});
  const ScriptRun ahead = run_script("plot(time(\"D\", \"1600-1730\", timeframe_bars_back = -1), \"x\")\n", bars);
  expect_values(ahead.plot("x"),
                {kNone, friday + 3 * day, friday + 3 * day, kNone, friday + 4 * day, friday + 4 * day});
}

TEST(Time, a_week_goes_from_its_first_session_to_that_of_the_next) {
  expect_values(evening("time(\"W\", \"1500-1730\")"), Values(6, milliseconds("2024-01-08T20:00:00Z")));
  expect_values(evening("time_close(\"W\", \"1500-1730\")"), Values(6, milliseconds("2024-01-15T20:00:00Z")));
  expect_values(evening("time(\"W\", \"1500-1730:3456\")"), Values(6, milliseconds("2024-01-09T20:00:00Z")));
  expect_values(evening("time(\"W\", \"1700-1700\")"), Values(6, milliseconds("2024-01-07T22:00:00Z")));
  expect_values(evening("time(\"W\", \"1500-1730\", timeframe_bars_back = 1)"),
                Values(6, milliseconds("2024-01-01T20:00:00Z")));
  expect_values(evening("time(\"M\", \"0930-1600:23456\")"), Values(6, milliseconds("2024-01-01T14:30:00Z")));
  expect_values(evening("time_close(\"M\", \"0930-1600:23456\")"), Values(6, milliseconds("2024-02-01T14:30:00Z")));
}

TEST(Time, a_bar_of_a_date_opens_with_the_session_that_the_date_names) {
  // Friday, Monday and Tuesday.
  market::Series bars;
  for (const char* date : {"2024-01-05", "2024-01-08", "2024-01-09"}) {
    bars.push_back({*base::parse_time(date), 1, 2, 0, 1, 10});
  }
  const auto inside = [&](const std::string& arguments) {
    const ScriptRun script = run_script("plot(na(time(timeframe.period, " + arguments + ")) ? 0 : 1, \"x\")\n", bars,
                                        [](RunRequest& request) {
                                          request.timeframe = {market::Timeframe::Unit::kDay, 1};
                                          request.instrument.time_zone = "America/New_York";
                                          request.instrument.session = "0930-1600";
                                        });
    return script.plot("x");
  };
  expect_values(inside("\"0930-1600\""), {1, 1, 1});
  expect_values(inside("\"0930-1600:6\""), {1, 0, 0});
  expect_values(inside("\"1000-1600\""), {0, 0, 0});
  expect_values(inside("\"1430-1500\", \"UTC\""), {1, 1, 1});
}

TEST(Time, bars_close_with_the_session_at_the_latest) {
  // Hourly bars of a stock from 09:30 New York on Friday; the last of the session is half an hour, one is after it.
  const market::Series bars = bars_of_closes({1, 2, 3, 4, 5, 6, 7, 8}, nanoseconds("2024-01-12T14:30:00Z"), kHour);
  const auto closes = [&](const std::string& expression) {
    const ScriptRun script = run_script("plot(" + expression + ", \"x\")\n", bars, [](RunRequest& request) {
      request.instrument.time_zone = "America/New_York";
      request.instrument.session = "0930-1600";
    });
    return script.plot("x");
  };
  const double minute = 60'000, close = milliseconds("2024-01-12T21:00:00Z");
  expect_values(closes("time_close - time"), {60 * minute, 60 * minute, 60 * minute, 60 * minute, 60 * minute,
                                              60 * minute, 30 * minute, 60 * minute});
  expect_values(closes("time_close(\"\") - time_close"), Values(8, 0));
  expect_values(closes("time_close(\"D\")"), Values(8, close));
  expect_values(closes("time_close(\"W\")"), Values(8, close));
  expect_values(closes("time_close == time_close(\"D\") ? 1 : 0"), {0, 0, 0, 0, 0, 0, 1, 0});
  expect_values(closes("time_close(\"120\") - time(\"120\")"), {120 * minute, 120 * minute, 120 * minute, 120 * minute,
                                                                120 * minute, 120 * minute, 30 * minute, 30 * minute});
}

TEST(Time, dates_of_an_exchange_are_the_same_dates_in_every_zone) {
  market::Series bars;
  for (const char* date : {"2024-01-08", "2024-01-09", "2024-01-10"}) {
    bars.push_back({*base::parse_time(date), 1, 2, 0, 1, 10});
  }
  const auto values = [&](const std::string& expression, const std::string& zone) {
    const ScriptRun script = run_script("plot(" + expression + ", \"x\")\n", bars, [&](RunRequest& request) {
      request.timeframe = {market::Timeframe::Unit::kDay, 1};
      request.instrument.time_zone = zone;
    });
    return script.plot("x");
  };
  const std::string from = "time >= timestamp(\"America/New_York\", 2024, 1, 9, 0, 0) ? 1 : 0";
  expect_values(values("dayofmonth(time, \"America/New_York\")", "America/New_York"), {8, 9, 10});
  expect_values(values(from, "America/New_York"), {0, 1, 1});
  // Days of the whole world's clock are instants.
  expect_values(values("dayofmonth(time, \"America/New_York\")", "UTC"), {7, 8, 9});
  expect_values(values(from, "UTC"), {0, 0, 1});
}

TEST(Time, a_bad_session_is_an_error) {
  for (const char* session : {"930-1600", "0930-16", "0930-1600:8", "0960-1600", "abcd-efgh"}) {
    const std::string text = std::string("plot(time(\"60\", \"") + session + "\"))\n";
    const ScriptRun script = run_script(text, random_bars(2));
    ASSERT_FALSE(script.result) << session;
    EXPECT_NE(script.result.error().message.find("is not a session"), std::string::npos) << session;
  }
}

TEST(Time, timeframes_of_seconds_are_the_next_longer_ones) {
  const auto timeframe = [](const std::string& seconds) {
    const ScriptRun script =
        run_script("if barstate.islast\n    alert(timeframe.from_seconds(" + seconds + "))\n", random_bars(2));
    return script.result->messages.at(0).text;
  };
  EXPECT_EQ(timeframe("1"), "1S");
  EXPECT_EQ(timeframe("2"), "5S");
  EXPECT_EQ(timeframe("46"), "1");
  EXPECT_EQ(timeframe("3600"), "60");
  EXPECT_EQ(timeframe("86400"), "1D");
  EXPECT_EQ(timeframe("604799"), "7D");
  EXPECT_EQ(timeframe("604800"), "1W");
  EXPECT_EQ(timeframe("2628003"), "1M");
  EXPECT_EQ(timeframe("99999999"), "12M");
  EXPECT_EQ(timeframe("timeframe.in_seconds(\"240\")"), "240");
}

/// Eight hours of UTC from 08:00, asked for bars of four hours: two whole ones.
ScriptRun four_hours(const std::string& more, std::size_t bars = 8) {
  const market::Series hours = bars_of_closes({1, 2, 3, 4, 5, 6, 7, 8}, nanoseconds("2024-01-09T08:00:00Z"), kHour);
  return run_script("plot(request.security(syminfo.tickerid, \"240\", close" + more + "), \"x\")\n",
                    hours.slice(0, bars));
}

TEST(OtherTimeframes, a_higher_bar_shows_when_it_is_complete) {
  expect_values(four_hours("").plot("x"), {kNone, kNone, kNone, 4, 4, 4, 4, 8});
  expect_values(four_hours(", gaps = barmerge.gaps_on").plot("x"), {kNone, kNone, kNone, 4, kNone, kNone, kNone, 8});
  expect_values(four_hours("[1]").plot("x"), {kNone, kNone, kNone, kNone, kNone, kNone, kNone, 4});
}

TEST(OtherTimeframes, with_lookahead_it_shows_from_its_first_bar) {
  const std::string on = ", lookahead = barmerge.lookahead_on";
  expect_values(four_hours(on).plot("x"), {4, 4, 4, 4, 8, 8, 8, 8});
  expect_values(four_hours("[1]" + on).plot("x"), {kNone, kNone, kNone, kNone, 4, 4, 4, 4});
}

TEST(OtherTimeframes, an_unfinished_bar_at_the_end_does_not_show) {
  expect_values(four_hours("", 7).plot("x"), {kNone, kNone, kNone, 4, 4, 4, 4});
  expect_values(four_hours("", 4).plot("x"), {kNone, kNone, kNone, 4});
}

TEST(OtherTimeframes, a_day_is_complete_when_its_session_ends) {
  const market::Series bars = bars_of_closes({1, 2, 3, 4, 5, 6, 7}, nanoseconds("2024-01-09T14:30:00Z"), kHour);
  const ScriptRun script =
      run_script("plot(request.security(\"TEST\", \"D\", ta.sma(close, 1)), \"x\")\n", bars, [](RunRequest& request) {
        request.instrument.time_zone = "America/New_York";
        request.instrument.session = "0930-1600";
      });
  ASSERT_TRUE(script.result);
  expect_values(script.plot("x"), {kNone, kNone, kNone, kNone, kNone, kNone, 7});
}

TEST(OtherTimeframes, the_charts_own_timeframe_changes_nothing) {
  const ScriptRun script =
      run_script("plot(request.security(syminfo.tickerid, \"60\", ta.ema(close, 5)) - ta.ema(close, 5), \"x\")\n",
                 random_bars(50));
  const Values got = script.plot("x");
  for (std::size_t i = 4; i < got.size(); ++i) EXPECT_EQ(got[i], 0) << i;
}

TEST(OtherTimeframes, another_symbol_and_a_finer_timeframe_need_bars_of_their_own) {
  const ScriptRun other = run_script("plot(request.security(\"SPY\", \"D\", close))\n", random_bars(50));
  ASSERT_FALSE(other.result);
  EXPECT_EQ(other.result.error().code, base::ErrorCode::kNotFound);
  const ScriptRun finer = run_script("plot(request.security(syminfo.tickerid, \"5\", close))\n", random_bars(50));
  ASSERT_FALSE(finer.result);
  EXPECT_EQ(finer.result.error().code, base::ErrorCode::kNotFound);
}

TEST(Time, of_a_number_after_the_timeframe_is_that_of_bars_back) {
  expect_values(evening("time(\"60\", 1)"), evening("time(\"60\", bars_back = 1)"));
  expect_values(evening("time_close(\"D\", 1)"), evening("time_close(\"D\", bars_back = 1)"));
}

}  // namespace
}  // namespace tradeassist::backtest
