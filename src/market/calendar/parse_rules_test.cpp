#include "market/calendar/parse_rules.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "market/calendar/testing/calendar_text.hpp"

namespace tradeassist::market {
namespace {

using testing::calendar_from;
using testing::calendar_named;
using testing::date;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::sessions_text;

std::string error_of(std::string_view toml) {
  const auto parsed = parse_calendar(toml);
  if (parsed) return "understood";
  EXPECT_EQ(parsed.error().code, base::ErrorCode::kInvalidArgument);
  return parsed.error().message;
}

constexpr std::string_view kPlain = R"(
name = "PLAIN"
[[hours]]
from = 2000-01-01
sessions = [{ open = "09:00", close = "17:00" }]
)";

TEST(CalendarToml, a_name_and_hours_are_enough) {
  const CalendarPtr plain = calendar_from(kPlain);
  EXPECT_EQ(plain->name(), "PLAIN");
  EXPECT_EQ(plain->time_zone(), "UTC");
  EXPECT_THAT(sessions_text(*plain, "2024-12-25"), ElementsAre("12-25 09:00 - 12-25 17:00"));
  EXPECT_THAT(sessions_text(*plain, "1999-12-31"), IsEmpty()) << "before the first hours there are no sessions";
}

TEST(CalendarToml, the_table_of_every_built_in_calendar_can_be_taken_as_it_is) {
  for (const std::string_view name : calendar_names()) {
    const CalendarPtr built_in = calendar_named(name);
    const CalendarPtr taken = calendar_from(calendar_table(name).value());
    EXPECT_EQ(taken->sessions().open, built_in->sessions().open) << name;
    EXPECT_EQ(taken->sessions().close, built_in->sessions().close) << name;
    EXPECT_EQ(taken->sessions().trade_day, built_in->sessions().trade_day) << name;
  }
}

TEST(CalendarToml, extends_a_built_in_calendar_with_own_days) {
  const CalendarPtr own = calendar_from(R"(
name = "DESK"
extends = "NYSE"
closed = [{ name = "Moving house", dates = [2024-06-12] }]
shortened = [{ name = "Summer Friday", day = "last friday of july", closes = "13:00" }]
)");
  EXPECT_EQ(own->name(), "DESK");
  EXPECT_EQ(own->time_zone(), "America/New_York");
  EXPECT_EQ(own->day_status(date("2024-06-12")), (DayStatus{DayKind::kClosed, "Moving house"}));
  EXPECT_EQ(own->day_status(date("2024-07-04")), (DayStatus{DayKind::kClosed, "Independence Day"}));
  EXPECT_THAT(sessions_text(*own, "2024-07-26"),
              ElementsAre("07-26 04:00 - 07-26 09:30 extended", "07-26 09:30 - 07-26 13:00"));
}

TEST(CalendarToml, several_sessions_a_day_and_weekdays_of_their_own) {
  const CalendarPtr tokyo = calendar_from(R"(
name = "LUNCH"
time_zone = "Asia/Tokyo"
weekdays = ["mon", "tue", "wed", "thu", "fri", "sat"]
[[hours]]
from = 1998-01-01
sessions = [
  { open = "09:00", close = "11:30" },
  { open = "12:30", close = "15:00", on = ["mon", "tue", "wed", "thu", "fri"] },
]
)");
  EXPECT_THAT(sessions_text(*tokyo, "2024-06-14"),
              ElementsAre("06-14 09:00 - 06-14 11:30", "06-14 12:30 - 06-14 15:00"));
  EXPECT_THAT(sessions_text(*tokyo, "2024-06-15"), ElementsAre("06-15 09:00 - 06-15 11:30"));
  EXPECT_THAT(sessions_text(*tokyo, "2024-06-16"), IsEmpty());
}

TEST(CalendarToml, of_two_rules_for_a_day_the_stronger_holds) {
  const CalendarPtr own = calendar_from(std::string(R"(
closed = [{ name = "Closed", dates = [2024-06-12] }]
shortened = [
  { name = "Short", dates = [2024-06-12, 2024-06-13], closes = "15:00" },
  { name = "Shorter", dates = [2024-06-13], opens = "10:00", closes = "12:00" },
]
)") + std::string(kPlain));
  EXPECT_EQ(own->day_status(date("2024-06-12")).reason, "Closed");
  EXPECT_EQ(own->day_status(date("2024-06-13")).reason, "Short");
  EXPECT_THAT(sessions_text(*own, "2024-06-13"), ElementsAre("06-13 10:00 - 06-13 12:00"));
}

TEST(CalendarToml, holidays_on_weekends_are_kept_as_the_rule_says) {
  // 2021-12-25 was a Saturday, 2022-12-25 a Sunday.
  const auto kept = [](const char* observed) {
    const CalendarPtr own =
        calendar_from(fmt::format(R"(closed = [{{ name = "Christmas", day = "december 25", observed = "{}" }}]
{})",
                                  observed, kPlain));
    return testing::weekdays_of_kind(*own, 2021, DayKind::kClosed).size() * 10 +
           testing::weekdays_of_kind(*own, 2022, DayKind::kClosed).size();
  };
  EXPECT_EQ(kept("never"), 0u);
  EXPECT_EQ(kept("nearest weekday"), 11u);
  EXPECT_EQ(kept("monday"), 11u);
  EXPECT_EQ(kept("sunday to monday"), 1u);
}

TEST(CalendarToml, errors_say_the_line_and_what_to_write) {
  const std::string hours(kPlain);
  EXPECT_THAT(error_of("name = \"A\nb\""), HasSubstr("calendar, line 1: "));
  EXPECT_THAT(error_of("\nnome = \"A\""),
              HasSubstr("calendar, line 2: there is no key 'nome' here; there are extends, name"));
  EXPECT_THAT(error_of("name = 3"), HasSubstr("line 1: here belongs a text in quotes"));
  EXPECT_THAT(error_of("description = \"no name\""), HasSubstr("a calendar needs a 'name'"));
  EXPECT_THAT(error_of("name = \"A\""), HasSubstr("a calendar needs [[hours]], or 'extends'"));
  EXPECT_THAT(error_of("name = \"A\"\nextends = \"XLON\""), HasSubstr("line 2: there is no calendar 'XLON'"));
  EXPECT_THAT(error_of("time_zone = \"Mars/Olympus\"" + hours), HasSubstr("line 1: 'Mars/Olympus' is not a time zone"));
  EXPECT_THAT(error_of("weekdays = [\"mon\", \"tues\"]" + hours),
              HasSubstr("'tues' is no weekday; write \"mon\" to \"sun\""));
  EXPECT_THAT(error_of("first_year = 1000" + hours), HasSubstr("here belongs a year from 1900 to 2100"));
  EXPECT_THAT(error_of("first_year = 2020\nlast_year = 2019" + hours), HasSubstr("'first_year' must not be after"));
}

TEST(CalendarToml, errors_in_days_say_the_line_and_what_to_write) {
  const auto with_day = [](std::string_view list, std::string_view day) {
    return error_of(fmt::format("\n{} = [\n  {},\n]{}", list, day, kPlain));
  };
  EXPECT_THAT(with_day("closed", R"({ name = "X", day = "fourth thrsday of november" })"),
              HasSubstr("calendar, line 3: 'fourth thrsday of november' is no day of the year; write 'july 4'"));
  EXPECT_THAT(with_day("closed", R"({ name = "X" })"), HasSubstr("line 3: 'X' needs either 'day' or 'dates'"));
  EXPECT_THAT(with_day("closed", R"({ day = "july 4" })"), HasSubstr("line 3: a special day needs a 'name'"));
  EXPECT_THAT(with_day("closed", R"({ name = "X", dates = ["2024-01-01"] })"),
              HasSubstr("here belongs a date without quotes"));
  EXPECT_THAT(with_day("closed", R"({ name = "X", day = "july 4", closes = "13:00" })"),
              HasSubstr("belongs under 'shortened'"));
  EXPECT_THAT(with_day("closed", R"({ name = "X", day = "july 4", observed = "friday" })"),
              HasSubstr("'friday' is not known here; write \"nearest weekday\" or"));
  EXPECT_THAT(with_day("shortened", R"({ name = "X", day = "july 3" })"), HasSubstr("needs 'opens' or 'closes'"));
  EXPECT_THAT(with_day("shortened", R"({ name = "X", day = "july 3", closes = "1 pm" })"),
              HasSubstr("'1 pm' is no time of day; write \"09:30\""));
  EXPECT_THAT(with_day("shortened", R"({ name = "X", day = "july 3", closes = "24:30" })"),
              HasSubstr("is no time of day"));
  EXPECT_THAT(with_day("holiday_sessions", R"({ name = "X", day = "july 4" })"), HasSubstr("needs 'closes'"));
  EXPECT_THAT(with_day("closed", R"("july 4")"), HasSubstr("line 3: here belongs a table in { }"));
}

TEST(CalendarToml, errors_in_hours_say_the_line_and_what_to_write) {
  const auto with_sessions = [](std::string_view sessions) {
    return error_of(fmt::format("name = \"A\"\n[[hours]]\nfrom = 2000-01-01\nsessions = [{}]", sessions));
  };
  EXPECT_THAT(with_sessions(R"({ open = "09:00" })"), HasSubstr("line 4: a session needs 'open' and 'close'"));
  EXPECT_THAT(with_sessions(R"({ open = "18:00", close = "17:00" })"),
              HasSubstr("line 4: a session must close after it opens"));
  EXPECT_THAT(with_sessions(R"({ open = "09:00", close = "12:00", kind = "night" })"),
              HasSubstr("'night' is not known here; write \"regular\" or \"extended\""));
  EXPECT_THAT(with_sessions(""), HasSubstr("hours need 'from', a date, and 'sessions'"));
  EXPECT_THAT(
      with_sessions(R"({ open = "09:00", close = "12:00" }, { open = "11:00", close = "13:00" })"),
      HasSubstr(
          "calendar A: a session of 2000-01-03 opens at 2000-01-03T11:00:00Z, before the one before it has closed"));
  EXPECT_THAT(with_sessions(R"({ open = "09:00 day before", close = "10:00" })"),
              HasSubstr("sessions must not overlap"));
  EXPECT_THAT(error_of(std::string(kPlain) +
                       "[[hours]]\nfrom = 1999-01-01\nsessions = [{ open = \"09:00\", close = \"17:00\" }]"),
              HasSubstr("line 6: hours must be in the order of their 'from'"));
}

TEST(CalendarToml, a_text_without_bounds_is_refused) {
  const auto parsed = parse_calendar(std::string(kCalendarBytesMax + 1, '#'));
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, base::ErrorCode::kResourceExhausted);
}

TEST(CalendarToml, the_example_of_the_documentation_works) {
  std::ifstream file(TRADEASSIST_SOURCE_DIR "/docs/calendars.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  const std::size_t begin = page.find("```toml\n") + 8;
  ASSERT_LT(begin, page.size());
  const CalendarPtr tokyo = calendar_from(page.substr(begin, page.find("```", begin) - begin));
  EXPECT_EQ(tokyo->name(), "XTKS");
  EXPECT_THAT(sessions_text(*tokyo, "2023-06-14"),
              ElementsAre("06-14 09:00 - 06-14 11:30", "06-14 12:30 - 06-14 15:00"));
  EXPECT_THAT(sessions_text(*tokyo, "2025-06-11"),
              ElementsAre("06-11 09:00 - 06-11 11:30", "06-11 12:30 - 06-11 15:30"));
  EXPECT_EQ(tokyo->day_status(date("2024-02-12")), (DayStatus{DayKind::kClosed, "National Foundation Day"}));
  EXPECT_EQ(tokyo->day_status(date("2024-01-03")).kind, DayKind::kClosed);
}

}  // namespace
}  // namespace tradeassist::market
