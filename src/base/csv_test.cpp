#include "base/csv.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace tradeassist::base {
namespace {

std::string text(std::string_view field) {
  std::string csv;
  append_csv_text(csv, field);
  return csv;
}

std::string number(double value) {
  std::string csv;
  append_csv_number(csv, value);
  return csv;
}

TEST(Csv, a_field_is_quoted_only_where_it_must_be) {
  EXPECT_EQ(text("Labor Day"), "Labor Day");
  EXPECT_EQ(text("a,b"), "\"a,b\"");
  EXPECT_EQ(text("say \"no\""), "\"say \"\"no\"\"\"");
  EXPECT_EQ(text("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(text(""), "");
}

TEST(Csv, numbers_are_shortest_and_unknown_ones_empty) {
  EXPECT_EQ(number(0.1), "0.1");
  EXPECT_EQ(number(-5), "-5");
  EXPECT_EQ(number(std::numeric_limits<double>::quiet_NaN()), "");
  EXPECT_EQ(number(std::numeric_limits<double>::infinity()), "");
}

TEST(CsvText, a_text_of_others_is_no_formula_and_a_number_stays_one) {
  const auto cell = [](std::string_view text) {
    std::string csv;
    append_csv_foreign_text(csv, text);
    return csv;
  };
  EXPECT_EQ(cell("=1+1"), "'=1+1");
  EXPECT_EQ(cell("=HYPERLINK(\"http://x\",\"y\")"), "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
  EXPECT_EQ(cell("+cmd|' /C calc'!A0"), "'+cmd|' /C calc'!A0");
  EXPECT_EQ(cell("@SUM(A1)"), "'@SUM(A1)");
  EXPECT_EQ(cell("-2+3"), "'-2+3");
  EXPECT_EQ(cell("\t=1"), "'\t=1");
  EXPECT_EQ(cell("\r=1"), "\"'\r=1\"");
  EXPECT_EQ(cell("-12.5"), "-12.5");
  EXPECT_EQ(cell("SPY"), "SPY");
  EXPECT_EQ(cell(""), "");
}

}  // namespace
}  // namespace tradeassist::base
