#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace tradeassist::notify {

/// How urgent something is, for those who want to hear of a part only.
enum class Severity : std::uint8_t { kInfo, kWarning, kCritical };

std::string_view to_string(Severity severity);  // "info"
base::Result<Severity> parse_severity(std::string_view text);

}  // namespace tradeassist::notify
