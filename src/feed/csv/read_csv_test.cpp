#include "feed/csv/read_csv.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <random>

#include "feed/csv/row_parser.hpp"
#include "feed/testing/temporary_file.hpp"
#include "feed/text/text_file.hpp"

namespace tradeassist::feed {
namespace {

using testing::HasSubstr;

base::Result<ParsedBars> read(const TemporaryFile& file, const CsvOptions& options = {},
                              const ReadLimits& limits = {}) {
  TRY_ASSIGN(const CsvFormat format, detect(file.path(), options));
  return read_csv(format, limits);
}

std::string error_of(std::string_view content, const CsvOptions& options = {}, const ReadLimits& limits = {}) {
  const TemporaryFile file(content);
  const auto bars = read(file, options, limits);
  return bars ? "no error" : bars.error().message;
}

std::string time_at(const ParsedBars& bars, std::size_t row) {
  return base::format_time(base::time_from_nanoseconds(bars.series.time.at(row)));
}

void expect_every_row_accounted_for(const CsvReport& report) {
  EXPECT_EQ(report.rows, report.bars + report.bad + report.duplicates + report.unwanted);
}

/// `count` good daily rows from 2020-01-01.
std::string daily_rows(int count) {
  std::string text = "date,open,high,low,close,volume\n";
  for (int i = 0; i < count; ++i) {
    const auto day = base::time_from_nanoseconds((18262 + i) * base::kNanosecondsPerDay);
    text += base::format_time(day).substr(0, 10) + ",10,12,9,11," + std::to_string(100 + i) + "\n";
  }
  return text;
}

TEST(ReadCsv, leaves_out_bad_rows_and_says_which_and_why) {
  const TemporaryFile file(
      "date,open,high,low,close,volume\n"
      "2020-01-01,10,12,9,11,100\n"
      "2020-01-02,10,101.2,9,101.5,100\n"
      "2020-01-03,10,12,9,11,100\n"
      "2020-01-06,10,12,9,abc,100\n"
      "2020-01-07,10,12,9,11,100\n"
      "2020-01-08,10,,9,11,100\n"
      "2020-01-09,10,12,9,11,100\n"
      "2020-01-10,10,12,9,11,-5\n"
      "2020-01-13,10,12,9,11,100\n"
      "2020-01-32,10,12,9,11,100\n"
      "2020-01-15,10,12,9,11,100\n"
      "2020-01-16,10,12,9,11\n"
      "2020-01-17,10,12,9,11,\n"
      "2020-01-20,8,12,9,11,100\n"
      "2020-01-21,10,8,9,8.5,100\n"
      "2020-01-22,10,12,9,11,100\n"
      "2020-01-23,10,12,9,11,100\n"
      "\n"
      "2020-01-24,10,12,9,11,100\n");
  const auto bars = read(file);
  ASSERT_TRUE(bars.has_value()) << bars.error().message;
  EXPECT_EQ(bars->series.size(), 10U);
  EXPECT_TRUE(std::isnan(bars->series.volume[6]));
  const CsvReport& report = bars->report;
  EXPECT_EQ(report.bad, 8);
  expect_every_row_accounted_for(report);
  const std::string text = describe(report, "x.csv");
  EXPECT_THAT(text, HasSubstr("x.csv: line 3: high 101.2 is below close 101.5"));
  EXPECT_THAT(text, HasSubstr("line 5: close 'abc' is not a number"));
  EXPECT_THAT(text, HasSubstr("line 7: high is missing"));
  EXPECT_THAT(text, HasSubstr("line 9: volume -5 is negative"));
  EXPECT_THAT(text, HasSubstr("line 11: '2020-01-32' is not a time like '2020-01-01'"));
  EXPECT_THAT(text, HasSubstr("line 13: 5 fields where the other rows have 6"));
  EXPECT_THAT(text, HasSubstr("line 15: low 9 is above open 8"));
  EXPECT_THAT(text, HasSubstr("line 16: high 8 is below low 9"));
}

TEST(ReadCsv, strict_stops_at_the_first_bad_row_and_keeps_nothing) {
  const std::string text = daily_rows(30) + "2020-02-03,10,8,9,8.5,100\n" + "2020-02-04,10,12,9,x,100\n";
  EXPECT_THAT(error_of(text, {}, {.strict = true}), HasSubstr("line 32: high 8 is below low 9; nothing was kept"));
}

TEST(ReadCsv, refuses_a_file_of_mostly_bad_rows) {
  std::string text = daily_rows(3);
  for (int i = 10; i < 28; ++i) text += "2020-03-" + std::to_string(i) + ",10,8,9,9,1\n";
  EXPECT_THAT(error_of(text), HasSubstr("18 of 21 rows are bad"));
}

TEST(ReadCsv, drops_exact_repetitions_and_reports_contradictions) {
  const TemporaryFile file(daily_rows(5) +
                           "2020-01-03,10,12,9,11,102\n2020-01-06,10,12,9,11,5\n2020-01-06,10,12,9,10.5,5\n");
  const auto bars = read(file);
  ASSERT_TRUE(bars.has_value()) << bars.error().message;
  EXPECT_EQ(bars->report.duplicates, 1);
  EXPECT_EQ(bars->report.bad, 1);
  EXPECT_EQ(bars->report.out_of_order, 1);
  EXPECT_EQ(bars->series.close.back(), 11);  // the first of the two contradicting rows
  expect_every_row_accounted_for(bars->report);
  EXPECT_THAT(describe(bars->report, "x"),
              HasSubstr("line 9: 2020-01-06T00:00:00Z was in line 8 already, with other values"));
}

TEST(ReadCsv, sorts_rows_that_stand_out_of_order_and_says_so) {
  const TemporaryFile file(daily_rows(5) + "2019-12-30,1,2,1,2,3\n2020-01-06,10,12,9,11,5\n");
  const auto bars = read(file);
  ASSERT_TRUE(bars.has_value()) << bars.error().message;
  EXPECT_EQ(time_at(*bars, 0), "2019-12-30T00:00:00Z");
  EXPECT_EQ(bars->series.volume[0], 3);
  EXPECT_EQ(bars->series.volume[6], 5);
  EXPECT_EQ(bars->report.out_of_order, 1);
  EXPECT_THAT(describe(bars->report, "x"), HasSubstr("line 7: 2019-12-30T00:00:00Z stands after 2020-01-05T00:00:00Z"));
}

TEST(ReadCsv, turns_newest_first_files_round) {
  const TemporaryFile file(
      "date,open,high,low,close,volume\n2020-01-03,3,3,3,3,3\n2020-01-03,3,3,3,4,3\n2020-01-02,2,2,2,2,2\n2020-01-02,2,"
      "2,2,2,2\n"
      "2020-01-01,1,1,1,1,1\n2019-12-31,0,0,0,0,0\n");
  const auto format = detect(file.path(), {});
  ASSERT_TRUE(format.has_value()) << format.error().message;
  EXPECT_TRUE(format->descending);
  const auto bars = read_csv(*format);
  ASSERT_TRUE(bars.has_value()) << bars.error().message;
  EXPECT_EQ(bars->series.volume, (std::vector<double>{0, 1, 2, 3}));
  EXPECT_EQ(bars->report.duplicates, 1);
  EXPECT_EQ(bars->report.bad, 1);
  EXPECT_THAT(describe(bars->report, "x"), HasSubstr("line 3: high 3 is below close 4"));
}

TEST(ReadCsv, places_the_hour_that_came_twice_by_order_and_reports_the_one_that_never_came) {
  CsvOptions options;
  options.time_zone = "America/New_York";
  const std::string head = "time,open,high,low,close,volume\n";
  const auto row = [](const std::string& time) { return time + ",1,1,1,1,1\n"; };
  const TemporaryFile autumn(head + row("2020-11-01 00:30") + row("2020-11-01 01:00") + row("2020-11-01 01:30") +
                             row("2020-11-01 01:00") + row("2020-11-01 01:30") + row("2020-11-01 02:00"));
  const auto bars = read(autumn, options);
  ASSERT_TRUE(bars.has_value()) << bars.error().message;
  ASSERT_EQ(bars->series.size(), 6U);
  for (std::size_t i = 1; i < 6; ++i)
    EXPECT_EQ(bars->series.time[i] - bars->series.time[i - 1], 1800 * base::kNanosecondsPerSecond);
  EXPECT_EQ(bars->report.repeated_clock, 4);

  const TemporaryFile backwards(head + row("2020-11-01 02:00") + row("2020-11-01 01:30") + row("2020-11-01 01:00") +
                                row("2020-11-01 01:30") + row("2020-11-01 01:00") + row("2020-11-01 00:30"));
  const auto reversed = read(backwards, options);
  ASSERT_TRUE(reversed.has_value()) << reversed.error().message;
  EXPECT_EQ(reversed->series.time, bars->series.time);

  const TemporaryFile spring(head + row("2020-03-08 01:00") + row("2020-03-08 01:30") + row("2020-03-08 02:30") +
                             row("2020-03-08 03:00"));
  const auto skipped = read(spring, options);
  ASSERT_TRUE(skipped.has_value()) << skipped.error().message;
  EXPECT_EQ(skipped->series.size(), 3U);
  EXPECT_THAT(describe(skipped->report, "x"),
              HasSubstr("line 4: '2020-03-08 02:30' does not exist in America/New_York"));
}

TEST(ReadCsv, moves_bars_stamped_at_their_end) {
  CsvOptions options;
  options.bar_time = BarTime::kEnd;
  const TemporaryFile minutes("time,open,high,low,close\n1577836860,1,1,1,1\n1577836920,1,1,1,1\n1577836980,1,1,1,1\n");
  EXPECT_EQ(time_at(*read(minutes, options), 0), "2020-01-01T00:00:00Z");
  options.time_zone = "America/New_York";
  const TemporaryFile days("date,open,high,low,close\n2020-03-09,1,1,1,1\n2020-03-10,1,1,1,1\n2020-03-11,1,1,1,1\n");
  EXPECT_EQ(time_at(*read(days, options), 0), "2020-03-09T04:00:00Z");  // a whole date is the day that ends with it
  const TemporaryFile midnights(
      "date,open,high,low,close\n2020-03-09 00:00,1,1,1,1\n2020-03-10 00:00,1,1,1,1\n2020-03-11 00:00,1,1,1,1\n");
  EXPECT_EQ(time_at(*read(midnights, options), 0), "2020-03-08T05:00:00Z");  // the day in which the clocks changed
}

TEST(ReadCsv, refuses_bars_that_do_not_stand_at_the_timeframe) {
  CsvOptions options;
  options.timeframe = market::Timeframe{market::Timeframe::Unit::kMinute, 1};
  std::string hourly = "time,open,high,low,close\n";
  for (int i = 0; i < 20; ++i) hourly += std::to_string(1577836800 + i * 3600) + ",1,1,1,1\n";
  EXPECT_THAT(error_of(hourly, options), HasSubstr("give --timeframe 1h"));
  options.timeframe = market::Timeframe{market::Timeframe::Unit::kDay, 1};
  EXPECT_THAT(error_of(hourly, options), HasSubstr("give --timeframe 1h"));
}

TEST(ReadCsv, refuses_files_that_are_not_csv_and_says_what_they_are) {
  using namespace std::string_literals;
  EXPECT_THAT(error_of(""), HasSubstr("is empty"));
  EXPECT_THAT(error_of("\n\n \n"), HasSubstr("only blank lines"));
  EXPECT_THAT(error_of("date,open,high,low,close,volume\n"), HasSubstr("a header but no rows"));
  EXPECT_THAT(error_of("\x1f\x8b\x08\x00garbage"s), HasSubstr("gzip"));
  EXPECT_THAT(error_of("PK\x03\x04garbage"s), HasSubstr("zip archive"));
  EXPECT_THAT(error_of("\xff\xfe"
                       "d\0a\0t\0e\0"s),
              HasSubstr("UTF-16"));
  EXPECT_THAT(error_of("d\0a\0t\0e\0,\0o\0"s), HasSubstr("UTF-16"));
  EXPECT_THAT(error_of("\x7f"
                       "ELF\x02\x01\x01\0\0\0\0"s),
              HasSubstr("is binary"));
  EXPECT_THAT(error_of("<!DOCTYPE html><html><body>Please log in</body></html>"), HasSubstr("HTML page"));
  EXPECT_THAT(error_of("{\"candles\":[]}"), HasSubstr("JSON"));
  EXPECT_THAT(error_of("just some words\nand some more\n"), HasSubstr("no line holds a time and prices"));
  EXPECT_THAT(detect("/nonexistent/file.csv", {}).error().message, HasSubstr("/nonexistent/file.csv"));
  EXPECT_THAT(detect("/tmp", {}).error().message, HasSubstr("not a regular file"));
}

TEST(ReadCsv, refuses_a_nul_byte_deep_in_the_file) {
  std::string text = "time,open,high,low,close,volume\n";
  for (int i = 0; i < 120'000; ++i) text += std::to_string(1577836800 + i * 60) + ",100.25,101.5,99.75,100,1234\n";
  text[text.size() - 1000] = '\0';
  EXPECT_THAT(error_of(text), HasSubstr("NUL byte at offset " + std::to_string(text.size() - 1000)));
}

TEST(ReadCsv, refuses_a_line_of_a_gigabyte_without_reading_it) {
  const auto refuse = [](std::string_view head) {
    const TemporaryFile file(head);
    ASSERT_EQ(::truncate(file.path().c_str(), std::int64_t{1} << 30), 0);  // sparse: costs no disk
    const auto start = std::chrono::steady_clock::now();
    const auto bars = read(file);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
    ASSERT_FALSE(bars.has_value());
  };
  refuse("");
  refuse("date,open,high,low,close\n2020-01-01,1,1,1,1\n2020-01-02,1,1,1,1\n");
  const std::string long_text(200'000, 'x');
  EXPECT_THAT(error_of(long_text), HasSubstr("line 1 is longer than 64 KiB"));
  EXPECT_THAT(error_of(daily_rows(10) + long_text), HasSubstr("line 12 is longer than 64 KiB"));
  std::string deep = "time,open,high,low,close,volume\n";
  for (int i = 0; i < 120'000; ++i) deep += std::to_string(1577836800 + i * 60) + ",100.25,101.5,99.75,100,1234\n";
  EXPECT_THAT(error_of(deep + long_text + "\n" + deep.substr(32)), HasSubstr("longer than 64 KiB"));
}

TEST(ReadCsv, refuses_more_rows_than_allowed) {
  EXPECT_THAT(error_of(daily_rows(20), {}, {.rows_max = 19}), HasSubstr("more than 19 rows"));
}

TEST(ReadCsv, keeps_the_last_row_without_line_end_and_mentions_it) {
  std::string text = daily_rows(5);
  text.pop_back();
  const TemporaryFile file(text);
  const auto bars = read(file);
  ASSERT_TRUE(bars.has_value());
  EXPECT_EQ(bars->series.size(), 5U);
  EXPECT_THAT(describe(bars->report, "x"), HasSubstr("no line end"));
  const TemporaryFile cut(text.substr(0, text.size() - 5));
  const auto shorter = read(cut);
  ASSERT_TRUE(shorter.has_value());
  EXPECT_EQ(shorter->series.size(), 4U);
  EXPECT_THAT(describe(shorter->report, "x"), HasSubstr("line 6: 5 fields where the other rows have 6"));
}

TEST(ReadCsv, gives_the_same_bars_for_any_number_of_threads) {
  std::string text = "time,open,high,low,close,volume,oi\n";
  std::mt19937 random(3);
  for (int i = 0; i < 400'000; ++i) {
    const int base = 1000 + static_cast<int>(random() % 500);
    text += std::to_string(1577836800 + i * 60) + "," + std::to_string(base) + ".25," + std::to_string(base + 2) +
            ".5," + std::to_string(base - 3) + "," + std::to_string(base) + ".125," +
            std::to_string(random() % 10'000) + "," + (i < 200'000 ? "" : std::to_string(i)) + "\n";
    if (i % 50'000 == 7) text += "bad,row\n";
  }
  ASSERT_GT(text.size(), 3U * 4 * 1024 * 1024);
  const TemporaryFile file(text);
  const auto one = read(file, {}, {.threads = 1});
  const auto three = read(file, {}, {.threads = 3});
  ASSERT_TRUE(one.has_value() && three.has_value());
  EXPECT_EQ(one->series.size(), 400'000U);
  EXPECT_EQ(one->series.time, three->series.time);
  EXPECT_TRUE(market::is_same(one->series, three->series));
  EXPECT_EQ(one->series.open_interest.size(), 400'000U);
  ASSERT_EQ(one->report.problems.size(), 8U);
  EXPECT_EQ(one->report.problems[7].line, 2 + 350'008 + 7);
  for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(one->report.problems[i].line, three->report.problems[i].line);
  expect_every_row_accounted_for(three->report);
}

TEST(RowParser, fast_and_full_parsing_agree_on_every_row) {
  const TemporaryFile iso(
      "time,open,high,low,close,note,volume\n2020-01-02 09:30:00,1,2,0.5,1.5,x,10\n2020-01-02 "
      "09:31:00,1,2,0.5,1.5,x,10\n"
      "2020-01-02 09:32:00,1,2,0.5,1.5,x,10\n");
  CsvOptions options;
  options.time_zone = "America/New_York";
  const auto format = detect(iso.path(), options);
  ASSERT_TRUE(format.has_value()) << format.error().message;
  auto fast = RowParser::create(*format);
  auto full = RowParser::create(*format);
  ASSERT_TRUE(fast.has_value() && full.has_value());
  const std::string_view alphabet = "0123456789.,-:T Z+\"e\r";
  std::mt19937 random(11);
  std::size_t plain = 0;
  for (int i = 0; i < 300'000; ++i) {
    std::string line = "2020-11-01 01:" + std::to_string(10 + random() % 50) + ":00," + std::to_string(random() % 100) +
                       ".5,100,0.25," + std::to_string(random() % 99 + 1) + ",x,10";
    for (unsigned edits = random() % 3; edits > 0; --edits) {
      line[random() % line.size()] = alphabet[random() % alphabet.size()];
    }
    ParsedRow a;
    ParsedRow b;
    RowProblem problem;
    const std::string buffer = line + "\n" + std::string(64, '\0');
    const char* const next = fast->parse_plain(buffer.data(), a);
    const RowOutcome outcome = full->parse(line, b, problem);
    if (next == nullptr) continue;
    ++plain;
    ASSERT_EQ(next, buffer.data() + line.size() + 1);
    ASSERT_EQ(outcome, RowOutcome::kRow) << line << ": " << problem.text;
    ASSERT_EQ(a.time, b.time) << line;
    ASSERT_EQ(a.again, b.again) << line;
    ASSERT_EQ(a.open, b.open) << line;
    ASSERT_EQ(a.high, b.high) << line;
    ASSERT_EQ(a.low, b.low) << line;
    ASSERT_EQ(a.close, b.close) << line;
    ASSERT_EQ(a.volume, b.volume) << line;
  }
  EXPECT_GT(plain, 100'000U);
}

/// Every number of the columns that may be left empty, spelt well and badly.
TEST(RowParser, fast_and_full_parsing_agree_on_open_interest_trades_and_vwap) {
  const TemporaryFile file(
      "time,open,high,low,close,volume,open_interest,trades,vwap\n1577836800,1,2,0.5,1.5,10,5,3,1.25\n"
      "1577836860,1,2,0.5,1.5,10,5,3,1.25\n1577836920,1,2,0.5,1.5,10,5,3,1.25\n");
  const auto format = detect(file.path(), {});
  ASSERT_TRUE(format.has_value()) << format.error().message;
  auto fast = RowParser::create(*format);
  auto full = RowParser::create(*format);
  ASSERT_TRUE(fast.has_value() && full.has_value());
  const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  const std::vector<std::string> spelt = {"", "0", "12", "7.5", "-3", "nan", "1e3", "x", "\"5\"", "1.5K", " 4", "-0"};
  std::mt19937 random(23);
  std::size_t plain = 0, empty = 0, bad = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string line = "1577836800,1,2,0.5,1.5,10";
    for (int column = 0; column < 3; ++column) {
      line += "," + (random() % 3 == 0 ? spelt[random() % spelt.size()] : std::to_string(random() % 1'000'000));
    }
    if (random() % 8 == 0) line += '\r';
    ParsedRow a;
    ParsedRow b;
    RowProblem problem;
    const std::string buffer = line + "\n" + std::string(64, '\0');
    const char* const next = fast->parse_plain(buffer.data(), a);
    const RowOutcome outcome = full->parse(line, b, problem);
    bad += outcome == RowOutcome::kBad;
    if (next == nullptr) continue;
    ++plain;
    ASSERT_EQ(next, buffer.data() + line.size() + 1);
    ASSERT_EQ(outcome, RowOutcome::kRow) << line << ": " << problem.text;
    ASSERT_TRUE(same(a.open_interest, b.open_interest)) << line;
    ASSERT_TRUE(same(a.trade_count, b.trade_count)) << line;
    ASSERT_TRUE(same(a.vwap, b.vwap)) << line;
    empty += std::isnan(a.open_interest) || std::isnan(a.vwap);
  }
  EXPECT_GT(plain, 10'000U);
  EXPECT_GT(empty, 1'000U);
  EXPECT_GT(bad, 1'000U);
}

TEST(ReadCsv, keeps_open_interest_trades_and_vwap_where_the_header_names_them) {
  const TemporaryFile file(
      "time,open,high,low,close,volume,Open Interest,number_of_trades,VWAP,fee\n"
      "2020-01-01,10,12,9,11,100,7000,31,10.625,1\n2020-01-02,10,12,9,11,100,,,,1\n"
      "2020-01-04,10,12,9,11,100,7002,33,x,1\n2020-01-05,10,12,9,11,100,-1,33,10,1\n"
      "2020-01-03,10,12,9,11,100,\"7,001\",32,10.5,1\n2020-01-06,10,12,9,11,100,1.5K,32,-10.5,1\n");
  const auto format = detect(file.path(), {});
  ASSERT_TRUE(format.has_value()) << format.error().message;
  const std::string shown = describe(*format);
  EXPECT_THAT(shown,
              HasSubstr("open_interest = 7 (Open Interest), trade_count = 8 (number_of_trades), vwap = 9 (VWAP)"));
  EXPECT_THAT(shown, HasSubstr("ignored    10 (fee)"));
  EXPECT_THAT(shown, HasSubstr("volume 100  open_interest 7000  trade_count 31  vwap 10.625\n"));
  const auto bars = read_csv(*format);
  ASSERT_TRUE(bars.has_value()) << bars.error().message;
  const double unknown = market::kNotKnown;
  market::Series wanted;
  const auto add = [&](const char* day, double open_interest, double trades, double vwap) {
    wanted.push_back({*base::parse_time(day), 10, 12, 9, 11, 100, open_interest, trades, vwap});
  };
  add("2020-01-01", 7000, 31, 10.625);
  add("2020-01-02", unknown, unknown, unknown);
  add("2020-01-03", 7001, 32, 10.5);  // sorted to its place with all of its columns
  add("2020-01-06", 1500, 32, -10.5);
  EXPECT_TRUE(market::is_same(bars->series, wanted));
  const std::string report = describe(bars->report, "x");
  EXPECT_THAT(report, HasSubstr("line 4: vwap 'x' is not a number"));
  EXPECT_THAT(report, HasSubstr("line 5: open_interest -1 is negative"));
  expect_every_row_accounted_for(bars->report);
}

TEST(ReadCsv, optional_columns_are_never_guessed_and_may_be_chosen) {
  const auto first = [](std::string_view header, const CsvOptions& options = {}) {
    const TemporaryFile file(std::string(header) +
                             "\n2020-01-01,10,12,9,11,100,5,6,7\n2020-01-02,10,12,9,11,100,5,6,7\n"
                             "2020-01-03,10,12,9,11,100,5,6,7\n");
    const auto bars = read(file, options);
    EXPECT_TRUE(bars.has_value()) << bars.error().message;
    return bars ? bars->series : market::Series{};
  };
  const market::Series unnamed = first("date,open,high,low,close,volume,a,average,previous day open interest");
  EXPECT_TRUE(unnamed.open_interest.empty() && unnamed.trade_count.empty() && unnamed.vwap.empty());
  const market::Series chosen = first("date,open,high,low,close,volume,a,average,vwap",
                                      {.columns = "open_interest=9,trade_count=a,vwap=average"});
  EXPECT_EQ(chosen.open_interest[0], 7);
  EXPECT_EQ(chosen.trade_count[0], 5);
  EXPECT_EQ(chosen.vwap[0], 6);
  const market::Series brokers = first("date,open,high,low,close,volume,OI,average,barCount");  // as IB writes
  EXPECT_EQ(brokers.open_interest[0], 5);
  EXPECT_EQ(brokers.trade_count[0], 7);
  EXPECT_EQ(brokers.vwap[0], 6);
}

TEST(ReadCsv, rows_of_one_time_that_differ_in_open_interest_alone_contradict) {
  const TemporaryFile file(
      "date,open,high,low,close,volume,oi\n2020-01-01,10,12,9,11,100,5\n2020-01-02,10,12,9,11,100,5\n"
      "2020-01-02,10,12,9,11,100,6\n2020-01-03,10,12,9,11,100,\n2020-01-03,10,12,9,11,100,\n");
  const auto bars = read(file);
  ASSERT_TRUE(bars.has_value()) << bars.error().message;
  EXPECT_EQ(bars->report.duplicates, 1);
  EXPECT_EQ(bars->report.bad, 1);
}

/// The same number of rows in forms that take different ways through the code.
std::vector<std::string> intact_files() {
  std::vector<std::string> files = {daily_rows(60)};
  std::string quoted = "\"Date\",\"Price\",\"Open\",\"High\",\"Low\",\"Vol.\"\r\n";
  std::string european = "Datum;Zeit;Eröffnung;Hoch;Tief;Schluss;Volumen\n";
  std::string spaces = "";
  std::string counted = "time,open,high,low,close,volume,open_interest,trades,vwap\n";
  std::string zoned = "https://example.com\ntime,symbol,open,high,low,close,volume,note\n";
  for (int i = 0; i < 60; ++i) {
    const std::string minute = std::to_string(10 + i % 50);
    const std::string hour = i < 50 ? "01" : "02";
    quoted += "\"01/" + std::to_string(1 + i % 28) + "/20" + std::to_string(20 + i / 28) +
              "\",\"1,011.5\",\"1,010\",\"1,012\",\"1,009\",\"1.5M\"\r\n";
    european += "01.11.2020;" + hour + ":" + minute + ";10,5;12,25;9;11,125;100\n";
    spaces += "20201101 " + hour + minute + "00  10.5 12.25   9 11.125 100\n";
    counted += std::to_string(1604210400 + i * 60) + ",10.5,12.25,9,11.125,100," + (i % 3 == 0 ? "" : "7000") + ",31," +
               (i % 4 == 0 ? "" : "10.625") + "\n";
    zoned += "2020-11-01T" + hour + ":" + minute + ":00.000-05:00,ABC,10.5,12.25,9,11.125,100,x\n";
  }
  files.insert(files.end(), {quoted, european, spaces, counted, zoned});
  return files;
}

TEST(ReadCsv, survives_random_damage_and_accounts_for_every_row) {
  std::mt19937 random(5);
  CsvOptions options;
  options.time_zone = "America/New_York";
  for (const std::string& intact : intact_files()) {
    const TemporaryFile whole(intact);
    const auto all = read(whole, options);
    ASSERT_TRUE(all.has_value()) << all.error().message;
    ASSERT_EQ(all->report.bars, all->report.rows);
    std::size_t read_count = 0;
    for (int round = 0; round < 250; ++round) {
      std::string text = intact;
      for (unsigned edits = random() % 12 + 1; edits > 0; --edits) {
        const std::size_t at = random() % text.size();
        switch (random() % 4) {
          case 0: text[at] = static_cast<char>(random() % 256); break;
          case 1: text.erase(at, random() % 40); break;
          case 2: text.insert(at, 1, static_cast<char>(random() % 256)); break;
          default: text.insert(at, text.substr(random() % text.size(), random() % 60)); break;
        }
      }
      const TemporaryFile file(text);
      const auto bars = read(file, options);
      if (!bars) {
        ASSERT_FALSE(bars.error().message.empty());
        continue;
      }
      ++read_count;
      expect_every_row_accounted_for(bars->report);
      ASSERT_EQ(static_cast<std::int64_t>(bars->series.size()), bars->report.bars);
      std::int64_t counted = 0;
      for (const auto count : bars->report.by_reason) counted += count;
      ASSERT_EQ(counted, bars->report.bad + bars->report.out_of_order);
      for (std::size_t i = 1; i < bars->series.size(); ++i) ASSERT_LT(bars->series.time[i - 1], bars->series.time[i]);
    }
    EXPECT_GT(read_count, 40U) << intact.substr(0, 200);
  }
}

}  // namespace
}  // namespace tradeassist::feed
