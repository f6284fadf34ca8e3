#pragma once

#include <cstddef>
#include <string>

#include "base/result.hpp"

namespace tradeassist::base {

/// So many bytes of the system's randomness, at most 64, in hexadecimal: an id that nobody guesses from 16 bytes on.
Result<std::string> random_hex(std::size_t bytes);

}  // namespace tradeassist::base
