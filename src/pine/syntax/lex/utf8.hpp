#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tradeassist::pine {

/// Characters as an editor counts them: code points, each stray byte as one.
std::size_t count_characters(std::string_view text);

/// Fit for a terminal: control characters (tabs too) become a space, stray bytes U+FFFD, so that every character of
/// `text` takes one place.
std::string printable(std::string_view text);

/// "U+200B" of the character that `text` begins with.
std::string code_point_name(std::string_view text);

}  // namespace tradeassist::pine
