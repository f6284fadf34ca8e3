#include <fmt/format.h>

#include <limits>
#include <memory>
#include <span>

#include "interchange/duckdb/table_function.hpp"
#include "interchange/parquet/memory_file.hpp"
#include "report/export/tables/result_table.hpp"

namespace tradeassist::report {
namespace {

using interchange::CellType;
using Kind = ResultTable::Kind;

/// The table's columns as the engine reads them. Whole numbers that may be missing and flags travel as other types,
/// which the query turns back.
struct Columns {
  std::vector<std::vector<std::int64_t>> times;
  std::vector<std::vector<double>> numbers;
};

CellType cell_type(Kind kind) {
  switch (kind) {
    case Kind::kTime: return CellType::kTime;
    case Kind::kNumber:
    case Kind::kInteger: return CellType::kNumber;
    case Kind::kText:
    case Kind::kBool: break;
  }
  return CellType::kText;
}

std::vector<std::int64_t> times_of(const ResultTable& table, std::size_t column) {
  std::vector<std::int64_t> times;
  for (const auto& row : table.rows) {
    const auto* time = std::get_if<base::Time>(&row[column]);
    times.push_back(time == nullptr ? interchange::kNoTime : base::to_nanoseconds(*time));
  }
  return times;
}

std::vector<double> numbers_of(const ResultTable& table, std::size_t column) {
  std::vector<double> numbers;
  for (const auto& row : table.rows) {
    if (const auto* real = std::get_if<double>(&row[column]))
      numbers.push_back(*real);
    else if (const auto* whole = std::get_if<std::int64_t>(&row[column]))
      numbers.push_back(static_cast<double>(*whole));
    else
      numbers.push_back(std::numeric_limits<double>::quiet_NaN());
  }
  return numbers;
}

std::vector<std::string> texts_of(const ResultTable& table, std::size_t column) {
  std::vector<std::string> texts;
  for (const auto& row : table.rows) {
    if (const auto* text = std::get_if<std::string>(&row[column]))
      texts.push_back(*text);
    else if (const auto* flag = std::get_if<bool>(&row[column]))
      texts.emplace_back(*flag ? "true" : "false");
    else
      texts.emplace_back();
  }
  return texts;
}

interchange::TableFunction function_of(const ResultTable& table) {
  interchange::TableFunction function;
  function.name = "rows_to_write";
  for (const ResultTable::Column& column : table.columns) {
    function.columns.push_back({column.name, cell_type(column.kind)});
  }
  function.read = [&table](const interchange::Arguments&) -> base::Result<interchange::Table> {
    const auto kept = std::make_shared<Columns>();
    kept->times.reserve(table.columns.size());
    kept->numbers.reserve(table.columns.size());
    interchange::Table cells;
    cells.rows = table.rows.size();
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      switch (cell_type(table.columns[i].kind)) {
        case CellType::kTime:
          kept->times.push_back(times_of(table, i));
          cells.columns.emplace_back(interchange::Times{kept->times.back()});
          break;
        case CellType::kNumber:
          kept->numbers.push_back(numbers_of(table, i));
          cells.columns.emplace_back(std::span<const double>(kept->numbers.back()));
          break;
        default: cells.columns.emplace_back(texts_of(table, i)); break;
      }
    }
    cells.owner = kept;
    return cells;
  };
  return function;
}

std::string selection_of(const ResultTable& table) {
  std::string columns;
  for (const ResultTable::Column& column : table.columns) {
    const std::string name = interchange::sql_name(column.name);
    std::string expression = name;
    if (column.kind == Kind::kText) expression = fmt::format("nullif({}, '')", name);
    if (column.kind == Kind::kBool) expression = fmt::format("nullif({}, '')::BOOLEAN", name);
    if (column.kind == Kind::kInteger) expression = fmt::format("{}::BIGINT", name);
    columns += fmt::format("{}{} AS {}", columns.empty() ? "" : ", ", expression, name);
  }
  return fmt::format("SELECT {} FROM rows_to_write()", columns);
}

}  // namespace

base::Result<std::string> to_parquet(const ResultTable& table) {
  TRY_ASSIGN(interchange::Connection connection, interchange::Connection::open());
  TRY(interchange::register_table_function(connection, function_of(table)));
  TRY_ASSIGN(const interchange::MemoryFile file, interchange::MemoryFile::create());
  TRY(connection.run(fmt::format("COPY ({}) TO {} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)",
                                 selection_of(table), interchange::sql_text(file.path()))));
  return file.read();
}

}  // namespace tradeassist::report
