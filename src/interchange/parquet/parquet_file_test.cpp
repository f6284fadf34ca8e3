#include "interchange/parquet/parquet_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "interchange/duckdb/database.hpp"
#include "interchange/testing/series.hpp"

namespace tradeassist::interchange {
namespace {

using ::testing::HasSubstr;

/// A folder that is gone with the test.
class ParquetFile : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "tradeassist-parquet-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path path(const std::string& name) const { return folder_ / name; }

  /// Another's file: whatever the query gives.
  std::filesystem::path write(const std::string& select) const {
    auto connection = Connection::open();
    EXPECT_TRUE(connection) << connection.error().message;
    const auto to = path("given.parquet");
    const auto done = connection->run("COPY (" + select + ") TO " + sql_text(to.string()) + " (FORMAT parquet)");
    EXPECT_TRUE(done) << done.error().message;
    return to;
  }

  static SeriesMetadata metadata() {
    return {.symbol = "it's",
            .source = "csv",
            .time_zone = "UTC",
            .timeframe = "1d",
            .exported_at = base::time_from_nanoseconds(0)};
  }

  std::filesystem::path folder_;
};

TEST_F(ParquetFile, carries_every_bit_of_bars) {
  for (const std::size_t rows : {std::size_t{0}, std::size_t{1}, std::size_t{3}, std::size_t{200'000}}) {
    const market::Series given = testing::difficult_series(rows, static_cast<unsigned>(rows));
    const auto file = path("we[i]rd * na'me.parquet");
    const auto written = write_parquet({given, metadata()}, file);
    ASSERT_TRUE(written) << written.error().message;
    const auto back = read_parquet(file);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_TRUE(market::is_same(*back, given));
    for (const market::ValueColumn column : market::kOptionalColumns) {
      EXPECT_EQ(market::is_present(*back, column), market::is_present(given, column));
    }
  }
}

TEST_F(ParquetFile, optional_columns_of_others_are_found_by_their_names) {
  const auto series = read_parquet(
      write("SELECT TIMESTAMP '2020-01-02 14:30:00' AS t, 1.0 AS o, 2.0 AS h, 0.5 AS l, 1 AS c, 7::BIGINT AS "
            "\"Open Interest\", NULL::INTEGER AS transactions, 1.25::DECIMAL(9,2) AS vw"));
  ASSERT_TRUE(series) << series.error().message;
  EXPECT_EQ(series->open_interest, std::vector<double>{7});
  ASSERT_EQ(series->trade_count.size(), 1U);
  EXPECT_NE(series->trade_count[0], series->trade_count[0]);
  EXPECT_EQ(series->vwap, std::vector<double>{1.25});
}

TEST_F(ParquetFile, reads_times_of_every_usual_type) {
  const std::string prices =
      ", 1.0 AS o, 2.0::DECIMAL(9,2) AS \"High\", 0.5::FLOAT AS low, 1 AS \"Adj Close\", 7 AS "
      "close, 100 AS vol";
  for (const char* time :
       {"TIMESTAMP_NS '2020-01-02 14:30:00' AS t", "TIMESTAMP '2020-01-02 14:30:00' AS time",
        "TIMESTAMP_MS '2020-01-02 14:30:00' AS datetime", "TIMESTAMP_S '2020-01-02 14:30:00' AS t",
        "TIMESTAMPTZ '2020-01-02 15:30:00+01' AS ts", "1577975400::BIGINT AS time", "1577975400::INTEGER AS time",
        "1577975400000::BIGINT AS time", "1577975400000000::BIGINT AS time", "1577975400000000000::BIGINT AS time"}) {
    const auto series = read_parquet(write(std::string("SELECT ") + time + prices));
    ASSERT_TRUE(series) << time << ": " << series.error().message;
    ASSERT_EQ(series->size(), 1U);
    EXPECT_EQ(series->time[0], 1'577'975'400'000'000'000) << time;
    EXPECT_EQ(series->open[0], 1.0);
    EXPECT_EQ(series->high[0], 2.0);
    EXPECT_EQ(series->low[0], 0.5);
    EXPECT_EQ(series->close[0], 7.0);
    EXPECT_EQ(series->volume[0], 100.0);
  }
  const auto dates = read_parquet(write("SELECT DATE '2020-01-02' AS date" + prices));
  ASSERT_TRUE(dates) << dates.error().message;
  EXPECT_EQ(dates->time[0], 1'577'923'200'000'000'000);
}

TEST_F(ParquetFile, null_is_nan_and_volume_may_be_missing) {
  const auto series =
      read_parquet(write("SELECT 1577975400 AS time, NULL::DOUBLE AS open, 2 AS high, 1 AS low, 1 AS close"));
  ASSERT_TRUE(series) << series.error().message;
  EXPECT_TRUE(std::isnan(series->open[0]));
  EXPECT_TRUE(std::isnan(series->volume[0]));
}

TEST_F(ParquetFile, refuses_what_is_no_series_and_says_why) {
  const auto error = [&](const std::string& select) {
    const auto series = read_parquet(write(select));
    return series ? std::string("it was read") : series.error().message;
  };
  EXPECT_THAT(error("SELECT 1 AS time, 1 AS open, 1 AS low, 1 AS close"),
              HasSubstr("no column is named like the high; the columns are time, open, low, close"));
  EXPECT_THAT(error("SELECT 1 AS time, {'a': 1} AS open, 1 AS high, 1 AS low, 1 AS close"),
              HasSubstr("column 'open' is nested (STRUCT(a INTEGER))"));
  EXPECT_THAT(error("SELECT 1 AS time, [1] AS open, 1 AS high, 1 AS low, 1 AS close"), HasSubstr("is nested"));
  EXPECT_THAT(error("SELECT 'noon' AS time, 1 AS open, 1 AS high, 1 AS low, 1 AS close"),
              HasSubstr("column 'time' holds the time as VARCHAR"));
  EXPECT_THAT(error("SELECT NULL::TIMESTAMP AS time, 1 AS open, 1 AS high, 1 AS low, 1 AS close"),
              HasSubstr("row 1 has no time"));
  EXPECT_THAT(error("SELECT unnest([60, 120, 120]) AS time, 1 AS open, 1 AS high, 1 AS low, 1 AS close"),
              HasSubstr("row 3: 1970-01-01T00:02:00Z does not come after the row before it"));
  EXPECT_THAT(error("SELECT TIMESTAMP '9000-01-01' AS time, 1 AS open, 1 AS high, 1 AS low, 1 AS close"),
              HasSubstr("verflow"));

  std::ofstream(path("text.parquet")) << "time,open\n1,2\n";
  EXPECT_THAT(read_parquet(path("text.parquet")).error().message, HasSubstr("text.parquet: "));
  EXPECT_FALSE(read_parquet(path("missing.parquet")));
}

TEST_F(ParquetFile, leaves_nothing_behind_when_it_cannot_be_written) {
  std::filesystem::create_directory(path("taken"));
  const auto written = write_parquet({testing::difficult_series(3, 1), metadata()}, path("taken"));
  EXPECT_FALSE(written);
  EXPECT_FALSE(std::filesystem::exists(path("taken.part")));
  EXPECT_FALSE(write_parquet({market::Series(), metadata()}, path("no/such/folder.parquet")));
}

}  // namespace
}  // namespace tradeassist::interchange
