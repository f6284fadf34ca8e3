#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "interchange/duckdb/database.hpp"

namespace tradeassist::interchange {

/// A column at the top of a Parquet file.
struct ParquetColumn {
  std::string name;
  std::string type;     // the engine's: DOUBLE, TIMESTAMP_NS, STRUCT(…)
  bool is_utc = false;  // a timestamp that the file calls adjusted to UTC
  bool is_nested = false;
};

/// The columns in the file's order. kNotFound, kIo or kInvalidArgument when the file is not there or not Parquet.
base::Result<std::vector<ParquetColumn>> list_parquet_columns(Connection& connection, std::string_view path);

/// Whether the file says that its timestamps are UTC (`times` in its key-value metadata, as write_parquet leaves it).
base::Result<bool> parquet_times_are_utc(Connection& connection, std::string_view path);

/// An expression of SQL for the column's instants as nanoseconds since 1970, BIGINT; whole numbers are scaled by the
/// unit that `largest` (their largest magnitude) tells. kInvalidArgument for types that are no times.
base::Result<std::string> nanoseconds_expression(const ParquetColumn& column, double largest);

}  // namespace tradeassist::interchange
