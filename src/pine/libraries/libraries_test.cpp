#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "pine/compile.hpp"

namespace tradeassist::pine {
namespace {

namespace fs = std::filesystem;

/// Libraries by "User/Name/1".
LibraryFinder shelf(std::map<std::string, std::string> texts) {
  return [texts = std::move(texts)](const LibraryName& library) -> base::Result<LibraryText> {
    const auto found = texts.find(to_string(library));
    if (found != texts.end()) return LibraryText{to_string(library) + ".pine", found->second};
    return base::failure(base::ErrorCode::kNotFound, "there is no library " + to_string(library));
  };
}

const std::string kHelpers = R"(//@version=6
library("Helpers")
export const float LIMIT = 2.5
hidden(float x) =>
    x * 2
export twice(float x) =>
    hidden(x)
export enum Side
    buy = "Buy"
    sell = "Sell"
type Inner
    float value = 1
export type Level
    float price = 0
    string note = "none"
export method far(Level this, float from) =>
    math.abs(this.price - from)
length = input.int(14)
plot(ta.sma(close, length))
)";

const std::string kScript = "//@version=6\nindicator(\"t\")\nimport Me/Helpers/1 as h\n";

std::string errors_of(const std::string& text, const std::map<std::string, std::string>& libraries) {
  return render(compile("t.pine", text, shelf(libraries)));
}
std::string errors_with_helpers(const std::string& rest) {
  return errors_of(kScript + rest, {{"Me/Helpers/1", kHelpers}});
}

TEST(Libraries, what_a_library_exports_is_used_under_its_alias) {
  EXPECT_EQ(errors_with_helpers("plot(h.twice(close) + h.LIMIT)\n"
                                "l = h.Level.new(close)\n"
                                "h.Level other = na\n"
                                "array<h.Level> levels = array.new<h.Level>()\n"
                                "levels.push(l)\n"
                                "plot(l.far(open))\n"
                                "s = close > open ? h.Side.buy : h.Side.sell\n"
                                "plot(s == h.Side.buy ? 1 : 0)\n"),
            "");
}

TEST(Libraries, a_library_without_alias_goes_by_its_own_name) {
  EXPECT_EQ(errors_of("//@version=6\nindicator(\"t\")\nimport Me/Helpers/1\nplot(Helpers.twice(close))\n",
                      {{"Me/Helpers/1", kHelpers}}),
            "");
}

TEST(Libraries, private_names_of_a_library_are_not_seen) {
  EXPECT_NE(errors_with_helpers("plot(h.hidden(close))\n")
                .find("t.pine:4:6: error: the library Me/Helpers/1 exports no `hidden`"),
            std::string::npos);
  EXPECT_NE(errors_with_helpers("plot(h.hidden(close))\n").find("it declares it without `export`"), std::string::npos);
  EXPECT_NE(errors_with_helpers("h.Inner x = na\n").find("exports no `Inner`"), std::string::npos);
  EXPECT_NE(errors_with_helpers("plot(h.nothing)\n").find("exports no `nothing`"), std::string::npos);
  EXPECT_NE(errors_with_helpers("plot(hidden(close))\n").find("there is no function `hidden`"), std::string::npos);
}

TEST(Libraries, inputs_and_plots_of_a_library_are_not_the_scripts) {
  const Compilation made = compile("t.pine", kScript + "plot(h.twice(close))\n", shelf({{"Me/Helpers/1", kHelpers}}));
  ASSERT_TRUE(made.program) << render(made);
  EXPECT_TRUE(made.program->inputs.empty());
  EXPECT_EQ(made.program->outputs.size(), 1u);
  EXPECT_EQ(made.program->kind, ScriptKind::kIndicator);
}

TEST(Libraries, errors_inside_a_library_name_its_file_and_line) {
  const std::string library = "//@version=6\nlibrary(\"Bad\")\nexport f(float x) =>\n    x + unknown\n";
  EXPECT_EQ(
      errors_of("//@version=6\nindicator(\"t\")\nimport Me/Bad/1 as b\nplot(b.f(close))\n", {{"Me/Bad/1", library}}),
      "Me/Bad/1.pine:4:9: error: `unknown` is not declared\n      x + unknown\n          ^~~~~~~\n");
  const std::string broken = "//@version=6\nlibrary(\"Bad\")\nexport f(float x) =>\n    x + (\n";
  EXPECT_EQ(errors_of("//@version=6\nindicator(\"t\")\nimport Me/Bad/1 as b\nplot(close)\n", {{"Me/Bad/1", broken}})
                .find("Me/Bad/1.pine:4:"),
            0u);
}

TEST(Libraries, a_missing_library_is_one_error_at_its_import) {
  const std::string found = errors_of(
      "//@version=6\nindicator(\"t\")\nimport TradingView/ta/7 as ta7\n"
      "ta7.State s = na\nplot(ta7.ema2(close, 5) + ta7.LIMIT)\ns.run()\n",
      {});
  EXPECT_EQ(found.find("t.pine:3:1: error: there is no library TradingView/ta/7"), 0u) << found;
  EXPECT_EQ(found.find("error:"), found.rfind("error:")) << found;
}

TEST(Libraries, libraries_import_libraries_but_not_in_a_circle) {
  const std::map<std::string, std::string> chain = {
      {"Me/Top/1",
       "//@version=6\nlibrary(\"Top\")\nimport Me/Helpers/1 as h\nexport four(float x) => h.twice(h.twice(x))\n"},
      {"Me/Helpers/1", kHelpers}};
  EXPECT_EQ(errors_of("//@version=6\nindicator(\"t\")\nimport Me/Top/1 as top\nplot(top.four(close))\n", chain), "");
  EXPECT_NE(errors_of("//@version=6\nindicator(\"t\")\nimport Me/Top/1 as top\nplot(h.twice(close))\n", chain)
                .find("there is no function `h.twice`"),
            std::string::npos)
      << "an alias is the importing file's own";
  const std::string found = errors_of("//@version=6\nindicator(\"t\")\nimport Me/A/1\nplot(close)\n",
                                      {{"Me/A/1", "//@version=6\nlibrary(\"A\")\nimport Me/B/1\nexport f() => 1\n"},
                                       {"Me/B/1", "//@version=6\nlibrary(\"B\")\nimport Me/A/1\nexport g() => 1\n"}});
  EXPECT_EQ(
      found.find("Me/B/1.pine:3:1: error: libraries import one another in a circle: Me/A/1 imports Me/B/1 imports "
                 "Me/A/1\n"),
      0u)
      << found;
}

TEST(Libraries, two_imports_cannot_share_an_alias) {
  EXPECT_NE(errors_of("//@version=6\nindicator(\"t\")\nimport Me/Helpers/1 as h\nimport Me/Other/1 as h\nplot(close)\n",
                      {{"Me/Helpers/1", kHelpers}, {"Me/Other/1", kHelpers}})
                .find("t.pine:4:1: error: two imports are called `h`"),
            std::string::npos);
}

TEST(Libraries, only_a_library_can_be_imported_and_only_a_library_exports) {
  EXPECT_NE(errors_of("//@version=6\nindicator(\"t\")\nimport Me/X/1\nplot(close)\n",
                      {{"Me/X/1", "//@version=6\nindicator(\"x\")\nplot(close)\n"}})
                .find("t.pine:3:1: error: Me/X/1.pine is not a library"),
            std::string::npos);
  for (const char* line :
       {"export f(float x) => x\n", "export type T\n    int x\n", "export float x = 1.0\n", "export enum E\n    a\n"}) {
    EXPECT_NE(errors_of("//@version=6\nindicator(\"t\")\n" + std::string(line) + "plot(close)\n", {})
                  .find("`export` belongs in a library"),
              std::string::npos)
        << line;
  }
}

TEST(Libraries, a_library_is_checked_by_itself) {
  const Compilation made = compile("Helpers.pine", kHelpers);
  ASSERT_TRUE(made.program) << render(made);
  EXPECT_EQ(made.program->kind, ScriptKind::kLibrary);
  EXPECT_NE(render(compile("x.pine", "//@version=6\nlibrary(\"X\")\nexport f(float x) => x + y\n"))
                .find("x.pine:3:26: error: `y` is not declared"),
            std::string::npos);
}

TEST(Libraries, an_alias_may_be_the_name_of_a_built_in_namespace) {
  EXPECT_EQ(errors_of("//@version=6\nindicator(\"t\")\nimport Me/ta/1\nplot(ta.mine(close) + ta.sma(close, 3))\n",
                      {{"Me/ta/1", "//@version=6\nlibrary(\"ta\")\nexport mine(float x) => ta.ema(x, 2)\n"}}),
            "");
}

class LibraryFolders : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(root_); }
  void TearDown() override { fs::remove_all(root_); }
  void write(const fs::path& file, const std::string& text) {
    fs::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file) << text;
  }
  fs::path root_ = fs::temp_directory_path() / ("libraries-test-" + std::to_string(::getpid()));
};

TEST_F(LibraryFolders, the_file_of_publisher_and_version_goes_before_the_one_of_the_name) {
  write("second/Me/Lib/2.pine", "two");
  write("first/Lib.pine", "any");
  const LibraryFinder both = find_in_folders({root_ / "first", root_ / "second"});
  EXPECT_EQ(both({"Me", "Lib", 2})->text, "any") << "the first folder goes first";
  write("first/Me/Lib/2.pine", "mine");
  EXPECT_EQ(both({"Me", "Lib", 2})->text, "mine");
  EXPECT_EQ(both({"You", "Lib", 3})->text, "any");
}

TEST_F(LibraryFolders, a_missing_file_lists_the_places_searched) {
  const auto found = find_in_folders({root_})({"Me", "Lib", 2});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message, "there is no library Me/Lib/2; searched were " + (root_ / "Me/Lib/2.pine").string() +
                                       ", " + (root_ / "Lib.pine").string());
  EXPECT_EQ(find_in_folders({})({"Me", "Lib", 2}).error().message,
            "there is no library Me/Lib/2: no folder of libraries is known");
}

TEST_F(LibraryFolders, names_do_not_lead_out_of_the_folder) {
  write("secret.pine", "secret");
  write("inside/x.pine", "x");
  const LibraryFinder finder = find_in_folders({root_ / "inside"});
  for (const LibraryName& name : {LibraryName{"..", "secret", 1}, LibraryName{"Me", "../secret", 1},
                                  LibraryName{"Me", "", 1}, LibraryName{"/", "secret", 1}}) {
    const auto found = finder(name);
    ASSERT_FALSE(found) << to_string(name);
    EXPECT_EQ(found.error().code, base::ErrorCode::kInvalidArgument);
  }
  EXPECT_NE(errors_of("//@version=6\nindicator(\"t\")\nimport ../secret/1\nplot(close)\n", {}), "");
}

}  // namespace
}  // namespace tradeassist::pine
