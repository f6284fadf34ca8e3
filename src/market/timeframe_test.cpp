#include "market/timeframe.hpp"

#include <gtest/gtest.h>

namespace tradeassist::market {
namespace {

using Unit = Timeframe::Unit;

TEST(Timeframe, reads_and_prints_the_largest_clock_unit) {
  const auto round_trip = [](std::string_view text) { return to_string(parse_timeframe(text).value()); };
  EXPECT_EQ(round_trip("1m"), "1m");
  EXPECT_EQ(round_trip("60m"), "1h");
  EXPECT_EQ(round_trip("90m"), "90m");
  EXPECT_EQ(round_trip("3600s"), "1h");
  EXPECT_EQ(round_trip("1440m"), "24h");
  EXPECT_EQ(round_trip("1D"), "1d");
  EXPECT_EQ(round_trip("7d"), "7d");
  EXPECT_EQ(round_trip("1w"), "1w");
  EXPECT_EQ(round_trip("1M"), "1M");
  EXPECT_EQ(parse_timeframe("60m").value(), (Timeframe{Unit::kHour, 1}));
}

TEST(Timeframe, tells_months_from_minutes) {
  EXPECT_EQ(parse_timeframe("1M")->unit, Unit::kMonth);
  EXPECT_EQ(parse_timeframe("1m")->unit, Unit::kMinute);
  EXPECT_EQ(parse_timeframe("1M")->nominal_seconds(), 2'628'003);
}

TEST(Timeframe, refuses_what_is_none) {
  for (const char* text : {"", "m", "0m", "-1m", "1", "1x", "1.5h", " 1m", "1m ", "999999999m", "100001d"}) {
    const auto parsed = parse_timeframe(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_NE(parsed.error().message.find("is not a timeframe"), std::string::npos);
  }
}

TEST(Timeframe, speaks_pine) {
  EXPECT_EQ(to_pine({Unit::kHour, 4}), "240");
  EXPECT_EQ(to_pine({Unit::kSecond, 30}), "30S");
  EXPECT_EQ(to_pine({Unit::kDay, 1}), "1D");
  EXPECT_EQ(parse_pine_timeframe("60").value(), (Timeframe{Unit::kHour, 1}));
  EXPECT_EQ(parse_pine_timeframe("D").value(), (Timeframe{Unit::kDay, 1}));
  EXPECT_EQ(parse_pine_timeframe("3M").value(), (Timeframe{Unit::kMonth, 3}));
  for (const char* text : {"", "1h", "m", "0", "1d"}) EXPECT_FALSE(parse_pine_timeframe(text).has_value()) << text;
}

}  // namespace
}  // namespace tradeassist::market
