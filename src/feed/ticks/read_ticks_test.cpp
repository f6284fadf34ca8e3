#include "feed/ticks/read_ticks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "base/time.hpp"
#include "feed/csv/csv_format.hpp"
#include "feed/testing/temporary_file.hpp"
#include "feed/text/whole_file.hpp"
#include "market/tick_bars.hpp"

namespace tradeassist::feed {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kNewYork = "America/New_York";

base::Result<ParsedTicks> read(const std::string& path, CsvOptions options = {}, const ReadLimits& limits = {}) {
  options.ticks = true;
  TRY_ASSIGN(const CsvFormat format, detect(path, options));
  return read_ticks(format, limits);
}

ParsedTicks ticks_of(std::string_view content, const CsvOptions& options = {}, const ReadLimits& limits = {}) {
  const TemporaryFile file(content);
  auto ticks = read(file.path(), options, limits);
  EXPECT_TRUE(ticks) << ticks.error().message;
  return ticks ? std::move(*ticks) : ParsedTicks{};
}

std::string error_of(std::string_view content, const CsvOptions& options = {}, const ReadLimits& limits = {}) {
  const TemporaryFile file(content);
  const auto ticks = read(file.path(), options, limits);
  return ticks ? "no error" : ticks.error().message;
}

std::string time_at(const ParsedTicks& parsed, std::size_t row) {
  return base::format_time(base::time_from_nanoseconds(parsed.ticks.time.at(row)));
}

/// "ticks", "bars", or the error, of a file of which nobody said what it is.
std::string taken_as(std::string_view content, CsvOptions options = {}) {
  options.ticks_if_clear = true;
  const TemporaryFile file(content);
  const auto format = detect(file.path(), options);
  if (!format) return format.error().message;
  EXPECT_EQ(format->ticks, !format->tick_signs.empty());
  return format->ticks ? "ticks" : "bars";
}

TEST(ReadTicks, are_told_from_bars_only_where_there_is_no_doubt) {
  const std::string irregular =
      "\n1577836800,5,1\n1577836803,5,1\n1577836811,5,1\n1577836818,5,1\n1577836822,5,1\n1577836831,5,1\n"
      "1577836846,5,1\n1577836858,5,1\n1577836880,5,1\n1577836891,5,1\n1577836905,5,1\n";
  const std::string regular = "\n1577836800,5,1\n1577836860,5,1\n1577836920,5,1\n1577836980,5,1\n";
  const std::string crowded = "\n1577836800,5,1\n1577836860,5,1\n1577836860,5,1\n1577836980,5,1\n";
  EXPECT_EQ(taken_as("time,price,size" + irregular), "ticks");
  EXPECT_EQ(taken_as("time,price,size" + crowded), "ticks");
  EXPECT_EQ(taken_as("time,bid,ask\n1577836800,5,6\n1577836860,5,6\n1577836920,5,6\n"), "ticks");
  EXPECT_EQ(taken_as(crowded.substr(1)), "ticks");
  EXPECT_EQ(
      taken_as("time,price,size\n2020-01-02T09:30:00.1,10,1\n2020-01-02T09:30:00.2,10,1\n", {.time_zone = kNewYork}),
      "ticks");
  EXPECT_THAT(taken_as("time,price,size\n2020-01-02T09:30:00.1,10,1\n2020-01-02T09:30:00.2,10,1\n"),
              HasSubstr("--timezone"));
  EXPECT_THAT(error_of("time,price,size,n" + std::string("\n1577836800,5,1,2\n1577836800,5,1,2\n"),
                       {.columns = "trade_count=n"}),
              HasSubstr("--columns trade_count: ticks have none"));
  // What may be bars of a price alone.
  EXPECT_EQ(taken_as("time,price,size" + regular), "bars");
  EXPECT_THAT(taken_as(regular.substr(1)), HasSubstr("--ticks"));
  EXPECT_EQ(taken_as("time,close,volume" + crowded), "bars");
  EXPECT_THAT(taken_as("time,close,volume" + irregular), HasSubstr("if they are bars, give --timeframe; if trades or "
                                                                   "quotes, --ticks"));
  EXPECT_THAT(taken_as(irregular.substr(1)), HasSubstr("--ticks"));
  EXPECT_EQ(taken_as("date,price\n2020-01-01,5\n2020-01-02,5\n2020-01-02,6\n2020-01-03,5\n"), "bars");
  EXPECT_EQ(taken_as("time,open,high,low,close,bid,ask\n1577836800,1,1,1,1,1,1\n1577836860,1,1,1,1,1,1\n"
                     "1577836920,1,1,1,1,1,1\n"),
            "bars");
  EXPECT_EQ(
      taken_as("time,price,size" + crowded, {.timeframe = market::Timeframe{market::Timeframe::Unit::kMinute, 1}}),
      "bars");
}

TEST(ReadTicks, trades_of_one_instant_are_all_kept_in_their_order) {
  const ParsedTicks parsed = ticks_of(
      "time,price,size\n"
      "2013-10-07T00:00:00.276000,1313.7,1\n"
      "2013-10-07T00:00:00.276000,1313.7,1\n"
      "2013-10-07T00:00:00.276000,1313.6,2\n"
      "2013-10-07T00:00:01.132000,1313.5,1\n",
      {.time_zone = kNewYork});
  EXPECT_THAT(parsed.ticks.price, ElementsAre(1313.7, 1313.7, 1313.6, 1313.5));
  EXPECT_THAT(parsed.ticks.size, ElementsAre(1, 1, 2, 1));
  EXPECT_EQ(time_at(parsed, 0), "2013-10-07T04:00:00.276Z");
  EXPECT_TRUE(parsed.ticks.bid.empty());
  EXPECT_EQ(parsed.report.duplicates, 0);
}

TEST(ReadTicks, columns_are_known_by_the_names_of_many_vendors) {
  const ParsedTicks kraken = ticks_of("1577836800.25,7200.5,0.5\n1577836801.5,7201,0.25\n1577836801.5,7201.5,1\n");
  EXPECT_THAT(kraken.ticks.price, ElementsAre(7200.5, 7201, 7201.5));
  EXPECT_EQ(time_at(kraken, 0), "2020-01-01T00:00:00.25Z");

  const ParsedTicks binance = ticks_of(
      "id,price,qty,quote_qty,time,is_buyer_maker\n"
      "1,7200.5,0.5,3600.25,1577836800123,true\n"
      "2,7200.5,0.25,1800.125,1577836800123,false\n"
      "3,7201.5,2,14403,1577836800999,false\n");
  EXPECT_THAT(binance.ticks.size, ElementsAre(0.5, 0.25, 2));

  const ParsedTicks quotes = ticks_of(
      "Date,Time,Last,Volume,Bid,Offer,Side\n"
      "2020-01-02,09:30:00.001,100.5,200,100.4,100.6,B\n"
      "2020-01-02,09:30:00.002,100.6,100,,100.7,S\n"
      "2020-01-02,09:30:00.002,100.6,100,100.5,100.7,S\n",
      {.time_zone = kNewYork});
  EXPECT_THAT(quotes.ticks.ask, ElementsAre(100.6, 100.7, 100.7));
  EXPECT_TRUE(std::isnan(quotes.ticks.bid[1]));
  EXPECT_EQ(quotes.ticks.bid[2], 100.5);

  const ParsedTicks by_number =
      ticks_of("1577836800250;5;7200,5\n1577836800260;7;7200,25\n", {.columns = "time=1,size=2,price=3"});
  EXPECT_THAT(by_number.ticks.price, ElementsAre(7200.5, 7200.25));
}

TEST(ReadTicks, quotes_without_trades_have_the_middle_as_their_price) {
  const ParsedTicks parsed = ticks_of(
      "Gmt time,Ask,Bid,AskVolume,BidVolume\n"
      "2020-01-02T00:00:00.100,1.25,1.00,1,2\n"
      "2020-01-02T00:00:00.200,1.50,1.25,1,2\n");
  EXPECT_THAT(parsed.ticks.price, ElementsAre(1.125, 1.375));
  EXPECT_THAT(parsed.ticks.bid, ElementsAre(1.00, 1.25));
  EXPECT_TRUE(std::isnan(parsed.ticks.size[0]));
}

TEST(ReadTicks, rows_out_of_order_are_counted_and_sorted_and_ties_keep_the_order_of_the_file) {
  const std::string file =
      "time,price,size\n"
      "1577836800000,10,1\n"
      "1577836803000,11,1\n"
      "1577836801000,12,1\n"
      "1577836801000,13,1\n"
      "1577836803000,14,1\n";
  const ParsedTicks parsed = ticks_of(file);
  EXPECT_THAT(parsed.ticks.price, ElementsAre(10, 12, 13, 11, 14));
  EXPECT_EQ(parsed.report.out_of_order, 2);
  EXPECT_THAT(describe_ticks(parsed.report, "f"), HasSubstr("2 rows stood out of order and were sorted"));
  EXPECT_THAT(describe_ticks(parsed.report, "f"), HasSubstr("line 4"));
  EXPECT_THAT(error_of(file, {}, {.strict = true}), HasSubstr("--strict"));
}

TEST(ReadTicks, newest_first_files_are_turned_round_with_their_ties) {
  const ParsedTicks parsed = ticks_of(
      "time,price,size\n"
      "1577836803000,14,1\n"
      "1577836802000,13,1\n"
      "1577836802000,12,1\n"
      "1577836800000,10,1\n");
  EXPECT_THAT(parsed.ticks.price, ElementsAre(10, 12, 13, 14));
  EXPECT_EQ(parsed.report.out_of_order, 0);
}

TEST(ReadTicks, an_hour_that_came_twice_is_placed_by_the_order_of_the_rows) {
  const ParsedTicks parsed = ticks_of(
      "time,price,size\n"
      "2019-11-03T01:30:00,10,1\n"
      "2019-11-03T01:59:59,11,1\n"
      "2019-11-03T01:00:00,12,1\n"
      "2019-11-03T01:00:00,13,1\n"
      "2019-11-03T02:00:00,14,1\n",
      {.time_zone = kNewYork});
  EXPECT_THAT(parsed.ticks.price, ElementsAre(10, 11, 12, 13, 14));
  EXPECT_EQ(time_at(parsed, 0), "2019-11-03T05:30:00Z");
  EXPECT_EQ(time_at(parsed, 3), "2019-11-03T06:00:00Z");
}

TEST(ReadTicks, bad_rows_are_left_out_with_line_and_reason) {
  const ParsedTicks parsed = ticks_of(
      "time,price,size\n"
      "1577836800000,10,1\n"
      "1577836800000,abc,1\n"
      "1577836800000,11,-1\n"
      "1577836800001,12,\n"
      "1577836800002,13,1\n"
      "1577836800003,14,1\n");
  EXPECT_THAT(parsed.ticks.price, ElementsAre(10, 12, 13, 14));
  EXPECT_TRUE(std::isnan(parsed.ticks.size[1]));
  EXPECT_EQ(parsed.report.bad, 2);
  EXPECT_THAT(describe_ticks(parsed.report, "f.csv"), HasSubstr("f.csv: line 3: close 'abc' is not a number"));
}

TEST(ReadTicks, what_cannot_be_told_is_asked_for) {
  EXPECT_THAT(error_of("time,price,size\n2020-01-02T09:30:00.1,10,1\n2020-01-02T09:30:00.2,10,1\n"),
              HasSubstr("--timezone"));
  EXPECT_THAT(error_of("1577836800000,10,1,5\n1577836800001,11,1,6\n"), HasSubstr("--columns time=1,price=2"));
  EXPECT_THAT(error_of("time,bid,foo\n1577836800000,10,1\n1577836800001,11,1\n"), HasSubstr("nor two as bid and ask"));
}

TEST(ReadTicks, any_number_of_threads_gives_the_same_ticks) {
  std::string text = "time,price,size\n";
  for (int i = 0; i < 400'000; ++i) {
    text += std::to_string(1'577'836'800'000 + i / 3) + "," + std::to_string(100 + i % 700) + ".25," +
            std::to_string(1 + i % 9) + "\n";
  }
  const TemporaryFile file(text);  // more than one block
  const auto one = read(file.path(), {}, {.threads = 1}), four = read(file.path(), {}, {.threads = 4});
  ASSERT_TRUE(one && four);
  EXPECT_EQ(one->ticks.rows(), 400'000U);
  EXPECT_EQ(one->ticks.time, four->ticks.time);
  EXPECT_EQ(one->ticks.price, four->ticks.price);
  EXPECT_EQ(one->ticks.size, four->ticks.size);
}

TEST(ReadTicks, a_day_of_gold_futures_is_read_whole) {
  const char* const given = std::getenv("TRADEASSIST_SHARED_DATA");
  const std::filesystem::path folder =
      given != nullptr ? given : std::filesystem::path(TRADEASSIST_SOURCE_DIR).parent_path() / "shared/data";
  const auto packed = folder / "ticks/gc_ticks_2013-10-07.csv.gz";
  if (!std::filesystem::exists(packed)) GTEST_SKIP() << packed << " is absent";
  const TemporaryFile file(read_whole_text(packed).value());
  const auto parsed = read(file.path(), {.time_zone = kNewYork});
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->ticks.rows(), 39'702U);
  EXPECT_EQ(parsed->report.bad + parsed->report.out_of_order, 0);
  EXPECT_EQ(time_at(*parsed, 39'701), "2013-10-08T03:59:52.934Z");
  const auto day = market::bars_of_ticks(parsed->ticks, market::parse_tick_bar_rule("10r").value(), {.tick_size = 0.1});
  ASSERT_TRUE(day);
  double trades = 0;
  for (const double count : day->trade_count) trades += count;
  EXPECT_EQ(trades, 39'702);
}

}  // namespace
}  // namespace tradeassist::feed
