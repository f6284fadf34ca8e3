#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "pine/compile.hpp"
#include "pine/syntax/formatter.hpp"
#include "pine/syntax/parser.hpp"
#include "pine/syntax/printer.hpp"
#include "pine/syntax/testing/dump.hpp"

// Scripts as people keep them: long, wrapped anyhow, of every version. Those in compile/ run here, those in parse/ hold
// every form of the language's syntax.
namespace tradeassist::pine {
namespace {

struct File {
  std::string name, text;
};

std::vector<File> files(const char* folder) {
  std::vector<File> found;
  const std::filesystem::path root = std::filesystem::path(TRADEASSIST_SOURCE_DIR) / "tests/pine" / folder;
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    std::ostringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    found.push_back({entry.path().filename(), text.str()});
  }
  std::ranges::sort(found, {}, &File::name);
  return found;
}

TEST(UntidyScripts, those_of_the_supported_language_compile) {
  std::size_t count = 0;
  for (const File& file : files("compile")) {
    const Compilation made = compile(file.name, file.text);
    EXPECT_TRUE(made.program) << render(made);
    ++count;
  }
  EXPECT_GE(count, 20u);
}

TEST(UntidyScripts, all_parse_print_and_format_to_the_same_program) {
  std::vector<File> all = files("parse");
  EXPECT_GE(all.size(), 10u);
  std::ranges::move(files("compile"), std::back_inserter(all));
  for (const File& file : all) {
    const Source source(file.name, file.text);
    Diagnostics diagnostics;
    const ast::Script script = parse(source, diagnostics);
    for (const Diagnostic& diagnostic : diagnostics.all()) ADD_FAILURE() << render(source, diagnostic);
    if (diagnostics.has_errors()) continue;
    const std::string dumped = testing::dump(script);

    const Source printed("printed " + file.name, print(script));
    EXPECT_EQ(testing::dump(parse(printed, diagnostics)), dumped) << printed.text();
    const auto formatted = format(source, diagnostics);
    ASSERT_TRUE(formatted) << file.name;
    const Source made("formatted " + file.name, *formatted);
    EXPECT_EQ(testing::dump(parse(made, diagnostics)), dumped) << made.text();
    EXPECT_EQ(format(made, diagnostics), *formatted);
    EXPECT_FALSE(diagnostics.has_errors()) << file.name;
  }
}

}  // namespace
}  // namespace tradeassist::pine
