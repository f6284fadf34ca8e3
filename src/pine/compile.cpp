#include "pine/compile.hpp"

#include <utility>

#include "pine/analysis/lowering.hpp"
#include "pine/analysis/sound_part.hpp"
#include "pine/syntax/parser.hpp"
#include "pine/versions/modernize.hpp"

namespace tradeassist::pine {

Compilation compile(std::string name, std::string text, const LoweringLimits& limits) {
  Compilation result;
  auto source = std::make_shared<const Source>(std::move(name), std::move(text));
  result.source = source;
  Diagnostics& diagnostics = result.diagnostics;
  ast::Script script = parse(*source, diagnostics);
  if (script.version < kOldestVersion || script.version > kNewestVersion) {
    const bool missing = script.version_range.end == 0;
    diagnostics.error(script.version_range,
                      missing
                          ? "the script does not state its version, and is taken for Pine v1, which is not supported"
                          : "Pine v" + std::to_string(script.version) + " is not supported",
                      "supported are //@version=" + std::to_string(kOldestVersion) +
                          " to //@version=" + std::to_string(kNewestVersion));
    diagnostics.sort();
    return result;
  }
  if (diagnostics.has_errors()) keep_sound_part(script, *source, diagnostics);
  modernize(script);
  auto program = std::make_shared<Program>();
  program->source = source;
  Lowering(*source, script, diagnostics, limits, *program).run();
  diagnostics.sort();
  if (!diagnostics.has_errors()) result.program = std::move(program);
  return result;
}

std::string render(const Compilation& compilation) {
  std::string out;
  for (const Diagnostic& diagnostic : compilation.diagnostics.all()) out += render(*compilation.source, diagnostic);
  return out;
}

}  // namespace tradeassist::pine
