#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <fstream>
#include <random>
#include <thread>

#include <sched.h>
#include <sys/mount.h>

#include "store/database/sqlite_connection.hpp"
#include "store/schema/migrations.hpp"
#include "store/testing/bars_model.hpp"
#include "store/testing/child_process.hpp"
#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;
using market::Series;
using namespace std::chrono_literals;

class StoreFaults : public MarketStoreTest {};
class StoreFaultsOnBoth : public MarketStoreOnBoth {};
INSTANTIATE_ON_BOTH_DATABASES(StoreFaultsOnBoth);

/// The batch with this number: the same in the process that is killed and in the one that checks.
Series numbered_batch(std::uint64_t seed, std::uint64_t number) {
  RandomBars random(seed + number);
  return random_batch(random, 20'000);
}

/// Appends batch after batch and acknowledges each by its number once append has returned.
void append_until_killed(const DatabaseAddress& address, std::int64_t series_id, std::uint64_t seed, std::uint64_t next,
                         int write_end) {
  const auto store = MarketStore::open(address);
  if (!store) return;
  const auto import_id = (*store)->begin_import(series_id, "kill", "");
  if (!import_id) return;
  for (;; ++next) {
    if (!(*store)->append(series_id, numbered_batch(seed, next), *import_id)) return;
    if (::write(write_end, &next, sizeof next) != static_cast<ssize_t>(sizeof next)) return;
  }
}

TEST_P(StoreFaultsOnBoth, a_killed_process_loses_nothing_that_was_acknowledged) {
  constexpr int kRounds = 200;
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  store_.reset();  // SQLite's connections must not be carried through a fork

  BarsModel model;
  std::uint64_t next = 0;
  int rounds_with_work = 0, unacknowledged_but_there = 0;
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t first = next;
    {
      ChildProcess child(
          [&](int write_end) { append_until_killed(database_.address(), series_, seed, first, write_end); });
      // Some die before their first append, the others at any point of later ones, however slow the machine is.
      const bool early = round % 5 == 0;
      if (!early) child.wait_for_output();
      std::this_thread::sleep_for(std::chrono::microseconds(random() % 40'000));
      child.kill_and_wait();
      const std::string acknowledged = child.read_all();
      for (std::size_t at = 0; at + sizeof next <= acknowledged.size(); at += sizeof next) {
        std::uint64_t number = 0;
        std::memcpy(&number, acknowledged.data() + at, sizeof number);
        ASSERT_EQ(number, next);
        model.append(numbered_batch(seed, next++));
      }
    }
    rounds_with_work += next > first;

    open();
    // A server may still be working on what the killed process sent last: its transaction holds the series.
    if (on_server()) {
      const auto connection = raw();
      auto transaction = Transaction::begin(*connection, Transaction::Kind::kWrite);
      ASSERT_TRUE(connection->query("SELECT id FROM series WHERE id = $1 FOR UPDATE", {series_}));
    }
    const auto stored = read_all();
    ASSERT_TRUE(stored) << stored.error().message;
    if (!same_bits(*stored, model.all())) {
      // Killed between commit and acknowledgement: then the whole batch is there, not a part.
      model.append(numbered_batch(seed, next++));
      ++unacknowledged_but_there;
      ASSERT_TRUE(same_bits(*stored, model.all())) << "round " << round;
    }
    const SeriesInfo info = store_->series(series_).value();
    EXPECT_EQ(info.row_count, model.row_count());
    EXPECT_EQ(info.corrections, model.corrections());
    store_.reset();
  }
  open();
  if (!on_server()) {
    EXPECT_EQ(number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
  }
  EXPECT_GE(rounds_with_work, kRounds * 4 / 5);
  RecordProperty("batches", static_cast<int>(next));
  RecordProperty("unacknowledged_but_there", unacknowledged_but_there);
}

// A restart of the server ends every connection, at any point of a statement or a commit.
TEST_P(StoreFaultsOnBoth, a_server_that_is_restarted_again_and_again_loses_and_doubles_nothing) {
  if (!on_server()) GTEST_SKIP() << "a file is not restarted";
  const auto connection = raw();
  const auto cut_all = [&] {
    return connection->query_integer(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1 AND pid <> "
        "pg_backend_pid()",
        {"tradeassist " + database_.address().schema});
  };
  std::atomic<int> cuts_before_progress = 0;
  std::int64_t cuts = 0;
  std::jthread cutter([&](const std::stop_token& stop) {
    std::mt19937_64 random(1);
    while (!stop.stop_requested()) {
      // A server that never stays up is another test; how long it must stay depends on the machine.
      if (cuts_before_progress.fetch_add(1) < 5) cuts += cut_all().value_or(0);
      std::this_thread::sleep_for(std::chrono::microseconds(random() % 60'000));
    }
  });
  BarsModel model;
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  for (std::uint64_t number = 0; number < 150; ++number) {
    const Series batch = numbered_batch(seed, number);
    const AppendResult expected = model.append(batch);
    ASSERT_EQ(append(batch), expected) << number;  // also the counts: a repeated one counts once
    cuts_before_progress = 0;
  }
  Series read;
  for (int i = 0; i < 20; ++i) {
    const auto again = read_all();
    EXPECT_TRUE(again) << again.error().message;
    if (again) read = *again;
    cuts_before_progress = 0;
  }
  cutter.request_stop();
  cutter.join();
  EXPECT_TRUE(same_bits(read, model.all()));
  EXPECT_EQ(store_->series(series_)->row_count, model.row_count());
  EXPECT_EQ(store_->list_imports(series_)->front().inserted, model.row_count());
  EXPECT_GT(cuts, 10);
  EXPECT_GT(store_->metrics().writers.retries, 0);
}

TEST_F(StoreFaults, a_full_file_keeps_all_that_was_acknowledged_and_goes_on_when_there_is_room) {
  open({.file_bytes_max = 1 << 20});
  RandomBars random(5);
  BarsModel model;
  base::Result<AppendResult> appended;
  for (int i = 0; i < 1'000; ++i) {
    const Series batch = random.series(i % 3 == 0 ? 2'000 : 30, (1 + i) * 10 * base::kNanosecondsPerDay);
    appended = store_->append(series_, batch, import_);
    if (!appended) break;
    model.append(batch);
  }
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(appended.error().message.find("market.db: database or disk is full: nothing of this write was kept"),
            std::string::npos)
      << appended.error().message;
  EXPECT_GT(model.row_count(), 0);
  EXPECT_TRUE(same_bits(read_all().value(), model.all()));
  EXPECT_EQ(store_->series(series_)->row_count, model.row_count());

  open();
  const Series more = minutes(0, 5'000);
  EXPECT_EQ(append(more), model.append(more));
  EXPECT_TRUE(same_bits(read_all().value(), model.all()));
}

/// Mounts an empty file system of `bytes` for this process alone.
bool mount_small_disk(const std::filesystem::path& at, std::int64_t bytes) {
  const uid_t user = ::geteuid();
  if (::unshare(user == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER) != 0) return false;
  if (user != 0) {
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
  }
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  return ::mount("none", at.c_str(), "tmpfs", 0, ("size=" + std::to_string(bytes)).c_str()) == 0;
}

/// What went wrong on a real full disk; empty when nothing, "skip" when it cannot be tried here.
std::string fill_a_disk(const std::filesystem::path& directory) {
  if (!mount_small_disk(directory, 6 << 20)) return "skip";
  const std::filesystem::path ballast = directory / "ballast";
  std::ofstream(ballast) << std::string(2 << 20, 'x');

  auto store = MarketStore::open(directory);
  if (!store) return store.error().message;
  MarketStore& market = **store;
  if (!market.put_instrument({.symbol = "SPY"})) return "put_instrument";
  const auto series = market.ensure_series({"SPY", {}, "csv"});
  const auto import_id = market.begin_import(*series, "csv", "");
  RandomBars random(6);
  BarsModel model;
  base::Result<AppendResult> appended;
  Series batch;
  for (int i = 0; i < 1'000; ++i) {
    batch = random.series(i % 3 == 0 ? 2'000 : 30, (1 + i) * 10 * base::kNanosecondsPerDay);
    appended = market.append(*series, batch, *import_id);
    if (!appended) break;
    model.append(batch);
  }
  if (appended) return "the disk never filled";
  if (appended.error().code != ErrorCode::kUnavailable) return appended.error().message;
  const auto read = market.read(*series, base::Time::min(), base::Time::max());
  if (!read) return "read on a full disk: " + read.error().message;
  if (const auto same = same_bits(*read, model.all()); !same) return same.message();

  std::filesystem::remove(ballast);
  appended = market.append(*series, batch, *import_id);
  if (!appended) return "append with room again: " + appended.error().message;
  model.append(batch);
  store->reset();
  store = MarketStore::open(directory);
  if (!store) return "open again: " + store.error().message;
  const auto again = (*store)->read(*series, base::Time::min(), base::Time::max());
  if (!again) return "read again: " + again.error().message;
  if (const auto same = same_bits(*again, model.all()); !same) return same.message();
  return "";
}

TEST_F(StoreFaults, a_full_disk_loses_nothing_and_work_goes_on_when_space_is_freed) {
  store_.reset();
  const std::filesystem::path disk = directory() / "disk";
  std::filesystem::create_directory(disk);
  ChildProcess child([&](int write_end) {
    const std::string problem = fill_a_disk(disk);
    (void)!::write(write_end, problem.data(), problem.size());
  });
  const std::string problem = child.read_all();
  child.wait();
  if (problem == "skip") GTEST_SKIP() << "this user may not mount a small file system";
  EXPECT_EQ(problem, "");
}

TEST_F(StoreFaults, a_directory_of_a_newer_version_is_refused_and_left_as_it_is) {
  append(minutes(0, 3'000));
  store_.reset();
  ASSERT_TRUE(raw()->run("INSERT INTO schema_migration VALUES (99, 'newer', 0)"));
  const auto refused = MarketStore::open(directory());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(refused.error().message,
            "data directory " + directory().string() +
                ": market.db: schema version 99 was written by a newer TradeAssist; this one knows versions up to " +
                std::to_string(market_migrations().size()) +
                ". Start the newer program, or use another data directory");
  ASSERT_TRUE(raw()->run("DELETE FROM schema_migration WHERE version = 99"));
  open();
  EXPECT_TRUE(same_bits(read_all().value(), minutes(0, 3'000)));
}

TEST_F(StoreFaults, a_directory_that_cannot_be_made_is_named) {
  std::ofstream(directory() / "file") << "x";
  const auto refused = MarketStore::open(directory() / "file" / "data");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kIo);
  EXPECT_NE(refused.error().message.find("file/data"), std::string::npos) << refused.error().message;
}

TEST_F(StoreFaults, another_process_that_writes_is_waited_for_and_then_named) {
  open({.busy_timeout = 100ms});
  append(minutes(0, 10));
  const std::filesystem::path file = directory() / "market.db";
  store_.reset();
  int hold[2];
  ASSERT_EQ(::pipe(hold), 0);
  ChildProcess other([&](int write_end) {
    const auto connection = open_sqlite(file).value();
    const auto transaction = Transaction::begin(*connection, Transaction::Kind::kWrite);
    (void)!::write(write_end, transaction ? "y" : "n", 1);
    char released = 0;
    (void)!::read(hold[0], &released, 1);
  });
  char holds = 0;
  ASSERT_EQ(::read(other.read_end(), &holds, 1), 1);
  ASSERT_EQ(holds, 'y');
  open({.busy_timeout = 100ms});
  EXPECT_EQ(read_all()->size(), 10u);  // reading goes on
  const auto refused = store_->append(series_, minutes(10, 10), import_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(refused.error().message.find("another process is writing"), std::string::npos);

  ASSERT_EQ(::write(hold[1], "x", 1), 1);
  other.wait();
  ::close(hold[0]);
  ::close(hold[1]);
  EXPECT_EQ(append(minutes(10, 10)), (AppendResult{.inserted = 10}));
}

TEST_P(StoreFaultsOnBoth, several_processes_may_open_a_new_database_at_once) {
  store_.reset();
  for (int round = 0; round < 5; ++round) {
    const TestDatabase database(GetParam());
    std::vector<std::unique_ptr<ChildProcess>> processes;
    for (int i = 0; i < 4; ++i) {
      processes.push_back(std::make_unique<ChildProcess>([&](int write_end) {
        const auto store = MarketStore::open(database.address());
        const auto put = store ? (*store)->put_instrument({.symbol = "S" + std::to_string(i)})
                               : base::Result<void>(std::unexpected(store.error()));
        const std::string problem = put ? "" : put.error().message;
        (void)!::write(write_end, problem.data(), problem.size());
      }));
    }
    for (const auto& process : processes) EXPECT_EQ(process->read_all(), "");
    EXPECT_EQ(MarketStore::open(database.address()).value()->list_instruments()->size(), 4u);
  }
}

/// A series of three full chunks, the middle one damaged.
class DamagedChunkTest : public MarketStoreOnBoth {
 protected:
  void SetUp() override {
    MarketStoreTest::SetUp();
    append(bars_);
    damage();
  }

  void damage() {
    const auto connection = raw();
    const auto middle = connection->query_first(
        "SELECT first_time, payload FROM bar_chunk ORDER BY first_time LIMIT 1 OFFSET 1", {}, [](const Row& row) {
          const auto bytes = row.bytes(1);
          return std::pair(row.integer(0), std::vector(bytes.begin(), bytes.end()));
        });
    auto [first_time, payload] = **middle;
    payload[payload.size() / 2] ^= std::byte{1};
    ASSERT_TRUE(connection->run("UPDATE bar_chunk SET payload = $2 WHERE first_time = $1",
                                {first_time, std::as_bytes(std::span(payload))}));
  }

  base::Time at(std::size_t row) const { return base::time_from_nanoseconds(bars_.time[row]); }

  static constexpr std::size_t kChunk = kChunkRowsMax;
  const Series bars_ = minutes(0, 3 * kChunk);
};

INSTANTIATE_ON_BOTH_DATABASES(DamagedChunkTest);

TEST_P(DamagedChunkTest, a_read_says_which_bars_are_lost_and_what_helps) {
  const auto read = read_all();
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kDataLoss);
  EXPECT_EQ(read.error().message, "the 4096 bars from " + base::format_time(at(kChunk)) + " to " +
                                      base::format_time(at(2 * kChunk - 1)) +
                                      " are damaged on disk (checksum does not match): discard the damaged chunk and "
                                      "import this range again, or restore a backup; the other bars are whole");
}

TEST_P(DamagedChunkTest, bars_of_other_chunks_are_read_as_ever) {
  EXPECT_TRUE(same_bits(store_->read(series_, base::Time::min(), at(kChunk)).value(), bars_.slice(0, kChunk)));
  EXPECT_TRUE(same_bits(store_->read_last(series_, kChunk).value(), bars_.slice(2 * kChunk, kChunk)));
  EXPECT_EQ(store_->read_last(series_, kChunk + 1).error().code, ErrorCode::kDataLoss);
}

TEST_P(DamagedChunkTest, a_caller_who_asks_gets_the_rest_and_the_list_of_what_is_missing) {
  std::vector<DamagedChunk> damaged;
  const auto read = read_all({.damaged = &damaged});
  ASSERT_TRUE(read);
  Series rest = bars_.slice(0, kChunk);
  append_rows(rest, bars_, 2 * kChunk, 3 * kChunk);
  EXPECT_TRUE(same_bits(*read, rest));
  ASSERT_EQ(damaged.size(), 1u);
  EXPECT_EQ(damaged[0].first_time, at(kChunk));
  EXPECT_EQ(damaged[0].last_time, at(2 * kChunk - 1));
  EXPECT_EQ(damaged[0].row_count, 4'096);
}

TEST_P(DamagedChunkTest, appends_elsewhere_go_on_and_appends_into_it_change_nothing) {
  EXPECT_EQ(append(minutes(3 * kChunk, 10)), (AppendResult{.inserted = 10}));
  EXPECT_EQ(append(minutes(3 * kChunk + 10, 5'000)), (AppendResult{.inserted = 5'000}));
  EXPECT_EQ(append(bars_.slice(0, 10)), (AppendResult{.unchanged = 10}));
  for (const std::size_t count : {std::size_t{10}, std::size_t{2'000}}) {
    const auto refused = store_->append(series_, bars_.slice(kChunk - 5, count), import_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kDataLoss);
  }
  EXPECT_EQ(store_->series(series_)->row_count, static_cast<std::int64_t>(3 * kChunk + 5'010));
}

TEST_P(DamagedChunkTest, discarding_it_makes_room_to_import_its_bars_again) {
  const auto discarded = store_->discard_damaged(series_);
  ASSERT_TRUE(discarded) << discarded.error().message;
  ASSERT_EQ(discarded->size(), 1u);
  EXPECT_EQ(discarded->front().first_time, at(kChunk));
  EXPECT_EQ(store_->series(series_)->row_count, static_cast<std::int64_t>(2 * kChunk));
  EXPECT_EQ(append(bars_), (AppendResult{.inserted = 4'096, .unchanged = 8'192}));
  EXPECT_TRUE(same_bits(read_all().value(), bars_));
  EXPECT_EQ(store_->discard_damaged(series_)->size(), 0u);
}

TEST_P(DamagedChunkTest, corrections_made_before_the_damage_outlive_it) {
  store_->discard_damaged(series_).value();
  append(bars_);  // whole again
  Series correction = bars_.slice(kChunk + 7, 2);
  correction.close = {1, 2};
  EXPECT_EQ(append(correction), (AppendResult{.corrected = 2}));
  damage();
  append(minutes(3 * kChunk, 2'000));  // seals the tail as far as that is possible
  std::vector<DamagedChunk> damaged;
  const auto read = store_->read(series_, at(kChunk), at(2 * kChunk), {.damaged = &damaged});
  EXPECT_TRUE(same_bits(read.value(), correction));
  EXPECT_EQ(store_->discard_damaged(series_)->size(), 1u);
  EXPECT_EQ(store_->series(series_)->row_count, static_cast<std::int64_t>(2 * kChunk + 2'002));
}

TEST_F(StoreFaults, a_file_overwritten_in_the_middle_gives_errors_not_wrong_bars) {
  Series bars = minutes(0, 60'000);
  std::mt19937_64 random(3);  // volumes that do not compress, so that the middle of the file is in the bars
  for (double& volume : bars.volume) volume = std::bit_cast<double>(random());
  append(bars);
  store_.reset();
  const std::filesystem::path file = directory() / "market.db";
  const auto size = static_cast<std::streamoff>(std::filesystem::file_size(file));
  {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(size / 2);
    stream << std::string(20'000, '\xa5');
  }
  auto opened = MarketStore::open(directory());
  ASSERT_TRUE(opened) << opened.error().message;
  int lost = 0;
  for (std::size_t i = 0; i < bars.size(); i += 2'000) {
    const auto from = base::time_from_nanoseconds(bars.time[i]);
    const auto to = base::time_from_nanoseconds(bars.time[i + 1'999] + 1);
    const auto read = (*opened)->read(series_, from, to);
    if (read) {
      EXPECT_TRUE(same_bits(*read, bars.slice(i, 2'000)));
    } else {
      EXPECT_EQ(read.error().code, ErrorCode::kDataLoss) << read.error().message;
      ++lost;
    }
  }
  EXPECT_GT(lost, 0);
  EXPECT_LT(lost, 30);
}

}  // namespace
}  // namespace tradeassist::store
