#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "base/result.hpp"

namespace tradeassist::app {

/// A result that `optimize --json`, `tournament --json` or `backtest --report` wrote. Errors name the file.
base::Result<boost::json::object> read_result(const std::string& path);

}  // namespace tradeassist::app
