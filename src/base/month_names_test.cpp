#include "base/month_names.hpp"

#include <gtest/gtest.h>

namespace tradeassist::base {
namespace {

TEST(MonthNames, whole_names_and_three_letters_are_read_in_any_case) {
  for (std::size_t i = 0; i < kMonthNames.size(); ++i) {
    EXPECT_EQ(month_number(kMonthNames[i]), static_cast<int>(i) + 1);
    EXPECT_EQ(month_number(kMonthNames[i].substr(0, 3)), static_cast<int>(i) + 1);
  }
  EXPECT_EQ(month_number("DECEMBER"), 12);
  EXPECT_EQ(month_number("Sept"), 9);
  for (const char* word : {"", "ja", "janu", "octo", "septe", "januarys", "mon", "m\xc3\xa4r"}) {
    EXPECT_EQ(month_number(word), 0) << word;
  }
}

}  // namespace
}  // namespace tradeassist::base
