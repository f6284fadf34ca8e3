#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "market/series.hpp"
#include "store/database/connection.hpp"

/// The design that ours is measured against, and tables to calculate with.
///
/// `row_bar` is what such systems start with: one row a bar, decimal columns, an id, a unique index on series and time.
/// Decimals are NUMERIC(18, 6) in PostgreSQL; SQLite has no decimal type, and object-relational mappers keep them as
/// text there, which this does too.
namespace tradeassist::store {

/// Makes the empty table.
base::Result<void> create_row_bars(Connection& connection);

/// One bar, one row; in a transaction of its own unless the caller has begun one.
base::Result<void> insert_row_bar(Connection& connection, std::int64_t series_id, const market::Bar& bar);

/// Many in one transaction, which is not how the design writes them: for a table to read from.
base::Result<void> fill_row_bars(Connection& connection, std::int64_t series_id, const market::Series& bars);

/// All bars of the series, in order of time.
base::Result<market::Series> read_row_bars(Connection& connection, std::int64_t series_id);

/// Two tables of `rows` rows with the same prices and volumes, in floating point and in decimals, the first with an
/// index on its times: 60, 120, … 60 × rows.
base::Result<void> create_calculation_tables(Connection& connection, std::int64_t rows);

enum class Arithmetic { kFloating, kDecimal };
struct Calculated {
  double turnover = 0;  // sum of price × volume
  double variance = 0;  // of the prices
};
/// On the database itself. SQLite calculates with texts by casting each to floating point.
base::Result<Calculated> calculate(Connection& connection, Arithmetic arithmetic);

enum class Lookup { kIndex, kScan };
/// The number of rows with first <= time <= last. kScan forbids the index: on PostgreSQL by settings of the connection,
/// so give it one of its own that forbid_indexes() was called for.
base::Result<std::int64_t> count_between(Connection& connection, Lookup lookup, std::int64_t first, std::int64_t last);
base::Result<void> forbid_indexes(Connection& connection);

}  // namespace tradeassist::store
