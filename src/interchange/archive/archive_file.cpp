#include "interchange/archive/archive_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <span>
#include <utility>

#include "interchange/duckdb/table_function.hpp"

namespace tradeassist::interchange {
namespace {

using base::ErrorCode;
using base::failure;

constexpr std::size_t kTextColumns = 3, kFirstValue = kTextColumns + 1;

Table table_of(ArchiveRows rows) {
  const auto owner = std::make_shared<const ArchiveRows>(std::move(rows));
  Table table;
  table.rows = owner->rows.size();
  for (const std::string* text : {&owner->symbol, &owner->timeframe, &owner->source})
    table.columns.emplace_back(std::vector<std::string>(table.rows, *text));
  table.columns.emplace_back(Times{owner->rows.time});
  for (const auto& column : owner->rows.values) table.columns.emplace_back(std::span<const double>(column));
  table.nan_is_null = false;
  table.owner = owner;
  return table;
}

/// Collects the rows of chunks into parts.
class PartCollector {
 public:
  PartCollector(std::size_t value_columns, const std::function<base::Result<void>(const ArchiveRows&)>& visit)
      : value_columns_(value_columns), visit_(visit) {
    part_.rows.values.resize(value_columns);
  }

  base::Result<void> add(const QueryResult::Chunk& chunk) {
    for (std::size_t column = 0; column < kFirstValue + value_columns_; ++column) {
      for (std::size_t row = 0; chunk.validity(column) != nullptr && row < chunk.rows(); ++row) {
        if (!is_valid(chunk.validity(column), row)) return failure(ErrorCode::kDataLoss, "a value is missing");
      }
    }
    for (std::size_t first = 0; first < chunk.rows();) {
      std::size_t end = first + 1;
      while (end < chunk.rows() && is_same_series(chunk, first, end)) ++end;
      const auto text = [&](std::size_t column) { return text_at(chunk.data(column), first); };
      if (text(0) != part_.symbol || text(1) != part_.timeframe || text(2) != part_.source) {
        TRY(hand_over());
        part_ = {std::string(text(0)), std::string(text(1)), std::string(text(2)), {}};
        part_.rows.values.resize(value_columns_);
      } else if (part_.rows.size() + end - first > kArchiveRowsMax) {
        TRY(hand_over_whole_times());
      }
      append(chunk, first, end);
      first = end;
    }
    return {};
  }

  base::Result<void> hand_over() { return part_.rows.empty() ? base::Result<void>() : visit_(part_); }

 private:
  /// But for the rows of the last time: more of them may come.
  base::Result<void> hand_over_whole_times() {
    const StoredRows& rows = part_.rows;
    if (rows.empty() || rows.time.front() == rows.time.back()) return {};
    const auto begin = std::ranges::lower_bound(rows.time, rows.time.back());
    const auto whole = static_cast<std::size_t>(begin - rows.time.begin());
    StoredRows rest = rows.slice(whole, rows.size() - whole);
    part_.rows = rows.slice(0, whole);
    TRY(visit_(part_));
    part_.rows = std::move(rest);
    return {};
  }

  static bool is_same_series(const QueryResult::Chunk& chunk, std::size_t a, std::size_t b) {
    for (std::size_t column = 0; column < kTextColumns; ++column) {
      if (text_at(chunk.data(column), a) != text_at(chunk.data(column), b)) return false;
    }
    return true;
  }

  void append(const QueryResult::Chunk& chunk, std::size_t first, std::size_t end) {
    const auto* const times = static_cast<const std::int64_t*>(chunk.data(kTextColumns));
    part_.rows.time.insert(part_.rows.time.end(), times + first, times + end);
    for (std::size_t i = 0; i < value_columns_; ++i) {
      const auto* const values = static_cast<const double*>(chunk.data(kFirstValue + i));
      auto& column = part_.rows.values[i];
      column.insert(column.end(), values + first, values + end);
    }
  }

  const std::size_t value_columns_;
  const std::function<base::Result<void>(const ArchiveRows&)>& visit_;
  ArchiveRows part_;
};

}  // namespace

base::Result<void> write_archive_file(const std::filesystem::path& path, store::PartitionKind kind,
                                      std::function<base::Result<std::optional<ArchiveRows>>()> next) {
  // One thread: the rows are to stay in their order, and few row groups in memory.
  TRY_ASSIGN(Connection connection, Connection::open({.threads = 1}));
  std::optional<base::Error> failed;  // as it was; the engine keeps only its words
  TableFunction function;
  function.name = "rows_to_archive";
  for (const char* text : {"symbol", "timeframe", "source"}) function.columns.push_back({text, CellType::kText});
  function.columns.push_back({"time", CellType::kTime});
  for (const std::string_view name : archive_columns(kind)) {
    function.columns.push_back({std::string(name), CellType::kNumber});
  }
  function.read = [&](const Arguments&) -> base::Result<Table> {
    ArchiveRows none;
    none.rows.values.resize(archive_columns(kind).size());
    Table start = table_of(std::move(none));
    start.more = [&]() -> base::Result<std::optional<Table>> {
      auto rows = next();
      if (!rows) {
        failed = rows.error();
        return std::unexpected(std::move(rows).error());
      }
      if (!*rows) return std::nullopt;
      return table_of(std::move(**rows));
    };
    return start;
  };
  TRY(register_table_function(connection, std::move(function)));
  // Without a dictionary, which takes 0.0 and -0.0 for one value.
  auto written = connection.run(
      fmt::format("COPY (FROM rows_to_archive()) TO {} (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, "
                  "DICTIONARY_SIZE_LIMIT 1, KV_METADATA {{times: 'UTC'}})",
                  sql_text(path.string())));
  if (failed) return std::unexpected(std::move(*failed));
  if (!written) return base::in_context(path.string(), std::move(written).error());
  return {};
}

base::Result<void> read_archive_file(const std::filesystem::path& path, store::PartitionKind kind,
                                     const std::function<base::Result<void>(const ArchiveRows&)>& visit) {
  TRY_ASSIGN(Connection connection, Connection::open({.threads = 1}));
  std::string columns = "symbol, timeframe, source, epoch_ns(time)";
  for (const std::string_view name : archive_columns(kind)) columns += fmt::format(", {}", name);
  const auto damaged = [&](const base::Error& error) {
    return failure(ErrorCode::kDataLoss, fmt::format("{}: cannot be read: {}", path.string(), error.message));
  };
  auto result = connection.query(fmt::format("SELECT {} FROM read_parquet({})", columns, sql_path(path.string())));
  if (!result) return damaged(result.error());
  PartCollector parts(archive_columns(kind).size(), visit);
  for (;;) {
    const auto chunk = result->next();
    if (!chunk) return damaged(chunk.error());
    if (!*chunk) return parts.hand_over();
    TRY(parts.add(**chunk));
  }
}

}  // namespace tradeassist::interchange
