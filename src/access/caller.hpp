#pragma once

#include <string>

#include "access/scope.hpp"
#include "base/local_owner.hpp"

namespace tradeassist::access {

/// Who asks, as far as it is known and matters.
struct Caller {
  std::string key_id;  // empty: without a key
  std::string owner{base::kLocalOwner};
  Scopes scopes;
};

}  // namespace tradeassist::access
