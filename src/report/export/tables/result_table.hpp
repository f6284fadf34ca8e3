#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace tradeassist::report {

/// A table for other programs, every cell of its column's kind or empty.
struct ResultTable {
  enum class Kind { kText, kNumber, kInteger, kBool, kTime };
  using Value = std::variant<std::monostate, std::string, double, std::int64_t, bool, base::Time>;
  struct Column {
    std::string name;
    Kind kind = Kind::kText;
  };
  std::string title;  // "Trades" or "Trials"
  std::vector<Column> columns;
  std::vector<std::vector<Value>> rows;  // of as many values as there are columns
};

/// The trades of a backtest's result, or the trials of a search's, best first. kInvalidArgument when it is neither, or
/// its columns are not of one length.
base::Result<ResultTable> result_table(const boost::json::object& result);

// Each whole in memory; thread-safe.

/// A header, then a row a line (RFC 4180). Times in RFC 3339. A text that a spreadsheet would take for a formula (it
/// begins with = + - @, a tab or a carriage return) has ' before it; numbers are as they are.
std::string to_csv(const ResultTable& table);
/// An array of objects, a row a line.
std::string to_json_rows(const ResultTable& table);
/// One sheet: typed cells, dates as dates (UTC), the header kept in sight. kResourceExhausted for more rows than a
/// sheet has (1,048,576).
base::Result<std::string> to_xlsx(const ResultTable& table);
/// Columns of DuckDB's types; empty cells are NULL. kFailedPrecondition when the engine cannot be loaded.
base::Result<std::string> to_parquet(const ResultTable& table);

}  // namespace tradeassist::report
