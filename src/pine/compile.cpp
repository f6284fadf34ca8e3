#include "pine/compile.hpp"

#include <algorithm>
#include <utility>

#include "pine/analysis/lowering.hpp"
#include "pine/syntax/parser.hpp"

namespace tradeassist::pine {

Compilation compile(std::string name, std::string text, const LoweringLimits& limits) {
  Compilation result;
  auto source = std::make_shared<const Source>(std::move(name), std::move(text));
  result.source = source;
  Diagnostics& diagnostics = result.diagnostics;
  const ast::Script script = parse(*source, diagnostics);
  if (script.version < 5 || script.version > 6) {
    const bool missing = script.version_range.end == 0;
    diagnostics.error(script.version_range,
                      missing ? "the script does not state its version, and is taken for Pine v1"
                              : "Pine v" + std::to_string(script.version) + " is not supported",
                      "supported are //@version=5 and //@version=6");
    return result;
  }
  // A tree with holes would give errors that are not there; its syntax errors come first.
  if (diagnostics.has_errors()) return result;
  auto program = std::make_shared<Program>();
  program->source = source;
  Lowering(*source, script, diagnostics, limits, *program).run();
  if (!diagnostics.has_errors()) {
    eliminate_dead_code(*program, true);
    result.program = std::move(program);
  }
  return result;
}

std::string render(const Compilation& compilation) {
  std::vector<const Diagnostic*> ordered;
  for (const Diagnostic& diagnostic : compilation.diagnostics.all()) ordered.push_back(&diagnostic);
  std::ranges::stable_sort(ordered, {}, [](const Diagnostic* d) { return d->range.begin; });
  std::string out;
  for (const Diagnostic* diagnostic : ordered) out += render(*compilation.source, *diagnostic);
  return out;
}

}  // namespace tradeassist::pine
