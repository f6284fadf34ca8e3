#include <cstddef>
#include <cstdint>
#include <string>

#include "pine/compile.hpp"

// Any bytes: compiling ends, with a program or with errors that point into the text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tradeassist::pine;
  const LoweringLimits limits{.operations_max = 20'000, .slots_max = 40'000, .expansions_max = 2'000};
  const Compilation made = compile("fuzz.pine", std::string(data, data + size), {}, limits);
  if ((made.program == nullptr) != made.diagnostics.has_errors()) __builtin_trap();
  for (const Diagnostic& diagnostic : made.diagnostics.all()) {
    if (diagnostic.range.end > made.source->text().size()) __builtin_trap();
  }
  return 0;
}
