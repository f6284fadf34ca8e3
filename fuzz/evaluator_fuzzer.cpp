#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "backtest/testing/random_program.hpp"
#include "backtest/testing/run_invariants.hpp"
#include "pine/compile.hpp"

// Bytes that begin as scripts do are one; other bytes choose a program that compiles and the bars it runs on. Every run
// ends and is the same twice; one of a chosen program knows no later bar.
namespace {

using namespace tradeassist;
using namespace tradeassist::backtest;

constexpr std::size_t kBars = 200;

void require(const std::string& found, const std::string& script) {
  if (found.empty()) return;
  std::fprintf(stderr, "%s\n%s\n", found.c_str(), script.c_str());
  __builtin_trap();
}

void run_script(const std::string& text) {
  const pine::LoweringLimits limits{.operations_max = 20'000, .slots_max = 40'000, .expansions_max = 2'000};
  const pine::Compilation made = pine::compile("fuzz.pine", text, {}, limits);
  if (made.program == nullptr) return;
  pine::testing::Chance chance(7);
  const market::Series bars = testing::untidy_bars(chance, kBars, text);
  require(testing::broken_invariant(testing::short_request(*made.program, bars)), text);
}

void run_chosen(pine::testing::Chance chance, std::uint64_t seed) {
  const std::string text = testing::random_program(chance);
  const pine::Compilation made = pine::compile("fuzz.pine", text);
  require(made.program == nullptr ? pine::render(made) : "", text);
  pine::testing::Chance of_bars(seed);
  const market::Series bars = testing::untidy_bars(of_bars, kBars, text);
  const RunRequest request = testing::short_request(*made.program, bars);
  require(testing::broken_invariant(request), text);
  require(testing::look_ahead(request, 1 + seed % kBars), text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.starts_with("//")) {
    run_script(std::string(bytes));
  } else if (size > 2) {
    run_chosen(pine::testing::Chance(std::span(data + 2, size - 2)), std::uint64_t{data[0]} << 8 | data[1]);
  }
  return 0;
}
