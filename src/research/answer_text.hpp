#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tradeassist::research {

/// What a model put between its only pair of fences (lines that begin with ```), or the whole answer where it has no
/// fence. Nothing where there are several blocks, or one that does not end: then it is not clear what is meant.
std::optional<std::string> only_block(std::string_view answer);

/// The beginning of a UTF-8 text, at most so many bytes, which ends between two characters.
std::string_view beginning(std::string_view text, std::size_t bytes_max);

}  // namespace tradeassist::research
