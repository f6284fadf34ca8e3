#include "report/export/writers/pdf_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <thread>

#include "report/export/document/report_document.hpp"
#include "report/export/testing/results.hpp"

namespace tradeassist::report {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string pdf_of(const Document& document) {
  const auto pdf = to_pdf(document);
  EXPECT_TRUE(pdf) << pdf.error().message;
  return pdf ? *pdf : std::string();
}

/// The number of pages, as the file's page tree says it.
int pages_of(const std::string& pdf) {
  const std::size_t at = pdf.rfind("/Type /Pages");
  const std::size_t count = pdf.find("/Count ", at);
  return count == std::string::npos ? 0 : std::stoi(pdf.substr(count + 7));
}

TEST(PdfWriter, a_report_is_pages_of_a4_with_its_fonts_in_it) {
  const std::string pdf = pdf_of(*report_document(testing::search_result(), "1.2"));
  EXPECT_THAT(pdf, StartsWith("%PDF-"));
  EXPECT_THAT(pdf.substr(pdf.size() - 8), HasSubstr("%%EOF"));
  EXPECT_THAT(pdf, HasSubstr("/MediaBox [ 0 0 595.2"));
  EXPECT_THAT(pdf, HasSubstr("/FontFile2"));
  EXPECT_GE(pages_of(pdf), 2);
}

TEST(PdfWriter, a_table_goes_on_over_pages) {
  Document document;
  document.title = "Long";
  Table table;
  table.caption = "Rows";
  table.columns = {{"Name"}, {"Number", true}};
  for (int i = 0; i < 200; ++i) table.rows.push_back({{"row " + std::to_string(i)}, {std::to_string(i)}});
  document.blocks.emplace_back(table);
  EXPECT_GE(pages_of(pdf_of(document)), 4);
}

TEST(PdfWriter, paragraphs_that_fill_more_than_a_page_break_where_it_ends) {
  Document document;
  document.title = "Long";
  for (int i = 0; i < 120; ++i) document.blocks.emplace_back(Paragraph{"A line."});
  EXPECT_LE(pages_of(pdf_of(document)), 5);
}

TEST(PdfWriter, odd_content_is_set_too) {
  Document document;
  document.title = "<b>&amp; \u4e2d\u6587 \xF0\x9F\x98\x80";
  document.blocks.emplace_back(Heading{"Nothing behind it"});
  document.blocks.emplace_back(Table{});
  document.blocks.emplace_back(HeatMap{});
  document.blocks.emplace_back(LineChart{});
  document.blocks.emplace_back(BarChart{});
  const double infinite = std::numeric_limits<double>::infinity();
  LineChart lines;
  lines.time = {0, 1, 2};
  lines.lines.push_back({"Odd", LineChart::Role::kStrategy, {-1.7e308, infinite, 1.7e308, 4}});
  document.blocks.emplace_back(lines);
  BarChart bars;
  bars.bars = {{"", infinite}, {"", -1e308}};
  document.blocks.emplace_back(bars);
  HeatMap map;
  map.rows = {"a"};
  map.columns = {"b", "c"};
  map.entries = {{{-1.7e308}, {1.7e308}}};
  document.blocks.emplace_back(map);
  Table wide;
  for (int i = 0; i < 40; ++i) wide.columns.push_back({"a rather long title " + std::to_string(i)});
  wide.rows.push_back(std::vector<Cell>(40, Cell{std::string(300, 'x')}));
  document.blocks.emplace_back(wide);
  EXPECT_GE(pages_of(pdf_of(document)), 1);
}

TEST(PdfWriter, several_threads_write_at_once) {
  const Document document = *report_document(testing::backtest_result(30), "1.2");
  const int expected = pages_of(pdf_of(document));
  std::vector<int> pages(4);
  {
    std::vector<std::jthread> threads;
    for (int& count : pages) threads.emplace_back([&] { count = pages_of(pdf_of(document)); });
  }
  EXPECT_THAT(pages, ::testing::Each(expected));
}

}  // namespace
}  // namespace tradeassist::report
