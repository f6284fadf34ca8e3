#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tradeassist::jobs {

/// Words of unknown origin as every database takes them: at most `bytes_max` bytes of UTF-8 without NUL. What is not
/// valid becomes '?'; what is longer is cut between two characters and ends with "…".
std::string stored_text(std::string_view text, std::size_t bytes_max);

}  // namespace tradeassist::jobs
