#include "store/database/connection.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "store/database/connection_pool.hpp"
#include "store/database/sqlite_connection.hpp"
#include "store/schema/migrations.hpp"
#include "store/testing/temporary_directory.hpp"
#include "store/testing/test_database.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;
using namespace std::chrono_literals;

class ConnectionTest : public testing::TestWithParam<Dialect> {
 protected:
  Connection& open(ConnectionOptions options = {}) {
    auto connection = open_connection(database_.address(), options);
    EXPECT_TRUE(connection) << connection.error().message;
    return *connections_.emplace_back(std::move(*connection));
  }

  base::Result<void> create(Connection& connection, std::string_view script) {
    return connection.run_script(in_dialect(script, GetParam()));
  }

  std::int64_t count(Connection& connection, std::string_view table) {
    const auto rows = connection.query_integer("SELECT count(*) FROM " + std::string(table));
    EXPECT_TRUE(rows) << rows.error().message;
    return rows.value_or(-1);
  }

  TestDatabase database_{GetParam()};
  std::vector<std::unique_ptr<Connection>> connections_;
};
INSTANTIATE_ON_BOTH_DATABASES(ConnectionTest);

TEST_P(ConnectionTest, values_of_every_type_come_back_as_they_went_in) {
  Connection& connection = open();
  ASSERT_TRUE(create(connection, "CREATE TABLE t (i INTEGER, r REAL, s TEXT, b BLOB, n INTEGER) STRICT"));
  const std::string text("a\tb'\u00e9", 6);
  const std::vector<std::byte> bytes{std::byte{0}, std::byte{255}, std::byte{7}};
  ASSERT_TRUE(connection.run("INSERT INTO t VALUES ($1, $2, $3, $4, $5)",
                             {std::numeric_limits<std::int64_t>::min(), 0.1, text, std::span(bytes), nullptr}));
  ASSERT_TRUE(connection.run("INSERT INTO t VALUES ($1, $2, $3, $4, $5)",
                             {7, -1e300, "", std::span<const std::byte>(), std::optional<int>(3)}));

  auto rows = connection.query("SELECT i, r, s, b, n FROM t ORDER BY i");
  ASSERT_TRUE(rows);
  ASSERT_TRUE(rows->next().value());
  EXPECT_EQ((*rows)->integer(0), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ((*rows)->real(1), 0.1);
  EXPECT_EQ((*rows)->text(2), text);
  EXPECT_TRUE(std::ranges::equal((*rows)->bytes(3), bytes));
  EXPECT_TRUE((*rows)->is_null(4));
  EXPECT_EQ((*rows)->optional_integer(4), std::nullopt);
  ASSERT_TRUE(rows->next().value());
  EXPECT_EQ((*rows)->text(2), "");
  EXPECT_FALSE((*rows)->is_null(2));
  EXPECT_TRUE((*rows)->bytes(3).empty());
  EXPECT_FALSE((*rows)->is_null(3));
  EXPECT_EQ((*rows)->optional_integer(4), 3);
  EXPECT_FALSE(rows->next().value());
}

TEST_P(ConnectionTest, parameters_are_told_by_their_number_not_by_where_they_stand) {
  Connection& connection = open();
  const auto text = connection.query_first("SELECT CAST($3 AS TEXT) || $1 || $3 || $2", {"a", "b", "c"},
                                           [](const Row& row) { return std::string(row.text(0)); });
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "cacb");
}

TEST_P(ConnectionTest, the_same_query_may_run_inside_itself) {
  Connection& connection = open();
  ASSERT_TRUE(create(connection, "CREATE TABLE t (i INTEGER); INSERT INTO t VALUES (1), (2), (3)"));
  int pairs = 0;
  auto outer = connection.query("SELECT i FROM t");
  while (outer->next().value()) {
    auto inner = connection.query("SELECT i FROM t");
    while (inner->next().value()) ++pairs;
  }
  EXPECT_EQ(pairs, 9);
}

TEST_P(ConnectionTest, more_statements_than_the_cache_holds_still_work) {
  Connection& connection = open();
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 200; ++i) {
      const auto value = connection.query_first("SELECT CAST($1 AS INTEGER) + " + std::to_string(i), {1},
                                                [](const Row& row) { return row.integer(0); });
      ASSERT_TRUE(value);
      EXPECT_EQ(*value, i + 1);
    }
  }
}

TEST_P(ConnectionTest, a_transaction_that_is_not_committed_leaves_nothing) {
  Connection& connection = open();
  ASSERT_TRUE(create(connection, "CREATE TABLE t (i INTEGER)"));
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

TEST_P(ConnectionTest, a_read_transaction_sees_one_snapshot) {
  Connection& writer = open();
  ASSERT_TRUE(create(writer, "CREATE TABLE t (i INTEGER)"));
  Connection& reader = open({.read_only = true});
  auto snapshot = Transaction::begin(reader, Transaction::Kind::kRead);
  EXPECT_EQ(count(reader, "t"), 0);
  ASSERT_TRUE(writer.run("INSERT INTO t VALUES (1)"));
  EXPECT_EQ(count(reader, "t"), 0);
  ASSERT_TRUE(snapshot->commit());
  EXPECT_EQ(count(reader, "t"), 1);
}

TEST_P(ConnectionTest, constraints_tell_what_kind_they_are) {
  Connection& connection = open();
  ASSERT_TRUE(create(connection,
                     "CREATE TABLE parent (id INTEGER PRIMARY KEY, n INTEGER CHECK (n > 0));"
                     "CREATE TABLE child (id INTEGER REFERENCES parent ON DELETE RESTRICT);"
                     "INSERT INTO parent VALUES (1, 1); INSERT INTO child VALUES (1)"));
  EXPECT_EQ(connection.run("INSERT INTO parent VALUES (1, 2)").error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(connection.run("INSERT INTO parent VALUES (2, 0)").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(connection.run("INSERT INTO child VALUES (2)").error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(connection.run("DELETE FROM parent").error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(connection.run("SELECT nothing FROM nowhere").error().code, ErrorCode::kInternal);
}

TEST_P(ConnectionTest, a_second_writer_waits_and_then_says_who_is_in_the_way) {
  Connection& first = open();
  ASSERT_TRUE(create(first, "CREATE TABLE t (i INTEGER); INSERT INTO t VALUES (1)"));
  Connection& second = open({.busy_timeout = 50ms});
  auto held = Transaction::begin(first, Transaction::Kind::kWrite);
  ASSERT_TRUE(first.run("UPDATE t SET i = 2"));
  const auto start = std::chrono::steady_clock::now();
  const auto refused = second.run("UPDATE t SET i = 3");
  ASSERT_FALSE(refused);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 50ms);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(refused.error().message.find(": another process is writing"), std::string::npos) << refused.error().message;
  ASSERT_TRUE(held->commit());
  EXPECT_TRUE(second.run("UPDATE t SET i = 3"));
}

class SqliteFile : public testing::Test {
 protected:
  std::filesystem::path file() const { return directory_.path() / "test.db"; }
  TemporaryDirectory directory_;
};

TEST_F(SqliteFile, a_full_file_keeps_what_was_there_and_works_again_when_there_is_room) {
  const std::vector<std::byte> megabyte(1 << 20, std::byte{1});
  {
    const auto connection = open_sqlite(file(), {.file_bytes_max = 4 << 20}).value();
    ASSERT_TRUE(connection->run_script("CREATE TABLE t (b BLOB)"));
    ASSERT_TRUE(connection->run("INSERT INTO t VALUES ($1)", {std::span(megabyte)}));
    auto transaction = Transaction::begin(*connection, Transaction::Kind::kWrite);
    base::Result<std::int64_t> inserted = 0;
    for (int i = 0; i < 8 && inserted; ++i) {
      inserted = connection->run("INSERT INTO t VALUES ($1)", {std::span(megabyte)});
    }
    ASSERT_FALSE(inserted);
    EXPECT_EQ(inserted.error().code, ErrorCode::kUnavailable);
    EXPECT_NE(inserted.error().message.find("free disk space"), std::string::npos) << inserted.error().message;
  }
  const auto connection = open_sqlite(file()).value();
  EXPECT_EQ(connection->query_integer("SELECT count(*) FROM t"), 1);
  EXPECT_TRUE(connection->run("INSERT INTO t VALUES ($1)", {std::span(megabyte)}));
}

TEST_F(SqliteFile, a_file_that_is_no_database_is_data_loss_not_a_crash) {
  std::ofstream(file()) << std::string(5'000, 'x');
  const auto connection = open_sqlite(file());
  ASSERT_FALSE(connection);
  EXPECT_EQ(connection.error().code, ErrorCode::kDataLoss);
  EXPECT_NE(connection.error().message.find("test.db"), std::string::npos);
}

TEST_F(SqliteFile, a_folder_that_is_not_there_is_named) {
  const auto connection = open_sqlite(directory_.path() / "missing" / "test.db");
  ASSERT_FALSE(connection);
  EXPECT_EQ(connection.error().code, ErrorCode::kIo);
  EXPECT_NE(connection.error().message.find("missing/test.db"), std::string::npos);
}

/// What a server does to a connection that a file does not.
class PostgresServer : public testing::Test {
 protected:
  void SetUp() override {
    if (test_server_url().empty()) GTEST_SKIP() << "no test server: set TRADEASSIST_TEST_POSTGRES";
    database_.emplace(Dialect::kPostgres);
    connection_ = open_connection(database_->address()).value();
    ASSERT_TRUE(connection_->run_script("CREATE TABLE t (i BIGINT PRIMARY KEY)"));
  }

  /// Ends the connection's process on the server, as a restart of it does.
  void cut(Connection& connection) {
    const std::int64_t process = connection.query_integer("SELECT pg_backend_pid()").value();
    ASSERT_EQ(
        open_connection(database_->address()).value()->query_integer("SELECT pg_terminate_backend($1)", {process}), 1);
  }

  std::optional<TestDatabase> database_;
  std::unique_ptr<Connection> connection_;
};

TEST_F(PostgresServer, a_transaction_whose_server_went_away_may_be_repeated) {
  int tries = 0;
  while (true) {
    ASSERT_LE(++tries, 2);
    auto transaction = Transaction::begin(*connection_, Transaction::Kind::kWrite);
    ASSERT_TRUE(transaction) << transaction.error().message;
    ASSERT_TRUE(connection_->run("INSERT INTO t VALUES ($1)", {1}));
    if (tries == 1) cut(*connection_);
    const auto inserted = connection_->run("INSERT INTO t VALUES ($1)", {2});
    if (inserted) {
      ASSERT_TRUE(transaction->commit());
      break;
    }
    EXPECT_EQ(inserted.error().code, ErrorCode::kUnavailable) << inserted.error().message;
    EXPECT_TRUE(connection_->may_retry());
  }
  EXPECT_EQ(tries, 2);
  EXPECT_EQ(connection_->query_integer("SELECT count(*) FROM t"), 2);
}

TEST_F(PostgresServer, statements_sent_ahead_are_all_kept_or_none) {
  {
    auto transaction = Transaction::begin(*connection_, Transaction::Kind::kWrite);
    for (int i = 0; i < 5'000; ++i) ASSERT_TRUE(connection_->run_later("INSERT INTO t VALUES ($1)", {i}));
    EXPECT_EQ(connection_->query_integer("SELECT count(*) FROM t"), 5'000);
    ASSERT_TRUE(transaction->commit());
  }
  {
    auto transaction = Transaction::begin(*connection_, Transaction::Kind::kWrite);
    ASSERT_TRUE(connection_->run_later("INSERT INTO t VALUES ($1)", {6'000}));
    ASSERT_TRUE(connection_->run_later("INSERT INTO t VALUES ($1)", {17}));  // there already
    ASSERT_TRUE(connection_->run_later("INSERT INTO t VALUES ($1)", {6'001}));
    const auto committed = transaction->commit();
    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().code, ErrorCode::kAlreadyExists) << committed.error().message;
  }
  EXPECT_EQ(connection_->query_integer("SELECT count(*) FROM t"), 5'000);
}

TEST_F(PostgresServer, a_pool_repeats_what_a_lost_server_interrupted) {
  struct Session {
    explicit Session(std::unique_ptr<Connection> opened) : connection(std::move(opened)) {}
    std::unique_ptr<Connection> connection;
  };
  ConnectionPool<Session> pool(database_->address(), {}, 2, 1s);
  int tries = 0;
  const auto done = pool.use([&](Session& session) -> base::Result<void> {
    TRY_ASSIGN(Transaction transaction, Transaction::begin(*session.connection, Transaction::Kind::kWrite));
    if (++tries < 3) cut(*session.connection);
    TRY(session.connection->run("INSERT INTO t VALUES ($1)", {1}));
    return transaction.commit();
  });
  EXPECT_TRUE(done) << done.error().message;
  EXPECT_EQ(tries, 3);
  EXPECT_EQ(pool.metrics().retries, 2);
  EXPECT_EQ(pool.metrics().in_use, 0);
  EXPECT_EQ(connection_->query_integer("SELECT count(*) FROM t"), 1);
}

TEST_F(PostgresServer, what_is_wrong_with_a_url_is_said_and_no_password_shown) {
  const auto refused = [](const std::string& url) {
    const auto opened = open_connection({.url = url, .schema = "x"}, {.outage_timeout = 100ms});
    return opened ? base::Error{} : opened.error();
  };
  EXPECT_EQ(refused("mysql://localhost/x").code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused("postgresql://[").code, ErrorCode::kInvalidArgument);
  const base::Error away = refused("postgresql://me:secret@127.0.0.1:1/x");
  EXPECT_EQ(away.code, ErrorCode::kUnavailable);
  EXPECT_NE(away.message.find("postgresql://me@127.0.0.1:1/x"), std::string::npos) << away.message;
  EXPECT_EQ(away.message.find("secret"), std::string::npos) << away.message;
  std::string other = test_server_url();
  other.replace(other.rfind('/'), std::string::npos, "/no_such_database");
  EXPECT_EQ(refused(other).code, ErrorCode::kNotFound) << refused(other).message;
}

}  // namespace
}  // namespace tradeassist::store
