#include "pine/compile.hpp"

#include <utility>

#include "pine/analysis/lowering.hpp"
#include "pine/libraries/script_files.hpp"

namespace tradeassist::pine {

Compilation compile(std::string name, std::string text, const LibraryFinder& libraries, const LoweringLimits& limits) {
  Compilation result;
  auto source = std::make_shared<Source>(std::move(name), std::move(text));
  result.source = source;
  Diagnostics& diagnostics = result.diagnostics;
  const std::vector<ScriptFile> files = read_script_files(*source, libraries, diagnostics);
  if (!files.empty()) {
    auto program = std::make_shared<Program>();
    program->source = source;
    Lowering(*source, files, diagnostics, limits, *program).run();
    if (!diagnostics.has_errors()) result.program = std::move(program);
  }
  diagnostics.sort();
  return result;
}

std::string render(const Compilation& compilation) {
  std::string out;
  for (const Diagnostic& diagnostic : compilation.diagnostics.all()) out += render(*compilation.source, diagnostic);
  return out;
}

}  // namespace tradeassist::pine
