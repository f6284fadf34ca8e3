#include "store/schema/migrations.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <regex>
#include <string>

#include "store/bars/bar_tail.hpp"
#include "store/testing/test_database.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;

class Migrations : public testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override {
    auto opened = open_connection(database_.address());
    ASSERT_TRUE(opened) << opened.error().message;
    connection_ = std::move(*opened);
  }

  bool on_server() const { return GetParam() == Dialect::kPostgres; }

  /// Every table, index and constraint with its text.
  std::vector<std::string> schema() {
    const char* sqlite = "SELECT name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY name";
    const char* postgres =
        "SELECT 'column ' || table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || "
        "coalesce(column_default, '') AS line FROM information_schema.columns WHERE table_schema = current_schema() "
        "UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = current_schema() "
        "UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = current_schema()::regnamespace ORDER BY 1";
    auto rows = connection_->query_all(on_server() ? postgres : sqlite, {},
                                       [](const Row& row) { return std::string(row.text(0)); });
    EXPECT_TRUE(rows);
    return *rows;
  }

  std::int64_t number(std::string_view sql) {
    const auto value = connection_->query_first(sql, {}, [](const Row& row) { return row.integer(0); });
    EXPECT_TRUE(value) << value.error().message;
    return value ? value->value_or(-1) : -1;
  }

  void expect_done(const base::Result<void>& result) { EXPECT_TRUE(result) << result.error().message; }

  void expect_each_step_is_undone(std::span<const Migration> migrations) {
    std::vector<std::vector<std::string>> schemas;
    expect_done(migrate(*connection_, migrations, 0));
    for (int version = 0; version <= static_cast<int>(migrations.size()); ++version) {
      expect_done(migrate(*connection_, migrations, version));
      EXPECT_EQ(schema_version(*connection_), version);
      // Version 0 of a new file has no version table yet.
      schemas.push_back(version == 0 ? std::vector<std::string>{} : schema());
    }
    for (int version = static_cast<int>(migrations.size()); version-- > 0;) {
      expect_done(migrate(*connection_, migrations, version));
      EXPECT_EQ(schema_version(*connection_), version);
      if (version > 0) { EXPECT_EQ(schema(), schemas[static_cast<std::size_t>(version)]); }
    }
    expect_done(migrate(*connection_, migrations));
    if (!migrations.empty()) { EXPECT_EQ(schema(), schemas.back()); }
  }

  TestDatabase database_{GetParam()};
  std::unique_ptr<Connection> connection_;
};

INSTANTIATE_ON_BOTH_DATABASES(Migrations);

TEST_P(Migrations, versions_count_from_one_without_holes) {
  for (const auto& migrations : {market_migrations(), app_migrations()}) {
    for (std::size_t i = 0; i < migrations.size(); ++i) {
      EXPECT_EQ(migrations[i].version, static_cast<int>(i) + 1) << migrations[i].name;
    }
  }
}

TEST_P(Migrations, an_older_program_goes_on_with_steps_that_say_so_and_with_no_others) {
  const std::vector<Migration> of_today{{1, "one", "CREATE TABLE one (a INTEGER)", "DROP TABLE one"}};
  std::vector<Migration> of_tomorrow = of_today;
  of_tomorrow.push_back({.version = 2,
                         .name = "two",
                         .up = "CREATE TABLE two (a INTEGER)",
                         .down = "DROP TABLE two",
                         .older_go_on = true});
  expect_done(migrate(*connection_, of_tomorrow));
  expect_done(migrate(*connection_, of_today));
  EXPECT_EQ(schema_version(*connection_), 2);
  expect_done(check_usable(*connection_, of_today));
  EXPECT_EQ(number("SELECT count(*) FROM two"), 0);
  // Going down is for the program that knows the way.
  const auto down = migrate(*connection_, of_today, 0);
  ASSERT_FALSE(down);
  EXPECT_EQ(down.error().code, ErrorCode::kFailedPrecondition);

  of_tomorrow.push_back(
      {.version = 3, .name = "three", .up = "DROP TABLE one", .down = "CREATE TABLE one (a INTEGER)"});
  expect_done(migrate(*connection_, of_tomorrow));
  const auto refused = migrate(*connection_, of_today);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_FALSE(check_usable(*connection_, of_today));
  expect_done(migrate(*connection_, of_tomorrow, 2));
  expect_done(migrate(*connection_, of_today));
  expect_done(migrate(*connection_, of_tomorrow, 0));
}

TEST_P(Migrations, every_step_of_the_market_schema_undoes_itself) { expect_each_step_is_undone(market_migrations()); }

TEST_P(Migrations, every_step_of_the_app_schema_undoes_itself) { expect_each_step_is_undone(app_migrations()); }

// From the version that has every table in its first form, with rows in all of them, up to the newest and down to none.
TEST_P(Migrations, every_step_keeps_what_both_its_versions_know) {
  expect_done(migrate(*connection_, market_migrations(), 3));
  const auto bytes = [&](std::string_view hexadecimal) {
    return on_server() ? fmt::format("'\\x{}'", hexadecimal) : fmt::format("x'{}'", hexadecimal);
  };
  if (on_server()) expect_done(connection_->run_script("CREATE TABLE bars_of_1970 PARTITION OF bar_chunk DEFAULT"));
  // 1.5, NaN, -0.0, 2 and 3, little endian: values that a column of doubles does not keep.
  const std::string exact = bytes(
      "000000000000f83f"
      "000000000000f87f"
      "0000000000000080"
      "0000000000000040"
      "0000000000000840");
  expect_done(connection_->run_script(fmt::format(
      R"(
    INSERT INTO instrument VALUES (1, 'SPY', '', 'stock', '', 'USD', 'America/New_York', '', 0.01, 1, 1, 0, 0, NULL);
    INSERT INTO series (id, instrument_id, timeframe, source, created_at, row_count, tail_rows, first_time, last_time)
      VALUES (1, 1, '1d', 'csv', 0, 2, 2, 10, 20);
    INSERT INTO partition (id, kind, first_time, last_time, created_at) VALUES (1, 'bar', 0, 99, 0);
    INSERT INTO bar_chunk (series_id, partition_id, first_time, last_time, row_count, codec, checksum, payload)
      VALUES (1, 1, 10, 10, 1, 1, 0, {});
    INSERT INTO bar_tail VALUES (1, 15, 1, 4, 0.5, 2, 7, NULL);
    INSERT INTO bar_tail VALUES (1, 20, 1.5, NULL, 0, 2, 3, {});
    INSERT INTO import (id, series_id, source, file, started_at) VALUES (1, 1, 'csv', 'spy.csv', 0);
  )",
      bytes("00"), exact)));
  const auto expect_rows = [&] {
    for (const char* table : {"instrument", "series", "partition", "bar_chunk", "import"}) {
      EXPECT_EQ(number(std::string("SELECT count(*) FROM ") + table), 1) << table;
    }
    EXPECT_EQ(number("SELECT tail_rows FROM series"), 2);
  };

  for (int round = 0; round < 2; ++round) {
    expect_done(migrate(*connection_, market_migrations()));
    expect_rows();
    ChunkDecoder decoder;
    const auto tail = read_tail(*connection_, decoder, 1, 0, 100);
    ASSERT_TRUE(tail) << tail.error().message;
    ASSERT_EQ(tail->size(), 2u);
    EXPECT_EQ(tail->high[0], 4);
    EXPECT_EQ(tail->open[1], 1.5);
    EXPECT_TRUE(std::isnan(tail->high[1]));
    EXPECT_TRUE(std::signbit(tail->low[1]));

    expect_done(migrate(*connection_, market_migrations(), 3));
    expect_rows();
    EXPECT_EQ(number("SELECT count(*) FROM bar_tail WHERE close = 2"), 2);
    EXPECT_EQ(number("SELECT length(exact) FROM bar_tail WHERE time = 20"), 40);
  }

  expect_done(migrate(*connection_, market_migrations(), 2));
  EXPECT_EQ(number("SELECT count(*) FROM bar_chunk"), 1);
  expect_done(migrate(*connection_, market_migrations(), 1));
  EXPECT_EQ(number("SELECT count(*) FROM instrument"), 1);
  EXPECT_EQ(number("SELECT row_count FROM series"), 0);  // its bars are gone with their tables
  expect_done(migrate(*connection_, market_migrations()));
  EXPECT_EQ(number("SELECT count(*) FROM series"), 1);
  EXPECT_EQ(number("SELECT count(*) FROM bar_tail"), 0);
  expect_done(migrate(*connection_, market_migrations(), 0));
  EXPECT_EQ(connection_->table_names().value(), std::vector<std::string>{"schema_migration"});
}

// What a cluster such as Citus asks of tables that are spread over its nodes.
TEST_P(Migrations, every_unique_key_of_the_big_tables_contains_the_series) {
  if (!on_server()) GTEST_SKIP() << "SQLite is not spread";
  expect_done(migrate(*connection_, market_migrations()));
  const auto keys = connection_->query_all(
      "SELECT tablename || ': ' || indexdef FROM pg_indexes WHERE schemaname = current_schema() AND "
      "tablename IN ('bar_chunk', 'bar_tail', 'tick_chunk', 'tick_tail') AND indexdef LIKE 'CREATE UNIQUE%'",
      {}, [](const Row& row) { return std::string(row.text(0)); });
  ASSERT_TRUE(keys) << keys.error().message;
  EXPECT_GE(keys->size(), 2u);
  for (const std::string& key : *keys) EXPECT_NE(key.find("(series_id,"), std::string::npos) << key;
}

/// What each version of the market schema adds to a database that is in use.
void fill(Connection& connection, int version) {
  const bool on_server = connection.dialect() == Dialect::kPostgres;
  const std::string bytes = on_server ? "'\\x00'" : "x'00'";
  const std::string scripts[] = {
      "INSERT INTO instrument VALUES (1, 'SPY', '', 'stock', '', 'USD', 'America/New_York', '', 0.01, 1, 1, 0, 0, "
      "NULL); INSERT INTO series (id, instrument_id, timeframe, source, created_at) VALUES (1, 1, '1d', 'csv', 0), "
      "(2, 1, '1h', 'csv', 0); UPDATE series SET row_count = 2, tail_rows = 1, first_time = 10, last_time = 20 WHERE "
      "id = 1",
      "INSERT INTO partition (id, kind, first_time, last_time, created_at) VALUES (1, 'bar', 0, 99, 0); " +
          std::string(on_server ? "CREATE TABLE bar_chunk_1970 PARTITION OF bar_chunk FOR VALUES FROM (0) TO (100); "
                                : "") +
          "INSERT INTO bar_chunk (series_id, partition_id, first_time, last_time, row_count, codec, checksum, payload) "
          "VALUES (1, 1, 10, 10, 1, 1, 7, " +
          bytes + "); INSERT INTO bar_tail VALUES (1, 20, 1, 2, 3, 4, NULL, NULL)",
      "INSERT INTO import (id, series_id, source, file, started_at) VALUES (1, 1, 'csv', 'spy.csv', 5)",
      "UPDATE series SET version = 3; UPDATE partition SET state = 'archived', archive_file = 'x.parquet'",
      "UPDATE series SET tail_entries = 1 WHERE id = 1",  // its rows came from version 2
      "INSERT INTO history (id, at, action, symbol, series_id, by_whom) VALUES (1, 5, 'deleted', 'SPY', 1, 'Ann')",
      "INSERT INTO series (id, instrument_id, timeframe, source, created_at) VALUES (9, 1, 'tick', 'csv', 0); "
      "INSERT INTO tick_tail VALUES (9, 20, 0, 1, 2, NULL, NULL, NULL)",
      "INSERT INTO benchmark_run (id, started_at, is_baseline, result) VALUES (1, 5, 1, '{}')",
      "UPDATE instrument SET version = 4; UPDATE store_state SET partition_version = 2",
      "INSERT INTO saved_query (id, name, description, request, is_favourite, tags, schedule, created_at, updated_at) "
      "VALUES (1, 'Daily closes', '', '{}', 1, '', '', 5, 6)",
      "UPDATE store_state SET maintained_at = 7",
      "INSERT INTO corporate_action VALUES (1, 18505, 'split', 4, 'csv', 5, 5)",
      "INSERT INTO saved_query (id, name, description, request, is_favourite, tags, schedule, created_at, updated_at, "
      "owner) VALUES (2, 'Daily closes', '', '{}', 1, '', '', 5, 7, 'ann')",
  };
  // A new step of the schema has data to survive too: add it here.
  ASSERT_EQ(std::size(scripts), market_migrations().size());
  const auto filled = connection.run_script(scripts[version - 1]);
  ASSERT_TRUE(filled) << "version " << version << ": " << filled.error().message;
}

/// Rows of each table there is, and of some of its values.
std::string contents(Connection& connection, int version) {
  std::string text;
  const auto add = [&](const char* sql) {
    const auto value = connection.query_first(sql, {}, [](const Row& row) { return row.integer(0); });
    EXPECT_TRUE(value) << sql << ": " << value.error().message;
    if (value) text += std::to_string(value->value_or(-1)) + " ";
  };
  add("SELECT count(*) FROM instrument");
  add("SELECT sum(id * 10 + instrument_id) FROM series WHERE timeframe <> 'tick'");
  if (version >= 2) {
    add("SELECT sum(row_count * 100 + tail_rows * 10 + coalesce(last_time, 0)) FROM series");
    add("SELECT sum(partition_id * 1000 + first_time * 10 + checksum + length(payload)) FROM bar_chunk");
    add(schema_version(connection).value() < 5 ? "SELECT count(*) FROM bar_tail"
                                               : "SELECT sum(row_count) FROM bar_tail");
    add("SELECT sum(id * 1000 + last_time) FROM partition");
  }
  if (version >= 3) add("SELECT sum(id + started_at) FROM import");
  if (version >= 4) {
    add("SELECT sum(version) FROM series");
    add("SELECT count(*) FROM partition WHERE state = 'archived'");
  }
  if (version >= 5) add("SELECT sum(tail_entries) FROM series");
  if (version >= 6) add("SELECT count(*) FROM history WHERE by_whom = 'Ann'");
  if (version >= 7) add("SELECT count(*) FROM tick_tail");
  if (version >= 8) add("SELECT count(*) FROM benchmark_run WHERE is_baseline = 1");
  // The way down from version 12 counts it up: what was answered with the actions that go holds no more.
  if (version >= 9) add("SELECT count(*) FROM instrument WHERE version >= 4");
  if (version >= 10) add("SELECT sum(updated_at) FROM saved_query WHERE id = 1 AND name = 'Daily closes'");
  if (version >= 11) add("SELECT maintained_at FROM store_state");
  if (version >= 13) add("SELECT sum(updated_at) FROM saved_query WHERE owner = 'ann'");
  if (version >= 12) add("SELECT sum(ex_date) FROM corporate_action WHERE value = 4");
  return text;
}

TEST_P(Migrations, every_step_up_keeps_the_data_of_the_versions_before_it_and_down_keeps_theirs) {
  const int newest = static_cast<int>(market_migrations().size());
  std::vector<std::string> filled{""};  // by version, when its data was just put in
  for (int version = 1; version <= newest; ++version) {
    expect_done(migrate(*connection_, market_migrations(), version));
    if (version > 1) { EXPECT_EQ(contents(*connection_, version - 1), filled.back()) << "up to " << version; }
    fill(*connection_, version);
    filled.push_back(contents(*connection_, version));
  }
  for (int version = newest - 1; version > 0; --version) {
    expect_done(migrate(*connection_, market_migrations(), version));
    // The counts of series go with their bars.
    if (version > 1) { EXPECT_EQ(contents(*connection_, version), filled[static_cast<std::size_t>(version)]); }
  }
  EXPECT_EQ(contents(*connection_, 1), filled[1]);
  EXPECT_EQ(number("SELECT max(row_count) FROM series"), 0);
  expect_done(migrate(*connection_, market_migrations()));
  EXPECT_EQ(contents(*connection_, 1), filled[1]);
  expect_done(migrate(*connection_, market_migrations(), 0));
}

/// What each version of the app schema adds to a database that is in use.
void fill_app(Connection& connection, int version) {
  const std::string scripts[] = {
      "INSERT INTO job (job_id, kind, state, request, checkpoint, created_at) VALUES "
      "('a', 'optimize', 'queued', '{}', '', 5), ('b', 'optimize', 'running', '{}', 'half', 6)",
      "INSERT INTO job (job_id, kind, state, request, priority, created_at) VALUES ('c', 'x', 'paused', '{}', 3, 7); "
      "INSERT INTO job_log VALUES ('a', 1, 5, 'info', 'submitted'); INSERT INTO job_key VALUES ('key', 'a', 5)",
      "INSERT INTO job_schedule (id, name, cron, time_zone, kind, request, priority, is_enabled, next_at, created_at, "
      "updated_at) VALUES (1, 'nightly', '0 2 * * *', 'UTC', 'x', '{}', 1, 1, 9, 8, 8)",
      "INSERT INTO job_worker (name, host, version, threads, started_at, seen_at) VALUES ('w', 'desk', '1', 2, 5, 6); "
      "INSERT INTO job_batch (id, job_id, job_fence, version, state, task) VALUES (1, 'b', 0, '1', 'open', '[]')",
      "INSERT INTO job_result VALUES ('a', 'found')",
      "INSERT INTO api_key (id, owner, name, scopes, created_at) VALUES ('k', 'ann', 'desk', 'read', 5); "
      "INSERT INTO api_key_secret (id, key_id, hash, created_at) VALUES (1, 'k', 'x', 5)",
      "INSERT INTO audit_entry VALUES (1, 5, 'ann', 'key create', 'k', 'done', '', 'abc')",
      "INSERT INTO error_group VALUES ('e', 'handler failed', '/x', 'open', 3, 5, 6, '{}', '1')",
      "INSERT INTO audit_entry VALUES (2, 6, 'bea', 'key create', 'k', 'done', '', 'abd', '192.0.2.1')",
      "INSERT INTO webhook (id, owner, url, description, events, is_enabled, created_at, updated_at) VALUES "
      "('wh', 'ann', 'https://a.example/', '', 'job.*', 1, 5, 6); "
      "INSERT INTO webhook_secret (id, webhook_id, sealed, created_at) VALUES (1, 'wh', 'x', 5); "
      "INSERT INTO outgoing_event VALUES ('msg', 'ann', 'job.failed', 'warning', 5, '{}'); "
      "INSERT INTO delivery (number, id, event_id, target, state, is_replay, next_at, created_at) VALUES "
      "(1, 'd', 'msg', 'wh', 'pending', 0, 7, 5); "
      "INSERT INTO delivery_attempt VALUES (1, 1, 5, 20, 500, '', '', '', '', 0)",
      "INSERT INTO alert (id, type, source, severity, state, message, value, threshold, occurrences, raised_at, "
      "changed_at, seen_at, is_told, told_at) VALUES (1, 'free_disk', 'data', 'warning', 'raised', 'm', 1, 2, 1, 5, 5, "
      "5, 1, 5); INSERT INTO alert_event VALUES (1, 1, 5, 'raised', 'warning', 1, 'm', '', 1); "
      "INSERT INTO health_point VALUES ('desk', 'memory', 60, 60, 6, 1, 2, 3)",
  };
  // A new step of the schema has data to survive too: add it here.
  ASSERT_EQ(std::size(scripts), app_migrations().size());
  const auto filled = connection.run_script(scripts[version - 1]);
  ASSERT_TRUE(filled) << "version " << version << ": " << filled.error().message;
}

/// Of what the first two jobs were when they came, and of each later version what it added.
std::string app_contents(Connection& connection, int version) {
  std::string text;
  const auto add = [&](const char* sql) {
    const auto value = connection.query_first(sql, {}, [](const Row& row) { return row.integer(0); });
    EXPECT_TRUE(value) << sql << ": " << value.error().message;
    if (value) text += std::to_string(value->value_or(-1)) + " ";
  };
  add("SELECT sum(sequence * 100 + created_at) FROM job WHERE job_id IN ('a', 'b')");
  add("SELECT count(*) FROM job WHERE job_id = 'b' AND state = 'running'");
  add(schema_version(connection).value() < 5 ? "SELECT count(*) FROM job WHERE job_id = 'b' AND checkpoint = 'half'"
                                             : "SELECT count(*) FROM job_checkpoint WHERE text = 'half'");
  if (version >= 2) {
    add("SELECT sum(priority) FROM job WHERE state = 'paused'");
    add("SELECT count(*) FROM job_log");
    add(schema_version(connection).value() < 6 ? "SELECT count(*) FROM job_key WHERE submit_key = 'key'"
                                               : "SELECT count(*) FROM job_key WHERE submit_key = 'local key'");
  }
  if (version >= 3) add("SELECT sum(next_at) FROM job_schedule WHERE name = 'nightly'");
  if (version >= 4) {
    add("SELECT sum(threads) FROM job_worker WHERE seen_at = 6");
    add("SELECT count(*) FROM job_batch WHERE job_id = 'b' AND state = 'open'");
  }
  if (version >= 11) {
    add("SELECT count(*) FROM alert_event JOIN alert ON alert_id = alert.id WHERE type = 'free_disk'");
    add("SELECT count(*) FROM health_point WHERE mean = 2");
  }
  if (version >= 10) {
    add("SELECT count(*) FROM webhook JOIN webhook_secret ON webhook_id = webhook.id WHERE owner = 'ann'");
    add("SELECT sum(next_at + status) FROM delivery JOIN delivery_attempt ON delivery = number");
  }
  if (version >= 9) add("SELECT count(*) FROM audit_entry WHERE address = '192.0.2.1'");
  if (version >= 8) add("SELECT sum(count) FROM error_group WHERE place = '/x'");
  if (version >= 7) add("SELECT sum(at) FROM audit_entry WHERE actor = 'ann'");
  if (version >= 6) add("SELECT count(*) FROM api_key_secret JOIN api_key ON key_id = api_key.id WHERE owner = 'ann'");
  if (version >= 5) add("SELECT count(*) FROM job_result WHERE job_id = 'a' AND text = 'found'");
  return text;
}

TEST_P(Migrations, every_step_of_the_app_schema_up_keeps_jobs_and_down_keeps_those_it_knows) {
  const int newest = static_cast<int>(app_migrations().size());
  std::vector<std::string> filled{""};  // by version, when its data was just put in
  for (int version = 1; version <= newest; ++version) {
    expect_done(migrate(*connection_, app_migrations(), version));
    if (version > 1) { EXPECT_EQ(app_contents(*connection_, version - 1), filled.back()) << "up to " << version; }
    if (version == 2) { EXPECT_EQ(number("SELECT max(rank) FROM job"), 6 - 600'000'000'000); }
    fill_app(*connection_, version);
    filled.push_back(app_contents(*connection_, version));
  }
  for (int version = newest - 1; version > 0; --version) {
    expect_done(migrate(*connection_, app_migrations(), version));
    EXPECT_EQ(app_contents(*connection_, version), filled[static_cast<std::size_t>(version)]);
  }
  EXPECT_EQ(number("SELECT count(*) FROM job WHERE job_id = 'c' AND state = 'queued'"), 1);
  expect_done(migrate(*connection_, app_migrations()));
  EXPECT_EQ(app_contents(*connection_, 1), filled[1]);
  expect_done(migrate(*connection_, app_migrations(), 0));
}

TEST_P(Migrations, a_step_whose_way_down_removes_something_says_what_is_lost) {
  for (const auto& migrations : {market_migrations(), app_migrations()}) {
    for (const Migration& migration : migrations) {
      const std::string down(migration.down);
      bool removes = down.find("DROP COLUMN") != std::string::npos || down.find("DELETE FROM") != std::string::npos;
      // A step that converts puts what it removes elsewhere; so does one that reads a table before it goes.
      const bool converts = migration.after_down != nullptr;
      static const std::regex kDropped("DROP TABLE (\\w+)");
      for (auto dropped = std::sregex_iterator(down.begin(), down.end(), kDropped); dropped != std::sregex_iterator();
           ++dropped) {
        removes |= down.find("FROM " + dropped->str(1)) == std::string::npos;
      }
      EXPECT_TRUE(!removes || converts || !migration.down_loses.empty()) << migration.name;
    }
  }
}

TEST_P(Migrations, a_newer_schema_is_refused_and_left_alone) {
  expect_done(migrate(*connection_, market_migrations()));
  expect_done(connection_->run_script("INSERT INTO schema_migration VALUES (99, 'from the future', 0)"));
  const auto before = schema();
  const auto refused = migrate(*connection_, market_migrations());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_NE(refused.error().message.find("schema version 99 was written by a newer TradeAssist"), std::string::npos);
  EXPECT_EQ(schema(), before);
  EXPECT_EQ(schema_version(*connection_), 99);
}

TEST_P(Migrations, a_database_of_something_else_is_refused_and_left_alone) {
  expect_done(connection_->run_script("CREATE TABLE bookmarks (url TEXT)"));
  const auto refused = migrate(*connection_, market_migrations());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_NE(refused.error().message.find("'bookmarks'"), std::string::npos);
  EXPECT_EQ(schema().size(), 1u);
}

TEST_P(Migrations, a_step_that_fails_leaves_the_version_before_it) {
  constexpr Migration kSteps[] = {{1, "good", "CREATE TABLE a (i INTEGER)", "DROP TABLE a"},
                                  {2, "bad", "CREATE TABLE b (i INTEGER); CREATE TABLE a (i INTEGER)", "DROP TABLE b"}};
  const auto failed = migrate(*connection_, kSteps);
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().message.find("migration 2 (bad) up"), std::string::npos) << failed.error().message;
  EXPECT_EQ(schema_version(*connection_), 1);
  EXPECT_EQ(connection_->table_names().value(), (std::vector<std::string>{"a", "schema_migration"}));
}

}  // namespace
}  // namespace tradeassist::store
