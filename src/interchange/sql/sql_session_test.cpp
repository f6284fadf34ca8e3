#include "interchange/sql/sql_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <thread>

namespace tradeassist::interchange {
namespace {

using ::testing::HasSubstr;

/// A store with three daily bars of TEST, the second of which knows no volume.
class SqlSessionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "tradeassist-sql-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    auto opened = store::MarketStore::open(folder_ / "data");
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
    market::Instrument instrument;
    instrument.symbol = "TEST";
    ASSERT_TRUE(store_->put_instrument(instrument));
    const auto series = store_->ensure_series({"TEST", {market::Timeframe::Unit::kDay, 1}, "csv"});
    ASSERT_TRUE(series);
    const auto import = store_->begin_import(*series, "csv", "");
    ASSERT_TRUE(import);
    market::Series bars;
    for (int day = 0; day < 3; ++day) {
      bars.push_back({base::time_from_nanoseconds((18'263 + day) * base::kNanosecondsPerDay), 1.25 + day, 2.5 + day,
                      1.0 + day, 2.0 + day, day == 1 ? std::numeric_limits<double>::quiet_NaN() : 100.0});
    }
    ASSERT_TRUE(store_->append(*series, bars, *import));
    ASSERT_TRUE(store_->finish_import(*import));
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::string ask(const std::string& sql, SqlFormat format = SqlFormat::kCsv, const SqlOptions& options = {},
                  std::int64_t rows_max = 1'000) {
    auto session = SqlSession::open(*store_, options);
    if (!session) return session.error().message;
    const auto result = session->run(sql, format, rows_max);
    return result ? result->bytes : "error: " + result.error().message;
  }

  std::filesystem::path folder_;
  std::unique_ptr<store::MarketStore> store_;
};

TEST_F(SqlSessionTest, bars_are_a_table_and_unknown_values_are_null) {
  EXPECT_EQ(ask("FROM bars('TEST', '1d')"),
            "time,open,high,low,close,volume,open_interest,trade_count,vwap\n"
            "2020-01-02T00:00:00Z,1.25,2.5,1,2,100,,,\n"
            "2020-01-03T00:00:00Z,2.25,3.5,2,3,,,,\n"
            "2020-01-04T00:00:00Z,3.25,4.5,3,4,100,,,\n");
  EXPECT_EQ(ask("SELECT typeof(time) AS t, close FROM bars('TEST', '1d', last := 1)"), "t,close\nTIMESTAMP_NS,4\n");
  EXPECT_EQ(ask("SELECT count(*) AS n, sum(close) AS s FROM bars('TEST', '1d', \"from\" := '2020-01-03', \"to\" := "
                "'2020-01-04', source := 'csv')"),
            "n,s\n1,3\n");
  EXPECT_EQ(ask("SELECT volume FROM bars('TEST', '1d') WHERE volume IS NULL", SqlFormat::kJson),
            "[\n{\"volume\":null}\n]\n");
}

TEST_F(SqlSessionTest, many_bars_are_read_in_parts_with_what_is_known_of_some) {
  ASSERT_TRUE(store_->put_instrument({.symbol = "MANY"}));
  const auto series = store_->ensure_series({"MANY", {market::Timeframe::Unit::kMinute, 1}, "csv"});
  ASSERT_TRUE(series);
  const auto import = store_->begin_import(*series, "csv", "");
  ASSERT_TRUE(import);
  constexpr int kMany = 140'000;  // more than two parts
  market::Series bars;
  for (int i = 0; i < kMany; ++i) {
    market::Bar bar{base::time_from_nanoseconds(i * 60 * base::kNanosecondsPerSecond), 1, 2, 0.5, 1.5, 10};
    bar.vwap = i % 2 == 0 ? i : market::kNotKnown;
    bars.push_back(bar);
  }
  ASSERT_TRUE(store_->append(*series, bars, *import));
  EXPECT_EQ(ask("SELECT count(*) AS n, count(DISTINCT time) AS times, count(vwap) AS known, sum(vwap) AS s, "
                "count(open_interest) AS oi, max(time) AS newest FROM bars('MANY', '1m')"),
            "n,times,known,s,oi,newest\n140000,140000,70000,4899930000,0,1970-04-08T05:19:00Z\n");
}

TEST_F(SqlSessionTest, prices_are_adjusted_for_splits_and_dividends_where_that_is_asked) {
  const store::ActionOf split{"TEST", {18'264, market::CorporateAction::Kind::kSplit, 2}};
  ASSERT_TRUE(store_->put_corporate_actions({&split, 1}, "test"));
  EXPECT_EQ(ask("SELECT close, volume FROM bars('TEST', '1d', price_adjustment := 'splits')"),
            "close,volume\n1,200\n3,\n4,100\n");
  EXPECT_EQ(ask("SELECT close FROM bars('TEST', '1d', price_adjustment := 'raw')"), "close\n2\n3\n4\n");
  EXPECT_THAT(ask("FROM bars('TEST', '1d', price_adjustment := 'some')"), HasSubstr("splits_and_dividends"));
}

TEST_F(SqlSessionTest, instruments_and_series_say_what_is_stored) {
  EXPECT_EQ(ask("SELECT symbol, asset_class, tick_size FROM instruments()"),
            "symbol,asset_class,tick_size\nTEST,stock,0.01\n");
  EXPECT_EQ(
      ask("SELECT symbol, timeframe, source, bars, first_time, last_time, corrections, appended_at > '2020-01-01' "
          "AS fresh FROM series()"),
      "symbol,timeframe,source,bars,first_time,last_time,corrections,fresh\n"
      "TEST,1d,csv,3,2020-01-02T00:00:00Z,2020-01-04T00:00:00Z,0,true\n");
}

TEST_F(SqlSessionTest, errors_of_the_store_are_the_query_s) {
  EXPECT_THAT(ask("FROM bars('NONE', '1d')"), HasSubstr("error: bars('NONE', '1d'): "));
  EXPECT_THAT(ask("FROM bars('NONE', '1d')"), HasSubstr("NONE"));
  EXPECT_THAT(ask("FROM bars('TEST', '1m')"), HasSubstr("1m bars of TEST cannot be made of what is stored (1d)"));
  EXPECT_THAT(ask("FROM bars('TEST', 'fortnight')"), HasSubstr("fortnight"));
  EXPECT_THAT(ask("FROM bars('TEST', '1d', \"from\" := 'noon')"), HasSubstr("noon"));
  EXPECT_THAT(ask("FROM bars('TEST', '1d', last := 0)"), HasSubstr("must be at least 1"));
  EXPECT_THAT(ask("FROM bars('TEST', '1d', last := 1, \"to\" := '2020-01-01')"),
              HasSubstr("either last or from and to"));
  EXPECT_THAT(ask("FROM bars(NULL, '1d')"), HasSubstr("symbol is NULL"));
  SqlOptions narrow;
  narrow.bars_max = 2;
  EXPECT_THAT(ask("FROM bars('TEST', '1d')", SqlFormat::kCsv, narrow), HasSubstr("2"));
}

TEST_F(SqlSessionTest, changes_nothing_and_reaches_no_file) {
  const std::string target = (folder_ / "out.csv").string();
  const SqlOptions with_files{.reads_files = true};
  for (const std::string& sql :
       {"COPY (SELECT 1) TO " + sql_text(target), std::string("CREATE TABLE t (a INTEGER)"),
        "ATTACH " + sql_text(target), std::string("SET enable_external_access = true"), std::string("INSTALL httpfs"),
        std::string("LOAD httpfs"), "EXPLAIN ANALYZE COPY (SELECT 1) TO " + sql_text(target),
        std::string("SELECT 1; SELECT 2"), "EXPORT DATABASE " + sql_text(target), std::string("")}) {
    EXPECT_THAT(ask(sql), HasSubstr("error: ")) << sql;
    EXPECT_THAT(ask(sql, SqlFormat::kCsv, with_files), HasSubstr("error: ")) << sql;
  }
  EXPECT_FALSE(std::filesystem::exists(target));
  std::ofstream(target) << "a,b\n1,2\n";
  EXPECT_THAT(ask("FROM " + sql_text(target)), HasSubstr("disabled by configuration"));
  EXPECT_THAT(ask("SELECT * FROM read_text(" + sql_text(target) + ")"), HasSubstr("disabled by configuration"));
  EXPECT_EQ(ask("SELECT b FROM " + sql_text(target), SqlFormat::kCsv, with_files), "b\n2\n");
  EXPECT_THAT(ask("FROM 'https://example.com/a.csv'", SqlFormat::kCsv, with_files), HasSubstr("error: "));
}

TEST_F(SqlSessionTest, prints_values_of_every_type) {
  EXPECT_EQ(ask("SELECT 1.50::DECIMAL(9,2) AS a, [1, 2] AS b, INTERVAL 1 DAY AS c, DATE '2020-01-02' AS d, true AS e, "
                "170141183460469231731687303715884105727 AS f, 'a,\"b' AS g, NULL AS h, 'nan'::DOUBLE AS i, "
                "-0.0::DOUBLE AS j, "
                "TIMESTAMP '2020-01-02 03:04:05.5' AS k;"),
            "a,b,c,d,e,f,g,h,i,j,k\n1.50,\"[1, 2]\",1 day,2020-01-02,true,170141183460469231731687303715884105727,"
            "\"a,\"\"b\",,nan,-0,2020-01-02T03:04:05.5Z\n");
  EXPECT_EQ(ask("SELECT 'x\"\n' AS a, 'inf'::DOUBLE AS b, 1::TINYINT AS b, [1.5] AS \"c\"\"d\"", SqlFormat::kJson),
            "[\n{\"a\":\"x\\\"\\n\",\"b\":null,\"b\":1,\"c\\\"d\":\"[1.5]\"}\n]\n");
  EXPECT_EQ(ask("SELECT 5 AS n, 'é' AS text UNION ALL SELECT 10, 'abc' ORDER BY n", SqlFormat::kTable),
            " n  text\n--  ----\n 5  é\n10  abc\n");
  EXPECT_THAT(ask("SELECT TIMESTAMP '9000-01-01' AS far"), HasSubstr("column 'far', row 1"));
}

TEST_F(SqlSessionTest, what_ends_a_statement_may_be_there_or_not) {
  for (const std::string& end :
       std::vector<std::string>{"", ";", " ;\n", "; -- ) ; comment", "-- ; comment\n;", " /* ; */ ;"}) {
    EXPECT_EQ(ask("SELECT 2.5 AS a, ';' AS b" + end), "a,b\n2.5,;\n") << end;
    EXPECT_EQ(ask("SUMMARIZE SELECT 1 AS a" + end).substr(0, 24), "column_name,column_type,") << end;
  }
  SqlOptions options;
  options.output_file = (folder_ / "out.parquet").string();
  auto session = SqlSession::open(*store_, options);
  ASSERT_TRUE(session);
  EXPECT_EQ(session->write_parquet("SUMMARIZE FROM bars('TEST', '1d'); -- done", 10), 9);  // a row a column
  EXPECT_THAT(session->write_parquet("COPY (SELECT 1) TO 'x'", 10).error().message, HasSubstr("only queries"));
  const auto many = session->write_parquet("FROM bars('TEST', '1d')", 2);
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error().code, base::ErrorCode::kResourceExhausted) << many.error().message;
}

TEST_F(SqlSessionTest, rows_beyond_the_bound_are_cut_for_people_and_refused_for_programs) {
  auto session = SqlSession::open(*store_);
  ASSERT_TRUE(session);
  const auto table = session->run("SELECT range AS n FROM range(10)", SqlFormat::kTable, 3);
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->bytes, "n\n-\n0\n1\n2\n");
  EXPECT_TRUE(table->is_cut);
  for (const SqlFormat format : {SqlFormat::kCsv, SqlFormat::kJson, SqlFormat::kArrow}) {
    EXPECT_EQ(session->run("SELECT range AS n FROM range(10)", format, 9).error().code,
              base::ErrorCode::kResourceExhausted);
    EXPECT_EQ(session->run("SELECT range AS n FROM range(10)", format, 10)->rows, 10);
  }
}

TEST_F(SqlSessionTest, an_error_far_into_the_rows_is_an_error_and_not_the_end) {
  EXPECT_THAT(ask("SELECT CASE WHEN range = 900000 THEN 'x' ELSE '1' END::INTEGER AS n FROM range(1000000)",
                  SqlFormat::kCsv, {}, 2'000'000),
              HasSubstr("error: "));
}

TEST_F(SqlSessionTest, memory_is_bounded) {
  SqlOptions small;
  small.database.memory_bytes_max = 64 << 20;
  auto session = SqlSession::open(*store_, small);
  ASSERT_TRUE(session);
  const auto result =
      session->run("SELECT count(*) FROM (SELECT DISTINCT hash(range) FROM range(20000000))", SqlFormat::kCsv, 10);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, base::ErrorCode::kResourceExhausted) << result.error().message;
}

TEST_F(SqlSessionTest, a_running_query_can_be_interrupted) {
  auto session = SqlSession::open(*store_);
  ASSERT_TRUE(session);
  std::atomic<bool> ended = false;
  std::jthread interrupter([&] {
    while (!ended) session->interrupt();
  });
  const auto result = session->run(
      "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range * b.range % 7 = 3", SqlFormat::kCsv, 10);
  ended = true;
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, base::ErrorCode::kCancelled) << result.error().message;
}

}  // namespace
}  // namespace tradeassist::interchange
