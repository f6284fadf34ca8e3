#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "backup/manifest.hpp"
#include "base/result.hpp"
#include "store/database/connection.hpp"

namespace tradeassist::backup {

/// A table as both databases have it: columns in the order of their names, and what its rows are ordered by.
struct TableShape {
  std::string name;
  std::vector<Column> columns;
  std::vector<std::string> key;
};

/// The tables of a database, each behind those that it refers to; without schema_migration, and without the numbers
/// that SQLite alone gives to the rows of chunks.
base::Result<std::vector<TableShape>> read_tables(store::Connection& connection);

/// Every row through `visit`, in the order of the key, a page at a time; inside a read transaction of the caller. A row
/// is its length and its columns' values, little endian, so that equal tables of the two databases give equal bytes.
/// Gives the number of rows.
base::Result<std::int64_t> read_rows(store::Connection& connection, const TableShape& table,
                                     const std::function<base::Result<void>(std::string_view row)>& visit);

/// Inserts rows that read_rows() gave of a table with the same columns, inside a write transaction of the caller. Gives
/// how many rows there were; kDataLoss when they cannot be read.
class RowWriter {
 public:
  static base::Result<RowWriter> make(store::Connection& connection, const TableShape& table);
  /// Whole rows, one behind the other.
  base::Result<std::int64_t> write(std::string_view rows);

 private:
  RowWriter(store::Connection& connection, std::string sql, std::size_t columns)
      : connection_(&connection), sql_(std::move(sql)), columns_(columns) {}

  store::Connection* connection_;
  std::string sql_;
  std::size_t columns_;
};

/// After rows with their own numbers were inserted: on PostgreSQL the next number of each column that numbers itself.
base::Result<void> set_next_numbers(store::Connection& connection, const TableShape& table);

}  // namespace tradeassist::backup
