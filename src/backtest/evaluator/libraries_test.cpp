#include <gtest/gtest.h>

#include "backtest/testing/script_run.hpp"

namespace tradeassist::backtest {
namespace {

using namespace testing;

ScriptRun run_with(const std::map<std::string, std::string>& libraries, const std::string& text,
                   const std::vector<double>& closes) {
  const pine::LibraryFinder finder = [&](const pine::LibraryName& name) -> base::Result<pine::LibraryText> {
    return pine::LibraryText{pine::to_string(name), libraries.at(pine::to_string(name))};
  };
  const pine::Compilation made = pine::compile("test.pine", text, finder);
  if (!made.program) throw std::runtime_error(pine::render(made));
  ScriptRun done;
  done.program = made.program;
  const market::Series bars = bars_of_closes(closes, nanoseconds("2024-01-01T00:00:00Z"), kHour);
  done.result = run(request_for(*done.program, bars));
  return done;
}

std::vector<double> run_one(const std::string& library, const std::string& rest,
                            const std::vector<double>& closes = {1, 2, 3, 4}) {
  const ScriptRun done =
      run_with({{"Me/Lib/1", library}}, "//@version=6\nindicator(\"t\")\nimport Me/Lib/1 as lib\n" + rest, closes);
  if (!done.result) throw std::runtime_error(done.result.error().message);
  return done.plot("p");
}

using Values = std::vector<double>;

TEST(RunLibraries, private_helpers_and_globals_of_a_library_do_not_clash_with_the_scripts) {
  const std::string library = R"(//@version=6
library("Lib")
FACTOR = 10
twice = 3
helper(float x) => x * FACTOR + twice
export scaled(float x) => helper(x)
)";
  EXPECT_EQ(run_one(library, "FACTOR = 1\ntwice = 0\nhelper(float x) => -x\nplot(lib.scaled(helper(close)), \"p\")\n"),
            (Values{-7, -17, -27, -37}));
}

TEST(RunLibraries, every_call_of_a_library_function_has_its_own_state) {
  const std::string library = R"(//@version=6
library("Lib")
export count(bool condition) =>
    var int n = 0
    if condition
        n += 1
    n
)";
  EXPECT_EQ(run_one(library, "plot(lib.count(true) * 10 + lib.count(close > 2), \"p\")\n"), (Values{10, 20, 31, 42}));
}

TEST(RunLibraries, types_methods_enums_and_constants_work_across_files) {
  const std::string library = R"(//@version=6
library("Lib")
export enum Side
    up = "Up"
    down = "Down"
BASE = 100.0
export type Level
    float price = BASE
    int touches
export method touch(Level this, float at) =>
    this.touches := nz(this.touches) + (at >= this.price ? 1 : 0)
    this
export side(float a, float b) => a > b ? Side.up : Side.down
export const int STEP = 5
)";
  EXPECT_EQ(run_one(library, R"(
type Level
    float other
var l = lib.Level.new(2.0)
l.touch(close).touch(close - 1)
d = lib.Level.new()
own = Level.new(7)
plot(l.touches * 1000 + d.price + lib.STEP + own.other + (lib.side(close, 2) == lib.Side.up ? 0.5 : 0), "p")
)"),
            (Values{112, 1112, 3112.5, 5112.5}));
}

TEST(RunLibraries, a_function_runs_by_the_rules_of_its_own_files_version) {
  // v5 divides two const ints without a rest and has an na bool.
  const std::string library = R"(//@version=5
library("Lib")
export half() => 5 / 2
export unknown() =>
    bool b = na
    b
)";
  EXPECT_EQ(run_one(library, "plot(lib.half() * 100 + 5 / 2 * 10 + (lib.unknown() == false ? 1 : 0), \"p\")\n", {1}),
            (Values{226}));
}

TEST(RunLibraries, overloads_and_defaults_are_those_of_the_library) {
  const std::string library = R"(//@version=6
library("Lib")
DEFAULT = 7
export pick(int x) => 1000 + x
export pick(string x) => 2000
export plus(float x, int n = DEFAULT) => x + n
)";
  EXPECT_EQ(run_one(library, "DEFAULT = 1\nplot(lib.pick(1) + lib.pick(\"a\") + lib.plus(close), \"p\")\n", {1, 2}),
            (Values{3009, 3010}));
}

TEST(RunLibraries, a_library_of_a_library_is_reached_through_it) {
  const ScriptRun done = run_with(
      {{"Me/Top/2", "//@version=6\nlibrary(\"Top\")\nimport Me/Low/1 as low\nexport make(float x) => low.P.new(x)\n"},
       {"Me/Low/1", "//@version=6\nlibrary(\"Low\")\nexport type P\n    float x\n"}},
      "//@version=6\nindicator(\"t\")\nimport Me/Top/2 as top\np = top.make(close)\nplot(p.x, \"p\")\n", {4, 5});
  ASSERT_TRUE(done.result) << done.result.error().message;
  EXPECT_EQ(done.plot("p"), (Values{4, 5}));
}

TEST(RunLibraries, an_error_at_run_time_names_the_librarys_place) {
  const ScriptRun done = run_with(
      {{"Me/Lib/1", "//@version=6\nlibrary(\"Lib\")\nexport f(float x) =>\n    array.new<float>().get(3) + x\n"}},
      "//@version=6\nindicator(\"t\")\nimport Me/Lib/1 as lib\nplot(lib.f(close), \"p\")\n", {4, 5});
  ASSERT_FALSE(done.result);
  EXPECT_EQ(done.result.error().message.find("Me/Lib/1:4:5: "), 0u) << done.result.error().message;
}

TEST(RunLibraries, requests_inside_a_library_run_on_their_own_bars) {
  const std::string library = R"(//@version=6
library("Lib")
export higher(simple string timeframe, float x) => request.security(syminfo.tickerid, timeframe, x)
)";
  EXPECT_EQ(run_one(library, "plot(lib.higher(\"120\", close), \"p\")\n", {1, 2, 3, 4}).back(), 4);
}

TEST(RunLibraries, a_library_itself_does_not_run) {
  const pine::Compilation made = pine::compile("lib.pine", "//@version=6\nlibrary(\"Lib\")\nexport f(float x) => x\n");
  ASSERT_TRUE(made.program) << pine::render(made);
  const market::Series bars = bars_of_closes({1, 2}, nanoseconds("2024-01-01T00:00:00Z"), kHour);
  EXPECT_FALSE(run(request_for(*made.program, bars)));
}

}  // namespace
}  // namespace tradeassist::backtest
