#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tradeassist::server {

/// A request target taken apart: "/api/v1/bars?symbol=ES%2B" → path "/api/v1/bars", query {symbol: "ES+"}.
struct Target {
  std::string path;
  std::map<std::string, std::string> query;
};

/// Origin form only. kInvalidArgument: no leading slash, bad percent escapes, NUL or control bytes, what is not UTF-8,
/// a query name given twice, "." or ".." segments (encoded too), more than 64 query names.
base::Result<Target> parse_target(std::string_view target);

}  // namespace tradeassist::server
