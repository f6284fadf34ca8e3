#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "pine/syntax/source.hpp"

namespace tradeassist::pine {

/// `text` in the place of what `range` holds; an empty range inserts.
struct Edit {
  SourceRange range;
  std::string text;
};

/// The text with all edits applied; everything outside their ranges, comments and layout too, stays byte for byte.
/// Edits may come in any order. Ranges that overlap or lie outside of the text are an error: nothing is applied.
base::Result<std::string> replace_ranges(std::string_view text, std::vector<Edit> edits);

}  // namespace tradeassist::pine
