#pragma once

#include "pine/syntax/ast.hpp"

namespace tradeassist::pine {

/// Rewrites a script of Pine v2 to v4 into the names and forms of today, as versions.hpp lists them, so that everything
/// after it knows one set of names: `sma(x = close, 9)` becomes `ta.sma(close, 9)`, `input(9, type = input.integer)`
/// becomes `input.int(9)`, `iff` a ternary that evaluates both sides, `offset(x, 2)` becomes `x[2]`, a v2 variable that
/// reads its own past is declared before it is assigned. Names the script defines itself win over those of the
/// language. Source ranges stay those of what was written. Scripts of v5 and later stay as they are.
void modernize(ast::Script& script);

}  // namespace tradeassist::pine
