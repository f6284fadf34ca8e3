#include <gmock/gmock.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>

#include "market/calendar/testing/calendar_text.hpp"

namespace tradeassist::market {
namespace {

using testing::calendar_named;
using testing::date;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Prices that are not part of the project: $TRADEASSIST_SHARED_DATA, or shared/data beside the source tree.
class CalendarRealFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* const given = std::getenv("TRADEASSIST_SHARED_DATA");
    folder_ = given != nullptr ? given : std::filesystem::path(TRADEASSIST_SOURCE_DIR).parent_path() / "shared/data";
    if (!std::filesystem::exists(folder_ / "bars")) GTEST_SKIP() << folder_ << " with real files is absent";
  }

  /// The lines of a file, unpacked by gzip where it is packed, without the header.
  std::vector<std::string> lines(const std::string& name) const {
    const std::string path = (folder_ / name).string();
    const std::string command = (path.ends_with(".gz") ? "gzip -dc '" : "cat '") + path + "'";
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::vector<std::string> found;
    std::string line;
    for (int c; (c = std::fgetc(pipe.get())) != EOF;) {
      if (c != '\n') {
        line += static_cast<char>(c);
      } else {
        found.push_back(std::move(line));
        line.clear();
      }
    }
    if (!found.empty()) found.erase(found.begin());
    return found;
  }

  /// The dates that begin the lines of a daily file.
  std::set<std::string> dates(const std::string& name) const {
    std::set<std::string> found;
    for (const std::string& line : lines(name)) found.insert(line.substr(0, 10));
    return found;
  }

  std::filesystem::path folder_;
};

/// Dates in one set only: "-2012-10-29" is missing in the file, "+2012-10-29" missing in the calendar.
std::vector<std::string> differences(const std::set<std::string>& file, const Calendar& calendar) {
  std::set<std::string> expected;
  const auto days = calendar.trading_days(date(*file.begin()), date(*file.rbegin()));
  for (const CivilDate& day : days.value()) expected.insert(to_string(day));
  std::vector<std::string> found;
  for (const std::string& day : expected) {
    if (!file.contains(day)) found.push_back("-" + day);
  }
  for (const std::string& day : file) {
    if (!expected.contains(day)) found.push_back("+" + day);
  }
  return found;
}

TEST_F(CalendarRealFiles, daily_bars_of_us_stocks_lie_on_exactly_the_trading_days) {
  const CalendarPtr nyse = calendar_named("XNYS");
  EXPECT_THAT(differences(dates("bars/spy_1d.csv"), *nyse), IsEmpty());
  EXPECT_THAT(differences(dates("bars/goog_1d.csv"), *nyse), IsEmpty());
}

TEST_F(CalendarRealFiles, hourly_forex_lies_in_the_week_of_new_york) {
  const CalendarPtr fx = calendar_named("FX");
  std::vector<std::string> outside;
  for (const std::string& line : lines("bars/eurusd_1h.csv")) {
    const std::string time = line.substr(0, 19);  // the file names no zone; its weeks fit UTC
    if (!fx->is_open(testing::at(time))) outside.push_back(time);
  }
  // On two Fridays of summer time the file has an hour that begins with the close of the week, 17:00 in New York.
  EXPECT_THAT(outside, ElementsAre("2017-10-06 21:00:00", "2017-10-20 21:00:00"));
}

TEST_F(CalendarRealFiles, tradingview_s_hourly_forex_lies_in_the_week_of_new_york) {
  const CalendarPtr fx = calendar_named("FX");
  std::vector<std::string> outside;
  for (const std::string& line : lines("tradingview/strategies/ohlcv.csv.gz")) {
    const std::string time = line.substr(0, line.find(','));
    if (!fx->is_open(testing::at(time))) outside.push_back(time);
  }
  EXPECT_THAT(outside, IsEmpty());
}

TEST_F(CalendarRealFiles, hours_of_an_oil_future_over_the_holidays_of_a_year_lie_in_its_sessions) {
  const CalendarPtr nymex = calendar_named("NYMEX_ENERGY");
  std::vector<std::string> outside;
  std::set<std::string> days;
  for (const std::string& line : lines("tradingview/strategies/futures_pnl_ohlcv.csv.gz")) {
    const std::string time = line.substr(0, line.find(','));
    if (!nymex->is_open(testing::at(time))) outside.push_back(time);
    if (const auto day = nymex->trade_date_of(testing::at(time))) days.insert(to_string(*day));
  }
  EXPECT_THAT(outside, IsEmpty());
  // The file lacks two and a half days.
  EXPECT_THAT(differences(days, *nymex), ElementsAre("-2026-02-10", "-2026-02-11"));
}

TEST_F(CalendarRealFiles, minutes_of_a_eurex_future_lie_in_its_hours) {
  const CalendarPtr eurex = calendar_named("XEUR");
  ZoneClock clock = ZoneClock::find(eurex->time_zone()).value();
  std::set<std::string> days;
  std::vector<std::string> outside;
  for (const std::string& line : lines("bars/eurostoxx50_future_1m_2006.csv")) {
    const std::string time = line.substr(0, 10) + " " + line.substr(11, 8);
    // Exchange time, stamped at the end of the minute.
    const std::int64_t end = base::to_nanoseconds(testing::at(time)) / base::kNanosecondsPerSecond;
    const std::int64_t start = clock.to_utc(end - 60);
    if (!eurex->is_open(base::time_from_nanoseconds(start * base::kNanosecondsPerSecond))) outside.push_back(time);
    days.insert(line.substr(0, 10));
  }
  EXPECT_THAT(outside, IsEmpty());
  EXPECT_THAT(differences(days, *eurex), IsEmpty());
}

TEST_F(CalendarRealFiles, minutes_of_the_e_mini_lie_in_its_hours) {
  const CalendarPtr cme = calendar_named("CME_EQUITY");
  std::vector<std::string> outside;
  std::set<std::size_t> sessions;
  for (const std::string& line : lines("futures/es_1m_2013-10-07.csv")) {
    const std::string time =
        line.substr(line.find(',') + 1, 19) + "Z";  // the pauses of the file are where UTC has them
    if (!cme->is_open(testing::at(time))) outside.push_back(time);
    sessions.insert(cme->sessions().seek(base::to_nanoseconds(testing::at(time))));
  }
  EXPECT_THAT(outside, IsEmpty());
  EXPECT_EQ(sessions.size(), 4u);  // the night, the day, 15:30-16:15, and the next night
}

TEST_F(CalendarRealFiles, ticks_of_gold_lie_in_its_hours) {
  const CalendarPtr comex = calendar_named("COMEX_METALS");
  std::vector<std::string> outside;
  for (const std::string& line : lines("ticks/gc_ticks_2013-10-07.csv.gz")) {
    const std::string time = line.substr(0, line.find(',')) + "Z";
    if (!comex->is_open(testing::at(time))) outside.push_back(time);
  }
  EXPECT_THAT(outside, IsEmpty());
}

}  // namespace
}  // namespace tradeassist::market
