#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <string>

#include "base/result.hpp"

namespace tradeassist::mcp {

/// JSON text of at most so many bytes. What is longer loses the ends of its longest arrays, all to one length, so that
/// columns stay as long as each other; then the ends of texts of more than kTextBytesMax. `value` gets a member `cut`
/// that lists what was cut: `{"pointer": "/bars/close", "kept": 512, "of": 5072}`. Both come back: the object as it is
/// now, and its text. kResourceExhausted where even that is too long.
constexpr std::size_t kTextBytesMax = 4'096;
base::Result<std::string> fit_json(boost::json::object& value, std::size_t bytes_max);

}  // namespace tradeassist::mcp
