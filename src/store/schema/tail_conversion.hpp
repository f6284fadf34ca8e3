#pragma once

#include "base/result.hpp"
#include "store/database/connection.hpp"

namespace tradeassist::store {

/// Of a migration: moves the bars of `bar_tail_before` into `bar_tail` and removes the former. Before version 5 the
/// tail was a row a bar.
base::Result<void> tail_rows_to_entries(Connection& connection);
base::Result<void> tail_entries_to_rows(Connection& connection);

}  // namespace tradeassist::store
