#pragma once

#include "pine/syntax/ast.hpp"

namespace tradeassist::pine {

/// Bounds of the front end; beyond them the file is refused with an error at the place.
struct SyntaxLimits {
  std::size_t source_bytes_max = 2 * 1024 * 1024;
  std::size_t tokens_max = 1'000'000;
  int nesting_max = 256;                       // parentheses and blocks inside each other
  std::uint32_t expression_height_max = 1000;  // operators, calls and ternaries one upon another
};

/// Parses Pine of every version (which ones run is decided by the analysis, not here). Reports every error it can
/// recover from, in source order; the script holds what was understood, and must not be run when there are errors.
ast::Script parse(const Source& source, Diagnostics& diagnostics, const SyntaxLimits& limits = {});

}  // namespace tradeassist::pine
