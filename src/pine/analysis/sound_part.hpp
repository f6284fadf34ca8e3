#pragma once

#include "pine/syntax/ast.hpp"

namespace tradeassist::pine {

/// Takes out of a script with syntax errors what cannot be judged without the parts that were not understood: the
/// global statements that hold an error, and those that use what such parts declare or change, directly or through one
/// another. What remains can be analysed without errors that are not there.
void keep_sound_part(ast::Script& script, const Source& source, const Diagnostics& diagnostics);

}  // namespace tradeassist::pine
