#include "store/benchmark/database_benchmark.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "store/benchmark/minute_bars.hpp"
#include "store/benchmark/row_tables.hpp"
#include "store/benchmark/scratch_database.hpp"
#include "store/testing/test_database.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;

class DatabaseBenchmark : public testing::TestWithParam<Dialect> {
 protected:
  /// What of the benchmark lies beside the database.
  bool scratch_is_there() {
    if (!database_.address().is_server()) {
      return std::filesystem::exists(database_.directory() / "benchmark-scratch");
    }
    const auto connection = open_connection(database_.address()).value();
    return connection
               ->query_integer("SELECT count(*) FROM pg_namespace WHERE nspname = $1",
                               {database_.address().schema + "_benchmark"})
               .value() > 0;
  }

  BenchmarkOptions few_rows() {
    BenchmarkOptions options;
    options.rows = options.rows.at_most(40);
    options.program_version = "test";
    return options;
  }

  TestDatabase database_{GetParam()};
};
INSTANTIATE_ON_BOTH_DATABASES(DatabaseBenchmark);

TEST_P(DatabaseBenchmark, measures_everything_and_leaves_nothing_behind) {
  std::vector<double> shares;
  BenchmarkOptions options = few_rows();
  options.on_progress = [&](double share, std::string_view) { shares.push_back(share); };
  const auto run = benchmark_database(database_.address(), options);
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_TRUE(run->is_complete());
  EXPECT_EQ(run->database_kind, GetParam() == Dialect::kSqlite ? "SQLite" : "PostgreSQL");
  EXPECT_FALSE(run->database_version.empty());
  EXPECT_GE(run->hardware.cores, 1);
  EXPECT_EQ(run->measurements.size(), 7U);
  for (const Measurement& each : run->measurements) {
    SCOPED_TRACE(each.name + ": " + each.reason.value_or(""));
    ASSERT_TRUE(each.value && each.rival_value && each.ratio && each.spread);
    EXPECT_GT(*each.value, 0);
    EXPECT_GT(*each.rival_value, 0);
    EXPECT_GE(*each.spread, 0);
    EXPECT_GE(each.runs, 3);
    EXPECT_EQ(each.rows, 40);
    EXPECT_DOUBLE_EQ(*each.ratio,
                     each.higher_is_better ? *each.value / *each.rival_value : *each.rival_value / *each.value);
  }
  EXPECT_EQ(shares.size(), 7U);
  EXPECT_TRUE(std::ranges::is_sorted(shares));
  EXPECT_FALSE(scratch_is_there());
}

TEST_P(DatabaseBenchmark, says_whether_commits_are_durable_here) {
  const auto run = benchmark_database(database_.address(), few_rows()).value();
  bool durable = true;
  if (GetParam() == Dialect::kPostgres) {
    const auto connection = open_connection(database_.address()).value();
    durable = connection->query_integer("SELECT (current_setting('fsync') = 'on')::int").value() == 1;
  }
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(run.measurements[static_cast<std::size_t>(i)].description.find("NOT durable") == std::string::npos,
              durable);
  }
}

TEST_P(DatabaseBenchmark, without_time_nothing_is_measured_and_each_number_says_why) {
  BenchmarkOptions options = few_rows();
  options.time_max = std::chrono::seconds(0);
  const auto run = benchmark_database(database_.address(), options);
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_FALSE(run->is_complete());
  for (const Measurement& each : run->measurements) {
    EXPECT_FALSE(each.value || each.ratio);
    EXPECT_TRUE(each.reason);
  }
}

TEST_P(DatabaseBenchmark, stops_when_it_is_asked_to_and_cleans_up) {
  std::stop_source stop;
  BenchmarkOptions options = few_rows();
  options.stop = stop.get_token();
  options.on_progress = [&](double share, std::string_view) {
    EXPECT_TRUE(scratch_is_there());
    if (share > 0) stop.request_stop();
  };
  const auto run = benchmark_database(database_.address(), options);
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().code, ErrorCode::kCancelled);
  EXPECT_FALSE(scratch_is_there());
}

TEST_P(DatabaseBenchmark, one_runs_at_a_time) {
  const auto scratch = ScratchDatabase::make(database_.address()).value();
  const auto second = benchmark_database(database_.address(), few_rows());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(scratch_is_there());
}

TEST_P(DatabaseBenchmark, what_a_killed_one_left_is_removed_by_the_next) {
  DatabaseAddress left = database_.address();
  if (left.is_server()) {
    left.schema += "_benchmark";
  } else {
    left.file = database_.directory() / "benchmark-scratch" / "market.db";
  }
  ASSERT_TRUE(open_connection(left).value()->run_script("CREATE TABLE left_over (x INTEGER)"));
  EXPECT_TRUE(benchmark_database(database_.address(), few_rows()));
  EXPECT_FALSE(scratch_is_there());
}

TEST_P(DatabaseBenchmark, both_designs_keep_the_same_bars) {
  const auto connection = open_connection(database_.address()).value();
  ASSERT_TRUE(create_row_bars(*connection));
  const market::Series bars = minute_bars(1'000);
  ASSERT_TRUE(fill_row_bars(*connection, 1, bars.slice(0, 999)));
  ASSERT_TRUE(insert_row_bar(*connection, 1, bars.bar(999)));
  const market::Series read = read_row_bars(*connection, 1).value();
  ASSERT_EQ(read.time, bars.time);
  for (std::size_t i = 0; i < read.size(); ++i) {
    EXPECT_NEAR(read.open[i], bars.open[i], 1e-9);
    EXPECT_NEAR(read.high[i], bars.high[i], 1e-9);
    EXPECT_NEAR(read.low[i], bars.low[i], 1e-9);
    EXPECT_NEAR(read.close[i], bars.close[i], 1e-9);
    EXPECT_NEAR(read.volume[i], bars.volume[i], 1e-9);
  }
}

TEST_P(DatabaseBenchmark, both_kinds_of_arithmetic_and_both_ways_of_looking_up_agree) {
  const auto connection = open_connection(database_.address()).value();
  const auto scans = open_connection(database_.address()).value();
  ASSERT_TRUE(create_calculation_tables(*connection, 3'000));
  ASSERT_TRUE(forbid_indexes(*scans));
  double turnover = 0, sum = 0, squares = 0;
  for (std::int64_t i = 1; i <= 3'000; ++i) {
    const double price = 100 + static_cast<double>(i * 7919 % 5000) / 100.0;
    turnover += price * static_cast<double>(100 + i * 31 % 900);
    sum += price / 3'000;
    squares += price * price / 3'000;
  }
  for (const Arithmetic arithmetic : {Arithmetic::kFloating, Arithmetic::kDecimal}) {
    const Calculated found = calculate(*connection, arithmetic).value();
    EXPECT_NEAR(found.turnover / turnover, 1, 1e-9);
    EXPECT_NEAR(found.variance, squares - sum * sum, 1e-5);
  }
  EXPECT_EQ(count_between(*connection, Lookup::kIndex, 60 * 11, 60 * 30).value(), 20);
  EXPECT_EQ(count_between(*scans, Lookup::kScan, 60 * 11, 60 * 30).value(), 20);
}

TEST_P(DatabaseBenchmark, the_index_is_used_in_one_lookup_and_not_in_the_other) {
  const auto connection = open_connection(database_.address()).value();
  const auto scans = open_connection(database_.address()).value();
  ASSERT_TRUE(create_calculation_tables(*connection, 50'000));
  ASSERT_TRUE(forbid_indexes(*scans));
  const bool on_server = GetParam() == Dialect::kPostgres;
  const auto plan = [&](Connection& asked, const char* not_indexed) {
    std::string text;
    const std::string sql = std::string(on_server ? "EXPLAIN " : "EXPLAIN QUERY PLAN ") +
                            "SELECT count(price) FROM floating" + (on_server ? "" : not_indexed) +
                            " WHERE time BETWEEN 600 AND 1200";
    const auto lines =
        asked.query_all(sql, {}, [&](const Row& row) { return std::string(row.text(on_server ? 0 : 3)); });
    for (const std::string& line : lines.value()) text += line + "\n";
    return text;
  };
  EXPECT_NE(plan(*connection, "").find("floating_by_time"), std::string::npos);
  EXPECT_EQ(plan(*scans, " NOT INDEXED").find("floating_by_time"), std::string::npos);
}

}  // namespace
}  // namespace tradeassist::store
