#include "report/export/document/typography.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace tradeassist::report {
namespace {

TEST(Typography, numbers_have_a_real_minus_and_thin_spaces_between_thousands) {
  EXPECT_EQ(set_number(-1234567.891, 2), "\u22121\u202F234\u202F567.89");
  EXPECT_EQ(set_number(999, 0), "999");
  EXPECT_EQ(set_number(1000, 0), "1\u202F000");
  EXPECT_EQ(set_percent(-0.5), "\u22120.50\u202F%");
}

TEST(Typography, what_rounds_to_zero_has_no_sign) {
  EXPECT_EQ(set_number(-0.001, 2), "0.00");
  EXPECT_EQ(set_short(-0.0), "0");
}

TEST(Typography, what_is_unknown_is_a_dash) {
  EXPECT_EQ(set_number(std::numeric_limits<double>::quiet_NaN(), 2), "\u2013");
  EXPECT_EQ(set_percent(std::nullopt), "\u2013");
  EXPECT_EQ(set_time(""), "\u2013");
}

TEST(Typography, short_numbers_keep_only_digits_that_they_need) {
  EXPECT_EQ(set_short(0.05), "0.05");
  EXPECT_EQ(set_short(14), "14");
  EXPECT_EQ(set_short(1'250'000), "1\u202F250\u202F000");
  EXPECT_EQ(set_short(0.000012), "0.000012");
  EXPECT_EQ(set_short(0.123456789, 3), "0.123");
}

TEST(Typography, midnight_is_a_date) {
  EXPECT_EQ(set_time("2024-03-01T00:00:00Z"), "2024-03-01");
  EXPECT_EQ(set_time("2024-03-01T14:30:00Z"), "2024-03-01 14:30");
  EXPECT_EQ(set_time("2024-03-01T14:30:05Z"), "2024-03-01 14:30:05");
}

}  // namespace
}  // namespace tradeassist::report
