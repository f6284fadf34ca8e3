#include "pine/syntax/header.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradeassist::pine {
namespace {

struct Read {
  std::optional<StrategyHeader> header;
  std::string messages;
};

Read read(std::string text) {
  const Source source("s.pine", std::move(text));
  Diagnostics diagnostics;
  Read result{parse_header(source, diagnostics), ""};
  for (const Diagnostic& diagnostic : diagnostics.all()) result.messages += render(source, diagnostic);
  return result;
}

const std::string kGood =
    "// @name Cross\n// @category trend\n// @risk_level high\n//@complexity   advanced\n// @summary One line.\n"
    "// @idea First\n//       second.\n// @works_when w\n// @fails_when f\n// @source s\n//@version=6\n"
    "// @name Later\nx = 1\n";

TEST(Header, joins_continued_lines_and_stops_at_the_first_statement) {
  const std::string once = kGood.substr(0, kGood.find("// @name Later"));
  const Read result = read(once + "x = 1\n// @name Other\n");
  EXPECT_EQ(result.messages, "");
  ASSERT_TRUE(result.header);
  EXPECT_EQ(result.header->name, "Cross");
  EXPECT_EQ(result.header->idea, "First second.");
  EXPECT_EQ(result.header->risk_level, RiskLevel::kHigh);
  EXPECT_EQ(to_string(result.header->complexity), "advanced");
}

TEST(Header, scripts_without_one_are_no_error) {
  const Read result = read("//@version=6\n// @source of this script: me\nplot(close)\n");
  EXPECT_FALSE(result.header);
  EXPECT_EQ(result.messages, "");
}

TEST(Header, reports_what_is_missing_doubled_empty_or_unknown) {
  EXPECT_THAT(read(kGood).messages, testing::HasSubstr("s.pine:12:4: error: the header says `@name` twice"));
  const Read missing = read("// @name A\n// @category trend\n// @summary\n");
  EXPECT_FALSE(missing.header);
  EXPECT_THAT(missing.messages, testing::HasSubstr("lacks `@risk_level`"));
  EXPECT_THAT(missing.messages, testing::HasSubstr("s.pine:3:4: error: `@summary` is empty"));
  std::string odd = kGood.substr(0, kGood.find("// @name Later"));
  odd.replace(odd.find("high"), 4, "huge");
  EXPECT_THAT(read(odd).messages, testing::HasSubstr("`@risk_level` is `huge`; it is one of low, medium, high"));
}

}  // namespace
}  // namespace tradeassist::pine
