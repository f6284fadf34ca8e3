#include "interchange/parquet/parquet_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

#include "feed/detect/columns.hpp"
#include "interchange/duckdb/table_function.hpp"
#include "interchange/parquet/memory_file.hpp"
#include "interchange/parquet/parquet_columns.hpp"

namespace tradeassist::interchange {
namespace {

using base::ErrorCode;
using base::failure;
using feed::NameMeaning;

std::vector<std::string> texts_of(const WordColumn& column) {
  std::vector<std::string> texts;
  texts.reserve(column.word.size());
  for (const std::uint32_t word : column.word) texts.push_back(word == kNoWord ? "" : column.words[word]);
  return texts;
}

/// The bars as a table of the engine's, their numbers without a copy; they live as long as the query.
TableFunction function_of(const BarTable& table) {
  const market::Series& series = table.series;
  TableFunction function;
  function.name = "bars_to_write";
  function.columns = {{"time", CellType::kTime},  {"open", CellType::kNumber},  {"high", CellType::kNumber},
                      {"low", CellType::kNumber}, {"close", CellType::kNumber}, {"volume", CellType::kNumber}};
  for (std::size_t i = 0; i < market::kOptionalColumns.size(); ++i) {
    if (!market::is_present(series, market::kOptionalColumns[i])) continue;
    function.columns.emplace_back(std::string(market::kOptionalColumnNames[i]), CellType::kNumber);
  }
  for (const NumberColumn& column : table.numbers) function.columns.emplace_back(column.name, CellType::kNumber);
  for (const WordColumn& column : table.words) function.columns.emplace_back(column.name, CellType::kText);
  function.read = [&table, &series](const Arguments&) -> base::Result<Table> {
    Table cells;
    cells.rows = series.size();
    cells.columns.emplace_back(Times{series.time});
    market::for_each_value_column(series, [&](market::ValueColumn column) {
      cells.columns.emplace_back(std::span<const double>(series.*column));
    });
    for (const NumberColumn& column : table.numbers) cells.columns.emplace_back(column.values);
    for (const WordColumn& column : table.words) cells.columns.emplace_back(texts_of(column));
    cells.nan_is_null = false;
    return cells;
  };
  return function;
}

std::string metadata_struct(const SeriesMetadata& metadata) {
  std::string out;
  for (const auto& [name, value] : metadata_entries(metadata))
    out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", name, sql_text(value));
  return "{" + out + "}";
}

/// What is written: no text is NULL, and not "".
std::string selection_of(const BarTable& table) {
  std::string replaced;
  for (const WordColumn& column : table.words)
    replaced += fmt::format("{0}nullif({1}, '') AS {1}", replaced.empty() ? "" : ", ", sql_name(column.name));
  return replaced.empty() ? "FROM bars_to_write()"
                          : fmt::format("SELECT * REPLACE ({}) FROM bars_to_write()", replaced);
}

base::Result<void> copy_to(const BarTable& table, const std::string& path) {
  TRY_ASSIGN(Connection connection, Connection::open());
  TRY(register_table_function(connection, function_of(table)));
  // Without a dictionary, which takes 0.0 and -0.0 for one value.
  return connection.run(fmt::format(
      "COPY ({}) TO {} (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, DICTIONARY_SIZE_LIMIT 1, USE_TMP_FILE "
      "false, KV_METADATA {})",
      selection_of(table), sql_text(path), metadata_struct(table.metadata)));
}

/// The file's column for a meaning: the one whose name is the most usual for it.
const ParquetColumn* find_column(const std::vector<ParquetColumn>& columns, NameMeaning meaning) {
  const ParquetColumn* best = nullptr;
  int best_rank = std::numeric_limits<int>::max();
  for (const ParquetColumn& column : columns) {
    const feed::ColumnName name = feed::read_column_name(column.name);
    if (name.meaning != meaning || name.rank >= best_rank) continue;
    best = &column;
    best_rank = name.rank;
  }
  return best;
}

base::Result<double> largest_magnitude(Connection& connection, const ParquetColumn& column, std::string_view path) {
  if (column.type.find("INT") == std::string::npos) return 0;
  TRY_ASSIGN(QueryResult result,
             connection.query(fmt::format("SELECT coalesce(max(abs({}::DOUBLE)), 0) FROM read_parquet({})",
                                          sql_name(column.name), sql_path(path))));
  TRY_ASSIGN(const auto chunk, result.next());
  return chunk ? *static_cast<const double*>(chunk->data(0)) : 0;
}

/// What a file is asked for, and the optional columns that it has.
struct Selection {
  std::string sql;  // SELECT of nanoseconds, five doubles and one for each of `optional`
  std::vector<market::ValueColumn> optional;
};

base::Result<Selection> select_bars(Connection& connection, const std::string& path) {
  TRY_ASSIGN(const std::vector<ParquetColumn> columns, list_parquet_columns(connection, path));
  std::string names;
  for (const ParquetColumn& column : columns) names += (names.empty() ? "" : ", ") + column.name;
  const auto find = [&](NameMeaning meaning, std::string_view what) -> base::Result<const ParquetColumn*> {
    const ParquetColumn* const column = find_column(columns, meaning);
    if (column == nullptr)
      return failure(ErrorCode::kInvalidArgument,
                     fmt::format("no column is named like the {}; the columns are {}", what, names));
    if (column->is_nested)
      return failure(
          ErrorCode::kInvalidArgument,
          fmt::format("column '{}' is nested ({}); the {} must be a plain column", column->name, column->type, what));
    return column;
  };
  TRY_ASSIGN(const ParquetColumn* const time, find(NameMeaning::kTime, "time"));
  TRY_ASSIGN(const double largest, largest_magnitude(connection, *time, path));
  TRY_ASSIGN(std::string sql, nanoseconds_expression(*time, largest));
  constexpr std::pair<NameMeaning, const char*> kPrices[] = {{NameMeaning::kOpen, "open"},
                                                             {NameMeaning::kHigh, "high"},
                                                             {NameMeaning::kLow, "low"},
                                                             {NameMeaning::kClose, "close"}};
  for (const auto& [meaning, what] : kPrices) {
    TRY_ASSIGN(const ParquetColumn* const column, find(meaning, what));
    sql += fmt::format(", {}::DOUBLE", sql_name(column->name));
  }
  const ParquetColumn* volume = find_column(columns, NameMeaning::kVolume);
  if (volume == nullptr) volume = find_column(columns, NameMeaning::kTickVolume);
  if (volume == nullptr) {
    sql += ", NULL::DOUBLE";
  } else {
    TRY(find(feed::read_column_name(volume->name).meaning, "volume"));
    sql += fmt::format(", {}::DOUBLE", sql_name(volume->name));
  }
  Selection selection;
  constexpr std::array kOptional = {NameMeaning::kOpenInterest, NameMeaning::kTradeCount, NameMeaning::kVwap};
  for (std::size_t i = 0; i < kOptional.size(); ++i) {
    const ParquetColumn* const column = find_column(columns, kOptional[i]);
    if (column == nullptr) continue;
    TRY(find(kOptional[i], market::kOptionalColumnNames[i]));
    sql += fmt::format(", {}::DOUBLE", sql_name(column->name));
    selection.optional.push_back(market::kOptionalColumns[i]);
  }
  selection.sql = fmt::format("SELECT {} FROM read_parquet({})", sql, sql_path(path));
  return selection;
}

base::Result<void> append(const QueryResult::Chunk& chunk, const std::vector<market::ValueColumn>& optional,
                          market::Series& series) {
  const std::size_t before = series.size();
  const std::size_t rows = chunk.rows();
  series.resize(before + rows);
  std::memcpy(series.time.data() + before, chunk.data(0), rows * sizeof(std::int64_t));
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t at = before + row;
    if (!is_valid(chunk.validity(0), row))
      return failure(ErrorCode::kInvalidArgument, fmt::format("row {} has no time", at + 1));
    if (at > 0 && series.time[at] <= series.time[at - 1]) {
      return failure(ErrorCode::kInvalidArgument,
                     fmt::format("row {}: {} does not come after the row before it", at + 1,
                                 base::format_time(base::time_from_nanoseconds(series.time[at]))));
    }
  }
  std::size_t index = 1;
  const auto take = [&](market::ValueColumn member) {
    std::vector<double>& column = series.*member;
    column.resize(series.size());
    std::memcpy(column.data() + before, chunk.data(index), rows * sizeof(double));
    const std::uint64_t* const validity = chunk.validity(index++);
    for (std::size_t row = 0; validity != nullptr && row < rows; ++row) {
      if (!is_valid(validity, row)) column[before + row] = market::kNotKnown;
    }
  };
  std::ranges::for_each(market::kPriceColumns, take);
  take(&market::Series::volume);
  std::ranges::for_each(optional, take);
  return {};
}

base::Result<market::Series> read(const std::string& path) {
  TRY_ASSIGN(Connection connection, Connection::open());
  TRY_ASSIGN(const Selection selection, select_bars(connection, path));
  TRY_ASSIGN(QueryResult result, connection.query(selection.sql));
  market::Series series;
  for (;;) {
    TRY_ASSIGN(const auto chunk, result.next());
    if (!chunk) return series;
    TRY(append(*chunk, selection.optional, series));
  }
}

}  // namespace

base::Result<void> write_parquet(const BarTable& table, const std::filesystem::path& path) {
  const std::string part = path.string() + ".part";
  auto written = copy_to(table, part);
  std::error_code error;
  if (written) {
    std::filesystem::rename(part, path, error);
    if (!error) return {};
    written = failure(ErrorCode::kIo, error.message());
  }
  std::filesystem::remove(part, error);
  return base::in_context(path.string(), std::move(written).error());
}

base::Result<std::string> parquet_bytes(const BarTable& table) {
  TRY_ASSIGN(const MemoryFile file, MemoryFile::create());
  TRY(copy_to(table, file.path()));
  return file.read();
}

base::Result<void> check_parquet_engine() {
  TRY(duckdb_library());
  return {};
}

base::Result<market::Series> read_parquet(const std::filesystem::path& path) {
  auto series = read(path.string());
  if (!series) return base::in_context(path.string(), std::move(series).error());
  return series;
}

}  // namespace tradeassist::interchange
