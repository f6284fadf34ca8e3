#include <fmt/format.h>

#include <bit>
#include <optional>

#include "interchange/arrow/arrow_stream.hpp"
#include "interchange/sql/result_text.hpp"

namespace tradeassist::interchange {
namespace {

using base::ErrorCode;
using base::failure;

std::optional<ArrowType> arrow_type(duckdb_type type) {
  switch (type) {
    case DUCKDB_TYPE_BOOLEAN: return ArrowType::kBoolean;
    case DUCKDB_TYPE_TINYINT: return ArrowType::kInt8;
    case DUCKDB_TYPE_SMALLINT: return ArrowType::kInt16;
    case DUCKDB_TYPE_INTEGER: return ArrowType::kInt32;
    case DUCKDB_TYPE_BIGINT: return ArrowType::kInt64;
    case DUCKDB_TYPE_UTINYINT: return ArrowType::kUInt8;
    case DUCKDB_TYPE_USMALLINT: return ArrowType::kUInt16;
    case DUCKDB_TYPE_UINTEGER: return ArrowType::kUInt32;
    case DUCKDB_TYPE_UBIGINT: return ArrowType::kUInt64;
    case DUCKDB_TYPE_FLOAT: return ArrowType::kFloat;
    case DUCKDB_TYPE_DOUBLE: return ArrowType::kDouble;
    case DUCKDB_TYPE_VARCHAR: return ArrowType::kText;
    case DUCKDB_TYPE_DATE: return ArrowType::kDate;
    case DUCKDB_TYPE_TIMESTAMP_S: return ArrowType::kTimestampSeconds;
    case DUCKDB_TYPE_TIMESTAMP_MS: return ArrowType::kTimestampMilliseconds;
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_TZ: return ArrowType::kTimestampMicroseconds;
    case DUCKDB_TYPE_TIMESTAMP_NS: return ArrowType::kTimestampNanoseconds;
    default: return std::nullopt;
  }
}

std::size_t bytes_of(ArrowType type) {
  switch (type) {
    case ArrowType::kInt8:
    case ArrowType::kUInt8: return 1;
    case ArrowType::kInt16:
    case ArrowType::kUInt16: return 2;
    case ArrowType::kInt32:
    case ArrowType::kUInt32:
    case ArrowType::kFloat:
    case ArrowType::kDate: return 4;
    default: return 8;
  }
}

base::Result<std::vector<ArrowField>> fields_of(const QueryResult& result) {
  std::vector<ArrowField> fields;
  for (const QueryResult::Column& column : result.columns()) {
    const auto type = arrow_type(column.type);
    if (!type) {
      return failure(ErrorCode::kInvalidArgument,
                     fmt::format("column '{0}' has a type that is not written as Arrow; cast it, e.g. {0}::DOUBLE or "
                                 "{0}::VARCHAR",
                                 column.name));
    }
    const bool is_time = *type >= ArrowType::kTimestampSeconds;
    fields.push_back({column.name, *type, is_time ? "UTC" : ""});
  }
  return fields;
}

/// One column of a batch, in bytes of its own where the layouts differ.
struct Column {
  std::string validity, offsets, values;
  std::int64_t null_count = 0;
};

void set_bit(std::string& bits, std::size_t row) { bits[row / 8] = static_cast<char>(bits[row / 8] | 1 << (row % 8)); }

base::Result<Column> column_of(const QueryResult::Chunk& chunk, std::size_t index, ArrowType type) {
  const std::size_t rows = chunk.rows();
  const void* const data = chunk.data(index);
  const std::uint64_t* const validity = chunk.validity(index);
  Column column;
  column.validity.assign((rows + 7) / 8, '\0');
  for (std::size_t row = 0; row < rows; ++row) {
    if (is_valid(validity, row)) {
      set_bit(column.validity, row);
    } else {
      ++column.null_count;
    }
  }
  if (type == ArrowType::kBoolean) {
    column.values.assign((rows + 7) / 8, '\0');
    for (std::size_t row = 0; row < rows; ++row) {
      if (is_valid(validity, row) && static_cast<const bool*>(data)[row]) set_bit(column.values, row);
    }
  } else if (type == ArrowType::kText) {
    const auto add_offset = [&] {
      const auto offset = static_cast<std::uint32_t>(column.values.size());
      for (int shift = 0; shift < 32; shift += 8) column.offsets.push_back(static_cast<char>(offset >> shift));
    };
    add_offset();
    for (std::size_t row = 0; row < rows; ++row) {
      if (is_valid(validity, row)) column.values += text_at(data, row);
      if (column.values.size() > std::size_t{INT32_MAX})
        return failure(ErrorCode::kResourceExhausted, "texts of more than 2 GiB in 2,048 rows");
      add_offset();
    }
  } else {
    column.values.assign(static_cast<const char*>(data), rows * bytes_of(type));
  }
  return column;
}

}  // namespace

base::Result<EncodedResult> result_arrow(QueryResult& result, std::int64_t rows_max) {
  TRY_ASSIGN(const std::vector<ArrowField> fields, fields_of(result));
  EncodedResult encoded;
  encoded.bytes = arrow_schema(fields, {});
  for (;;) {
    TRY_ASSIGN(const auto chunk, result.next());
    if (!chunk) break;
    encoded.rows += static_cast<std::int64_t>(chunk->rows());
    if (encoded.rows > rows_max) {
      return failure(
          ErrorCode::kResourceExhausted,
          fmt::format("the result has more than {} rows; aggregate, add LIMIT, or raise --rows-max", rows_max));
    }
    std::vector<Column> columns;
    std::vector<ArrowColumn> views;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      TRY_ASSIGN(Column column, column_of(*chunk, i, fields[i].type));
      columns.push_back(std::move(column));
    }
    for (const Column& column : columns)
      views.push_back({column.null_count, column.validity, column.offsets, column.values});
    append_arrow_batch(encoded.bytes, chunk->rows(), views);
  }
  append_arrow_end(encoded.bytes);
  return encoded;
}

}  // namespace tradeassist::interchange
