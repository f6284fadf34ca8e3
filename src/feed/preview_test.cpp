#include "feed/preview.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "feed/ingest.hpp"
#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::feed {
namespace {

using testing::HasSubstr;

class Preview : public store::MarketStoreTest {
 protected:
  /// Minutes from 2020-01-01T00:00Z on, closes counted up from `close`.
  static std::string minutes(int first, int count, int close = 100) {
    std::string text = "time,open,high,low,close,volume\n";
    for (int i = first; i < first + count; ++i) {
      const std::string price = std::to_string(close + i % 7);
      text += std::to_string(1577836800 + i * 60) + "," + price + "," + price + "," + price + "," + price + ",5\n";
    }
    return text;
  }

  std::vector<Unpacked::File> write(std::string_view content) {
    const std::filesystem::path path = directory() / "file";
    std::ofstream(path, std::ios::binary) << content;
    return {{path, "bars.csv", "bars.csv"}};
  }

  ImportRequest request_ = {.paths = {}, .symbol = "TEST"};
};

TEST_F(Preview, shows_both_ends_and_stores_nothing) {
  const auto preview = preview_import(*store_, request_, write(minutes(0, 100)));
  ASSERT_TRUE(preview) << preview.error().message;
  EXPECT_TRUE(preview->instrument.is_new);
  EXPECT_EQ(market::to_string(preview->series.timeframe), "1m");
  const FilePreview& file = preview->files.at(0);
  EXPECT_EQ(file.format.path, "bars.csv");
  EXPECT_EQ(file.rows.bars, 100);
  EXPECT_EQ(file.first_bars.size(), 10U);
  EXPECT_EQ(file.last_bars.size(), 10U);
  EXPECT_EQ(base::format_time(base::time_from_nanoseconds(file.last_bars.time.back())), "2020-01-01T01:39:00Z");
  EXPECT_EQ(file.changes->inserted, 100);
  EXPECT_TRUE(store_->list_series({.symbol = "TEST"}).value().empty());
  EXPECT_EQ(store_->instrument("TEST").error().code, base::ErrorCode::kNotFound);
}

TEST_F(Preview, the_ends_of_a_short_file_do_not_overlap) {
  const auto preview = preview_import(*store_, request_, write(minutes(0, 12)));
  ASSERT_TRUE(preview) << preview.error().message;
  EXPECT_EQ(preview->files.at(0).first_bars.size(), 10U);
  EXPECT_EQ(preview->files.at(0).last_bars.size(), 2U);
}

TEST_F(Preview, says_what_an_import_then_does) {
  ASSERT_TRUE(import_unpacked(*store_, request_, write(minutes(0, 60))));
  const auto files = write(minutes(30, 10) + minutes(40, 40, 200));  // 10 as they were, 20 others, 20 new
  const auto preview = preview_import(*store_, request_, files);
  ASSERT_TRUE(preview) << preview.error().message;
  const auto report = import_unpacked(*store_, request_, files);
  ASSERT_TRUE(report) << report.error().message;
  const store::AppendResult& told = *preview->files.at(0).changes;
  EXPECT_EQ(told.unchanged, 10);
  EXPECT_EQ(told.corrected, 20);
  EXPECT_EQ(told.inserted, 20);
  EXPECT_EQ(report->files.at(0).stored.unchanged, told.unchanged);
  EXPECT_EQ(report->files.at(0).stored.corrected, told.corrected);
  EXPECT_EQ(report->files.at(0).stored.inserted, told.inserted);
  EXPECT_FALSE(preview->instrument.is_new);
}

TEST_F(Preview, of_more_rows_than_are_compared_the_changes_are_not_known) {
  ASSERT_TRUE(import_unpacked(*store_, request_, write(minutes(0, 60))));
  const auto preview = preview_import(*store_, request_, write(minutes(0, 60)), {.rows_compared_max = 59});
  ASSERT_TRUE(preview) << preview.error().message;
  EXPECT_FALSE(preview->files.at(0).changes);
}

TEST_F(Preview, says_why_rows_would_be_refused) {
  request_.limits.strict = true;
  const auto preview = preview_import(*store_, request_, write(minutes(0, 60) + "1577840400,5,x,5,5,5\n"));
  ASSERT_TRUE(preview) << preview.error().message;
  ASSERT_TRUE(preview->files.at(0).refused);
  EXPECT_THAT(preview->files.at(0).refused->message, HasSubstr("line 62"));
  EXPECT_EQ(market::to_string(preview->files.at(0).format.timeframe), "1m");
}

TEST_F(Preview, a_time_zone_that_is_none_is_an_error) {
  request_.instrument.time_zone = "Mars/Olympus";
  const auto preview = preview_import(*store_, request_, write(minutes(0, 60)));
  ASSERT_FALSE(preview);
  EXPECT_EQ(preview.error().code, base::ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace tradeassist::feed
