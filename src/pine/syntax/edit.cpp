#include "pine/syntax/edit.hpp"

#include <algorithm>

namespace tradeassist::pine {

base::Result<std::string> replace_ranges(std::string_view text, std::vector<Edit> edits) {
  std::ranges::stable_sort(edits, {}, [](const Edit& edit) { return edit.range.begin; });
  std::string result;
  std::uint32_t done = 0;
  for (const Edit& edit : edits) {
    const auto [begin, end] = edit.range;
    if (begin > end || end > text.size()) {
      return base::failure(base::ErrorCode::kInvalidArgument,
                           "edit of bytes " + std::to_string(begin) + " to " + std::to_string(end) +
                               " lies outside of the text of " + std::to_string(text.size()) + " bytes");
    }
    if (begin < done) {
      return base::failure(base::ErrorCode::kInvalidArgument,
                           "two edits overlap at byte " + std::to_string(begin) + " of the text");
    }
    result += text.substr(done, begin - done);
    result += edit.text;
    done = end;
  }
  result += text.substr(done);
  return result;
}

}  // namespace tradeassist::pine
