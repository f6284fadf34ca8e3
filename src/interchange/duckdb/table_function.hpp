#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "interchange/duckdb/database.hpp"

namespace tradeassist::interchange {

/// The time that stands for "none" in a column of times.
constexpr std::int64_t kNoTime = std::numeric_limits<std::int64_t>::min();

enum class CellType : std::uint8_t { kTime, kNumber, kCount, kText };  // TIMESTAMP_NS, DOUBLE, BIGINT, VARCHAR

/// One column of a table, in the order of CellType: nanoseconds UTC, doubles, whole numbers, texts. Views, but for
/// texts.
struct Times {
  std::span<const std::int64_t> values;
};
using Cells = std::variant<Times, std::span<const double>, std::span<const std::int64_t>, std::vector<std::string>>;

/// What a query reads.
struct Table {
  std::size_t rows = 0;
  std::vector<Cells> columns;         // as declared by its function, each of `rows` values
  bool nan_is_null = true;            // unknown numbers are NULL to a query
  std::shared_ptr<const void> owner;  // keeps what the views point to
  /// Gives the rows that follow, part by part, until it gives none; so that no scan has to hold all of them. Not given:
  /// these are all.
  std::function<base::Result<std::optional<Table>>()> more{};
};

/// What a query said in the call: by position, then by name.
struct Arguments {
  std::vector<std::string> positional;
  std::map<std::string, std::string> named;
};

/// A table in SQL that is made by a function of ours: `bars('SPY', '1d', last := 10)`.
struct TableFunction {
  struct Column {
    std::string name;
    CellType type;
  };
  std::string name;
  std::vector<std::string> parameters;        // by position, VARCHAR, all required
  std::vector<std::string> named_parameters;  // VARCHAR, optional
  std::vector<Column> columns;
  /// Called once a scan, on a thread of the engine; its error becomes the query's.
  std::function<base::Result<Table>(const Arguments&)> read;
};

/// Makes the function known to queries of this connection.
base::Result<void> register_table_function(Connection& connection, TableFunction function);

}  // namespace tradeassist::interchange
