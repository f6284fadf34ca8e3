#pragma once

#include <cstdint>
#include <string>

namespace tradeassist::pine::testing {

/// A syntactically valid script that uses every construct of the language, laid out in the ways people do: wrapped
/// lines, comments and blank lines anywhere, tabs, statements joined by commas, redundant parentheses. The same seed
/// gives the same script. What it means is nonsense.
std::string random_script(std::uint64_t seed);

}  // namespace tradeassist::pine::testing
