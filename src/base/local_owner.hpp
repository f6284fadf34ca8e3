#pragma once

#include <string_view>

namespace tradeassist::base {

/// Who everything belongs to that is done without an API key: on the command line, and on a server without
/// authentication. The app schema has it as a default, too.
inline constexpr std::string_view kLocalOwner = "local";

}  // namespace tradeassist::base
