#include "base/log_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

namespace tradeassist::base {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::SizeIs;

class LogFileTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("log_file_test_" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  LogFileOptions options() const { return {.path = folder_ / "server.log"}; }

  static std::unique_ptr<LogFile> open(const LogFileOptions& options) {
    auto opened = LogFile::open(options, [](std::int64_t lines) { return "lost " + std::to_string(lines); });
    EXPECT_TRUE(opened);
    return opened ? std::move(*opened) : nullptr;
  }

  static std::vector<std::string> lines_of(const fs::path& file) {
    std::ifstream in(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  }

  std::vector<fs::path> set_aside() const {
    std::vector<fs::path> files;
    for (const auto& each : fs::directory_iterator(folder_)) {
      if (each.path().filename().string().starts_with("server.log.2")) files.push_back(each.path());
    }
    std::ranges::sort(files);
    return files;
  }

  fs::path folder_;
};

TEST_F(LogFileTest, lines_are_in_the_file_in_their_order_and_are_added_to_what_was_there) {
  {
    const auto log = open(options());
    log->write("one");
    log->write("two");
  }
  const auto log = open(options());
  log->write("three");
  log->flush();
  EXPECT_THAT(lines_of(options().path), ElementsAre("one", "two", "three"));
  EXPECT_EQ(log->metrics().lines_written, 1);
}

TEST_F(LogFileTest, a_file_that_is_large_is_set_aside_and_the_oldest_are_removed) {
  LogFileOptions small = options();
  small.bytes_max = 30;
  small.kept_max = 2;
  { std::ofstream(folder_ / "server.log.backup") << "not ours"; }
  const auto log = open(small);
  for (int i = 0; i < 10; ++i) {
    log->write("line number " + std::to_string(i));  // 14 bytes with its end: two fit
    log->flush();
  }
  const auto files = set_aside();
  ASSERT_THAT(files, SizeIs(2));
  EXPECT_THAT(lines_of(files[0]), ElementsAre("line number 4", "line number 5"));
  EXPECT_THAT(lines_of(files[1]), ElementsAre("line number 6", "line number 7"));
  EXPECT_THAT(lines_of(small.path), ElementsAre("line number 8", "line number 9"));
  EXPECT_TRUE(fs::exists(folder_ / "server.log.backup"));
}

TEST_F(LogFileTest, files_set_aside_are_bounded_together) {
  LogFileOptions small = options();
  small.bytes_max = 10;
  small.kept_bytes_max = 25;
  const auto log = open(small);
  for (int i = 0; i < 8; ++i) {
    log->write("123456789");
    log->flush();
  }
  EXPECT_THAT(set_aside(), SizeIs(2));
}

TEST_F(LogFileTest, a_file_that_is_old_is_set_aside) {
  LogFileOptions young = options();
  young.age_max = std::chrono::seconds(1);
  const auto log = open(young);
  log->write("old");
  log->flush();
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (set_aside().empty() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    log->write("new");
    log->flush();
  }
  ASSERT_THAT(set_aside(), SizeIs(1));
  EXPECT_EQ(lines_of(set_aside()[0]).front(), "old");
}

TEST_F(LogFileTest, a_file_that_another_moved_is_begun_anew) {
  const auto log = open(options());
  log->write("before");
  log->flush();
  fs::rename(options().path, folder_ / "moved");
  log->reopen();
  log->write("after");
  log->flush();
  EXPECT_THAT(lines_of(folder_ / "moved"), ElementsAre("before"));
  EXPECT_THAT(lines_of(options().path), ElementsAre("after"));
  fs::remove(options().path);
  log->write("without being told");
  log->flush();
  EXPECT_THAT(lines_of(options().path), ElementsAre("without being told"));
}

TEST_F(LogFileTest, what_a_full_disk_does_not_take_is_dropped_counted_and_said_later) {
  const auto before_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto log = open(options());
  log->write("fits");
  log->flush();
  rlimit tight = before;
  tight.rlim_cur = 10;  // half of the next line
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &tight), 0);
  log->write("is too much");
  log->flush();
  log->write("and this");
  log->flush();
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_THAT(lines_of(options().path), ElementsAre("fits"));
  EXPECT_EQ(log->metrics().lines_dropped, 2);
  log->write("goes again");
  log->flush();
  EXPECT_THAT(lines_of(options().path), ElementsAre("fits", "lost 2", "goes again"));
  std::signal(SIGXFSZ, before_handler);
}

TEST_F(LogFileTest, lines_of_many_threads_and_two_writers_stay_whole) {
  const auto first = open(options());
  const auto second = open(options());
  std::vector<std::thread> threads;
  constexpr int kThreads = 4, kLines = 500;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kLines; ++i) (t % 2 == 0 ? first : second)->write("<" + std::string(100, 'x') + ">");
    });
  }
  for (std::thread& thread : threads) thread.join();
  first->flush();
  second->flush();
  const auto lines = lines_of(options().path);
  EXPECT_EQ(lines.size(), kThreads * kLines);
  EXPECT_TRUE(std::ranges::all_of(lines, [](const std::string& line) { return line.size() == 102; }));
}

TEST_F(LogFileTest, a_file_that_cannot_be_made_is_an_error_that_names_it) {
  const auto refused = LogFile::open({.path = folder_ / "none" / "server.log"}, {});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("none/server.log: the log cannot be opened: No such file"), std::string::npos);
}

}  // namespace
}  // namespace tradeassist::base
