#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "pine/compile.hpp"
#include "pine/syntax/header.hpp"
#include "pine/syntax/parser.hpp"
#include "pine/syntax/printer.hpp"
#include "pine/syntax/testing/random_script.hpp"

// Whatever bytes arrive: the front end ends, without a crash, and every finding points into the text.
namespace tradeassist::pine {
namespace {

std::string mutated(std::string text, std::mt19937_64& random) {
  constexpr std::string_view kPieces[] = {
      "(",  ")",  "[",      "]",    "\n",   "    ",  "\t",           "  ",   "=",    ":=", "=>",
      ",",  ".",  "\"",     "'",    "if ",  "else",  "for ",         "?",    ":",    "<",  ">",
      "//", "/*", "#",      "var ", "type", "enum",  "1e",           "0x1",  "\x80", "é",  "“",
      "++", "&&", "switch", "\r",   "->",   "elif ", "\xef\xbb\xbf", "1e999"};
  for (auto edits = 1 + random() % 4; edits > 0; --edits) {
    const std::size_t at = random() % (text.size() + 1);
    switch (random() % 4) {
      case 0: text.insert(at, kPieces[random() % std::size(kPieces)]); break;
      case 1: text.erase(at, random() % 12); break;
      case 2:
        if (at < text.size()) text[at] = static_cast<char>(random());
        break;
      default: text.insert(at, text.substr(random() % (text.size() + 1), random() % 40)); break;
    }
  }
  return text;
}

TEST(Mutation, damaged_scripts_end_in_messages_that_point_into_the_text) {
  std::mt19937_64 random(20260101);
  std::size_t refused = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    const std::string text = mutated(testing::random_script(1 + seed % 300), random);
    const Source source("m.pine", text);
    Diagnostics diagnostics;
    const ast::Script script = parse(source, diagnostics);
    parse_header(source, diagnostics);
    for (const Diagnostic& diagnostic : diagnostics.all()) {
      ASSERT_LE(diagnostic.range.begin, diagnostic.range.end) << diagnostic.message;
      ASSERT_LE(diagnostic.range.end, text.size()) << diagnostic.message;
      ASSERT_FALSE(diagnostic.message.empty());
      const std::string shown = render(source, diagnostic);
      ASSERT_LE(shown.size(), 4000u);
      ASSERT_EQ(shown.find('\0'), std::string::npos);
    }
    refused += diagnostics.has_errors();
    if (diagnostics.has_errors()) continue;
    // What is still a script prints and parses again.
    const Source again("p.pine", print(script));
    Diagnostics none;
    const ast::Script second = parse(again, none);
    ASSERT_FALSE(none.has_errors()) << text << "\n----\n" << again.text() << render(again, none.all().front());
    ASSERT_EQ(print(second), again.text());
  }
  EXPECT_GT(refused, 1000u);
  EXPECT_LT(refused, 3000u);
}

TEST(Mutation, damaged_strategies_compile_or_are_refused_in_words) {
  std::vector<std::string> strategies;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(TRADEASSIST_SOURCE_DIR "/strategies")) {
    if (entry.path().extension() != ".pine") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    strategies.push_back(text.str());
  }
  ASSERT_FALSE(strategies.empty());
  std::ranges::sort(strategies);
  std::mt19937_64 random(4);
  for (std::size_t round = 0; round < 600; ++round) {
    const Compilation made = compile("m.pine", mutated(strategies[round % strategies.size()], random));
    ASSERT_EQ(made.program == nullptr, made.diagnostics.has_errors()) << render(made);
    for (const Diagnostic& diagnostic : made.diagnostics.all()) {
      ASSERT_LE(diagnostic.range.end, made.source->text().size()) << diagnostic.message;
    }
  }
}

TEST(Mutation, random_bytes_are_refused_in_words) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string text(random() % 2000, ' ');
    for (char& c : text) c = static_cast<char>(round % 2 == 0 ? random() : " \t\n()[]=:>,.?\"'x1#+-"[random() % 20]);
    const Source source("r.pine", text);
    Diagnostics diagnostics;
    parse(source, diagnostics);
    for (const Diagnostic& diagnostic : diagnostics.all()) ASSERT_LE(diagnostic.range.end, text.size());
  }
}

}  // namespace
}  // namespace tradeassist::pine
