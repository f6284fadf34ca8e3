#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "interchange/bar_table.hpp"

namespace tradeassist::interchange {

/// The types of columns that are written.
enum class ArrowType : std::uint8_t {
  kBoolean,  // a bit a value
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kUInt8,
  kUInt16,
  kUInt32,
  kUInt64,
  kFloat,
  kDouble,
  kText,  // UTF-8, 32-bit offsets
  kDate,  // days since 1970, int32
  kTimestampSeconds,
  kTimestampMilliseconds,
  kTimestampMicroseconds,
  kTimestampNanoseconds,
};

struct ArrowField {
  std::string name;
  ArrowType type = ArrowType::kDouble;
  std::string time_zone{};  // of timestamps; empty: none is named
};

using ArrowMetadata = std::vector<std::pair<std::string, std::string>>;

/// One column's bytes of a batch, in Arrow's layout. Views: must outlive the call.
struct ArrowColumn {
  std::int64_t null_count = 0;
  std::string_view validity{};  // a bit a row, 1 = there is a value; may be empty when null_count is 0
  std::string_view offsets{};   // kText only: rows + 1 of int32
  std::string_view values{};
};

/// The Arrow IPC stream format, version 5 (https://arrow.apache.org/docs/format/Columnar.html, "Encapsulated message
/// format"): a schema, batches of rows, an end mark. Little endian, buffers 8-byte aligned, no dictionaries, no
/// compression. The parts follow each other in one text:
std::string arrow_schema(std::span<const ArrowField> fields, const ArrowMetadata& metadata);
void append_arrow_batch(std::string& stream, std::size_t rows, std::span<const ArrowColumn> columns);
void append_arrow_end(std::string& stream);

/// Rows in one batch of arrow_stream.
constexpr std::size_t kArrowBatchRows = 65'536;

/// Bars as a stream: `time` timestamp[ns, UTC], `open high low close volume` double, and `open_interest trade_count
/// vwap` where they are known, to the bit (NaN stays NaN, there are no nulls); then the table's numbers, and its texts
/// as utf8, null where there is none; the metadata in the schema's. Read by pyarrow.ipc.open_stream, polars, DuckDB, R.
std::string arrow_stream(const BarTable& table);

}  // namespace tradeassist::interchange
