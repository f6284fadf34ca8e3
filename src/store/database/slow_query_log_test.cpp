#include "store/database/slow_query_log.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "store/testing/test_database.hpp"

namespace tradeassist::store {
namespace {

using namespace std::chrono_literals;

TEST(SlowQueryLog, keeps_the_newest_of_those_beyond_the_threshold_and_counts_all) {
  SlowQueryLog log(10ms);
  log.record("fast", 9ms);
  for (int i = 0; i < 150; ++i) log.record("slow " + std::to_string(i), 10ms);
  EXPECT_EQ(log.count(), 150);
  EXPECT_EQ(log.durations().count(), 151u);
  EXPECT_NEAR(log.durations().sum, 0.009 + 150 * 0.010, 1e-9);
  const auto newest = log.newest();
  ASSERT_EQ(newest.size(), SlowQueryLog::kKeptMax);
  EXPECT_EQ(newest.front().sql, "slow 149");
  EXPECT_EQ(newest.back().sql, "slow 50");
}

TEST(SlowQueryLog, cuts_long_statements) {
  SlowQueryLog log(0ns);
  log.record(std::string(10'000, 'x'), 1ns);
  EXPECT_EQ(log.newest()[0].sql.size(), SlowQueryLog::kTextMax);
}

class SlowQueries : public testing::TestWithParam<Dialect> {};
INSTANTIATE_ON_BOTH_DATABASES(SlowQueries);

TEST_P(SlowQueries, a_connection_tells_of_its_statements_without_their_values) {
  SlowQueryLog log(0ns);  // every statement is slow
  const TestDatabase database(GetParam());
  const auto connection = open_connection(database.address(), {.slow_queries = &log}).value();
  const auto was_told = [&](std::string_view sql) {
    return std::ranges::any_of(log.newest(), [&](const SlowQuery& each) { return each.sql == sql; });
  };
  ASSERT_TRUE(connection->run_script("CREATE TABLE t (x TEXT)"));
  ASSERT_TRUE(connection->run("INSERT INTO t (x) VALUES ($1)", {"secret"}));
  ASSERT_TRUE(connection->query_integer("SELECT count(*) FROM t WHERE x = $1", {"secret"}));
  {
    Transaction transaction = Transaction::begin(*connection, TransactionKind::kWrite).value();
    ASSERT_TRUE(transaction.commit());
  }
  EXPECT_TRUE(was_told("CREATE TABLE t (x TEXT)"));
  EXPECT_TRUE(was_told("INSERT INTO t (x) VALUES ($1)"));
  EXPECT_TRUE(was_told("SELECT count(*) FROM t WHERE x = $1"));
  EXPECT_TRUE(was_told("COMMIT"));
  for (const SlowQuery& each : log.newest()) EXPECT_EQ(each.sql.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace tradeassist::store
