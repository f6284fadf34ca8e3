#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace tradeassist::market {

/// Reads a date, "2020-08-31", as days since 1970-01-01. kInvalidArgument for anything else.
base::Result<std::int64_t> parse_date(std::string_view text);

}  // namespace tradeassist::market
