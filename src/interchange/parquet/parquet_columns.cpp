#include "interchange/parquet/parquet_columns.hpp"

#include <fmt/format.h>

namespace tradeassist::interchange {

using base::ErrorCode;
using base::failure;

base::Result<std::vector<ParquetColumn>> list_parquet_columns(Connection& connection, std::string_view path) {
  std::vector<ParquetColumn> columns;
  {
    TRY_ASSIGN(QueryResult described,
               connection.query(fmt::format("SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet({}))",
                                            sql_path(path))));
    for (;;) {
      TRY_ASSIGN(const auto chunk, described.next());
      if (!chunk) break;
      for (std::size_t row = 0; row < chunk->rows(); ++row) {
        ParquetColumn column;
        column.name = text_at(chunk->data(0), row);
        column.type = text_at(chunk->data(1), row);
        column.is_nested = column.type.find('(') != std::string::npos && !column.type.starts_with("DECIMAL");
        column.is_nested = column.is_nested || column.type.ends_with(']');
        columns.push_back(std::move(column));
      }
    }
  }
  // Nanoseconds lose their zone on the way into the engine; the file's own schema still has it.
  TRY_ASSIGN(QueryResult schema,
             connection.query(fmt::format("SELECT name FROM parquet_schema({}) WHERE logical_type::VARCHAR LIKE "
                                          "'TimestampType(isAdjustedToUTC=1%'",
                                          sql_path(path))));
  for (;;) {
    TRY_ASSIGN(const auto chunk, schema.next());
    if (!chunk) break;
    for (std::size_t row = 0; row < chunk->rows(); ++row) {
      for (ParquetColumn& column : columns)
        column.is_utc = column.is_utc || column.name == text_at(chunk->data(0), row);
    }
  }
  return columns;
}

base::Result<bool> parquet_times_are_utc(Connection& connection, std::string_view path) {
  TRY_ASSIGN(QueryResult result,
             connection.query(fmt::format("SELECT 1 FROM parquet_kv_metadata({}) WHERE key = 'times'::BLOB AND value = "
                                          "'UTC'::BLOB",
                                          sql_path(path))));
  TRY_ASSIGN(const auto chunk, result.next());
  return chunk.has_value() && chunk->rows() > 0;
}

base::Result<std::string> nanoseconds_expression(const ParquetColumn& column, double largest) {
  const std::string name = sql_name(column.name);
  if (column.type == "TIMESTAMP_NS") return "epoch_ns(" + name + ")";
  // By way of the coarser unit, so that what does not fit overflows with an error and never wraps.
  if (column.type == "TIMESTAMP_S" || column.type == "TIMESTAMP_MS" || column.type == "TIMESTAMP" ||
      column.type == "TIMESTAMP WITH TIME ZONE" || column.type == "DATE")
    return fmt::format("epoch_us({}::TIMESTAMP) * 1000", name);
  if (column.type == "BIGINT" || column.type == "INTEGER" || column.type == "UINTEGER" || column.type == "UBIGINT") {
    // Seconds reach 1e11 in the year 5138, which in milliseconds is 1973: the sizes of the units do not meet.
    const char* const factor = largest < 1e11   ? "1000000000"
                               : largest < 1e14 ? "1000000"
                               : largest < 1e17 ? "1000"
                                                : "1";
    return fmt::format("{}::BIGINT * {}", name, factor);
  }
  return failure(ErrorCode::kInvalidArgument,
                 fmt::format("column '{}' holds the time as {}; TIMESTAMP, DATE or whole numbers since 1970 are read",
                             column.name, column.type));
}

}  // namespace tradeassist::interchange
