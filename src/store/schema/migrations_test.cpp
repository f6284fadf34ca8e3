#include "store/schema/migrations.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

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
