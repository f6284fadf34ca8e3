#include "interchange/sql/cell_text.hpp"

#include <charconv>
#include <chrono>

#include "base/time.hpp"

namespace tradeassist::interchange {
namespace {

template <class T>
void append_number(std::string& out, const void* data, std::size_t row) {
  char text[64];
  const auto [end, status] = std::to_chars(text, text + sizeof text, static_cast<const T*>(data)[row]);
  out.append(text, end);
}

base::Result<void> append_time(std::string& out, const void* data, std::size_t row, std::int64_t unit) {
  std::int64_t nanoseconds = 0;
  if (__builtin_mul_overflow(static_cast<const std::int64_t*>(data)[row], unit, &nanoseconds)) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "a time lies beyond the years 1678 to 2261; cast it to VARCHAR");
  }
  out += base::format_time(base::time_from_nanoseconds(nanoseconds));
  return {};
}

base::Result<void> append_date(std::string& out, const void* data, std::size_t row) {
  const std::int32_t days = static_cast<const std::int32_t*>(data)[row];
  if (days > 106'000 || days < -106'000) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "a date lies beyond the years 1680 to 2260; cast it to VARCHAR");
  }
  out += base::format_time(base::time_from_nanoseconds(days * base::kNanosecondsPerDay)).substr(0, 10);
  return {};
}

}  // namespace

bool is_printable(duckdb_type type) {
  switch (type) {
    case DUCKDB_TYPE_BOOLEAN:
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_USMALLINT:
    case DUCKDB_TYPE_UINTEGER:
    case DUCKDB_TYPE_UBIGINT:
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DOUBLE:
    case DUCKDB_TYPE_VARCHAR:
    case DUCKDB_TYPE_DATE:
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_S:
    case DUCKDB_TYPE_TIMESTAMP_MS:
    case DUCKDB_TYPE_TIMESTAMP_NS:
    case DUCKDB_TYPE_TIMESTAMP_TZ: return true;
    default: return false;
  }
}

CellKind kind_of(duckdb_type type) {
  switch (type) {
    case DUCKDB_TYPE_BOOLEAN: return CellKind::kBoolean;
    case DUCKDB_TYPE_DATE:
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_S:
    case DUCKDB_TYPE_TIMESTAMP_MS:
    case DUCKDB_TYPE_TIMESTAMP_NS:
    case DUCKDB_TYPE_TIMESTAMP_TZ: return CellKind::kTime;
    case DUCKDB_TYPE_VARCHAR: return CellKind::kText;
    default: return is_printable(type) ? CellKind::kNumber : CellKind::kText;
  }
}

base::Result<void> append_cell(std::string& out, duckdb_type type, const void* data, std::size_t row) {
  switch (type) {
    case DUCKDB_TYPE_BOOLEAN: out += static_cast<const bool*>(data)[row] ? "true" : "false"; return {};
    case DUCKDB_TYPE_TINYINT: append_number<std::int8_t>(out, data, row); return {};
    case DUCKDB_TYPE_SMALLINT: append_number<std::int16_t>(out, data, row); return {};
    case DUCKDB_TYPE_INTEGER: append_number<std::int32_t>(out, data, row); return {};
    case DUCKDB_TYPE_BIGINT: append_number<std::int64_t>(out, data, row); return {};
    case DUCKDB_TYPE_UTINYINT: append_number<std::uint8_t>(out, data, row); return {};
    case DUCKDB_TYPE_USMALLINT: append_number<std::uint16_t>(out, data, row); return {};
    case DUCKDB_TYPE_UINTEGER: append_number<std::uint32_t>(out, data, row); return {};
    case DUCKDB_TYPE_UBIGINT: append_number<std::uint64_t>(out, data, row); return {};
    case DUCKDB_TYPE_FLOAT: append_number<float>(out, data, row); return {};
    case DUCKDB_TYPE_DOUBLE: append_number<double>(out, data, row); return {};
    case DUCKDB_TYPE_VARCHAR: out += text_at(data, row); return {};
    case DUCKDB_TYPE_DATE: return append_date(out, data, row);
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_TZ: return append_time(out, data, row, 1'000);
    case DUCKDB_TYPE_TIMESTAMP_S: return append_time(out, data, row, 1'000'000'000);
    case DUCKDB_TYPE_TIMESTAMP_MS: return append_time(out, data, row, 1'000'000);
    case DUCKDB_TYPE_TIMESTAMP_NS: return append_time(out, data, row, 1);
    default: return base::failure(base::ErrorCode::kUnsupported, "a value of this type has to be cast to VARCHAR");
  }
}

}  // namespace tradeassist::interchange
