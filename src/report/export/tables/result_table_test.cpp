#include "report/export/tables/result_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/export/testing/results.hpp"

namespace tradeassist::report {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(ResultTable, text_that_a_spreadsheet_would_run_is_made_harmless_and_numbers_stay_numbers) {
  const auto table = result_table(testing::backtest_result(2));
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(
      to_csv(*table),
      "number,side,entry_time,entry_price,entry_id,exit_time,exit_price,exit_id,quantity,profit,profit_percent,"
      "run_up,drawdown,commission,cumulative_profit\n"
      "1,long,2020-01-02T00:00:00Z,100.25,'=cmd|' /C calc'!A0,2020-01-03T00:00:00Z,101.5,\"Stop, \"\"hard\"\"\",3,"
      "-1.5,-0.5,2,-2.5,0,0\n"
      "2,short,2020-01-03T00:00:00Z,101.25,'=cmd|' /C calc'!A0,,102.5,\"Stop, \"\"hard\"\"\",3,-0.5,-0.4,2,-2.5,0,"
      "10\n");
}

TEST(ResultTable, trials_have_their_parameters_as_columns_of_their_own_kinds) {
  const auto table = result_table(testing::search_result());
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->title, "Trials");
  EXPECT_EQ(table->columns[1].kind, ResultTable::Kind::kInteger);
  EXPECT_EQ(table->columns[3].kind, ResultTable::Kind::kText);
  EXPECT_THAT(to_csv(*table), StartsWith("trial,fast,slow,mode,objective,net_profit_percent,total_closed_trades\n"
                                         "2,5,50,'=Both,12.5,12.5,9\n0,5,100,Long,8,8,4\n1,10,50,Long,,,0\n"));
  EXPECT_THAT(to_json_rows(*table),
              StartsWith("[\n{\"trial\":2,\"fast\":5,\"slow\":50,\"mode\":\"=Both\",\"objective\":"));
}

TEST(ResultTable, columns_of_different_lengths_are_refused) {
  auto result = testing::search_result();
  result["trials"].as_object()["objective"].as_array().pop_back();
  const auto table = result_table(result);
  ASSERT_FALSE(table);
  EXPECT_THAT(table.error().message, HasSubstr("column objective is of another length"));
}

TEST(ResultTable, workbook_and_parquet_are_files_of_their_kind) {
  const auto table = result_table(testing::backtest_result(3));
  ASSERT_TRUE(table);
  const auto workbook = to_xlsx(*table);
  ASSERT_TRUE(workbook) << workbook.error().message;
  EXPECT_THAT(*workbook, StartsWith("PK\x03\x04"));
  const auto parquet = to_parquet(*table);
  ASSERT_TRUE(parquet) << parquet.error().message;
  EXPECT_THAT(*parquet, StartsWith("PAR1"));
  EXPECT_TRUE(parquet->ends_with("PAR1"));
}

}  // namespace
}  // namespace tradeassist::report
