#include "pine/syntax/printer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "pine/syntax/edit.hpp"
#include "pine/syntax/parser.hpp"
#include "pine/syntax/testing/dump.hpp"
#include "pine/syntax/testing/random_script.hpp"

namespace tradeassist::pine {
namespace {

struct Parsed {
  ast::Script script;
  std::string messages;
};

Parsed parsed(const std::string& text) {
  const Source source("s.pine", text);
  Diagnostics diagnostics;
  Parsed result{parse(source, diagnostics), ""};
  for (const Diagnostic& diagnostic : diagnostics.all()) result.messages += render(source, diagnostic);
  return result;
}

void expect_round_trip(const std::string& text) {
  const Parsed first = parsed(text);
  ASSERT_EQ(first.messages, "") << text;
  const std::string printed = print(first.script);
  const Parsed second = parsed(printed);
  ASSERT_EQ(second.messages, "") << text << "\n---- printed as\n" << printed;
  ASSERT_EQ(testing::dump(second.script), testing::dump(first.script)) << text << "\n---- printed as\n" << printed;
  EXPECT_EQ(print(second.script), printed);
}

TEST(Printer, the_catalogue_survives_printing_and_parsing) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(TRADEASSIST_SOURCE_DIR "/strategies")) {
    if (entry.path().extension() != ".pine") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    expect_round_trip(text.str());
    ++count;
  }
  EXPECT_GE(count, 10u);
}

TEST(Printer, random_scripts_survive_printing_and_parsing) {
  for (std::uint64_t seed = 1; seed <= 1500 && !HasFatalFailure(); ++seed) {
    SCOPED_TRACE(seed);
    expect_round_trip(testing::random_script(seed));
  }
}

TEST(Printer, writes_one_layout_with_only_the_parentheses_that_are_needed) {
  const std::string text =
      "//@version=6\nx=((a+b)*c)-(d-(e-f)),y:=not(a==b)\nfloat[] z=na\nif(a)\n\tb:=1.0\nelse\n\tif c\n\t\td\n"
      "f(x)=>\n    x\nv = (a?b:c)?d:(e?g:h)\n[p,_]=g(1,title='it\\'s')\nw = (-1)[2] + (1 > 2 ? 3 : 4)\n";
  EXPECT_EQ(
      print(parsed(text).script),
      "//@version=6\nx = (a + b) * c - (d - (e - f))\ny := not (a == b)\narray<float> z = na\nif a\n    b := 1.0\n"
      "else if c\n    d\nf(x) => x\nv = (a ? b : c) ? d : e ? g : h\n[p, _] = g(1, title = \"it's\")\n"
      "w = (-1)[2] + (1 > 2 ? 3 : 4)\n");
}

TEST(Printer, numbers_keep_their_bits_and_their_kind) {
  EXPECT_EQ(print_number(3, true), "3");
  EXPECT_EQ(print_number(3, false), "3.0");
  EXPECT_EQ(print_number(0.1, false), "0.1");
  EXPECT_EQ(print_number(-1e-7, false), "-1e-07");
  EXPECT_EQ(print_color(0x2962ffff), "#2962FF");
  EXPECT_EQ(print_color(0x2962ff80), "#2962FF80");
}

TEST(Edit, replaces_ranges_and_keeps_everything_else_to_the_byte) {
  const std::string text = "a = input.int(20, \"A\") // keep\r\n\tb = input.float( 1.5 )\n";
  const Parsed first = parsed(text);
  std::vector<Edit> edits;
  for (const auto& statement : first.script.statements) {
    const auto& call = std::get<ast::Call>(std::get<ast::Declaration>(statement->node).value->node);
    edits.push_back({call.arguments.front().value->range, edits.empty() ? "35" : "2.25"});
  }
  ASSERT_EQ(edits.size(), 1u);  // the second line is indented, which is an error
  edits.push_back(
      {{static_cast<std::uint32_t>(text.find("1.5")), static_cast<std::uint32_t>(text.find("1.5") + 3)}, "2.25"});
  std::swap(edits[0], edits[1]);
  EXPECT_EQ(*replace_ranges(text, edits), "a = input.int(35, \"A\") // keep\r\n\tb = input.float( 2.25 )\n");
}

TEST(Edit, refuses_overlaps_and_places_outside_of_the_text) {
  EXPECT_THAT(replace_ranges("abcdef", {{{0, 3}, "x"}, {{2, 4}, "y"}}).error().message,
              ::testing::HasSubstr("overlap at byte 2"));
  EXPECT_THAT(replace_ranges("abc", {{{1, 9}, "x"}}).error().message,
              ::testing::HasSubstr("outside of the text of 3 bytes"));
  EXPECT_EQ(*replace_ranges("abc", {{{1, 1}, "x"}, {{1, 2}, "y"}}), "axyc");
}

}  // namespace
}  // namespace tradeassist::pine
