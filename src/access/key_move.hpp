#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "store/database/connection.hpp"

namespace tradeassist::access {

/// Copies the API keys of one app database that another does not have yet, with what their secrets are known by; how
/// many. In one transaction.
base::Result<std::int64_t> copy_keys(store::Connection& from, store::Connection& to);

}  // namespace tradeassist::access
