#include "feed/text/number.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <random>

namespace tradeassist::feed {
namespace {

double number(std::string_view text, bool decimal_comma = false, bool magnitudes = false) {
  const Number read = read_number(text, decimal_comma, magnitudes);
  EXPECT_EQ(read.kind, NumberKind::kNumber) << text;
  return read.value;
}

TEST(Number, reads_what_vendors_write) {
  EXPECT_EQ(number("1.0716"), 1.0716);
  EXPECT_EQ(number("-37.63"), -37.63);
  EXPECT_EQ(number("+.5"), 0.5);
  EXPECT_EQ(number(" 5. "), 5.0);
  EXPECT_EQ(number("1e-7"), 1e-7);
  EXPECT_EQ(number("6.0221E+23"), 6.0221e23);
  EXPECT_EQ(number("3,257.85"), 3257.85);
  EXPECT_EQ(number("1,234,567"), 1234567.0);
  EXPECT_EQ(number("$185.64"), 185.64);
  EXPECT_EQ(number("-$1,185.64"), -1185.64);
  EXPECT_EQ(number("1'234.5"), 1234.5);
  EXPECT_EQ(number("1,5", true), 1.5);
  EXPECT_EQ(number("13.385,93", true), 13385.93);
  EXPECT_EQ(number("1 234,5", true), 1234.5);
  EXPECT_EQ(number("1.23M", false, true), 1.23e6);
  EXPECT_EQ(number("931.8K", false, true), 931.8e3);
}

TEST(Number, tells_missing_from_malformed) {
  for (const char* text : {"", "-", "NaN", "nan", "null", "N/A", "None", " "}) {
    EXPECT_EQ(read_number(text).kind, NumberKind::kMissing) << text;
  }
  for (const char* text : {"abc", "1.2.3", "12a", "1,23", "1,2345", ",5", "inf", "1e999", "--5", "0x10", "1.5M", "1 2",
                           "1,", "5%", "1e", "$"}) {
    EXPECT_EQ(read_number(text).kind, NumberKind::kNotANumber) << text;
  }
}

TEST(Number, plain_scan_agrees_with_the_standard_library_to_the_bit) {
  std::mt19937_64 random(7);
  std::size_t scanned = 0;
  for (int i = 0; i < 200'000; ++i) {
    const int whole_digits = static_cast<int>(random() % 10) + 1;
    const int fraction_digits = static_cast<int>(random() % 10);
    std::string text = random() % 4 == 0 ? "-" : "";
    for (int d = 0; d < whole_digits; ++d) text += static_cast<char>('0' + random() % 10);
    if (fraction_digits > 0) text += '.';
    for (int d = 0; d < fraction_digits; ++d) text += static_cast<char>('0' + random() % 10);
    double expected = 0;
    std::from_chars(text.data(), text.data() + text.size(), expected);
    const char* at = text.c_str();
    double value = 0;
    if (scan_plain_number(at, value)) {
      ++scanned;
      ASSERT_EQ(std::bit_cast<std::uint64_t>(value), std::bit_cast<std::uint64_t>(expected)) << text;
      ASSERT_EQ(at, text.c_str() + text.size());
    }
    ASSERT_EQ(std::bit_cast<std::uint64_t>(read_number(text).value), std::bit_cast<std::uint64_t>(expected)) << text;
  }
  EXPECT_GT(scanned, 150'000U);
}

TEST(Number, plain_scan_leaves_what_it_cannot_do_exactly) {
  double value = 0;
  for (const char* text : {"9007199254740993", "123456789012345678901", "", "-", ".5", "1000000000000000000000.5"}) {
    const char* at = text;
    EXPECT_FALSE(scan_plain_number(at, value)) << text;
    EXPECT_EQ(at, text);
  }
  EXPECT_EQ(number("9007199254740993"), 9007199254740992.0);
}

}  // namespace
}  // namespace tradeassist::feed
