#include "store/sqlite.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "store/testing/temporary_directory.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;
using namespace std::chrono_literals;

class Sqlite : public testing::Test {
 protected:
  Connection open(ConnectionOptions options = {}) {
    auto connection = Connection::open(directory_.path() / "test.db", options);
    EXPECT_TRUE(connection) << connection.error().message;
    return std::move(*connection);
  }

  std::int64_t count(Connection& connection, std::string_view table) {
    const auto rows = connection.query_first("SELECT count(*) FROM " + std::string(table), {},
                                             [](const Row& row) { return row.integer(0); });
    EXPECT_TRUE(rows) << rows.error().message;
    return rows->value_or(-1);
  }

  TemporaryDirectory directory_;
};

TEST_F(Sqlite, values_of_every_type_come_back_as_they_went_in) {
  Connection connection = open();
  ASSERT_TRUE(connection.run_script("CREATE TABLE t (i INTEGER, r REAL, s TEXT, b BLOB, n INTEGER) STRICT"));
  const std::string text("a\0b'\u00e9", 6);
  const std::vector<std::byte> bytes{std::byte{0}, std::byte{255}, std::byte{7}};
  ASSERT_TRUE(connection.run("INSERT INTO t VALUES ($1, $2, $3, $4, $5)",
                             {std::numeric_limits<std::int64_t>::min(), 0.1, text, std::span(bytes), nullptr}));
  ASSERT_TRUE(connection.run("INSERT INTO t VALUES ($1, $2, $3, $4, $5)",
                             {7, -1e300, "", std::span<const std::byte>(), std::optional<int>(3)}));

  auto rows = connection.query("SELECT i, r, s, b, n FROM t ORDER BY i");
  ASSERT_TRUE(rows);
  ASSERT_TRUE(rows->next().value());
  EXPECT_EQ(rows->integer(0), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(rows->real(1), 0.1);
  EXPECT_EQ(rows->text(2), text);
  EXPECT_TRUE(std::ranges::equal(rows->bytes(3), bytes));
  EXPECT_TRUE(rows->is_null(4));
  EXPECT_EQ(rows->optional_integer(4), std::nullopt);
  ASSERT_TRUE(rows->next().value());
  EXPECT_EQ(rows->text(2), "");
  EXPECT_FALSE(rows->is_null(2));
  EXPECT_TRUE(rows->bytes(3).empty());
  EXPECT_FALSE(rows->is_null(3));
  EXPECT_EQ(rows->optional_integer(4), 3);
  EXPECT_FALSE(rows->next().value());
}

TEST_F(Sqlite, parameters_are_told_by_their_number_not_by_where_they_stand) {
  Connection connection = open();
  const auto text = connection.query_first("SELECT $3 || $1 || $3 || $2", {"a", "b", "c"},
                                           [](const Row& row) { return std::string(row.text(0)); });
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "cacb");
}

TEST_F(Sqlite, the_same_query_may_run_inside_itself) {
  Connection connection = open();
  ASSERT_TRUE(connection.run_script("CREATE TABLE t (i INTEGER); INSERT INTO t VALUES (1), (2), (3)"));
  int pairs = 0;
  auto outer = connection.query("SELECT i FROM t");
  while (outer->next().value()) {
    auto inner = connection.query("SELECT i FROM t");
    while (inner->next().value()) ++pairs;
  }
  EXPECT_EQ(pairs, 9);
}

TEST_F(Sqlite, more_statements_than_the_cache_holds_still_work) {
  Connection connection = open();
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 200; ++i) {
      const auto value = connection.query_first("SELECT $1 + " + std::to_string(i), {1},
                                                [](const Row& row) { return row.integer(0); });
      ASSERT_TRUE(value);
      EXPECT_EQ(*value, i + 1);
    }
  }
}

TEST_F(Sqlite, a_transaction_that_is_not_committed_leaves_nothing) {
  Connection connection = open();
  ASSERT_TRUE(connection.run_script("CREATE TABLE t (i INTEGER)"));
  {
    auto transaction = Transaction::begin(connection, Transaction::Kind::kWrite);
    ASSERT_TRUE(connection.run("INSERT INTO t VALUES (1)"));
  }
  EXPECT_EQ(count(connection, "t"), 0);
  {
    auto transaction = Transaction::begin(connection, Transaction::Kind::kWrite);
    ASSERT_TRUE(connection.run("INSERT INTO t VALUES (1)"));
    ASSERT_TRUE(transaction->commit());
  }
  EXPECT_EQ(count(connection, "t"), 1);
}

TEST_F(Sqlite, a_read_transaction_sees_one_snapshot) {
  Connection writer = open();
  ASSERT_TRUE(writer.run_script("CREATE TABLE t (i INTEGER)"));
  Connection reader = open({.read_only = true});
  auto snapshot = Transaction::begin(reader, Transaction::Kind::kRead);
  EXPECT_EQ(count(reader, "t"), 0);
  ASSERT_TRUE(writer.run("INSERT INTO t VALUES (1)"));
  EXPECT_EQ(count(reader, "t"), 0);
  ASSERT_TRUE(snapshot->commit());
  EXPECT_EQ(count(reader, "t"), 1);
}

TEST_F(Sqlite, constraints_tell_what_kind_they_are) {
  Connection connection = open();
  ASSERT_TRUE(
      connection.run_script("CREATE TABLE parent (id INTEGER PRIMARY KEY, n INTEGER CHECK (n > 0));"
                            "CREATE TABLE child (id INTEGER REFERENCES parent ON DELETE RESTRICT);"
                            "INSERT INTO parent VALUES (1, 1); INSERT INTO child VALUES (1)"));
  EXPECT_EQ(connection.run("INSERT INTO parent VALUES (1, 2)").error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(connection.run("INSERT INTO parent VALUES (2, 0)").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(connection.run("INSERT INTO child VALUES (2)").error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(connection.run("DELETE FROM parent").error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(connection.run("SELECT nothing FROM nowhere").error().code, ErrorCode::kInternal);
}

TEST_F(Sqlite, a_second_writer_waits_and_then_says_who_is_in_the_way) {
  Connection first = open();
  ASSERT_TRUE(first.run_script("CREATE TABLE t (i INTEGER)"));
  Connection second = open({.busy_timeout = 50ms});
  auto held = Transaction::begin(first, Transaction::Kind::kWrite);
  const auto start = std::chrono::steady_clock::now();
  const auto refused = second.run("INSERT INTO t VALUES (1)");
  ASSERT_FALSE(refused);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 50ms);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(refused.error().message.find("test.db: database is locked: another process"), std::string::npos)
      << refused.error().message;
  ASSERT_TRUE(held->commit());
  EXPECT_TRUE(second.run("INSERT INTO t VALUES (1)"));
}

TEST_F(Sqlite, a_full_file_keeps_what_was_there_and_works_again_when_there_is_room) {
  const std::vector<std::byte> megabyte(1 << 20, std::byte{1});
  {
    Connection connection = open({.file_bytes_max = 4 << 20});
    ASSERT_TRUE(connection.run_script("CREATE TABLE t (b BLOB)"));
    ASSERT_TRUE(connection.run("INSERT INTO t VALUES ($1)", {std::span(megabyte)}));
    auto transaction = Transaction::begin(connection, Transaction::Kind::kWrite);
    base::Result<std::int64_t> inserted = 0;
    for (int i = 0; i < 8 && inserted; ++i) {
      inserted = connection.run("INSERT INTO t VALUES ($1)", {std::span(megabyte)});
    }
    ASSERT_FALSE(inserted);
    EXPECT_EQ(inserted.error().code, ErrorCode::kResourceExhausted);
    EXPECT_NE(inserted.error().message.find("free disk space"), std::string::npos) << inserted.error().message;
  }
  Connection connection = open();
  EXPECT_EQ(count(connection, "t"), 1);
  EXPECT_TRUE(connection.run("INSERT INTO t VALUES ($1)", {std::span(megabyte)}));
}

TEST_F(Sqlite, a_file_that_is_no_database_is_data_loss_not_a_crash) {
  std::ofstream(directory_.path() / "test.db") << std::string(5'000, 'x');
  const auto connection = Connection::open(directory_.path() / "test.db");
  ASSERT_FALSE(connection);
  EXPECT_EQ(connection.error().code, ErrorCode::kDataLoss);
  EXPECT_NE(connection.error().message.find("test.db"), std::string::npos);
}

TEST_F(Sqlite, a_folder_that_is_not_there_is_named) {
  const auto connection = Connection::open(directory_.path() / "missing" / "test.db");
  ASSERT_FALSE(connection);
  EXPECT_EQ(connection.error().code, ErrorCode::kIo);
  EXPECT_NE(connection.error().message.find("missing/test.db"), std::string::npos);
}

}  // namespace
}  // namespace tradeassist::store
