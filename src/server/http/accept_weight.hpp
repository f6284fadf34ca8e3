#pragma once

#include <algorithm>
#include <string_view>

#include "base/text.hpp"

namespace tradeassist::server {

/// Of the parameters of one entry of Accept or Accept-Encoding, "q=0.5" among others (RFC 9110, section 12.4.2): 1
/// where none is said, 0 where it makes no sense.
inline double accept_weight(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view parameter = base::take_until(parameters, ';');
    if (!base::is_same_name(base::take_until(parameter, '='), "q")) continue;
    return base::parse_number(base::trim(parameter)).value_or(0);
  }
  return 1;
}

}  // namespace tradeassist::server
