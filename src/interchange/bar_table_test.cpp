#include "interchange/bar_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "interchange/arrow/arrow_stream.hpp"
#include "interchange/duckdb/database.hpp"
#include "interchange/parquet/memory_file.hpp"
#include "interchange/parquet/parquet_file.hpp"
#include "interchange/testing/series.hpp"
#include "market/fill.hpp"

namespace tradeassist::interchange {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

/// Three daily bars of ES.c.0 over a roll, the second one filled.
store::BarAnswer continuous_answer() {
  store::BarAnswer answer;
  answer.instrument.symbol = "ES.c.0";
  answer.instrument.time_zone = "America/Chicago";
  answer.timeframe = {market::Timeframe::Unit::kDay, 1};
  answer.series.key = {"ES.c.0", answer.timeframe, "csv"};
  answer.bars = testing::difficult_series(3, 3);
  store::ContinuousStory story;
  story.adjustment = market::Adjustment::kDifferenceBackward;
  story.contracts = {{"ES", {2025, 3}}, {"ES", {2025, 6}}};
  story.unadjusted_close = {5000.25, market::kNotKnown, 5010};
  story.contract = {0, 0, 1};
  answer.continuous = story;
  answer.filled = {0, static_cast<std::uint8_t>(market::Filled::kForward), 0};
  return answer;
}

/// The rows that a query gives, as text: cells joined by "|", NULL for none.
std::vector<std::string> rows_of(const std::string& sql) {
  std::vector<std::string> rows;
  auto connection = Connection::open();
  EXPECT_TRUE(connection) << connection.error().message;
  auto result = connection->query(sql);
  EXPECT_TRUE(result) << result.error().message;
  for (;;) {
    const auto chunk = result->next();
    EXPECT_TRUE(chunk) << chunk.error().message;
    if (!*chunk) return rows;
    for (std::size_t row = 0; row < (*chunk)->rows(); ++row) rows.emplace_back(text_at((*chunk)->data(0), row));
  }
}

TEST(BarTable, carries_the_contract_the_unadjusted_close_and_how_a_bar_was_filled) {
  const store::BarAnswer answer = continuous_answer();
  const BarTable table = table_of(answer);
  ASSERT_EQ(table.numbers.size(), 1U);
  EXPECT_EQ(table.numbers[0].name, "unadjusted_close");
  EXPECT_EQ(table.numbers[0].values.data(), answer.continuous->unadjusted_close.data());
  ASSERT_EQ(table.words.size(), 2U);
  EXPECT_EQ(table.words[0].name, "filled");
  EXPECT_EQ(table.words[0].word[0], kNoWord);
  EXPECT_EQ(table.words[0].words[table.words[0].word[1]], "forward");
  EXPECT_EQ(table.words[1].name, "contract");
  EXPECT_THAT(table.words[1].words, ElementsAre("ESH2025", "ESM2025"));
  EXPECT_THAT(table.words[1].word, ElementsAre(0U, 0U, 1U));
  EXPECT_THAT(metadata_entries(table.metadata), Contains(Pair("adjustment", "difference_backward")));
}

TEST(BarTable, names_bars_of_ticks_by_their_rule_and_says_why_there_are_none) {
  store::BarAnswer answer;
  answer.instrument.symbol = "GC";
  answer.tick_rule = market::parse_tick_bar_rule("500t").value();
  answer.series.key.timeframe = market::kTickTimeframe;
  answer.empty_reason = "the series begins later";
  const auto entries = metadata_entries(table_of(answer).metadata);
  EXPECT_THAT(entries, Contains(Pair("timeframe", "500t")));
  EXPECT_THAT(entries, Contains(Pair("base_timeframe", "tick")));
  EXPECT_THAT(entries, Contains(Pair("empty_reason", "the series begins later")));
}

TEST(BarTable, parquet_in_memory_holds_what_the_table_does) {
  const store::BarAnswer answer = continuous_answer();
  const auto bytes = parquet_bytes(table_of(answer));
  ASSERT_TRUE(bytes) << bytes.error().message;
  EXPECT_TRUE(bytes->starts_with("PAR1") && bytes->ends_with("PAR1"));
  // Read back from a file of the same kind.
  const auto file = MemoryFile::create();
  ASSERT_TRUE(file);
  FILE* const out = std::fopen(file->path().c_str(), "wb");
  ASSERT_NE(out, nullptr);
  ASSERT_EQ(std::fwrite(bytes->data(), 1, bytes->size(), out), bytes->size());
  std::fclose(out);
  const auto back = read_parquet(file->path());
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_TRUE(market::is_same(*back, answer.bars));
  EXPECT_THAT(rows_of("SELECT concat_ws('|', unadjusted_close, contract, coalesce(filled, 'NULL')) FROM read_parquet(" +
                      sql_text(file->path()) + ")"),
              ElementsAre("5000.25|ESH2025|NULL", "nan|ESH2025|forward", "5010.0|ESM2025|NULL"));
}

TEST(BarTable, parquet_of_no_bars_is_a_file_without_rows) {
  store::BarAnswer answer;
  const auto bytes = parquet_bytes(table_of(answer));
  ASSERT_TRUE(bytes) << bytes.error().message;
  EXPECT_TRUE(bytes->ends_with("PAR1"));
}

TEST(BarTable, an_arrow_stream_names_every_column) {
  const store::BarAnswer answer = continuous_answer();
  const std::string stream = arrow_stream(table_of(answer));
  for (const char* name : {"unadjusted_close", "contract", "filled", "ESH2025ESH2025ESM2025", "difference_backward"})
    EXPECT_THAT(stream, HasSubstr(name));
}

}  // namespace
}  // namespace tradeassist::interchange
