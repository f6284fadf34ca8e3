#pragma once

#include <optional>
#include <string>

#include "pine/syntax/source.hpp"

namespace tradeassist::pine {

/// The script in canonical layout: blocks indented by four spaces, lines that go on by one column more than a block and
/// four for each bracket they stand in, single spaces between words, at most one blank line, no blanks at line ends,
/// Unix line ends. The author's lines, parentheses, literals and comments stay. The result has the same tokens in the
/// same blocks and the same comments, which is checked before it is returned, so it is the same program; formatting it
/// again changes nothing. A script with syntax errors is not formatted: the errors are reported and nothing is
/// returned.
std::optional<std::string> format(const Source& source, Diagnostics& diagnostics);

}  // namespace tradeassist::pine
