#include "feed/providers/files/watch_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zip.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "feed/providers/testing/fake_clock.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using std::chrono::seconds;
using testing::HasSubstr;
namespace fs = std::filesystem;

std::string days(int first, int count, double close = 10) {
  std::string text = "date,open,high,low,close,volume\n";
  for (int i = first; i < first + count; ++i) {
    text += "2020-01-" + std::string(i < 10 ? "0" : "") + std::to_string(i) + ",10,20,5," + std::to_string(close) +
            ",100\n";
  }
  return text;
}

class FolderWatchTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "tradeassist-watch-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root = name;
    fs::create_directory(root / "in");
    store = store::MarketStore::open(root / "data").value();
    rules.pattern = NamePattern::parse("{symbol}_{timeframe}.csv").value();
  }
  void TearDown() override {
    store.reset();
    fs::remove_all(root);
  }
  FolderWatch open() { return FolderWatch::open(*store, clock, root / "in", root / "journal", rules).value(); }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(root / "in" / name, std::ios::binary) << text;
  }
  void zip(const std::string& name, const std::vector<std::pair<std::string, std::string>>& members) {
    int error = 0;
    zip_t* const archive = zip_open((root / "in" / name).c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error);
    for (const auto& [member, text] : members) {
      zip_file_add(archive, member.c_str(), zip_source_buffer(archive, text.data(), text.size(), 0), 0);
    }
    ASSERT_EQ(zip_close(archive), 0);
  }
  /// Sees the files, lets them settle, imports them.
  void settle(FolderWatch& watch) {
    ASSERT_TRUE(watch.scan(hook));
    clock.advance(seconds(2));
    const auto done = watch.scan(hook);
    ASSERT_TRUE(done) << done.error().message;
  }
  std::int64_t rows(const std::string& symbol) {
    const auto list = store->list_series({.symbol = symbol}).value();
    return list.empty() ? 0 : list.at(0).row_count;
  }

  fs::path root;
  std::unique_ptr<store::MarketStore> store;
  FakeClock clock;
  FolderRules rules;
  std::vector<WatchedFile> told;
  WatchHook hook = [this](const WatchedFile& file) { told.push_back(file); };
};

TEST_F(FolderWatchTest, imports_a_file_when_it_has_stopped_growing_and_once) {
  auto watch = open();
  write("SPY_1d.csv", days(1, 3));
  ASSERT_EQ(watch.scan(hook).value(), 0);
  clock.advance(seconds(1));
  write("SPY_1d.csv", days(1, 5));  // still written to
  ASSERT_EQ(watch.scan(hook).value(), 0);
  clock.advance(seconds(1));
  ASSERT_EQ(watch.scan(hook).value(), 0);
  EXPECT_TRUE(watch.is_waiting());
  clock.advance(seconds(1));
  ASSERT_EQ(watch.scan(hook).value(), 1);
  EXPECT_EQ(rows("SPY"), 5);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_FALSE(told[0].error) << told[0].error->message;
  auto later = open();  // another start of the program
  settle(later);
  EXPECT_EQ(told.size(), 1u);
}

TEST_F(FolderWatchTest, a_file_that_changed_is_imported_again_and_one_that_was_only_touched_is_not) {
  auto watch = open();
  write("SPY_1d.csv", days(1, 3));
  settle(watch);
  fs::last_write_time(root / "in/SPY_1d.csv", fs::file_time_type::clock::now() + std::chrono::hours(1));
  settle(watch);
  EXPECT_EQ(told.size(), 1u);
  write("SPY_1d.csv", days(1, 4, 11));
  settle(watch);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[1].reports.at(0).files.at(0).stored.corrected, 3);
  EXPECT_EQ(told[1].reports.at(0).files.at(0).stored.inserted, 1);
}

TEST_F(FolderWatchTest, one_bad_file_is_told_and_the_others_go_on) {
  auto watch = open();
  write("BAD_1d.csv", "no,bars\n1,2\n");
  write("SPY_1d.csv", days(1, 3));
  write("README.txt", "not a csv");
  write(".SPY_1d.csv", days(1, 3));
  write("QQQ_1d.csv.part", days(1, 3));
  settle(watch);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_TRUE(told[0].error);
  EXPECT_FALSE(told[1].error);
  settle(watch);
  EXPECT_EQ(told.size(), 2u);  // not tried again
  write("BAD_1d.csv", days(1, 2));
  settle(watch);
  ASSERT_EQ(told.size(), 3u);
  EXPECT_FALSE(told[2].error);
}

TEST_F(FolderWatchTest, packed_files_are_unpacked_and_archives_give_each_of_their_files) {
  auto watch = open();
  const gzFile packed = gzopen((root / "in/SPY_1d.csv.gz").c_str(), "wb");
  const std::string text = days(1, 7);
  gzwrite(packed, text.data(), static_cast<unsigned>(text.size()));
  gzclose(packed);
  zip("all.zip", {{"a/QQQ_1d.csv", days(1, 4)},
                  {"../../IWM_1d.csv", days(1, 5)},
                  {"notes.txt", "hello"},
                  {"__MACOSX/x_1d.csv", "x"},
                  {"DIA_1d.csv", days(1, 6)}});
  settle(watch);
  EXPECT_EQ(rows("SPY"), 7);
  EXPECT_EQ(rows("QQQ"), 4);
  EXPECT_EQ(rows("IWM"), 5);
  EXPECT_EQ(rows("DIA"), 6);
  int errors = 0;
  for (const WatchedFile& file : told) {
    if (!file.error) continue;
    ++errors;
    EXPECT_THAT(file.error->message, HasSubstr("all.zip/notes.txt: its name does not tell"));
  }
  EXPECT_EQ(errors, 1);
  const auto id = store->list_series({.symbol = "QQQ"})->at(0).id;
  EXPECT_THAT(store->list_imports(id)->at(0).file, HasSubstr("in/all.zip/a/QQQ_1d.csv"));
}

TEST_F(FolderWatchTest, damaged_archives_and_bombs_are_refused) {
  auto watch = open();
  zip("all.zip", {{"SPY_1d.csv", days(1, 5)}});
  fs::resize_file(root / "in/all.zip", fs::file_size(root / "in/all.zip") - 20);
  settle(watch);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_THAT(told[0].error->message, HasSubstr("damaged"));
  zip("bomb.zip", {{"SPY_1d.csv", std::string(1'000'000, '0')}});
  EXPECT_EQ(Unpacked::open(root / "in/bomb.zip", {.bytes_max = 10'000}).error().code, ErrorCode::kResourceExhausted);
  EXPECT_EQ(Unpacked::open(root / "in/bomb.zip", {.files_max = 0}).error().code, ErrorCode::kResourceExhausted);
  EXPECT_EQ(Unpacked::open(root / "nothing").error().code, ErrorCode::kNotFound);
}

TEST_F(FolderWatchTest, runs_until_stopped_and_sees_what_comes_meanwhile) {
  SystemClock real;
  rules.settle = std::chrono::milliseconds(20);
  auto watch = FolderWatch::open(*store, real, root / "in", root / "journal", rules).value();
  std::stop_source stop;
  std::jthread writer([&] { write("SPY_1d.csv", days(1, 3)); });
  const auto done = watch.run([&](const WatchedFile&) { stop.request_stop(); }, stop.get_token());
  EXPECT_TRUE(done);
  EXPECT_EQ(rows("SPY"), 3);
}

TEST_F(FolderWatchTest, says_what_is_missing) {
  FolderRules none;
  EXPECT_THAT(FolderWatch::open(*store, clock, root / "in", root / "journal", none).error().message,
              HasSubstr("--symbol-from-name"));
  EXPECT_EQ(FolderWatch::open(*store, clock, root / "nowhere", root / "journal", rules).error().code,
            ErrorCode::kNotFound);
}

TEST(NamePattern, reads_symbol_and_timeframe) {
  const auto pattern = NamePattern::parse("{symbol}_{timeframe}*.csv").value();
  EXPECT_EQ(pattern.match("BRK.B_5m.csv")->symbol, "BRK.B");
  EXPECT_EQ(pattern.match("ES_Z5_1h_2020.csv.gz")->symbol, "ES_Z5");
  EXPECT_EQ(market::to_string(*pattern.match("ES_1M.csv")->timeframe), "1M");
  EXPECT_FALSE(pattern.match("ES.csv"));
  EXPECT_FALSE(pattern.match("ES_1x.csv"));
  EXPECT_EQ(NamePattern::parse("{symbol}.*")->match("SPY.txt")->symbol, "SPY");
  EXPECT_THAT(NamePattern::parse("x.csv").error().message, HasSubstr("no {symbol}"));
  EXPECT_FALSE(NamePattern::parse("{symbol}{symbol}"));
}

}  // namespace
}  // namespace tradeassist::feed
