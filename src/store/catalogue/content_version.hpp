#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "store/database/connection.hpp"

namespace tradeassist::store {

/// A number that grows with every committed change, by any process, of what answer() makes an answer for `symbol` of:
/// its instrument, the series of that, and which partitions are dropped. Two equal numbers mean that nothing changed
/// between them, because it is a sum of counters that only ever count up, plus one for each row there is.
///
/// For a continuous symbol it is the sum over all instruments that could be one of its contracts, which are those with
/// a digit in their symbol. One query, by index otherwise.
base::Result<std::int64_t> content_version(Connection& connection, std::string_view symbol);

/// What the database was named when it was made, at random.
base::Result<std::string> database_identity(Connection& connection);

}  // namespace tradeassist::store
