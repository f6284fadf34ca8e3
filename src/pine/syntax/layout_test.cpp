#include <gtest/gtest.h>

#include "pine/syntax/parser.hpp"
#include "pine/syntax/printer.hpp"

// How lines become statements: each source beside the canonical form of what it means.
namespace tradeassist::pine {
namespace {

std::string canonical(std::string text) {
  const Source source("s.pine", std::move(text));
  Diagnostics diagnostics;
  const ast::Script script = parse(source, diagnostics);
  std::string messages;
  for (const Diagnostic& diagnostic : diagnostics.all()) messages += render(source, diagnostic);
  return messages.empty() ? print(script) : messages;
}

TEST(Layout, a_line_indented_by_no_multiple_of_four_continues_the_one_before) {
  EXPECT_EQ(canonical("a = b\n  + c\n     - d\n"), "a = b + c - d\n");
  EXPECT_EQ(canonical("if a\n    b = c\n     + d\n    e\n"), "if a\n    b = c + d\n    e\n");
  EXPECT_EQ(canonical("f(x) =>\n    a = x\n\t  * 2\n    a\n"), "f(x) =>\n    a = x * 2\n    a\n");
  EXPECT_EQ(canonical("if a and\n   b\n    c\n"), "if a and b\n    c\n");
}

TEST(Layout, inside_brackets_any_indentation_continues) {
  EXPECT_EQ(canonical("plot(\nclose,\n    title = \"t\",\n        color = red\n)\n"),
            "plot(close, title = \"t\", color = red)\n");
  EXPECT_EQ(canonical("[a,\nb] = f(\n    1)\n"), "[a, b] = f(1)\n");
  EXPECT_EQ(canonical("x = (a\n    or b)\n"), "x = a or b\n");
}

TEST(Layout, a_line_that_cannot_be_complete_is_continued) {
  EXPECT_EQ(canonical("a = b ?\n    c :\n    d\n"), "a = b ? c : d\n");
  EXPECT_EQ(canonical("a = b and\n    c\nd = 1,\n    e = 2\n"), "a = b and c\nd = 1\ne = 2\n");
  EXPECT_EQ(canonical("a =\n    b\n"), "a = b\n");
}

TEST(Layout, comments_and_blank_lines_change_nothing_wherever_they_stand) {
  EXPECT_EQ(canonical("a = b // why\n// at the margin\n\n   // odd\n  + c\n"), "a = b + c\n");
  EXPECT_EQ(canonical("if a\n// margin\n    b\n\n        // deep\n    c\n// x\nelse\n    d\n"),
            "if a\n    b\n    c\nelse\n    d\n");
  EXPECT_EQ(canonical("f(a, // first\n\n// second\n  b)\n"), "f(a, b)\n");
  EXPECT_EQ(canonical("switch x // what\n    // arms\n    1 => a\n\n    // default\n    => b\n"),
            "switch x\n    1 => a\n    => b\n");
}

TEST(Layout, tabs_count_four_and_line_ends_may_be_windows) {
  EXPECT_EQ(canonical("if a\r\n\tb\r\n    c\r\n\tif d\r\n\t    e\r\n"), "if a\n    b\n    c\n    if d\n        e\n");
  EXPECT_EQ(canonical("\xef\xbb\xbf//@version=5\r\nx = 1"), "//@version=5\nx = 1\n");
}

TEST(Layout, commas_separate_statements_also_in_bodies) {
  EXPECT_EQ(canonical("a = 1, b := 2, f(3, 4)\n"), "a = 1\nb := 2\nf(3, 4)\n");
  EXPECT_EQ(canonical("f(x) => y = x * 2, y + 1\n"), "f(x) =>\n    y = x * 2\n    y + 1\n");
  EXPECT_EQ(canonical("switch\n    a => b := 1, c\n    => d\n"),
            "switch\n    a =>\n        b := 1\n        c\n    => d\n");
  EXPECT_EQ(canonical("float a = na, var int b = 0\n"), "float a = na\nvar int b = 0\n");
}

TEST(Layout, structures_are_values) {
  EXPECT_EQ(canonical("x = if a\n    1\nelse if b\n    2\nelse\n    3\n"),
            "x = if a\n    1\nelse if b\n    2\nelse\n    3\n");
  EXPECT_EQ(canonical("x := for i = 0 to 9 by 2\n    i\n"), "x := for i = 0 to 9 by 2\n    i\n");
  EXPECT_EQ(canonical("[a, b] = switch c\n    \"x\" =>\n        [1, 2]\n    => [3, 4]\n"),
            "[a, b] = switch c\n    \"x\" => [1, 2]\n    => [3, 4]\n");
  EXPECT_EQ(canonical("f() =>\n    while a\n        b\n"), "f() =>\n    while a\n        b\n");
  EXPECT_EQ(canonical("if a\n    x = if b\n        1\n    else\n        2\n    c\n"),
            "if a\n    x = if b\n        1\n    else\n        2\n    c\n");
}

TEST(Layout, operators_bind_as_the_manual_says) {
  EXPECT_EQ(canonical("x = (((a*b)+c)>d)==e\n"), "x = a * b + c > d == e\n");
  EXPECT_EQ(canonical("x = a*(b+c)\n"), "x = a * (b + c)\n");
  EXPECT_EQ(canonical("x = (not a) == b or (c and d)\n"), "x = not a == b or c and d\n");
  EXPECT_EQ(canonical("x = -(a[1]) + (-b)[2]\n"), "x = -a[1] + (-b)[2]\n");
  EXPECT_EQ(canonical("x = a - (b - c) - d\n"), "x = a - (b - c) - d\n");
  EXPECT_EQ(canonical("x = a ? b : (c ? d : e)\n"), "x = a ? b : c ? d : e\n");
  EXPECT_EQ(canonical("x = a ? b ? c : d : e\n"), "x = a ? (b ? c : d) : e\n");
}

TEST(Layout, words_are_keywords_only_where_they_act_as_such) {
  EXPECT_EQ(canonical("type = 1\nmethod := type\nenum = method + export\nimport(series)\n"),
            "type = 1\nmethod := type\nenum = method + export\nimport(series)\n");
  EXPECT_EQ(canonical("f(type, simple int series, const) => type\n"), "f(type, simple int series, const) => type\n");
  EXPECT_EQ(canonical("x = order.to + order.in\n"), "x = order.to + order.in\n");
  EXPECT_EQ(canonical("input int n = input.int(5)\nx = input(5)\n"), "input int n = input.int(5)\nx = input(5)\n");
}

TEST(Layout, the_words_of_a_loop_are_names_elsewhere_and_in_it) {
  EXPECT_EQ(canonical("to = 1, by = to, in = by\nf(to, in) => to + in\nx = f(to = 1, in = 2)\n"),
            "to = 1\nby = to\nin = by\nf(to, in) => to + in\nx = f(to = 1, in = 2)\n");
  EXPECT_EQ(canonical("for i = from to to by by\n    to\nfor in in in\n    in\nfor [to, by] in in\n    to\n"),
            "for i = from to to by by\n    to\nfor in in in\n    in\nfor [to, by] in in\n    to\n");
  EXPECT_EQ(canonical("for int i = 0 to 3\n    i\n"), "for i = 0 to 3\n    i\n");
}

TEST(Layout, the_version_may_be_written_oddly_and_stand_anywhere) {
  for (const char* line : {"//@version=5", "// @version=5", "//@version = 5", "//  @ Version=5 strategy",
                           "///@version=5", "//@version=5.", "// \t@VERSION =5"}) {
    EXPECT_EQ(canonical(std::string("// first\n\nx = 1\n") + line + "\n"), "//@version=5\nx = 1\n") << line;
  }
  EXPECT_EQ(canonical("x = 1 //@version=4\n//@version=6\n"), "//@version=4\nx = 1\n");
  EXPECT_EQ(canonical("// version=5\n// @versions=5\nx = 1\n"), "x = 1\n");
}

TEST(Layout, blanks_of_every_kind_separate_and_indent) {
  // No-break, typesetting's thin and Asian spaces; zero-width ones and a byte order mark take no column.
  EXPECT_EQ(canonical("x\u00a0=\u2009a\u3000+\u200bb\ufeff\v\f\n"), "x = a + b\n");
  EXPECT_EQ(canonical("if a\n\u00a0\u00a0\u00a0\u00a0b\n\u200b\u3000\u3000\u3000\u3000c\n"), "if a\n    b\n    c\n");
  EXPECT_EQ(canonical("a = b\n\u2003+ c\n"), "a = b + c\n");
}

TEST(Layout, publishers_have_names_that_the_language_has_not) {
  EXPECT_EQ(canonical("import 3-traders/Lib/1 as x\nimport a_b / Lib_2 / 12\n"),
            "import 3-traders/Lib/1 as x\nimport a_b/Lib_2/12\n");
  EXPECT_EQ(canonical("import = 4 / 2\ny = import - 1\nimport - y\n"), "import = 4 / 2\ny = import - 1\nimport - y\n");
}

TEST(Layout, trailing_commas_are_passed_over) {
  EXPECT_EQ(canonical("f(a, b,)\nx = [a, b,]\ny = 1,\nz = 2,\n"), "f(a, b)\nx = [a, b]\ny = 1\nz = 2\n");
}

TEST(Layout, a_line_after_an_operator_continues_it) {
  EXPECT_EQ(canonical("a = b >\n    c\nd = e <\n    f\n"), "a = b > c\nd = e < f\n");
}

TEST(Layout, generics_are_told_from_comparisons) {
  EXPECT_EQ(canonical("a = array.new<float>(3)\n"), "a = array.new<float>(3)\n");
  EXPECT_EQ(canonical("map<string, float> m = map.new<string, float>()\n"),
            "map<string, float> m = map.new<string, float>()\n");
  EXPECT_EQ(canonical("f(float[] a, matrix<Lib.Point> b) => a < b\n"),
            "f(array<float> a, matrix<Lib.Point> b) => a < b\n");
  EXPECT_EQ(canonical("x = a < b and c > d\n"), "x = a < b and c > d\n");
}

TEST(Layout, scripts_of_version_four_parse_so_that_only_their_version_is_refused) {
  EXPECT_EQ(
      canonical("//@version=4\nstudy(title=\"v4\", overlay=true)\nlen = input(14, minval=1, type=input.integer)\n"
                "src = input(title=\"Source\", type=input.source, defval=close)\nup = rma(max(change(src), 0), len)\n"
                "x = iff(up == 0, 100, 50), float y = na\ny := na(y[1]) ? x : y[1]\n"
                "[a, b] = security(syminfo.tickerid, \"D\", [high, low])\n"
                "for i = 0 to len - 1\n    y := y + i\nplot(x, color=color.new(color.red, 0), transp=10)\n"),
      "//@version=4\nstudy(title = \"v4\", overlay = true)\nlen = input(14, minval = 1, type = input.integer)\n"
      "src = input(title = \"Source\", type = input.source, defval = close)\nup = rma(max(change(src), 0), len)\n"
      "x = iff(up == 0, 100, 50)\nfloat y = na\ny := na(y[1]) ? x : y[1]\n"
      "[a, b] = security(syminfo.tickerid, \"D\", [high, low])\n"
      "for i = 0 to len - 1\n    y := y + i\nplot(x, color = color.new(color.red, 0), transp = 10)\n");
}

TEST(Layout, literals_keep_their_values) {
  EXPECT_EQ(
      canonical("x = [1, 1., .5, 6.02e-23, 3E8, #ff0000, #2962FF80, 'it\\'s \"q\"', \"a\\tb\\n\\\\\\d\", true, na]\n"),
      "x = [1, 1.0, 0.5, 6.02e-23, 3e+08, #FF0000, #2962FF80, \"it's \\\"q\\\"\", \"a\\tb\\n\\\\d\", true, na]\n");
}

}  // namespace
}  // namespace tradeassist::pine
