#include <cstddef>
#include <cstdint>
#include <string>

#include "pine/syntax/formatter.hpp"
#include "pine/syntax/header.hpp"
#include "pine/syntax/parser.hpp"
#include "pine/syntax/printer.hpp"

// Any bytes: the front end ends, every finding points into the text, and what is a script prints and formats to scripts
// that print and format to themselves.
namespace {

using namespace tradeassist::pine;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

void check_findings(const Source& source, const Diagnostics& diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    require(diagnostic.range.begin <= diagnostic.range.end);
    require(diagnostic.range.end <= source.text().size());
    require(!render(source, diagnostic).empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Source source("fuzz.pine", std::string(data, data + size));
  Diagnostics diagnostics;
  parse_header(source, diagnostics);
  check_findings(source, diagnostics);

  Diagnostics findings;
  const ast::Script script = parse(source, findings);
  check_findings(source, findings);
  if (findings.has_errors()) return 0;

  const Source printed("printed.pine", print(script));
  Diagnostics none;
  const ast::Script again = parse(printed, none);
  require(!none.has_errors());
  require(print(again) == printed.text());

  const auto formatted = format(source, none);
  require(formatted.has_value());
  const Source tidy("formatted.pine", *formatted);
  require(print(parse(tidy, none)) == printed.text());
  require(format(tidy, none) == formatted);
  return 0;
}
