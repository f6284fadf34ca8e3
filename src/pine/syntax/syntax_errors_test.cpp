#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pine/compile.hpp"
#include "pine/syntax/parser.hpp"

// What people get wrong, and what they are told. Each case is the whole answer: place, message, line, caret, hint.
namespace tradeassist::pine {
namespace {

using ::testing::HasSubstr;

std::string messages(std::string text) {
  const Source source("s.pine", std::move(text));
  Diagnostics diagnostics;
  parse(source, diagnostics);
  std::string all;
  for (const Diagnostic& diagnostic : diagnostics.all()) all += render(source, diagnostic);
  return all;
}

TEST(SyntaxErrors, a_finding_shows_place_line_caret_and_hint) {
  EXPECT_EQ(messages("//@version=6\nif close = open\n    x = 1\n"),
            "s.pine:2:10: error: `=` declares; a condition compares\n"
            "  if close = open\n"
            "           ^\n"
            "  hint: compare with `==`\n");
}

TEST(SyntaxErrors, spellings_of_other_languages_are_answered_with_pines) {
  EXPECT_THAT(messages("x = a && b\n"),
              HasSubstr("1:7: error: `&&` is not part of Pine\n  x = a && b\n        ^~\n  hint: write `and`"));
  EXPECT_THAT(messages("x = a || b\n"), HasSubstr("hint: write `or`"));
  EXPECT_THAT(messages("x = !a\n"), HasSubstr("hint: write `not`"));
  EXPECT_THAT(messages("x = a === b\n"), HasSubstr("hint: compare with `==`"));
  EXPECT_THAT(messages("x = a !== b\n"), HasSubstr("hint: compare with `!=`"));
  EXPECT_THAT(messages("x = a ** 2\n"), HasSubstr("hint: write `math.pow(base, exponent)`"));
  EXPECT_THAT(messages("f(x) -> x\n"), HasSubstr("hint: write `=>`"));
  EXPECT_THAT(messages("i++\nx = 1\n"),
              HasSubstr("1:2: error: `++` is not part of Pine\n  i++\n   ^~\n  hint: write `x += 1`"));
  EXPECT_THAT(messages("x = 1;\n"), HasSubstr("a statement ends with its line"));
  EXPECT_THAT(messages("if a {\n    b\n"), HasSubstr("blocks are made by indentation"));
  EXPECT_THAT(messages("/* c\n c */ x = 1\n"), HasSubstr("Pine has no block comments"));
  EXPECT_THAT(messages("# c\n"), HasSubstr("begin a comment with `//`"));
  EXPECT_THAT(messages("if a\n    b\nelif c\n    d\n"), HasSubstr("hint: write `else if`"));
  EXPECT_THAT(messages("def f(x):\n    x\n"), HasSubstr("a function is declared as"));
  EXPECT_THAT(messages("f(x) =>\n    return x\n"), HasSubstr("write the value alone"));
  EXPECT_THAT(messages("if a:\n    b\n"), HasSubstr("Pine writes no `:` here"));
}

TEST(SyntaxErrors, foreign_operators_do_not_hide_later_errors_or_make_more) {
  EXPECT_EQ(messages("x = a && b || !c\n").find("expected"), std::string::npos);
  const std::string several = messages("x = a && b\ny = 3 3\nplot(a b)\n");
  EXPECT_THAT(several, HasSubstr("s.pine:2:7: error: expected the end of the statement, found `3`"));
  EXPECT_THAT(several, HasSubstr("s.pine:3:8: error: expected `,` or `)`"));
  EXPECT_LT(several.find("s.pine:1:"), several.find("s.pine:2:"));
}

TEST(SyntaxErrors, an_open_bracket_is_reported_where_it_opens_and_costs_one_statement) {
  EXPECT_EQ(
      messages("x = (1 + 2\ny = 3\nplot(close,\nif y > 1\n    z = 2\n"),
      "s.pine:1:5: error: `(` is never closed\n  x = (1 + 2\n      ^\n  hint: put `)` at the end of what it holds\n"
      "s.pine:3:5: error: `(` is never closed\n  plot(close,\n      ^\n  hint: put `)` at the end of what it holds\n");
  EXPECT_THAT(messages("x = f(a[1)\ny = 2\n"), HasSubstr("1:8: error: `[` is never closed"));
  EXPECT_THAT(messages("x = 1)\n"), HasSubstr("1:6: error: `)` closes nothing"));
  // Arguments may stand at the margin; they are no statements.
  EXPECT_EQ(messages("indicator(\ntitle = \"a\",\noverlay = true\n)\n"), "");
}

TEST(SyntaxErrors, indentation_that_joins_lines_is_explained) {
  EXPECT_THAT(messages("if a\n  b := 1\n"), HasSubstr("indented by 2 columns, no multiple of four"));
  EXPECT_THAT(messages("x = 1\n    y = 2\n"), HasSubstr("2:5: error: unexpected indentation"));
  EXPECT_THAT(messages("if a\nb = 1\n"), HasSubstr("the block of `if` is missing"));
  EXPECT_THAT(messages("else\n    b\n"), HasSubstr("`else` without its `if`"));
}

TEST(SyntaxErrors, strings_and_characters) {
  EXPECT_THAT(messages("x = \"abc\ny = 1\n"), HasSubstr("1:5: error: the string does not end on its line"));
  EXPECT_EQ(messages("x = “abc”\ny = 1\n"),
            "s.pine:1:5: error: the character `“` is not part of Pine\n  x = “abc”\n      ^\n"
            "  hint: write straight quotes: \" or '\n");
  EXPECT_THAT(messages("größe = 1\n"), HasSubstr("1:3: error: the character `ö` is not part of Pine"));
  EXPECT_THAT(messages("x =\xe2\x80\x8e 1\n"), HasSubstr("1:4: error: the invisible character U+200E stands here"));
  EXPECT_THAT(messages("x = 1 // \xe9\n"), HasSubstr("1:10: error: the text is not UTF-8 from here on"));
  EXPECT_THAT(messages(std::string("x = 1\0", 6)), HasSubstr("this is not a text file"));
  EXPECT_THAT(messages("x = 1\ry = 2\r"), HasSubstr("a carriage return without a line feed"));
  EXPECT_THAT(messages("x = 1e999\n"), HasSubstr("this number is too large"));
  EXPECT_THAT(messages("x = 12ab\n"), HasSubstr("`12ab` is neither a number nor a name"));
  EXPECT_EQ(messages("x =\xc2\xa0"
                     "1\n\xc2\xa0\xc2\xa0\xc2\xa0\n"),
            "");
}

TEST(SyntaxErrors, columns_count_characters_and_the_caret_stands_under_them) {
  EXPECT_EQ(messages("x = \"äöü\" 3\n"),
            "s.pine:1:11: error: expected the end of the statement, found `3`\n  x = \"äöü\" 3\n            ^\n");
  EXPECT_EQ(messages("if a\n\tx = 3 3\n"),
            "s.pine:2:8: error: expected the end of the statement, found `3`\n   x = 3 3\n         ^\n");
}

TEST(SyntaxErrors, of_a_very_long_line_the_part_around_the_error_is_shown) {
  const std::string text = messages("x = \"" + std::string(5000, 'a') + "\" 3 \"" + std::string(5000, 'b') + "\"\n");
  EXPECT_THAT(text, HasSubstr("s.pine:1:5008: error"));
  EXPECT_LT(text.size(), 700u);
  const std::size_t line = text.find('\n') + 1, caret = text.find('^');
  const std::size_t caret_line = text.rfind('\n', caret) + 1;
  // "…" takes three bytes and one place.
  EXPECT_EQ(text[line + (caret - caret_line) + 2], '3') << text;
}

TEST(SyntaxErrors, declarations_and_loops_say_how_they_are_written) {
  EXPECT_THAT(messages("var x\n"), HasSubstr("a declaration needs a value"));
  EXPECT_THAT(messages("for i = 0, 5\n    x\n"), HasSubstr("a loop is `for i = 0 to 9`"));
  EXPECT_THAT(messages("x = a ? b\n"), HasSubstr("a ternary is `condition ? a : b`"));
  EXPECT_THAT(messages("x = 1 + if a\n    b\n"), HasSubstr("`if` cannot stand inside an expression"));
  EXPECT_THAT(messages("f(a = 1, 2)\n"), HasSubstr("put positional arguments first"));
  EXPECT_THAT(messages("f(x) = x\n"), HasSubstr("`=>`"));
  EXPECT_THAT(messages("a = b = c\n"), HasSubstr("compare with `==`"));
}

TEST(SyntaxErrors, what_is_too_large_or_too_deep_is_refused_in_words) {
  EXPECT_THAT(messages(std::string(10 << 20, ' ')), HasSubstr("bytes; at most"));
  EXPECT_THAT(messages("x = " + std::string(1000, '(') + "1" + std::string(1000, ')') + "\n"),
              HasSubstr("levels deep"));
  EXPECT_THAT(messages("x = " + std::string(100'000, '(') + "\n"), HasSubstr("levels deep"));
  EXPECT_THAT(messages("x = " + std::string(100'000, '-') + "1\n"), HasSubstr("levels deep"));
  std::string chain = "x = 1", ladder = "y = ", calls = "z = f", nested;
  for (int i = 0; i < 20'000; ++i) chain += " + 1", ladder += "a ? 1 : ", calls += ".g()";
  EXPECT_THAT(messages(chain + "\n"), HasSubstr("operators and calls one upon another"));
  EXPECT_THAT(messages(ladder + "2\n"), HasSubstr("operators and calls one upon another"));
  EXPECT_THAT(messages(calls + "\n"), HasSubstr("operators and calls one upon another"));
  // Chains inside parentheses add up: 100 times 90 operators, each upon the last, would be a tree of height 9,000.
  for (int i = 0; i < 100; ++i) {
    for (int k = 0; k < 90; ++k) nested += " + 1";
    nested += ")";
  }
  EXPECT_THAT(messages("x = " + std::string(100, '(') + "1" + nested + "\n"), HasSubstr("one upon another"));
  std::string branches = "if a\n    b\n", blocks;
  for (int i = 0; i < 2000; ++i) branches += "else if a\n    b\n";
  EXPECT_THAT(messages(branches), HasSubstr("levels deep"));
  for (int i = 0; i < 1000; ++i) blocks += std::string(static_cast<std::size_t>(4 * i), ' ') + "if a\n";
  EXPECT_THAT(messages(blocks), HasSubstr("levels deep"));
}

TEST(SyntaxErrors, long_but_sound_scripts_are_read) {
  std::string chain = "x = 1", ladder = "y = ";
  for (int i = 0; i < 900; ++i) chain += " + 1", ladder += "a ? 1 : ";
  EXPECT_EQ(messages(chain + "\n" + ladder + "2\n"), "");
  std::string branches = "if a\n    b = 1\n";
  for (int i = 0; i < 240; ++i) branches += "else if a\n    b = 2\n";
  const std::string parentheses = "z = " + std::string(120, '(') + "1" + std::string(120, ')') + "\n";
  EXPECT_EQ(messages(branches + parentheses), "");
  // As high as a tree may be, it is compiled without running out of stack.
  const Compilation made = compile("s.pine", "//@version=6\nindicator(\"i\")\na = close > open\n" + chain + "\n" +
                                                 ladder + "2\n" + branches + parentheses + "plot(x + y + z)\n");
  EXPECT_EQ(render(made), "");
  std::string many;
  for (int i = 0; i < 50'000; ++i) many += "x" + std::to_string(i) + " = close[1]\n";
  EXPECT_EQ(messages(many), "");
}

TEST(SyntaxErrors, at_most_two_hundred_errors_are_reported) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "x = = 1\n";
  const Source source("s.pine", text);
  Diagnostics diagnostics;
  parse(source, diagnostics);
  EXPECT_EQ(diagnostics.all().size(), Diagnostics::kDiagnosticsMax);
}

}  // namespace
}  // namespace tradeassist::pine
