#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "feed/csv/csv_format.hpp"
#include "feed/csv/read_csv.hpp"
#include "feed/testing/temporary_file.hpp"

namespace tradeassist::feed {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What a file was understood as, and its bars as text: `2020-01-02T00:00:00Z 1 3 0.5 2 100`, one a line.
struct Reading {
  std::string understood;
  std::string bars;
  std::string error;
};

Reading read(std::string_view content, const CsvOptions& options = {}) {
  const TemporaryFile file(content);
  const auto format = detect(file.path(), options);
  if (!format) return {"", "", format.error().message};
  const auto parsed = read_csv(*format);
  Reading reading{describe(*format), "", parsed ? "" : parsed.error().message};
  if (!parsed) return reading;
  for (std::size_t i = 0; i < parsed->series.size(); ++i) {
    const market::Bar bar = parsed->series.bar(i);
    const auto number = [](double value) {
      std::string text = std::to_string(value);
      text.erase(text.find_last_not_of('0') + 1);
      if (text.ends_with('.')) text.pop_back();
      return text;
    };
    reading.bars += base::format_time(bar.time) + " " + number(bar.open) + " " + number(bar.high) + " " +
                    number(bar.low) + " " + number(bar.close) + " " + number(bar.volume) + "\n";
  }
  EXPECT_EQ(parsed->report.bad, 0) << describe(parsed->report, "file");
  return reading;
}

constexpr std::string_view kThreeDays =
    "2020-01-13T00:00:00Z 1 3 0.5 2 100\n2020-01-14T00:00:00Z 2 3 1.5 2.5 200\n2020-01-15T00:00:00Z 2.5 3 2 3 300\n";

/// The same three days in a vendor's form must be read without any option.
void expect_three_days(std::string_view content, const CsvOptions& options = {}) {
  const Reading reading = read(content, options);
  EXPECT_EQ(reading.error, "") << content;
  EXPECT_EQ(reading.bars, kThreeDays) << content << reading.understood;
}

TEST(Detect, reads_plain_daily_files) {
  expect_three_days(
      "date,open,high,low,close,volume\n2020-01-13,1,3,0.5,2,100\n2020-01-14,2,3,1.5,2.5,200\n2020-01-15,2.5,3,2,3,"
      "300\n");
  expect_three_days(
      "Date,Open,High,Low,Close,Adj "
      "Close,Volume\n2020-01-13,1,3,0.5,2,9,100\n2020-01-14,2,3,1.5,2.5,9,200\n2020-01-15,2.5,3,2,3,9,300\n");
  expect_three_days(
      ",Open,High,Low,Close,Volume\n2020-01-13,1,3,0.5,2,100\n2020-01-14,2,3,1.5,2.5,200\n2020-01-15,2.5,3,2,3,300\n");
  expect_three_days("2020-01-13,1,3,0.5,2,100\n2020-01-14,2,3,1.5,2.5,200\n2020-01-15,2.5,3,2,3,300\n");
}

TEST(Detect, reads_line_ends_marks_and_separators_of_all_kinds) {
  expect_three_days(
      "\xef\xbb\xbf"
      "date,open,high,low,close,volume\r\n2020-01-13,1,3,0.5,2,100\r\n2020-01-14,2,3,1.5,2.5,200\r\n2020-01-15,2.5,3,2,"
      "3,300\r\n");
  expect_three_days(
      "date,open,high,low,close,volume\r2020-01-13,1,3,0.5,2,100\r2020-01-14,2,3,1.5,2.5,200\r2020-01-15,2.5,3,2,3,"
      "300\r");
  expect_three_days(
      "date;open;high;low;close;volume\n2020-01-13;1;3;0.5;2;100\n2020-01-14;2;3;1.5;2.5;200\n2020-01-15;2.5;3;2;3;"
      "300\n");
  expect_three_days(
      "date;open;high;low;close;volume\n2020-01-13;1,0;3,0;0,5;2,0;100\n2020-01-14;2,0;3,0;1,5;2,5;200\n2020-01-15;2,5;"
      "3,0;2,0;3,0;300\n");
  expect_three_days(
      "date\topen\thigh\tlow\tclose\tvolume\n2020-01-13\t1\t3\t0.5\t2\t100\n2020-01-14\t2\t3\t1.5\t2.5\t200\n2020-01-"
      "15\t2.5\t3\t2\t3\t300\n");
  expect_three_days(
      "date|open|high|low|close|volume\n2020-01-13|1|3|0.5|2|100\n2020-01-14|2|3|1.5|2.5|200\n2020-01-15|2.5|3|2|3|"
      "300\n");
  expect_three_days(
      "date   open high  low close volume\n2020-01-13 1   3 0.5 2   100\n2020-01-14 2   3 1.5 2.5 200\n2020-01-15 2.5 "
      "3 2   3   300\n");
  expect_three_days(
      "Date, Open, High, Low, Close, Volume\n2020-01-13, 1, 3, 0.5, 2, 100\n2020-01-14, 2, 3, 1.5, 2.5, "
      "200\n2020-01-15, 2.5, 3, 2, 3, 300\n");
  expect_three_days(
      "date,open,high,low,close,volume,\n2020-01-13,1,3,0.5,2,100,\n2020-01-14,2,3,1.5,2.5,200,\n2020-01-15,2.5,3,2,3,"
      "300,\n");
  expect_three_days(
      "date,open,high,low,close,volume\n2020-01-13,1,3,0.5,2,100,\n2020-01-14,2,3,1.5,2.5,200,\n2020-01-15,2.5,3,2,3,"
      "300,\n");
  expect_three_days(
      "\"date\",\"open\",\"high\",\"low\",\"close\",\"volume\"\n\"2020-01-13\",\"1\",\"3\",\"0.5\",\"2\","
      "\"100\"\n\"2020-01-14\",\"2\",\"3\",\"1.5\",\"2.5\",\"200\"\n\"2020-01-15\",\"2.5\",\"3\",\"2\",\"3\","
      "\"300\"\n");
}

TEST(Detect, reads_date_forms) {
  for (const auto& [a, b, c] :
       {std::tuple{"20200113", "20200114", "20200115"},
        {"01/13/2020", "01/14/2020", "01/15/2020"},
        {"13/01/2020", "14/01/2020", "15/01/2020"},
        {"1/13/2020", "1/14/2020", "1/15/2020"},
        {"13.01.2020", "14.01.2020", "15.01.2020"},
        {"13-Jan-2020", "14-Jan-2020", "15-Jan-2020"},
        {"Jan 13 2020", "Jan 14 2020", "Jan 15 2020"},
        {"2020/01/13", "2020/01/14", "2020/01/15"},
        {"01/13/20", "01/14/20", "01/15/20"},
        {"1578873600", "1578960000", "1579046400"},
        {"1578873600000", "1578960000000", "1579046400000"},
        {"1578873600000000", "1578960000000000", "1579046400000000"},
        {"1578873600000000000", "1578960000000000000", "1579046400000000000"},
        {"1578873600.0", "1578960000.0", "1579046400.0"},
        {"2020-01-13 00:00:00", "2020-01-14 00:00:00", "2020-01-15 00:00:00"},
        {"2020-01-13T00:00:00Z", "2020-01-14T00:00:00Z", "2020-01-15T00:00:00Z"},
        {"2020-01-13 16:00:00", "2020-01-14 16:00:00", "2020-01-15 13:00:00"},
        {"1/13/2020 16:00:00", "1/14/2020 16:00:00", "1/15/2020 16:00:00"},
        {"2020-01-13 00:00:00+00:00", "2020-01-14 00:00:00+00:00", "2020-01-15 00:00:00+00:00"}}) {
    expect_three_days("Time,o,h,l,c,vol\n" + std::string(a) + ",1,3,0.5,2,100\n" + b + ",2,3,1.5,2.5,200\n" + c +
                      ",2.5,3,2,3,300\n");
  }
}

TEST(Detect, reads_the_files_of_vendors_and_programs) {
  // Investing.com: quoted, grouped thousands, K and M, price for close, newest first.
  const Reading investing = read(
      "\"Date\",\"Price\",\"Open\",\"High\",\"Low\",\"Vol.\",\"Change "
      "%\"\n\"01/15/2020\",\"3,000.50\",\"2,500.50\",\"3,000.50\",\"2,000.00\",\"1.23M\",\"0.84%\"\n"
      "\"01/14/2020\",\"2,500.50\",\"2,000.00\",\"3,000.00\",\"1,500.00\",\"200.00K\",\"-0.5%\"\n\"01/13/"
      "2020\",\"2,000.00\",\"1,000.00\",\"3,000.00\",\"500.00\",\"\",\"0.1%\"\n");
  EXPECT_EQ(investing.error, "");
  EXPECT_EQ(investing.bars,
            "2020-01-13T00:00:00Z 1000 3000 500 2000 nan\n2020-01-14T00:00:00Z 2000 3000 1500 2500.5 200000\n"
            "2020-01-15T00:00:00Z 2500.5 3000.5 2000 3000.5 1230000\n");
  // Nasdaq.com
  expect_three_days(
      "Date,Close/Last,Volume,Open,High,Low\n01/15/2020,$3,300,$2.5,$3,$2\n01/14/2020,$2.5,200,$2,$3,$1.5\n01/13/"
      "2020,$2,100,$1,$3,$0.5\n");
  // Stooq and other angle brackets
  expect_three_days(
      "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\nX.US,D,20200113,000000,1,3,0.5,2,100,"
      "0\n"
      "X.US,D,20200114,000000,2,3,1.5,2.5,200,0\nX.US,D,20200115,000000,2.5,3,2,3,300,0\n");
  // MetaTrader 5: volume of zeros beside the tick volume
  expect_three_days(
      "<DATE>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\n2020.01.13\t1\t3\t0.5\t2\t100\t0\t5\n2020."
      "01.14\t2\t3\t1.5\t2.5\t200\t0\t5\n"
      "2020.01.15\t2.5\t3\t2\t3\t300\t0\t5\n");
  // CryptoDataDownload: an address in front, two times, two volumes, newest first
  expect_three_days(
      "https://www.CryptoDataDownload.com\nunix,date,symbol,open,high,low,close,Volume BTC,Volume USD\n"
      "1579046400,2020-01-15 00:00:00,BTC/USD,2.5,3,2,3,300,9\n1578960000,2020-01-14 "
      "00:00:00,BTC/USD,2,3,1.5,2.5,200,9\n"
      "1578873600,2020-01-13 00:00:00,BTC/USD,1,3,0.5,2,100,9\n");
  // Binance, no header
  expect_three_days(
      "1578873600000,1,3,0.5,2,100,1578959999999,1,10,1,1,0\n1578960000000,2,3,1.5,2.5,200,1579046399999,1,10,1,1,0\n"
      "1579046400000,2.5,3,2,3,300,1579132799999,1,10,1,1,0\n");
  // alpha_vantage
  expect_three_days(
      "date,1. open,2. high,3. low,4. close,5. "
      "volume\n2020-01-15,2.5,3,2,3,300\n2020-01-14,2,3,1.5,2.5,200\n2020-01-13,1,3,0.5,2,100\n");
  // Polygon
  expect_three_days(
      "ticker,volume,open,close,high,low,window_start,transactions\nA,100,1,2,3,0.5,1578873600000000000,5\n"
      "A,200,2,2.5,3,1.5,1578960000000000000,5\nA,300,2.5,3,3,2,1579046400000000000,5\n");
  // yfinance with its three header lines
  expect_three_days(
      "Price,Close,High,Low,Open,Volume\nTicker,X,X,X,X,X\nDate,,,,,\n2020-01-13,2,3,0.5,1,100\n2020-01-14,2.5,3,1.5,2,"
      "200\n2020-01-15,3,3,2,2.5,300\n");
  // A German bank
  expect_three_days(
      "Datum;Erster;Hoch;Tief;Schlusskurs;Stuecke;Volumen\n13.01.2020;1,00;3,00;0,50;2,00;100;9\n14.01.2020;2,00;3,00;"
      "1,50;2,50;200;9\n"
      "15.01.2020;2,50;3,00;2,00;3,00;300;9\n",
      {.columns = "volume=Stuecke"});
  // pandas with its row numbers
  expect_three_days(
      ",Date,Open,High,Low,Close,Volume\n0,2020-01-13,1,3,0.5,2,100\n1,2020-01-14,2,3,1.5,2.5,200\n2,2020-01-15,2.5,3,"
      "2,3,300\n");
  // R's write.table: no name over the row names
  expect_three_days(
      "open,high,low,close,volume\n2020-01-13,1,3,0.5,2,100\n2020-01-14,2,3,1.5,2.5,200\n2020-01-15,2.5,3,2,3,300\n");
  // Comments in front; the header again where files were joined
  expect_three_days(
      "# made by "
      "hand\n#\ndate,open,high,low,close,volume\n2020-01-13,1,3,0.5,2,100\n2020-01-14,2,3,1.5,2.5,200\ndate,open,high,"
      "low,close,volume\n2020-01-15,2.5,3,2,3,300\n");
  // Quandl futures: settle before last
  expect_three_days(
      "Date,Open,High,Low,Last,Change,Settle,Volume,Previous Day Open "
      "Interest\n2020-01-13,1,3,0.5,9,,2,100,5\n2020-01-14,2,3,1.5,9,,2.5,200,5\n"
      "2020-01-15,2.5,3,2,9,,3,300,5\n");
}

TEST(Detect, reads_minutes_with_zones) {
  constexpr std::string_view kMinutes =
      "2020-01-02T14:30:00Z 1 1 1 1 5\n2020-01-02T14:31:00Z 1 1 1 1 5\n2020-01-02T14:32:00Z 1 1 1 1 5\n";
  const auto expect = [&](const std::string& head, const std::array<std::string, 3>& stamps,
                          const CsvOptions& options = {}) {
    std::string text = head;
    const char separator = head.find(';') != std::string::npos ? ';' : ',';
    for (std::string stamp : stamps) {
      text += stamp;
      for (const char* value : {"1", "1", "1", "1", "5"}) text += separator + std::string(value);
      text += "\n";
    }
    const Reading reading = read(text, options);
    EXPECT_EQ(reading.error, "") << text;
    EXPECT_EQ(reading.bars, kMinutes) << text << reading.understood;
  };
  const std::string plain = "time,open,high,low,close,volume\n";
  const CsvOptions new_york{.time_zone = "America/New_York"};
  expect(plain, {"2020-01-02T14:30:00Z", "2020-01-02T14:31:00Z", "2020-01-02T14:32:00Z"});
  expect(plain, {"2020-01-02 09:30:00-05:00", "2020-01-02 09:31:00-05:00", "2020-01-02 09:32:00-05:00"});
  expect(plain, {"20200102 09:30:00 US/Eastern", "20200102 09:31:00 US/Eastern", "20200102 09:32:00 US/Eastern"});
  expect(plain, {"1577975400", "1577975460", "1577975520"});
  expect(plain, {"2020-01-02 09:30", "2020-01-02 09:31", "2020-01-02 09:32"}, new_york);
  expect(plain, {"20200102 093000", "20200102 093100", "20200102 093200"}, new_york);
  expect(plain, {"20200102093000", "20200102093100", "20200102093200"}, new_york);
  expect(plain, {"1/2/2020 9:30 AM", "1/2/2020 9:31 AM", "1/2/2020 9:32 AM"},
         {.time_zone = "America/New_York", .time_format = "mdy"});
  expect("Date,Time,Open,High,Low,Close,Volume\n", {"2020-01-02,09:30", "2020-01-02,09:31", "2020-01-02,09:32"},
         new_york);
  expect("Date,Time,Open,High,Low,Close,Volume\n", {"2020-01-02,930", "2020-01-02,931", "2020-01-02,932"}, new_york);
  expect("Date,Time,Open,High,Low,Close,Volume\n", {"20200102,93000", "20200102,93100", "20200102,93200"}, new_york);
  expect("Date,Open,High,Low,Close,Volume\n", {"2020-01-02,09:30:00", "2020-01-02,09:31:00", "2020-01-02,09:32:00"},
         new_york);
  expect("", {"2020.01.02,09:30", "2020.01.02,09:31", "2020.01.02,09:32"}, new_york);
  expect("x;open;high;low;close;volume\n", {"20200102 093000", "20200102 093100", "20200102 093200"},
         {.time_zone = "-05:00"});
  expect("", {"20200102 093000", "20200102 093100", "20200102 093200"}, {.time_zone = "-05:00"});
  expect("Gmt time,Open,High,Low,Close,Volume\n",
         {"02.01.2020 14:30:00.000", "02.01.2020 14:31:00.000", "02.01.2020 14:32:00.000"});
  expect("Local time,Open,High,Low,Close,Volume\n",
         {"02.01.2020 15:30:00.000 GMT+0100", "02.01.2020 15:31:00.000 GMT+0100", "02.01.2020 15:32:00.000 GMT+0100"});
  expect("close_time,open,high,low,close,volume\n", {"1577975460", "1577975520", "1577975580"});
}

TEST(Detect, asks_for_the_zone_of_intraday_times_that_carry_none) {
  const Reading reading =
      read("time,open,high,low,close\n2020-01-02 09:30,1,1,1,1\n2020-01-02 09:31,1,1,1,1\n2020-01-02 09:32,1,1,1,1\n");
  EXPECT_THAT(reading.error, HasSubstr("--timezone"));
  EXPECT_THAT(reading.error, HasSubstr("2020-01-02 09:30"));
  EXPECT_THAT(read("time,open,high,low,close\n2020-01-02,1,1,1,1\n", {.time_zone = "Mars/Base"}).error,
              HasSubstr("Mars/Base"));
}

TEST(Detect, asks_for_the_order_of_dates_that_two_orders_fit) {
  const std::string text =
      "date,open,high,low,close\n01/02/2020,1,1,1,1\n01/03/2020,1,1,1,1\n01/06/2020,1,1,1,1\n01/07/2020,1,1,1,1\n";
  EXPECT_THAT(read(text).error, HasSubstr("--time-format mdy or dmy"));
  EXPECT_THAT(read(text, {.time_format = "mdy"}).bars, HasSubstr("2020-01-07T00:00:00Z"));
  EXPECT_THAT(
      read(text, {.timeframe = market::Timeframe{market::Timeframe::Unit::kMonth, 1}, .time_format = "dmy"}).bars,
      HasSubstr("2020-07-01T00:00:00Z"));
  EXPECT_THAT(read(text + "01/13/2020,1,1,1,1\n").bars, HasSubstr("2020-01-13T00:00:00Z"));
  EXPECT_THAT(read(text, {.time_format = "xyz"}).error, HasSubstr("--time-format is"));
}

TEST(Detect, settles_the_order_from_a_date_far_down_the_file) {
  std::string text = "date,time,open,high,low,close\n";
  for (int day = 1; day <= 28; ++day) {
    for (int minute = 0; minute < 1440; ++minute) {
      char row[64];
      std::snprintf(row, sizeof row, "%02d/01/2020,%02d:%02d,1,1,1,1\n", day, minute / 60, minute % 60);
      text += row;
    }
  }
  const Reading reading = read(text, {.time_zone = "UTC"});
  EXPECT_EQ(reading.error, "");
  EXPECT_THAT(reading.understood, HasSubstr("day month year"));
  EXPECT_THAT(reading.understood, HasSubstr("last bar   2020-01-28T23:59:00Z"));
}

TEST(Detect, asks_what_a_comma_means_when_two_meanings_fit) {
  const std::string text =
      "date;open;high;low;close\n2020-01-13;1,234;1,235;1,233;1,234\n2020-01-14;1,234;1,235;1,233;1,234\n2020-01-15;1,"
      "234;1,235;1,233;1,234\n";
  EXPECT_THAT(read(text).error, HasSubstr("--decimal comma"));
  EXPECT_THAT(read(text, {.decimal_comma = true}).bars, HasSubstr("1.234 1.235"));
  EXPECT_THAT(read(text, {.decimal_comma = false}).bars, HasSubstr("1234 1235"));
}

TEST(Detect, asks_which_symbol_when_there_are_several) {
  const std::string text =
      "date,symbol,open,high,low,close\n2020-01-13,AAA,1,1,1,1\n2020-01-14,AAA,1,1,1,1\n2020-01-15,AAA,1,1,1,1\n"
      "2020-01-13,BBB,2,2,2,2\n2020-01-14,BBB,2,2,2,2\n2020-01-15,BBB,2,2,2,2\n";
  EXPECT_THAT(read(text).error, HasSubstr("several symbols (AAA, BBB); choose one with --only"));
  EXPECT_THAT(read(text, {.only = "BBB"}).bars, HasSubstr("2020-01-15T00:00:00Z 2 2 2 2 nan"));
  EXPECT_THAT(read(text, {.symbol = "bbb"}).bars, HasSubstr("2020-01-15T00:00:00Z 2 2 2 2 nan"));
  EXPECT_THAT(read(text, {.only = "CCC"}).error, HasSubstr("'CCC'"));
}

TEST(Detect, finds_a_symbol_that_comes_late_in_a_file_sorted_by_symbol) {
  std::string text = "Name,date,open,high,low,close\n";
  for (const char* symbol : {"AAA", "BBB", "ZZZ"}) {
    for (int i = 0; i < 60'000; ++i) {
      text += std::string(symbol) + "," + std::to_string(1577836800 + i * 60) + ",1,1,1,1\n";
    }
  }
  const Reading reading = read(text, {.only = "ZZZ"});
  EXPECT_EQ(reading.error, "");
  EXPECT_EQ(std::ranges::count(reading.bars, '\n'), 60'000);
  EXPECT_THAT(read(text, {.only = "YYY"}).error, HasSubstr("has no row of symbol 'YYY'"));
}

TEST(Detect, lets_the_user_name_columns) {
  const std::string text =
      "when,a,b,c,d,e\n2020-01-13,100,2,0.5,3,1\n2020-01-14,200,2.5,1.5,3,2\n2020-01-15,300,3,2,3,2.5\n";
  EXPECT_THAT(read(text).error, HasSubstr("--columns"));
  expect_three_days(text, {.columns = "time=when,open=e,high=d,low=c,close=b,volume=a"});
  expect_three_days(text, {.columns = "time=1,open=6,high=5,low=4,close=3,volume=2"});
  EXPECT_THAT(read(text, {.columns = "open=zzz"}).error,
              HasSubstr("there is no such column; the columns are 1 'when'"));
  EXPECT_THAT(read(text, {.columns = "opening=a"}).error, HasSubstr("'opening' is not one of"));
  EXPECT_THAT(read(text, {.columns = "open=2,open=3"}).error, HasSubstr("open twice"));
}

TEST(Detect, refuses_headerless_numbers_in_another_order) {
  EXPECT_THAT(read("2020-01-13,2,1,3,0.5,100\n2020-01-14,2.5,2,3,1.5,200\n2020-01-15,3,2.5,3,2,300\n").error,
              HasSubstr("not open, high, low and close"));
}

TEST(Detect, makes_bars_of_closes_and_says_so) {
  const Reading reading =
      read("symbol,date,price\nMSFT,Jan 1 2000,39.81\nMSFT,Feb 1 2000,36.35\nMSFT,Mar 1 2000,43.22\n");
  EXPECT_EQ(reading.bars,
            "2000-01-01T00:00:00Z 39.81 39.81 39.81 39.81 nan\n2000-02-01T00:00:00Z 36.35 36.35 36.35 36.35 nan\n"
            "2000-03-01T00:00:00Z 43.22 43.22 43.22 43.22 nan\n");
  EXPECT_THAT(reading.understood, HasSubstr("each bar is made of its close alone"));
  EXPECT_THAT(reading.understood, HasSubstr("timeframe  1M"));
}

TEST(Detect, takes_stamps_for_bar_ends_when_the_sessions_show_it) {
  const auto sessions = [](int first_minute, int last_minute) {
    std::string text = "time,open,high,low,close,volume\n";
    for (int day = 0; day < 5; ++day) {
      for (int minute = first_minute; minute <= last_minute; ++minute) {
        text += std::to_string(1577975400 + day * 86400 + minute * 60) + ",1,1,1,1,1\n";
      }
    }
    return text;
  };
  const std::string ends = sessions(1, 390);
  EXPECT_THAT(read(ends).understood, HasSubstr("4 of 4 sessions begin like 14:31 and the one before ends like 21:00"));
  EXPECT_THAT(read(ends).understood, HasSubstr("first bar  2020-01-02T14:30:00Z"));
  EXPECT_THAT(read(ends, {.bar_time = BarTime::kStart}).understood, HasSubstr("first bar  2020-01-02T14:31:00Z"));
  EXPECT_THAT(read(ends, {.bar_time = BarTime::kEnd}).understood, HasSubstr("stamps     end of the bar (--bar-time)"));
  EXPECT_THAT(read(sessions(0, 389)).understood, HasSubstr("stamps     start of the bar (assumed"));
  EXPECT_THAT(read(sessions(0, 390)).understood,
              HasSubstr("stamps     start of the bar (assumed"));  // a closing auction
  EXPECT_THAT(read(sessions(1, 389)).understood,
              HasSubstr("stamps     start of the bar (assumed"));  // no opening minute
}

TEST(Detect, takes_last_moments_for_bar_ends) {
  const std::string seconds =
      "Time,Open,High,Low,Close,Volume\n2021-03-01T00:00:59Z,1,3,0.5,2,100\n2021-03-01T00:01:59Z,2,3,1.5,2.5,200\n";
  const Reading reading = read(seconds);
  EXPECT_EQ(reading.bars, "2021-03-01T00:00:00Z 1 3 0.5 2 100\n2021-03-01T00:01:00Z 2 3 1.5 2.5 200\n");
  EXPECT_THAT(reading.understood,
              HasSubstr("stamps     end of the bar (as the file shows; --bar-time start otherwise)"));
  EXPECT_THAT(reading.understood, HasSubstr("stamps such as 2021-03-01T00:00:59Z are the last moment of a bar"));
  EXPECT_THAT(read(seconds, {.bar_time = BarTime::kStart}).bars, HasSubstr("2021-03-01T00:00:59Z 1 3"));
  const std::string milliseconds =
      "time,open,high,low,close,volume\n1614643199999,1,3,0.5,2,100\n1614729599999,2,3,1.5,2.5,200\n";
  EXPECT_EQ(read(milliseconds, {.timeframe = market::Timeframe{market::Timeframe::Unit::kDay, 1}}).bars,
            "2021-03-01T00:00:00Z 1 3 0.5 2 100\n2021-03-02T00:00:00Z 2 3 1.5 2.5 200\n");
}

TEST(Detect, a_separator_that_does_not_fit_is_named) {
  EXPECT_THAT(read("Date,Open,High,Low,Close\n2020-01-13,1,3,0.5,2\n", {.separator = ';'}).error,
              HasSubstr("with the separator given no line holds a time and prices"));
}

TEST(Detect, a_volume_of_zeros_gives_way_to_ticks_unless_it_was_chosen) {
  const std::string text =
      "<DATE>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\n2020.01.13\t1\t3\t0.5\t2\t100\t0\n"
      "2020.01.14\t2\t3\t1.5\t2.5\t200\t0\n";
  const Reading ticks = read(text);
  EXPECT_THAT(ticks.bars, HasSubstr("2020-01-13T00:00:00Z 1 3 0.5 2 100\n"));
  EXPECT_THAT(ticks.understood, HasSubstr("'<VOL>' is zero throughout; volume is taken from '<TICKVOL>'"));
  EXPECT_THAT(ticks.understood, Not(HasSubstr("not from")));
  EXPECT_THAT(read(text, {.columns = "volume=<VOL>"}).bars, HasSubstr("2020-01-13T00:00:00Z 1 3 0.5 2 0\n"));
}

TEST(Detect, works_out_starts_from_last_days) {
  const std::string weeks =
      "Date,Open,High,Low,Close,Volume\n2006-01-06,1,1,1,1,0\n2006-01-13,1,1,1,1,0\n2006-01-20,1,1,1,1,0\n";
  EXPECT_THAT(read(weeks).understood, HasSubstr("3 of 3 weeks are named by their Friday; --bar-time end"));
  EXPECT_THAT(read(weeks).bars, HasSubstr("2006-01-06T00:00:00Z"));
  EXPECT_THAT(read(weeks, {.bar_time = BarTime::kEnd}).bars, HasSubstr("2006-01-02T00:00:00Z"));
  const std::string months =
      ",Open,High,Low,Close,Volume\n2012-01-31,1,1,1,1,0\n2012-02-29,1,1,1,1,0\n2012-03-31,1,1,1,1,0\n";
  EXPECT_THAT(read(months).understood, HasSubstr("--bar-time end"));
  EXPECT_THAT(read(months, {.bar_time = BarTime::kEnd}).bars, HasSubstr("2012-02-01T00:00:00Z"));
}

TEST(Detect, prefers_starts_to_ends_and_ignores_a_row_counter) {
  const Reading reading = read(
      "Index,Start Date,Open Price,High Price,Low Price,Close Price,Volume,End Date\n"
      "0,2023-03-12 18:30:00,1,1,1,1,5.0,2023-03-12 18:44:59.999\n1,2023-03-12 18:45:00,1,1,1,1,5.0,2023-03-12 "
      "18:59:59.999\n"
      "2,2023-03-12 19:00:00,1,1,1,1,5.0,2023-03-12 19:14:59.999\n",
      {.time_zone = "UTC"});
  EXPECT_THAT(reading.bars, HasSubstr("2023-03-12T18:30:00Z 1 1 1 1 5\n"));
  EXPECT_THAT(reading.understood, HasSubstr("timeframe  15m"));
}

TEST(Detect, refuses_ticks_and_tables_that_are_not_bars) {
  EXPECT_THAT(
      read("Datetime,Open,High,Low,Close,Volume\n2015-09-23T20:57:42.146,1,1,1,1,1\n2015-09-23T20:57:46.151,1,1,1,1,1\n"
           "2015-09-23T20:57:53.821,1,1,1,1,1\n2015-09-23T20:57:55.073,1,1,1,1,1\n",
           {.time_zone = "UTC"})
          .error,
      HasSubstr("if trades or quotes, --ticks"));
  EXPECT_THAT(
      read("MapDate,Area,None,D0,D1\n20201020,TOTAL,\"1,526,225.72\",5.5,4.5\n20201013,TOTAL,\"1,560,487.85\",6.5,5.5\n"
           "20201006,TOTAL,\"1,618,761.40\",6.5,4.5\n")
          .error,
      HasSubstr("no column was recognised as open, high, low, close"));
}

TEST(Detect, counts_the_decimals_of_prices) {
  const auto decimals = [](std::string_view content) {
    const TemporaryFile file(content);
    return detect(file.path(), {}).value().price_decimals.value_or(-1);
  };
  EXPECT_EQ(
      decimals(
          "date,open,high,low,close\n2020-01-13,1.07160,1.0722,1.07083,1.07219\n2020-01-14,1.07,1.0722,1.07,1.07\n"),
      5);
  EXPECT_EQ(
      decimals(
          "date,open,high,low,close\n2020-01-13,3602.00,3603.00,3597.00,3599.00\n2020-01-14,3602,3603,3597,3599\n"),
      0);
  EXPECT_EQ(decimals("date;open;high;low;close\n2020-01-13;1,5;1,5;1,25;1,25\n2020-01-14;1,5;1,5;1,5;1,5\n"), 2);
  EXPECT_EQ(
      decimals("date,open,high,low,close\n2020-01-13,1.123456789012,1.123456789012,1.123456789012,1.123456789012\n"
               "2020-01-14,1.123456789012,1.123456789012,1.123456789012,1.123456789012\n"),
      -1);
}

TEST(Detect, counts_the_decimals_that_were_meant_by_binary_numbers) {
  const TemporaryFile file(
      "date,open,high,low,close\n2000-01-03,1469.250000,1478.000000,1438.359985,1455.219971\n"
      "2000-01-04,1455.219971,1455.219971,1397.430054,1399.420044\n2000-01-05,389.4000000000003,389.5,389.1,389.2\n");
  EXPECT_EQ(detect(file.path(), {}).value().price_decimals, 2);
}

TEST(Detect, accepts_bars_that_a_session_cuts_short) {
  std::string text = "time,open,high,low,close\n";
  for (int day = 0; day < 30; ++day) {
    const std::int64_t open = 1577975400 + day * 86400;  // 14:30Z
    text += std::to_string(open) + ",1,1,1,1\n";
    for (int hour = 0; hour < 6; ++hour) text += std::to_string(open + 1800 + hour * 3600) + ",1,1,1,1\n";
  }
  const Reading reading = read(text);
  EXPECT_EQ(reading.error, "");
  EXPECT_THAT(reading.understood, HasSubstr("timeframe  1h"));
}

TEST(Detect, needs_a_timeframe_for_a_single_row) {
  const std::string row = "date,open,high,low,close\n2020-01-13,1,1,1,1\n";
  EXPECT_THAT(read(row).error, HasSubstr("--timeframe"));
  EXPECT_EQ(read(row, {.timeframe = market::Timeframe{}}).bars, "2020-01-13T00:00:00Z 1 1 1 1 nan\n");
}

TEST(Detect, says_what_it_understood) {
  const Reading reading = read(
      "date,open,high,low,close,adjclose,volume\n2000-01-03,1469.25,1478,1438.359985,1455.219971,1455.219971,"
      "931800000\n"
      "2000-01-04,1455.219971,1455.219971,1397.430054,1399.420044,1399.420044,1009000000\n"
      "2000-01-05,1399.420044,1413.27002,1377.680054,1402.109985,1402.109985,1085500000\n");
  EXPECT_THAT(reading.understood,
              HasSubstr("time       column 1 (date), year month day, no time of day, e.g. 2000-01-03"));
  EXPECT_THAT(
      reading.understood,
      HasSubstr("columns    open = 2 (open), high = 3 (high), low = 4 (low), close = 5 (close), volume = 7 (volume)"));
  EXPECT_THAT(reading.understood, HasSubstr("ignored    6 (adjclose)"));
  EXPECT_THAT(reading.understood, HasSubstr("'adjclose' is not used"));
  EXPECT_THAT(reading.understood, HasSubstr("timeframe  1d (found from the rows)"));
  EXPECT_THAT(reading.understood, HasSubstr("first bar  2000-01-03T00:00:00Z  open 1469.25  high 1478  low 1438.359985 "
                                            " close 1455.219971  volume 931800000"));
  EXPECT_THAT(reading.understood, HasSubstr("last bar   2000-01-05T00:00:00Z"));
}

}  // namespace
}  // namespace tradeassist::feed
