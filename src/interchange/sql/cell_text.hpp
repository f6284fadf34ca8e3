#pragma once

#include <string>

#include "base/result.hpp"
#include "interchange/duckdb/database.hpp"

namespace tradeassist::interchange {

/// Whether a column's values can be printed as they are. Others (decimals, intervals, lists, …) are to be cast to
/// VARCHAR by the query.
bool is_printable(duckdb_type type);

enum class CellKind : std::uint8_t { kNumber, kBoolean, kTime, kText };
CellKind kind_of(duckdb_type type);

/// One value that is not NULL: numbers in the fewest digits that read back the same (`nan`, `inf` for those that are
/// none), times as RFC 3339 in UTC (a timestamp without a zone is taken as UTC), dates as 2020-01-02. kInvalidArgument
/// for times beyond the years 1678 to 2261. `data` as QueryResult::Chunk::data gives it; the type must be printable.
base::Result<void> append_cell(std::string& out, duckdb_type type, const void* data, std::size_t row);

}  // namespace tradeassist::interchange
