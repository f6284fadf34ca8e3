#include "market/calendar/calendar.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "market/calendar/testing/calendar_text.hpp"

namespace tradeassist::market {
namespace {

using testing::at;
using testing::calendar_named;
using testing::date;
using ::testing::HasSubstr;

/// What must hold of every calendar that comes with the program.
class EveryCalendar : public ::testing::TestWithParam<std::string_view> {
 protected:
  EveryCalendar() : calendar_(calendar_named(GetParam())), all_(calendar_->sessions()) {}

  base::Time random_time() {
    const std::int64_t first = days_from_civil(calendar_->first_date()) * base::kNanosecondsPerDay;
    const std::int64_t last = days_from_civil(calendar_->last_date()) * base::kNanosecondsPerDay;
    return base::time_from_nanoseconds(std::uniform_int_distribution(first, last)(random_));
  }

  CalendarPtr calendar_;
  const SessionColumns& all_;
  std::mt19937_64 random_{20'240'611};
};

TEST_P(EveryCalendar, covers_1998_to_2030) {
  EXPECT_EQ(calendar_->name(), GetParam());
  EXPECT_EQ(to_string(calendar_->first_date()), "1998-01-01");
  EXPECT_EQ(to_string(calendar_->last_date()), "2030-12-31");
  EXPECT_FALSE(calendar_->description().empty());
}

TEST_P(EveryCalendar, sessions_are_ordered_and_disjoint_and_trade_dates_never_go_back) {
  ASSERT_GT(all_.size(), 8'000u);
  for (std::size_t i = 0; i < all_.size(); ++i) {
    ASSERT_LT(all_.open[i], all_.close[i]) << i;
    if (i == 0) continue;
    ASSERT_LE(all_.close[i - 1], all_.open[i]) << to_string(civil_from_days(all_.trade_day[i]));
    ASSERT_LE(all_.trade_day[i - 1], all_.trade_day[i]);
  }
}

TEST_P(EveryCalendar, a_session_lies_near_its_trade_date) {
  for (std::size_t i = 0; i < all_.size(); ++i) {
    const std::int64_t midnight = all_.trade_day[i] * base::kNanosecondsPerDay;
    // At most a holiday and a weekend before it, and never beyond the end of the date west of Greenwich.
    ASSERT_GE(all_.open[i], midnight - 5 * base::kNanosecondsPerDay);
    ASSERT_LE(all_.close[i], midnight + 30 * 3'600 * base::kNanosecondsPerSecond);
  }
}

TEST_P(EveryCalendar, days_are_traded_exactly_when_their_status_says_so) {
  const std::int64_t first = days_from_civil(calendar_->first_date()), last = days_from_civil(calendar_->last_date());
  for (std::int64_t day = first; day <= last; ++day) {
    const CivilDate date = civil_from_days(day);
    const DayKind kind = calendar_->day_status(date).kind;
    const bool traded = kind == DayKind::kNormal || kind == DayKind::kShortened;
    ASSERT_EQ(calendar_->is_trading_day(date), traded) << to_string(date);
    ASSERT_EQ(calendar_->sessions_of(date, Hours::kRegular).empty(), !traded) << to_string(date);
    ASSERT_EQ(calendar_->day_status(date).reason.empty(), kind == DayKind::kNormal) << to_string(date);
  }
}

TEST_P(EveryCalendar, questions_about_an_instant_agree_with_the_list_of_sessions) {
  for (int n = 0; n < 300; ++n) {
    const base::Time t = random_time();
    for (const Hours hours : {Hours::kAll, Hours::kRegular}) {
      const SessionColumns& columns = calendar_->sessions(hours);
      std::optional<std::size_t> holding;
      std::optional<base::Time> next_open, previous_close;
      for (std::size_t i = 0; i < columns.size(); ++i) {
        const Session session = columns.session(i);
        if (session.open <= t && t < session.close) holding = i;
        const bool starts = i == 0 || columns.close[i - 1] < columns.open[i];
        const bool ends = i + 1 == columns.size() || columns.close[i] < columns.open[i + 1];
        if (starts && session.open > t && !next_open) next_open = session.open;
        if (ends && session.close <= t) previous_close = session.close;
      }
      ASSERT_EQ(calendar_->is_open(t, hours), holding.has_value()) << base::format_time(t);
      ASSERT_EQ(calendar_->session_at(t, hours), holding ? std::optional(columns.session(*holding)) : std::nullopt);
      ASSERT_EQ(calendar_->next_open(t, hours), next_open) << base::format_time(t);
      ASSERT_EQ(calendar_->previous_close(t, hours), previous_close) << base::format_time(t);
      if (holding && hours == Hours::kAll) {
        ASSERT_EQ(calendar_->trade_date_of(t), columns.session(*holding).trade_date);
      }
    }
  }
}

TEST_P(EveryCalendar, the_edges_of_sessions_are_half_open) {
  for (std::size_t i = 0; i < all_.size(); i += 97) {
    EXPECT_TRUE(calendar_->is_open(base::time_from_nanoseconds(all_.open[i])));
    EXPECT_TRUE(calendar_->is_open(base::time_from_nanoseconds(all_.close[i] - 1)));
    const bool leads_on = i + 1 < all_.size() && all_.open[i + 1] == all_.close[i];
    EXPECT_EQ(calendar_->is_open(base::time_from_nanoseconds(all_.close[i])), leads_on);
  }
}

TEST_P(EveryCalendar, a_cursor_finds_what_a_search_finds) {
  SessionCursor cursor(all_);
  base::Time t = at("2015-01-01T00:00:00Z");
  std::uniform_int_distribution<std::int64_t> step(-2'000, 50'000);  // seconds
  for (int n = 0; n < 20'000; ++n) {
    t += std::chrono::seconds(step(random_));
    ASSERT_EQ(cursor.seek(base::to_nanoseconds(t)), all_.seek(base::to_nanoseconds(t))) << base::format_time(t);
    ASSERT_EQ(cursor.is_open(), calendar_->is_open(t));
  }
}

TEST_P(EveryCalendar, counting_trading_days_forth_and_back_returns) {
  const std::vector<CivilDate> days = calendar_->trading_days({2010, 1, 1}, {2013, 12, 31}).value();
  for (std::size_t i = 0; i + 7 < days.size(); i += 13) {
    EXPECT_EQ(calendar_->trading_day_after(days[i], 7).value(), days[i + 7]);
    EXPECT_EQ(calendar_->trading_day_before(days[i + 7], 7).value(), days[i]);
  }
}

INSTANTIATE_TEST_SUITE_P(BuiltIn, EveryCalendar, ::testing::ValuesIn(calendar_names()),
                         [](const auto& parameter) { return std::string(parameter.param); });

TEST(Calendar, sessions_between_are_those_that_overlap) {
  const CalendarPtr nyse = calendar_named("XNYS");
  const auto found = nyse->sessions_between(at("2024-06-18T19:59:00Z"), at("2024-06-20T13:30:00Z"), Hours::kRegular);
  ASSERT_EQ(found.size(), 1u);  // Juneteenth lies between, and the end is excluded
  EXPECT_EQ(to_string(found[0].trade_date), "2024-06-18");
  EXPECT_EQ(nyse->sessions_between(at("2024-06-18T20:00:00Z"), at("2024-06-20T13:30:01Z"), Hours::kRegular).size(), 1u);
}

TEST(Calendar, a_regular_open_leads_on_from_the_pre_market_only_in_all_hours) {
  const CalendarPtr nyse = calendar_named("XNYS");
  EXPECT_EQ(*nyse->next_open(at("2024-06-17T12:00:00Z")), at("2024-06-18T08:00:00Z"));
  EXPECT_EQ(*nyse->next_open(at("2024-06-17T12:00:00Z"), Hours::kRegular), at("2024-06-17T13:30:00Z"));
  EXPECT_EQ(*nyse->previous_close(at("2024-06-17T13:30:00Z")), at("2024-06-15T00:00:00Z"));
}

TEST(Calendar, a_pause_belongs_to_the_next_session) {
  const CalendarPtr nyse = calendar_named("XNYS");
  EXPECT_EQ(to_string(*nyse->trade_date_of(at("2024-06-15T12:00:00Z"))), "2024-06-17");
}

TEST(Calendar, knows_nothing_beyond_its_years_and_says_so) {
  const CalendarPtr nyse = calendar_named("XNYS");
  EXPECT_FALSE(nyse->covers(date("1997-12-31")));
  EXPECT_FALSE(nyse->covers(at("1998-01-01T04:59:59Z")));  // still 1997 in New York
  EXPECT_TRUE(nyse->covers(at("1998-01-01T05:00:00Z")));
  EXPECT_EQ(nyse->trade_date_of(at("2031-06-02T15:00:00Z")), std::nullopt);
  EXPECT_EQ(nyse->trade_date_of(at("1990-06-01T15:00:00Z")), std::nullopt);
  EXPECT_THAT(nyse->trading_days({1997, 12, 1}, {1998, 1, 31}).error().message,
              HasSubstr("1997-12-01 is beyond the dates it knows, 1998-01-01 to 2030-12-31"));
  EXPECT_FALSE(nyse->trading_day_before(date("1998-01-02"), 1));
  EXPECT_FALSE(nyse->trading_day_after(date("2030-12-31"), 1));
  EXPECT_THAT(nyse->trading_day_before(date("2020-01-02"), 0).error().message, HasSubstr("counted from 1"));
  EXPECT_EQ(to_string(*nyse->trading_day_before(date("2020-01-02"), 1)), "2019-12-31");
}

TEST(Calendar, an_unknown_name_is_answered_with_those_there_are) {
  const auto found = find_calendar("XLON");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, base::ErrorCode::kNotFound);
  EXPECT_THAT(found.error().message, HasSubstr("there is no calendar 'XLON'; there are XNYS, CME_EQUITY"));
}

}  // namespace
}  // namespace tradeassist::market
