#include "report/export/document/report_document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/export/testing/results.hpp"

namespace tradeassist::report {
namespace {

using testing::backtest_result;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::search_result;

Document made(const boost::json::object& result) {
  auto document = report_document(result, "1.2");
  EXPECT_TRUE(document) << document.error().message;
  return document ? std::move(*document) : Document{};
}

std::vector<std::string> headings(const Document& document) {
  std::vector<std::string> texts;
  for (const Block& block : document.blocks) {
    if (const auto* heading = std::get_if<Heading>(&block)) texts.push_back(heading->text);
  }
  return texts;
}

template <class Part>
const Part* first(const Document& document) {
  for (const Block& block : document.blocks) {
    if (const auto* part = std::get_if<Part>(&block)) return part;
  }
  return nullptr;
}

/// The first table whose caption has this in it.
const Table* table(const Document& document, const std::string& caption) {
  for (const Block& block : document.blocks) {
    const auto* part = std::get_if<Table>(&block);
    if (part != nullptr && part->caption.find(caption) != std::string::npos) return part;
  }
  return nullptr;
}

TEST(ReportDocument, a_search_stands_in_and_out_of_sample_beside_holding) {
  const Document document = made(search_result());
  EXPECT_EQ(document.title, "Crossover");
  EXPECT_EQ(document.subtitle, "Parameter search on SPY, 1d");
  EXPECT_EQ(document.verdict, "Judge by the bars out of sample.");
  const Table* results = table(document, "best trial made");
  ASSERT_NE(results, nullptr);
  ASSERT_EQ(results->columns.size(), 5u);
  const auto& profit = results->rows.front();
  EXPECT_EQ(profit[1].text, "12.50\u202F%");
  EXPECT_EQ(profit[2].text, "8.00\u202F%");
  EXPECT_EQ(profit[3].text, "\u22122.25\u202F%");
  EXPECT_EQ(profit[3].tone, Tone::kBad);
  EXPECT_EQ(profit[4].text, "4.00\u202F%");
}

TEST(ReportDocument, sections_that_the_result_lacks_are_left_out) {
  auto result = search_result();
  EXPECT_THAT(headings(made(result)), Not(Contains("Walk-forward")));
  result["walk_forward"] = nullptr;
  result["out_of_sample"] = nullptr;
  result.erase("equity");
  const Document document = made(result);
  EXPECT_THAT(headings(document), Not(Contains("Walk-forward")));
  EXPECT_EQ(first<LineChart>(document), nullptr);
  EXPECT_EQ(table(document, "best trial made")->columns.size(), 3u);
}

TEST(ReportDocument, assessment_walk_forward_and_studies_are_told_where_they_are) {
  auto result = search_result();
  result["assessment"] = boost::json::parse(R"({"verdict": "Likely luck.", "trials": 4, "effective_trials": 2.5,
    "sharpe": 1.2, "deflated_sharpe": 0.4, "overfitting": {"probability": 0.41},
    "trade_order": {"median_percent": 12.0, "share_below": 0.25}, "unknown": ["too few trades"]})");
  result["walk_forward"] = boost::json::parse(R"({"mode": "rolling", "train_days": 365, "test_days": 90,
    "step_days": 90, "statement": "It held up.", "efficiency": 0.5, "windows": [{"train_from": "2018-01-01T00:00:00Z",
    "train_to": "2019-01-01T00:00:00Z", "test_from": "2019-01-01T00:00:00Z", "test_to": "2019-04-01T00:00:00Z",
    "parameters": {"fast": 5}, "in_sample": {"return_percent": 9.5}, "out_of_sample": {"return_percent": -1.5,
    "closed_trades": 4}}]})");
  result["regimes"] = boost::json::parse(
      R"({"statement": "It earns when markets rise.", "rows": [{"regime": "bull", "return_percent": 3.25}]})");
  const Document document = made(result);
  EXPECT_EQ(document.verdict, "Likely luck.");
  for (const char* heading : {"Is it skill or luck?", "What could not be told", "Walk-forward", "Market regimes"}) {
    EXPECT_THAT(headings(document), Contains(heading));
  }
  const Table* tests = table(document, "Choosing the best");
  ASSERT_NE(tests, nullptr);
  ASSERT_EQ(tests->rows.size(), 1u);
  EXPECT_EQ(tests->rows[0][1].text, "41.0\u202F%");
  const Table* windows = table(document, "Windows");
  ASSERT_NE(windows, nullptr);
  EXPECT_EQ(windows->rows[0][2].text, "fast = 5");
  EXPECT_EQ(windows->rows[0][4].tone, Tone::kBad);
  const Table* regimes = table(document, "states of the market");
  ASSERT_NE(regimes, nullptr);
  EXPECT_EQ(regimes->columns[1].title, "Return, %");
  EXPECT_EQ(regimes->rows[0][1].text, "3.25");
}

TEST(ReportDocument, equity_begins_anew_at_the_split_and_so_do_falls_and_months) {
  const Document document = made(search_result());
  std::vector<const LineChart*> charts;
  for (const Block& block : document.blocks) {
    if (const auto* chart = std::get_if<LineChart>(&block)) charts.push_back(chart);
  }
  ASSERT_EQ(charts.size(), 2u);
  EXPECT_EQ(charts[0]->split, 60u);
  // It only rises, but for the step back to the capital at the split, which is no loss.
  for (const double fall : charts[1]->lines[0].values) EXPECT_DOUBLE_EQ(fall, 0);
  const auto* months = first<HeatMap>(document);
  ASSERT_NE(months, nullptr);
  ASSERT_EQ(months->rows, std::vector<std::string>{"2020"});
  EXPECT_NEAR(months->entries[0][0].value, (std::pow(1.001, 29) - 1) * 100, 1e-9);
  EXPECT_NEAR(months->entries[0][2].value, (std::pow(1.001, 30) - 1) * 100, 1e-9);  // 2 March is the new start
  EXPECT_NEAR(months->entries[0][12].value, (std::pow(1.001, 98) - 1) * 100, 1e-9);
}

TEST(ReportDocument, the_two_parameters_that_matter_most_are_mapped) {
  const Document document = made(search_result());
  const HeatMap* map = nullptr;
  for (const Block& block : document.blocks) {
    if (const auto* part = std::get_if<HeatMap>(&block)) map = part;
  }
  ASSERT_NE(map, nullptr);
  EXPECT_EQ(map->row_title, "fast");  // 10 and -3 of the trials with a value
  ASSERT_EQ(map->rows, (std::vector<std::string>{"5", "10"}));
  for (std::size_t i = 0; i < map->columns.size(); ++i) {
    if (map->columns[i] == "100") { EXPECT_DOUBLE_EQ(map->entries[0][i].value, 8); }
  }
}

TEST(ReportDocument, a_backtest_lists_its_trades_up_to_a_bound_and_says_so) {
  const Document document = made(backtest_result(1'200));
  const Table* trades = table(document, "Trades");
  ASSERT_NE(trades, nullptr);
  EXPECT_EQ(trades->rows.size(), kReportTradesMax);
  bool said = false;
  for (const Block& block : document.blocks) {
    const auto* paragraph = std::get_if<Paragraph>(&block);
    said = said || (paragraph != nullptr && paragraph->text.starts_with("The first 1000 of 1200"));
  }
  EXPECT_TRUE(said);
}

TEST(ReportDocument, bars_of_the_distribution_count_every_closed_trade) {
  const Document document = made(backtest_result(50));
  const auto* chart = first<BarChart>(document);
  ASSERT_NE(chart, nullptr);
  double counted = 0;
  for (const BarChart::Bar& bar : chart->bars) counted += bar.value;
  EXPECT_EQ(counted, 49);  // the last is open
}

TEST(ReportDocument, numbers_out_of_all_bounds_do_no_harm) {
  auto result = search_result();
  auto& equity = result["equity"].as_object();
  equity["split_index"] = 1e300;
  equity["equity"].as_array()[5] = 1.7e308;
  equity["equity"].as_array()[6] = "text";
  equity["time"].as_array()[7] = nullptr;
  result["trials"].as_object()["objective"] = boost::json::array{1e308, -1e308, 5e-324, 0, 7, 8};
  result["trials"].as_object()["parameters"].as_object()["fast"] = boost::json::array{1e308, -1e308};
  EXPECT_FALSE(made(result).blocks.empty());
}

TEST(ReportDocument, another_json_is_refused) {
  const auto document = report_document({{"name", "x"}}, "1");
  ASSERT_FALSE(document);
  EXPECT_THAT(document.error().message, HasSubstr("neither the result of a search"));
}

}  // namespace
}  // namespace tradeassist::report
