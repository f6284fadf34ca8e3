#include "feed/ingest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>

namespace tradeassist::feed {
namespace {

using testing::HasSubstr;

/// A store in a directory of its own, and files beside it.
class Ingest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "tradeassist-ingest-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    open({});
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  void open(const store::MarketStoreOptions& options) {
    store_.reset();
    auto store = store::MarketStore::open(folder_ / "data", options);
    ASSERT_TRUE(store.has_value()) << store.error().message;
    store_ = std::move(*store);
  }

  std::string write(const std::string& name, std::string_view content) {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return (folder_ / name).string();
  }

  /// Minutes from 2020-01-01T00:00Z on, closes counted up from `close`.
  static std::string minutes(int first, int count, double close = 100) {
    std::string text = "time,open,high,low,close,volume\n";
    for (int i = first; i < first + count; ++i) {
      const std::string price = std::to_string(close + i % 7);
      text += std::to_string(1577836800 + i * 60) + "," + price + "," + price + "," + price + "," + price + ",5\n";
    }
    return text;
  }

  base::Result<ImportReport> run(std::vector<std::string> paths, bool strict = false) {
    ImportRequest request{.paths = std::move(paths), .symbol = "TEST"};
    request.limits.strict = strict;
    return import_csv(*store_, request);
  }

  std::int64_t stored_rows() {
    std::int64_t rows = 0;
    const auto all = store_->list_series();
    EXPECT_TRUE(all.has_value());
    for (const auto& info : *all) rows += info.row_count;
    return rows;
  }

  std::filesystem::path folder_;
  std::unique_ptr<store::MarketStore> store_;
};

TEST_F(Ingest, stores_what_the_file_holds) {
  const auto report = run({write("a.csv", minutes(0, 5000))});
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->files.at(0).stored.inserted, 5000);
  EXPECT_TRUE(report->is_new_instrument);
  const auto series = store_->list_series();
  ASSERT_TRUE(series.has_value());
  ASSERT_EQ(series->size(), 1U);
  const auto bars = store_->read_last(series->front().id, 10'000);
  ASSERT_TRUE(bars.has_value());
  const auto format = detect((folder_ / "a.csv").string(), {});
  const auto parsed = read_csv(format.value());
  EXPECT_EQ(bars->time, parsed->series.time);
  EXPECT_EQ(bars->close, parsed->series.close);
  EXPECT_EQ(bars->volume, parsed->series.volume);
  EXPECT_THAT(describe(*report), HasSubstr("stored: 5000 new bars"));
}

TEST_F(Ingest, importing_again_changes_nothing_and_corrections_replace) {
  ASSERT_TRUE(run({write("a.csv", minutes(0, 100))}).has_value());
  const auto again = run({write("a.csv", minutes(0, 100))});
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->files.at(0).stored, (store::AppendResult{.inserted = 0, .corrected = 0, .unchanged = 100}));
  EXPECT_FALSE(again->is_new_instrument);
  const auto corrected = run({write("b.csv", minutes(50, 100, 200))});
  ASSERT_TRUE(corrected.has_value());
  EXPECT_EQ(corrected->files.at(0).stored, (store::AppendResult{.inserted = 50, .corrected = 50, .unchanged = 0}));
  EXPECT_EQ(stored_rows(), 150);
}

TEST_F(Ingest, describes_a_new_instrument_by_what_the_file_shows) {
  ImportRequest request{
      .paths = {write("a.csv",
                      "time,open,high,low,close\n2020-01-02 09:30,1.10001,1.2,1.1,1.15\n"
                      "2020-01-02 09:31,1.10002,1.2,1.1,1.15\n2020-01-02 09:32,1.10003,1.2,1.1,1.15\n")},
      .symbol = "EURUSD"};
  request.csv.time_zone = "America/New_York";
  ASSERT_TRUE(import_csv(*store_, request).has_value());
  const auto instrument = store_->instrument("EURUSD");
  ASSERT_TRUE(instrument.has_value());
  EXPECT_EQ(instrument->time_zone, "America/New_York");
  EXPECT_DOUBLE_EQ(instrument->tick_size, 0.00001);
}

TEST_F(Ingest, reads_whole_dates_as_days_of_the_exchange) {
  ASSERT_TRUE(store_->put_instrument({.symbol = "TEST", .time_zone = "America/New_York"}).has_value());
  const auto report = run({write("d.csv", "date,open,high,low,close\n2020-01-02,1,1,1,1\n2020-01-03,1,1,1,1\n")});
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(base::format_time(report->files.at(0).format.first_bar->time), "2020-01-02T05:00:00Z");
}

TEST_F(Ingest, stores_nothing_when_a_file_is_refused) {
  const std::string good = write("a.csv", minutes(0, 100));
  EXPECT_FALSE(run({good, write("b.csv", "not a csv")}).has_value());
  EXPECT_FALSE(run({write("bad.csv", minutes(0, 50) + "1577850000,1,0,1,1,1\n")}, true).has_value());
  EXPECT_FALSE(run({write("gone.csv", ""), good}).has_value());
  std::string hours = "time,open,high,low,close\n";
  for (int i = 0; i < 20; ++i) hours += std::to_string(1577836800 + i * 3600) + ",1,1,1,1\n";
  EXPECT_THAT(run({good, write("h.csv", hours)}).error().message, HasSubstr("import them one by one"));
  EXPECT_EQ(stored_rows(), 0);
  EXPECT_TRUE(store_->list_instruments()->empty());
}

TEST_F(Ingest, can_be_stopped_after_showing_what_was_understood) {
  const ImportRequest request{.paths = {write("a.csv", minutes(0, 100))}, .symbol = "TEST"};
  std::string shown;
  const auto stopped = import_csv(*store_, request, [&shown](const CsvFormat& format) -> base::Result<void> {
    shown = describe(format);
    return base::failure(base::ErrorCode::kCancelled, "not this time");
  });
  EXPECT_THAT(shown, HasSubstr("seconds since 1970"));
  EXPECT_EQ(stopped.error().code, base::ErrorCode::kCancelled);
  EXPECT_TRUE(store_->list_instruments()->empty());
}

TEST_F(Ingest, names_the_files_stored_before_a_failure) {
  const std::string first = write("a.csv", minutes(0, 100));
  const std::string second = write("b.csv", minutes(100, 100) + std::string(150, '\n') + "x,1\nx,2\nx,3\n");
  const auto failed = run({first, second}, true);
  ASSERT_FALSE(failed.has_value());
  EXPECT_THAT(failed.error().message, HasSubstr("b.csv: line 252: "));
  EXPECT_THAT(failed.error().message, HasSubstr("1 of 2 files were stored before it: " + first));
  EXPECT_EQ(stored_rows(), 100);
}

TEST_F(Ingest, stores_nothing_of_a_file_when_the_disk_is_full) {
  open({.file_bytes_max = 400 * 1024});
  ASSERT_TRUE(run({write("a.csv", minutes(0, 100))}).has_value());
  // Random digits do not compress.
  std::mt19937 random(9);
  std::string noise = "time,open,high,low,close,volume\n";
  for (int i = 0; i < 60'000; ++i) {
    const auto price = [&random] { return std::to_string(random() % 1'000'000'000) + ".25,"; };
    noise += std::to_string(1577836800 + (200 + i) * 60) + "," + price() + "1000000000,0," + price() +
             std::to_string(random()) + "\n";
  }
  const auto full = run({write("b.csv", noise)});
  ASSERT_FALSE(full.has_value());
  EXPECT_EQ(full.error().code, base::ErrorCode::kUnavailable);
  EXPECT_THAT(full.error().message, HasSubstr("nothing of it was stored"));
  EXPECT_EQ(stored_rows(), 100);
}

}  // namespace
}  // namespace tradeassist::feed
