#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "interchange/duckdb/database.hpp"

namespace tradeassist::interchange {

/// A result as text or bytes, and how many rows it had. All take at most `rows_max` rows.
struct EncodedResult {
  std::string bytes;
  std::int64_t rows = 0;
  bool is_cut = false;  // there were more rows: only of result_table
};

/// For people: columns in line, numbers to the right, NULL empty. The first `rows_max` rows.
base::Result<EncodedResult> result_table(QueryResult& result, std::int64_t rows_max);

// For programs, whole: kResourceExhausted when there are more than `rows_max` rows.

/// Names, then a row a line (RFC 4180); NULL is empty.
base::Result<EncodedResult> result_csv(QueryResult& result, std::int64_t rows_max);
/// An array of objects, a row a line; NULL and numbers that are none are null.
base::Result<EncodedResult> result_json(QueryResult& result, std::int64_t rows_max);
/// An Arrow IPC stream with the engine's types; kInvalidArgument names a column whose type it does not write.
base::Result<EncodedResult> result_arrow(QueryResult& result, std::int64_t rows_max);

}  // namespace tradeassist::interchange
