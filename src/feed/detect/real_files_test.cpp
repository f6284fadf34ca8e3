#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "feed/csv/csv_format.hpp"
#include "feed/csv/read_csv.hpp"

namespace tradeassist::feed {
namespace {

using testing::HasSubstr;

/// Real files that are not part of the project: $TRADEASSIST_SHARED_DATA, or shared/data beside the source tree.
class RealFiles : public testing::Test {
 protected:
  void SetUp() override {
    const char* const given = std::getenv("TRADEASSIST_SHARED_DATA");
    folder_ = given != nullptr ? given : std::filesystem::path(TRADEASSIST_SOURCE_DIR).parent_path() / "shared/data";
    if (!std::filesystem::exists(folder_ / "bars")) GTEST_SKIP() << folder_ << " with real files is absent";
  }

  ParsedBars read(const std::string& name, const CsvOptions& options) {
    const auto format = detect((folder_ / name).string(), options);
    if (!format) {
      ADD_FAILURE() << format.error().message;
      return {};
    }
    understood_ = describe(*format);
    auto bars = read_csv(*format);
    if (!bars) {
      ADD_FAILURE() << bars.error().message;
      return {};
    }
    EXPECT_EQ(bars->report.rows,
              bars->report.bars + bars->report.bad + bars->report.duplicates + bars->report.unwanted);
    return std::move(*bars);
  }
  static std::string time(const ParsedBars& bars, std::size_t row) {
    return base::format_time(base::time_from_nanoseconds(bars.series.time.at(row)));
  }

  std::filesystem::path folder_;
  std::string understood_;
};

TEST_F(RealFiles, daily_stock) {
  const ParsedBars bars = read("bars/spy_1d.csv", {});
  ASSERT_EQ(bars.series.size(), 5849U) << describe(bars.report, "spy");
  EXPECT_EQ(time(bars, 0), "1998-01-02T00:00:00Z");
  EXPECT_EQ(bars.series.close.back(), 396.33);
  EXPECT_EQ(bars.series.volume.back(), 90673494);
}

TEST_F(RealFiles, daily_stock_with_an_unnamed_first_column) {
  const ParsedBars bars = read("bars/goog_1d.csv", {});
  ASSERT_EQ(bars.series.size(), 2148U) << describe(bars.report, "goog");
  EXPECT_EQ(time(bars, 0), "2004-08-19T00:00:00Z");
  EXPECT_EQ(bars.series.open.front(), 100);
}

TEST_F(RealFiles, hourly_currency_needs_its_zone) {
  const auto refused = detect((folder_ / "bars/eurusd_1h.csv").string(), {});
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message, HasSubstr("--timezone"));
  const ParsedBars bars = read("bars/eurusd_1h.csv", {.time_zone = "UTC"});
  ASSERT_EQ(bars.series.size(), 5000U) << describe(bars.report, "eurusd");
  EXPECT_EQ(time(bars, 0), "2017-04-19T09:00:00Z");
  EXPECT_EQ(bars.series.close.back(), 1.22904);
}

TEST_F(RealFiles, minutes_with_date_and_clock_under_one_name_and_stamped_at_their_end) {
  const ParsedBars bars = read("bars/eurostoxx50_future_1m_2006.csv", {.time_zone = "Europe/Berlin"});
  ASSERT_EQ(bars.series.size(), 30889U) << describe(bars.report, "eurostoxx50");
  EXPECT_THAT(understood_, HasSubstr("stamps     end of the bar (as the file shows"));
  EXPECT_THAT(understood_, HasSubstr("timeframe  1m"));
  EXPECT_THAT(understood_, HasSubstr("open = 3 (Open)"));
  EXPECT_EQ(time(bars, 0), "2006-01-02T08:00:00Z");
  EXPECT_EQ(bars.series.volume.front(), 5699);
  const ParsedBars as_written =
      read("bars/eurostoxx50_future_1m_2006.csv", {.time_zone = "Europe/Berlin", .bar_time = BarTime::kStart});
  EXPECT_EQ(time(as_written, 0), "2006-01-02T08:01:00Z");
  EXPECT_EQ(as_written.series.size(), 30889U);
}

TEST_F(RealFiles, several_contracts_under_one_name_contradict_each_other_and_are_reported) {
  const ParsedBars bars = read("futures/es_1m_2013-10-07.csv", {.time_zone = "America/New_York"});
  EXPECT_GT(bars.report.bad, 0);
  EXPECT_THAT(describe(bars.report, "es"), HasSubstr("was in line"));
}

TEST_F(RealFiles, chart_exports_with_indicator_columns) {
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "tradingview/indicators")) {
    const ParsedBars bars = read("tradingview/indicators/" + entry.path().filename().string(), {});
    EXPECT_GT(bars.series.size(), 50U) << entry.path();
    EXPECT_EQ(bars.report.bad, 0) << entry.path() << describe(bars.report, "file");
    EXPECT_THAT(understood_, HasSubstr("close = 5 (close)")) << entry.path();
    EXPECT_THAT(understood_, HasSubstr("(Volume)")) << entry.path();
  }
}

}  // namespace
}  // namespace tradeassist::feed
