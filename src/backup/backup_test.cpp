#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "backup/drill.hpp"
#include "backup/make_backup.hpp"
#include "backup/prune.hpp"
#include "backup/restore_backup.hpp"
#include "backup/verify_backup.hpp"
#include "store/schema/migrations.hpp"
#include "store/testing/market_store_fixture.hpp"
#include "store/testing/random_ticks.hpp"

namespace tradeassist::backup {
namespace {

using base::ErrorCode;
using store::Dialect;
using store::dialect_name;
using store::test_server_url;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
namespace fs = std::filesystem;

/// A market database with bars in chunks and in the tail and ticks, and an app database with some jobs and audit
/// entries beside it, on one kind of database.
class BackupTest : public store::MarketStoreOnBoth {
 protected:
  void SetUp() override {
    MarketStoreOnBoth::SetUp();
    store::RandomBars random(11);
    bars_ = random.series(20'000);
    append(bars_);
    const std::int64_t ticks = store_->ensure_series({"SPY", market::kTickTimeframe, "csv"}).value();
    market::TickSeries trades;
    for (std::int64_t i = 0; i < 20'000; ++i) {
      trades.time.push_back(1'577'836'800'000'000'000 + i / 3 * 1'000'000'000);
      trades.price.push_back(100.0 + 0.01 * static_cast<double>(i % 977));
      trades.size.push_back(static_cast<double>(i % 13));
    }
    ASSERT_TRUE(store_->append_ticks(ticks, trades, store_->begin_import(ticks, "csv", "t.csv").value()));
    const auto app = store::open_connection(app_.address()).value();
    ASSERT_TRUE(store::migrate(*app, store::app_migrations()));
    ASSERT_TRUE(app->run_script(
        "INSERT INTO job (job_id, kind, state, request, created_at) VALUES ('b', 'x', 'queued', 'né', 5);"
        "INSERT INTO job (job_id, kind, state, request, created_at) VALUES ('a', 'x', 'completed', '', 6);"
        "INSERT INTO job_result (job_id, text) VALUES ('a', '{}');"
        "INSERT INTO audit_entry (number, at, actor, action, target, outcome, request_id, hash) "
        "VALUES (1, 2, 'me', 'POST /x', '/x', '200', 'r', 'h')"));
  }

  BackupPlan plan() const {
    return {.databases = {{"market", database_.address()}, {"app", app_.address()}},
            .list_files = [this] { return base::Result<std::vector<SourceFile>>(files_); },
            .left_out = {"exports: can be made again"},
            .program_version = "test"};
  }
  Repository repository(const std::string& passphrase = "") const {
    return std::move(Repository::open_or_create(folder_, passphrase)).value();
  }
  Manifest back_up(const std::string& passphrase = "") const {
    Repository opened = repository(passphrase);
    auto made = make_backup(opened, plan());
    EXPECT_TRUE(made) << made.error().message;
    return made.value_or(Manifest{});
  }
  std::vector<fs::path> blocks() const {
    std::vector<fs::path> all;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / "blocks"))
      if (entry.is_regular_file()) all.push_back(entry.path());
    return all;
  }
  /// A file as archives are.
  void add_file(const std::string& path, const std::string& text, bool is_private = false) {
    const fs::path from = directory_.path() / ("file" + std::to_string(files_.size()));
    std::ofstream(from, std::ios::binary) << text;
    files_.push_back({from, path, is_private});
  }

  store::TestDatabase app_{GetParam()};
  store::TemporaryDirectory directory_;
  fs::path folder_ = directory_.path() / "backups", restored_ = directory_.path() / "restored";
  market::Series bars_;
  std::vector<SourceFile> files_;
};

INSTANTIATE_ON_BOTH_DATABASES(BackupTest);

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_P(BackupTest, comes_back_in_a_new_folder_to_the_bit) {
  add_file("archive/2019.parquet", std::string(3 << 20, 'p'));
  add_file("secrets/schwab.tokens", "tokens", true);
  const Manifest manifest = back_up("secret");
  const auto restored = restore_backup(repository("secret"), manifest, {.directory = restored_});
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(restored->loaded.files, 2);
  EXPECT_EQ(read_file(restored_ / "archive/2019.parquet"), std::string(3 << 20, 'p'));
  EXPECT_EQ(fs::status(restored_ / "secrets/schwab.tokens").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);

  const auto store = store::MarketStore::open(store::database_address(restored_, "", "market")).value();
  const auto read = store->read(series_, base::Time::min(), base::Time::max());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(store::same_bits(*read, read_all().value()));
  EXPECT_TRUE(store::same_bits(*read, bars_));
  const auto app = store::open_connection(store::database_address(restored_, "", "app")).value();
  EXPECT_EQ(app->query_integer("SELECT count(*) FROM job WHERE request = 'né'"), 1);
  // It goes on: with more bars, and more jobs.
  ASSERT_TRUE(store->append(series_, store::RandomBars(3).series(10, 1'900'000'000'000'000'000), import_));
  ASSERT_TRUE(
      app->run("INSERT INTO job (job_id, kind, state, request, created_at) VALUES ('c', 'x', 'queued', '', 7)"));
}

TEST_P(BackupTest, loads_into_either_kind_of_database) {
  const Manifest manifest = back_up();
  for (const Dialect dialect : {Dialect::kSqlite, Dialect::kPostgres}) {
    if (dialect == Dialect::kPostgres && store::test_server_url().empty()) continue;
    const store::TestDatabase market(dialect), app(dialect);
    Loaded loaded;
    for (const auto& [schema, target] : {std::pair(0, &market), std::pair(1, &app)}) {
      const auto done =
          load_schema(repository(), manifest.schemas[static_cast<std::size_t>(schema)], target->address(), {}, loaded);
      ASSERT_TRUE(done) << done.error().message;
    }
    const auto store = store::MarketStore::open(market.address()).value();
    EXPECT_TRUE(store::same_bits(store->read(series_, base::Time::min(), base::Time::max()).value(), bars_));
    ASSERT_TRUE(store->append(series_, store::RandomBars(3).series(5'000, 1'900'000'000'000'000'000), import_));
    ASSERT_TRUE(store->ensure_series({"SPY", {market::Timeframe::Unit::kMinute, 5}, "csv"}));
    const auto jobs = store::open_connection(app.address()).value();
    // Numbers that the database gives go on behind those that came.
    ASSERT_TRUE(
        jobs->run("INSERT INTO job (job_id, kind, state, request, created_at) VALUES ('c', 'x', 'queued', '', 7)"));
    EXPECT_EQ(jobs->query_integer("SELECT sequence FROM job WHERE job_id = 'c'"), 3);
  }
}

TEST_P(BackupTest, a_second_one_stores_what_is_new_alone) {
  const Manifest first = back_up();
  const Manifest same = back_up();
  EXPECT_EQ(same.base, first.id);
  EXPECT_EQ(same.new_bytes, 0);
  EXPECT_EQ(same.bytes, first.bytes);
  const std::size_t before = blocks().size();
  append(store::RandomBars(5).series(10, 1'900'000'000'000'000'000));
  const Manifest more = back_up();
  EXPECT_GT(more.new_bytes, 0);
  EXPECT_LT(more.new_bytes, more.bytes / 3);
  EXPECT_GT(blocks().size(), before);

  // Each is whole without the others' manifests; what only a removed one had goes.
  for (const std::string& id : {first.id, same.id, more.id})
    EXPECT_THAT(verify_backup(repository(), id)->problems, IsEmpty());
  Repository opened = repository();
  const auto pruned = prune(opened, {.daily = 0, .weekly = 0, .monthly = 0});
  ASSERT_TRUE(pruned) << pruned.error().message;
  EXPECT_THAT(pruned->removed, SizeIs(2));
  EXPECT_GT(pruned->blocks, 0);
  EXPECT_THAT(verify_backup(repository(), more.id)->problems, IsEmpty());
  ASSERT_TRUE(run_drill(repository(), "latest", directory_.path())->succeeded);
}

TEST_P(BackupTest, one_that_is_stopped_leaves_nothing) {
  Repository opened = repository();
  BackupPlan stopping = plan();
  int asked = 0;
  stopping.goes_on = [&] { return ++asked < 12; };
  const auto made = make_backup(opened, stopping);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::kCancelled);
  EXPECT_THAT(opened.list().value(), IsEmpty());
  if (fs::exists(folder_ / "blocks")) { EXPECT_THAT(blocks(), IsEmpty()); }
}

TEST_P(BackupTest, every_damaged_block_is_found_and_nothing_is_replaced_by_it) {
  add_file("archive/2019.parquet", std::string(100'000, 'p'));
  const Manifest manifest = back_up();
  fs::create_directories(restored_);
  std::ofstream(restored_ / "mine") << "stays";
  const auto all = blocks();
  ASSERT_GT(all.size(), 10u);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string before = read_file(all[i]);
    std::string damaged = before;
    if (i % 3 == 0) {
      damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x10);
    } else if (i % 3 == 1) {
      damaged.resize(damaged.size() / 2);
    } else {
      fs::remove(all[i]);
    }
    if (i % 3 != 2) std::ofstream(all[i], std::ios::binary | std::ios::trunc) << damaged;
    const auto verified = verify_backup(repository(), manifest.id);
    ASSERT_FALSE(verified->problems.empty()) << all[i];
    EXPECT_THAT(verified->problems.front(), HasSubstr(all[i].filename().string()));
    if (i % 5 == 0) {
      const auto restored = restore_backup(repository(), manifest, {.directory = restored_, .replaces = true});
      // The fingerprints are for drills: a restore does without them.
      if (!restored) {
        EXPECT_EQ(restored.error().code, ErrorCode::kDataLoss) << restored.error().message;
        EXPECT_EQ(read_file(restored_ / "mine"), "stays");
      } else {
        EXPECT_THAT(verified->problems.front(), HasSubstr("fingerprints"));
        fs::remove_all(restored_);
        fs::rename(restored->kept_directory, restored_);
      }
    }
    std::ofstream(all[i], std::ios::binary | std::ios::trunc) << before;
  }
  EXPECT_THAT(verify_backup(repository(), manifest.id)->problems, IsEmpty());
}

TEST_P(BackupTest, a_drill_finds_what_was_broken_before_the_backup_was_made) {
  ASSERT_TRUE(
      raw()->run("UPDATE bar_chunk SET checksum = checksum + 1 WHERE first_time = (SELECT min(first_time) FROM "
                 "bar_chunk)"));
  back_up();
  const auto drill = run_drill(repository(), "latest", directory_.path());
  ASSERT_TRUE(drill) << drill.error().message;
  EXPECT_FALSE(drill->succeeded);
  ASSERT_THAT(drill->problems, testing::Not(IsEmpty()));
  EXPECT_THAT(drill->problems.front(), HasSubstr("checksum"));
  EXPECT_EQ(drill->series, 2);
}

TEST_P(BackupTest, is_of_one_moment_of_both_databases_while_others_write) {
  const std::int64_t before = number("SELECT count(*) FROM history");
  std::atomic<bool> stops{false};
  std::atomic<int> written{0};
  std::thread writer([&] {
    const auto market = raw();
    const auto app = store::open_connection(app_.address()).value();
    for (int i = 0; !stops; ++i) {
      // An instrument first, then what was done with it.
      EXPECT_TRUE(
          market->run("INSERT INTO history (at, action, symbol, by_whom) VALUES ($1, 'updated', 'SPY', 'x')", {i}));
      EXPECT_TRUE(
          app->run("INSERT INTO job_schedule (name, cron, kind, request, time_zone, priority, is_enabled, "
                   "created_at, updated_at, next_at) VALUES ($1, '* * * * *', 'x', '', 'UTC', 1, 0, 0, 0, 0)",
                   {std::to_string(i)}));
      written = i + 1;
    }
  });
  for (int round = 0; round < 5; ++round) {
    const int wanted = written + 3;
    while (written < wanted) std::this_thread::yield();
    const Manifest manifest = back_up();
    const auto rows = [&](std::size_t schema, const std::string& name) {
      const auto& tables = manifest.schemas[schema].tables;
      return std::ranges::find(tables, name, &BackedUpTable::name)->rows;
    };
    const std::int64_t history = rows(0, "history"), schedules = rows(1, "job_schedule");
    EXPECT_GE(history - before, schedules);
    EXPECT_LE(history - before, schedules + 1);
  }
  stops = true;
  writer.join();
}

TEST_P(BackupTest, of_a_newer_program_is_refused) {
  Manifest manifest = back_up();
  manifest.schemas.front().version = 1'000;
  const auto restored = restore_backup(repository(), manifest, {.directory = restored_});
  ASSERT_FALSE(restored);
  EXPECT_THAT(restored.error().message, HasSubstr("newer TradeAssist"));
  EXPECT_FALSE(fs::exists(restored_));
}

TEST_P(BackupTest, two_at_once_are_refused_and_the_first_is_whole) {
  Repository first = repository(), second = repository();
  BackupPlan slow = plan();
  std::optional<base::Error> refused;
  slow.goes_on = [&] {
    if (!refused) {
      auto other = make_backup(second, plan());
      refused = other ? base::Error{ErrorCode::kInternal, "two were made"} : other.error();
    }
    return true;
  };
  const auto made = make_backup(first, slow);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(refused->code, ErrorCode::kUnavailable);
  EXPECT_THAT(verify_backup(repository(), made->id)->problems, IsEmpty());
}

}  // namespace
}  // namespace tradeassist::backup
