#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "store/database/connection.hpp"

namespace tradeassist::notify {

/// Copies the webhooks of one app database that another does not have yet, with their secrets and what they are still
/// to be sent; how many. In one transaction.
base::Result<std::int64_t> copy_webhooks(store::Connection& from, store::Connection& to);

}  // namespace tradeassist::notify
