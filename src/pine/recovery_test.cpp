#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "pine/compile.hpp"

// Of a script with syntax errors, everything that can be judged is judged, and nothing else.
namespace tradeassist::pine {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string errors(const std::string& text) { return render(compile("r.pine", text)); }

std::size_t count(const std::string& text) {
  std::size_t found = 0;
  const Compilation made = compile("r.pine", text);
  for (const Diagnostic& diagnostic : made.diagnostics.all()) { found += diagnostic.severity == Severity::kError; }
  return found;
}

constexpr const char* kHead = "//@version=6\nindicator(\"r\")\n";

TEST(Recovery, syntax_errors_and_errors_of_meaning_are_told_together_in_source_order) {
  const std::string text = errors(std::string(kHead) +
                                  "a = ta.smaa(close, 3)\n"  // 3
                                  "b = (close + )\n"         // 4
                                  "c = close + \"text\"\n"   // 5
                                  "d = = 3\n"                // 6
                                  "plot(undeclared)\n");     // 7
  for (const char* line : {"r.pine:3:5: error", "r.pine:4:", "r.pine:5:5: error", "r.pine:6:5: error",
                           "r.pine:7:6: error: `undeclared` is not declared"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_LT(text.find("r.pine:3:"), text.find("r.pine:4:"));
  EXPECT_LT(text.find("r.pine:6:"), text.find("r.pine:7:"));
}

TEST(Recovery, what_a_broken_statement_declares_is_unknown_and_makes_no_errors) {
  EXPECT_EQ(count(std::string(kHead) + "length = input.int(9 3)\nx = ta.sma(close, length)\nplot(x)\n"), 1u);
  EXPECT_EQ(count(std::string(kHead) + "[p, q] = ta.supertrend(3 10)\nplot(p + q)\n"), 1u);
  EXPECT_THAT(errors(std::string(kHead) + "[p, q = f()\nplot(p + q)\n"), Not(HasSubstr("r.pine:4:")));
  EXPECT_EQ(count(std::string(kHead) + "f(x) => x +\ny = f(close)\nplot(y)\n"), 1u);
  const std::string text = errors(std::string(kHead) + "f(x, =>\n    y = x * 2\n    y + 1\nz = f(close)\nplot(z)\n");
  EXPECT_THAT(text, HasSubstr("r.pine:3:"));
  for (const char* line : {"r.pine:4:", "r.pine:5:", "r.pine:6:", "r.pine:7:"}) EXPECT_THAT(text, Not(HasSubstr(line)));
}

TEST(Recovery, what_a_broken_statement_changes_is_not_judged_either) {
  // What `x` holds is not known, so what is made of it is left alone.
  EXPECT_EQ(count(std::string(kHead) + "x = 5\nif close > open\n    x := 6 7\nplot(x[1])\n"), 1u);
  EXPECT_EQ(count(std::string(kHead) + "f() =>\n    a = 1 1\n    a + 1\ng = f()\nplot(g)\n"), 1u);
}

TEST(Recovery, built_in_names_in_a_broken_statement_stay_known) {
  const std::string text = errors(std::string(kHead) + "x = ta.ema(close 5)\ny = close + undeclared\n");
  EXPECT_THAT(text, HasSubstr("r.pine:3:18: error"));
  EXPECT_THAT(text, HasSubstr("`undeclared` is not declared"));
}

TEST(Recovery, lines_that_an_open_bracket_takes_in_declare_what_they_declare) {
  for (const char* end : {" (", " +", " ? close", " [", " and"}) {
    const std::string text = errors(std::string(kHead) + "a = close > open" + end + "\nb = ta.sma(close, 3), c = 2\n" +
                                    "rsi = ta.rsi(close, 3)\nd = a ? b + c : rsi\nplot(d)\n");
    EXPECT_THAT(text, Not(HasSubstr("is not declared"))) << end;
    EXPECT_THAT(text, HasSubstr("r.pine:")) << end;
  }
}

TEST(Recovery, what_is_changed_later_but_declared_in_a_broken_part_is_unknown) {
  const std::string text =
      errors(std::string(kHead) + "c = close (\nbool b = na\nb := close > open\nplot(b ? 1 : 0)\n");
  EXPECT_THAT(text, Not(HasSubstr("is not declared")));
}

TEST(Recovery, names_that_a_broken_statement_only_reads_are_judged_elsewhere) {
  const std::string text =
      errors(std::string(kHead) + "length = 5\nx = ta.sma(close length)\ny = ta.ema(close, length) + \"t\"\n");
  EXPECT_THAT(text, HasSubstr("r.pine:4:"));
  EXPECT_THAT(text, HasSubstr("r.pine:5:5: error: `+` needs two numbers or two strings"));
}

TEST(Recovery, a_broken_declaration_of_the_script_is_one_error) {
  EXPECT_EQ(count("//@version=6\nstrategy(\"x\", overlay = true))\nif close > open\n    "
                  "strategy.entry(\"L\", strategy.long)\n"),
            1u);
}

TEST(Recovery, several_syntax_errors_in_blocks_are_each_told) {
  const std::string text = errors(std::string(kHead) +
                                  "if close > open\n    a = 1 1\n    b = 2\n    c = 3 3\nelse\n    d = )\n"
                                  "switch\n    close > 1 => 2 2\n    => 3\n");
  EXPECT_THAT(text, HasSubstr("r.pine:4:"));
  EXPECT_THAT(text, HasSubstr("r.pine:6:"));
  EXPECT_THAT(text, HasSubstr("r.pine:8:"));
  EXPECT_THAT(text, HasSubstr("r.pine:10:"));
  EXPECT_THAT(text, Not(HasSubstr("r.pine:5:")));
}

TEST(Recovery, no_damaged_line_of_a_sound_script_makes_errors_of_meaning_on_others) {
  std::size_t damaged = 0;
  for (const auto& entry : std::filesystem::directory_iterator(TRADEASSIST_SOURCE_DIR "/tests/pine/compile")) {
    std::ifstream in(entry.path(), std::ios::binary);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    for (std::size_t i = 0; i < lines.size(); i += 2) {
      if (lines[i].find("//") != std::string::npos || lines[i].find_first_not_of(" \t\r") == std::string::npos)
        continue;
      for (const char* damage : {" 1 1", " ("}) {
        std::string text;
        for (std::size_t k = 0; k < lines.size(); ++k) text += lines[k] + (k == i ? damage : "") + "\n";
        const std::string told = errors(text);
        ASSERT_THAT(told, HasSubstr("error: ")) << entry.path() << " line " << i + 1;
        ASSERT_THAT(told, Not(HasSubstr("is not declared"))) << entry.path() << " line " << i + 1 << damage;
        ++damaged;
      }
    }
  }
  EXPECT_GT(damaged, 400u);
}

TEST(Recovery, a_script_with_errors_never_becomes_a_program) {
  EXPECT_EQ(compile("r.pine", std::string(kHead) + "x = 1 1\nplot(close)\n").program, nullptr);
}

}  // namespace
}  // namespace tradeassist::pine
