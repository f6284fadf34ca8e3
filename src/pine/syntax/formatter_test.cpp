#include "pine/syntax/formatter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "pine/syntax/lex/lexer.hpp"
#include "pine/syntax/parser.hpp"
#include "pine/syntax/testing/dump.hpp"
#include "pine/syntax/testing/random_script.hpp"

namespace tradeassist::pine {
namespace {

std::string formatted(const std::string& text) {
  const Source source("s.pine", text);
  Diagnostics diagnostics;
  const auto made = format(source, diagnostics);
  std::string messages;
  for (const Diagnostic& diagnostic : diagnostics.all()) messages += render(source, diagnostic);
  return made ? *made : messages;
}

std::string tree(const std::string& text) {
  const Source source("s.pine", text);
  Diagnostics diagnostics;
  const std::string dumped = testing::dump(parse(source, diagnostics));
  return diagnostics.has_errors() ? render(source, diagnostics.all().front()) : dumped;
}

/// The comments of a text without the blanks after them.
std::vector<std::string> comments(const std::string& text) {
  const Source source("s.pine", text);
  Diagnostics diagnostics;
  std::vector<std::string> found;
  for (const SourceRange range : tokenize(source, diagnostics, 1'000'000).comments) {
    found.emplace_back(source.slice(range));
  }
  return found;
}

void expect_same_program(const std::string& text) {
  const std::string once = formatted(text);
  ASSERT_EQ(tree(once), tree(text)) << text << "\n---- formatted\n" << once;
  ASSERT_EQ(comments(once), comments(text)) << text << "\n---- formatted\n" << once;
  ASSERT_EQ(formatted(once), once) << text;
}

TEST(Formatter, gives_one_layout_and_keeps_the_authors_lines_and_comments) {
  EXPECT_EQ(formatted("\xef\xbb\xbf//@version=5\r\n"
                      "strategy( 'x' ,overlay=true)// the declaration\r\n"
                      "\r\n\r\n\r\n"
                      "x=(a+b)*-c   // why   \r\n"
                      "if(x>1)\r\n"
                      "\t\t// inside\r\n"
                      "\t\ty:=x[ 1 ]\r\n"
                      "\t\t// end of the block\r\n"
                      "// before else\r\n"
                      "else\r\n"
                      "\t\tz := f (x)[1], w+=1\r\n"
                      "plot(close,\r\n  // between\r\n title='t',\r\n\t\tcolor = color.new(color.red,0)\r\n)\r\n"
                      "q = a and\r\n   b or (c\r\n  and d)\r\n\r\n\r\n"),
            "//@version=5\n"
            "strategy('x', overlay = true) // the declaration\n"
            "\n"
            "x = (a + b) * -c // why\n"
            "if (x > 1)\n"
            "    // inside\n"
            "    y := x[1]\n"
            "    // end of the block\n"
            "// before else\n"
            "else\n"
            "    z := f(x)[1], w += 1\n"
            "plot(close,\n"
            "     // between\n"
            "     title = 't',\n"
            "     color = color.new(color.red, 0)\n"
            " )\n"
            "q = a and\n"
            "     b or (c\n"
            "     and d)\n");
}

TEST(Formatter, spaces_stand_where_a_reader_looks_for_them) {
  EXPECT_EQ(formatted("a=array.new < float >( 3 )\n"), "a = array.new<float>(3)\n");
  EXPECT_EQ(formatted("map< string,float[] >m=na\n"), "map<string, float[]> m = na\n");
  EXPECT_EQ(formatted("x=a<b and c>d\n"), "x = a < b and c > d\n");
  EXPECT_EQ(formatted("for i=0 to-n by- 1\n  \n    x\nfor[k,v]in m\n    k\n"),
            "for i = 0 to -n by -1\n\n    x\nfor [k, v] in m\n    k\n");
  EXPECT_EQ(formatted("import  User / Lib/ 3 as l\n"), "import User/Lib/3 as l\n");
  EXPECT_EQ(formatted("x = not(a)?- -b:+c-+d\n"), "x = not (a) ? - -b : +c - +d\n");
  EXPECT_EQ(formatted("[a,_]=g( [1,-2] )\n"), "[a, _] = g([1, -2])\n");
  EXPECT_EQ(formatted("method  add(array<int>this,int x=-1)=>this.push( x )\n"),
            "method add(array<int> this, int x = -1) => this.push(x)\n");
  EXPECT_EQ(formatted("switch a\n\t\"x\"=>b\n\t=>\n\t\tc\n"), "switch a\n    \"x\" => b\n    =>\n        c\n");
}

TEST(Formatter, comments_before_a_shallower_line_stay_in_the_block_they_stand_in) {
  const std::string text =
      "if a\n"
      "    if b\n"
      "        c\n"
      "        // deepest\n"
      "    // middle\n"
      "// outer\n"
      "d\n"
      "    // after everything, deep\n";
  EXPECT_EQ(formatted(text),
            "if a\n    if b\n        c\n        // deepest\n    // middle\n// outer\nd\n// after everything, deep\n");
  EXPECT_EQ(formatted("if a\n// at the margin\n    b\n"), "if a\n    // at the margin\n    b\n");
}

TEST(Formatter, refuses_what_does_not_parse) {
  EXPECT_THAT(formatted("x = (1\ny = 2\n"), ::testing::HasSubstr("s.pine:1:5: error: `(` is never closed"));
}

TEST(Formatter, an_empty_text_and_one_of_comments_alone_stay) {
  EXPECT_EQ(formatted(""), "");
  EXPECT_EQ(formatted("\n\n"), "");
  EXPECT_EQ(formatted("\n// a\n\n\n\n    // b"), "// a\n\n// b\n");
}

TEST(Formatter, the_catalogue_and_the_test_strategies_stay_the_same_programs) {
  std::size_t count = 0;
  for (const char* folder : {TRADEASSIST_SOURCE_DIR "/strategies", TRADEASSIST_SOURCE_DIR "/tests/pine"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (entry.path().extension() != ".pine") continue;
      SCOPED_TRACE(entry.path());
      std::ostringstream text;
      text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      expect_same_program(text.str());
      ++count;
    }
  }
  EXPECT_GE(count, 17u);
}

TEST(Formatter, random_scripts_stay_the_same_programs) {
  for (std::uint64_t seed = 1; seed <= 1500 && !HasFatalFailure(); ++seed) {
    SCOPED_TRACE(seed);
    expect_same_program(testing::random_script(seed));
  }
}

}  // namespace
}  // namespace tradeassist::pine
