#include "interchange/plain/plain_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "interchange/duckdb/database.hpp"
#include "interchange/parquet/parquet_file.hpp"

namespace tradeassist::interchange {
namespace {

using ::testing::HasSubstr;

class PlainFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "tradeassist-plain-test-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(std::string_view content) const {
    const std::string path = (folder_ / "given.[x]").string();
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  std::string write_parquet_of(const std::string& select) const {
    const std::string path = (folder_ / "given.parquet").string();
    auto connection = Connection::open();
    EXPECT_TRUE(connection);
    const auto done = connection->run("COPY (" + select + ") TO " + sql_text(path) + " (FORMAT parquet)");
    EXPECT_TRUE(done) << done.error().message;
    return path;
  }
  /// The plain text, or what was wrong.
  static std::string plain(const std::string& path, std::int64_t rows_max = 1'000) {
    const auto made = make_plain(path, {base::ErrorCode::kInvalidArgument, "first reason"}, rows_max);
    if (!made) return "error: " + made.error().message;
    std::ostringstream text;
    text << std::ifstream(made->path, std::ios::binary).rdbuf();
    return text.str();
  }

  std::filesystem::path folder_;
};

constexpr const char* kPlain = "Date,Open,Close\n2020-01-02,1.50,2\n2020-01-03,2,3.25\n2020-01-04,2,3.5\n";

std::string with_delimiter(const std::string& delimiter) {
  std::string out;
  for (const char* at = kPlain; *at != '\0'; ++at) out += *at == ',' ? delimiter : std::string(1, *at);
  return out;
}

TEST_F(PlainFileTest, text_between_odd_delimiters_is_kept_as_it_is) {
  for (const char* delimiter : {"~", "^", "||", "::", "\x1f", "#"})
    EXPECT_EQ(plain(write(with_delimiter(delimiter))), kPlain) << delimiter;
}

TEST_F(PlainFileTest, utf_16_is_read) {
  std::string text = "\xff\xfe";
  for (const char* at = kPlain; *at != '\0'; ++at) text += std::string{*at, '\0'};
  EXPECT_EQ(plain(write(text)), kPlain);
}

TEST_F(PlainFileTest, latin_1_is_read_where_utf_8_is_not) {
  EXPECT_EQ(plain(write("Date~Er\xf6"
                        "ffnung~Schluss\n2020-01-02~1,5~2\n2020-01-03~1~2\n")),
            "Date,Er\xc3\xb6"
            "ffnung,Schluss\n2020-01-02,\"1,5\",2\n2020-01-03,1,2\n");
}

TEST_F(PlainFileTest, line_ends_in_quotes_become_spaces) {
  EXPECT_EQ(plain(write("Date~Close~Remark\n2020-01-02~1~\"two\nlines\"\n2020-01-03~2~\"one\"\n")),
            "Date,Close,Remark\n2020-01-02,1,two lines\n2020-01-03,2,one\n");
}

TEST_F(PlainFileTest, a_line_without_an_end_is_refused_at_once) {
  EXPECT_THAT(plain(write("time,close\n" + std::string(1 << 20, '1'))),
              HasSubstr("it has a line of 65536 bytes or more"));
}

TEST_F(PlainFileTest, the_bound_on_rows_leaves_one_more) {
  EXPECT_EQ(plain(write(with_delimiter("~")), 1), "Date,Open,Close\n2020-01-02,1.50,2\n2020-01-03,2,3.25\n");
}

TEST_F(PlainFileTest, the_plain_text_is_gone_with_its_owner) {
  auto made = make_plain(write(with_delimiter("~")), {}, 10);
  ASSERT_TRUE(made);
  EXPECT_TRUE(std::filesystem::exists(made->path));
  made->owner.reset();
  EXPECT_FALSE(std::filesystem::exists(made->path));
}

TEST_F(PlainFileTest, both_reasons_are_given_for_what_nobody_reads) {
  EXPECT_THAT(plain(write("once upon a time\nthere was a bar\n")),
              HasSubstr("first reason; nor could DuckDB read it: "));
  EXPECT_THAT(plain(write("a~b~c\n1~2~3\n4~5~6\n")), HasSubstr("first reason; nor could DuckDB read it: "));
}

TEST_F(PlainFileTest, parquet_columns_become_text_that_names_its_zone_where_the_file_does) {
  EXPECT_EQ(
      plain(write_parquet_of("SELECT TIMESTAMP_NS '2020-01-02 14:30:00.123456789' AS t, 0.1::DOUBLE AS open, "
                             "'nan'::DOUBLE AS high, 0.1::FLOAT AS low, 1.50::DECIMAL(9,2) AS close, [1] AS list, "
                             "NULL::BIGINT AS volume")),
      "t,open,high,low,close,volume\n2020-01-02 14:30:00.123456789,0.1,,0.1,1.50,\n");
  EXPECT_EQ(plain(write_parquet_of("SELECT TIMESTAMPTZ '2020-01-02 14:30:00+01' AS t, 1 AS close")),
            "t,close\n2020-01-02 13:30:00Z,1\n");
  EXPECT_EQ(plain(write_parquet_of("SELECT DATE '2020-01-02' AS t, 1 AS close")), "t,close\n2020-01-02,1\n");

  market::Series series;
  series.push_back({base::time_from_nanoseconds(1'577'975'400'000'000'001), 1, 2, 0.5, 1.1, 7});
  const auto ours = folder_ / "ours.parquet";
  ASSERT_TRUE(write_parquet({series}, ours));
  EXPECT_EQ(plain(ours.string()),
            "time,open,high,low,close,volume\n2020-01-02 14:30:00.000000001Z,1.0,2.0,0.5,1.1,7.0\n");
}

TEST_F(PlainFileTest, damaged_parquet_is_named) {
  EXPECT_THAT(plain(write("PAR1 and nothing more")),
              ::testing::StartsWith("error: " + (folder_ / "given.[x]: ").string()));
}

}  // namespace
}  // namespace tradeassist::interchange
