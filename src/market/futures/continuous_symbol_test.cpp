#include "market/futures/continuous_symbol.hpp"

#include <gmock/gmock.h>

namespace tradeassist::market {
namespace {

using ::testing::HasSubstr;

std::string read(std::string_view text) {
  const auto parsed = parse_continuous(text);
  return parsed ? to_string(*parsed) : parsed.error().message;
}

TEST(ContinuousSymbol, names_root_basis_and_rank) {
  EXPECT_EQ(parse_continuous("ES.c.0").value(), (ContinuousSymbol{"ES", RollBasis::kCalendar, 0}));
  EXPECT_EQ(parse_continuous("ES.v.0").value(), (ContinuousSymbol{"ES", RollBasis::kVolume, 0}));
  EXPECT_EQ(parse_continuous("ES.n.1").value(), (ContinuousSymbol{"ES", RollBasis::kOpenInterest, 1}));
  EXPECT_EQ(read("/es.C.12"), "ES.c.12");
  EXPECT_EQ(read("6E.v.0"), "6E.v.0");
  EXPECT_EQ(read("GAS_US_mini.c.0"), "GAS_US_MINI.c.0");
}

TEST(ContinuousSymbol, tradingview_counts_from_one) {
  EXPECT_EQ(read("ES1!"), "ES.c.0");
  EXPECT_EQ(read("CME_MINI:ES2!"), "ES.c.1");
  EXPECT_EQ(read("SR31!"), "SR3.c.0");
  EXPECT_EQ(read("M2K1!"), "M2K.c.0");
}

TEST(ContinuousSymbol, refuses_what_is_none) {
  for (const std::string_view text : {"", "ES", "ES!", "ES0!", "1!", ".c.0", "ES.c.", "ES.x.0", "ES.c.-1", "ES.c.100",
                                      "ES.cc.0", "E S.c.0", "ES.c.0!", "..", ".", "!", "A.B.c.0"}) {
    EXPECT_THAT(read(text), HasSubstr("is no continuous future; write ES.c.0")) << text;
  }
}

TEST(ContinuousSymbol, is_told_from_contracts_and_stocks) {
  for (const std::string_view text : {"ES.c.0", "ES.v.x", "ES1!", "ES0!"}) EXPECT_TRUE(looks_continuous(text)) << text;
  for (const std::string_view text : {"ESZ25", "BRK.B", "", ".", "A.BC.D"})
    EXPECT_FALSE(looks_continuous(text)) << text;
}

}  // namespace
}  // namespace tradeassist::market
