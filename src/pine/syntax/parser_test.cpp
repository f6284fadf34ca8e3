#include "pine/syntax/parser.hpp"

#include <gtest/gtest.h>

#include <variant>

namespace tradeassist::pine {
namespace {

struct Parsed {
  Source source;
  Diagnostics diagnostics;
  ast::Script script;
  explicit Parsed(std::string text) : source("test.pine", std::move(text)) { script = parse(source, diagnostics); }
  std::string messages() const {
    std::string all;
    for (const Diagnostic& diagnostic : diagnostics.all()) all += render(source, diagnostic);
    return all;
  }
};

template <class Node>
const Node& statement(const Parsed& parsed, std::size_t i) {
  return std::get<Node>(parsed.script.statements.at(i)->node);
}

TEST(Parser, reads_a_whole_strategy) {
  const Parsed parsed(R"(//@version=6
strategy("Cross", overlay = true,
     initial_capital = 10000)   // wrapped
fast = input.int(10, "Fast", minval=1)
var float total = 0.0, var int count = 0
f(x, float y = 2.0) =>
    z = x * y

    // a comment between
    z + 1
g(x) => x * 2
[a, b] = ta.supertrend(3, 10)
if ta.crossover(close, a) and not (close > open
  or b == 1)
    strategy.entry("L", strategy.long)
else if close < open[1]
	strategy.close("L")
else
    total += close, count := count + 1
v = switch
    close > open => 1
    => 0
for i = 0 to 10 by 2
    if i == 4
        continue
    total := total + i
while count > 0
    count -= 1
array<float> values = array.new<float>(3, 0.0)
float[] other = na
plot(f(close)[1], "x", color = #FF0000)
)");
  EXPECT_EQ(parsed.messages(), "");
  EXPECT_EQ(parsed.script.version, 6);
  ASSERT_EQ(parsed.script.statements.size(), 14u);
  const auto& function = statement<ast::FunctionDeclaration>(parsed, 4);
  EXPECT_EQ(function.body.statements.size(), 2u);
  EXPECT_EQ(statement<ast::TupleDeclaration>(parsed, 6).targets.size(), 2u);
}

TEST(Parser, reads_types_enums_methods_imports_and_loops_over_collections) {
  const Parsed parsed(R"(//@version=5
import TradingView/ta/7 as tv
export type Point
    float x = 0.0
    varip array<int> history
enum Side
    buy = "Buy side"
    sell
method move(Point this, float dx) =>
    this.x += dx
    this
p = Point.new(1.0)
p.x := 5
p.move(2).move(3)
for [i, value] in values
    log.info(str.tostring(value))
for value in values
    break
type = 3
x = type > 2 ? type : na
)");
  EXPECT_EQ(parsed.messages(), "");
  EXPECT_EQ(statement<ast::Import>(parsed, 0).alias, "tv");
  EXPECT_EQ(statement<ast::TypeDeclaration>(parsed, 1).fields.at(1).type.name, "array");
  EXPECT_EQ(statement<ast::EnumDeclaration>(parsed, 2).members.at(0).title, "Buy side");
  EXPECT_TRUE(statement<ast::FunctionDeclaration>(parsed, 3).is_method);
}

TEST(Parser, operators_bind_as_the_manual_says) {
  const Parsed parsed("x = a or b and c == d + e * -f\n");
  const auto& top = std::get<ast::Binary>(statement<ast::Declaration>(parsed, 0).value->node);
  EXPECT_EQ(top.op, ast::BinaryOperator::kOr);
  const auto& right = std::get<ast::Binary>(top.right->node);
  EXPECT_EQ(right.op, ast::BinaryOperator::kAnd);
  const auto& equal = std::get<ast::Binary>(right.right->node);
  EXPECT_EQ(equal.op, ast::BinaryOperator::kEqual);
}

}  // namespace
}  // namespace tradeassist::pine
