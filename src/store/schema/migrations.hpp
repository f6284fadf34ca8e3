#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "store/database/connection.hpp"

namespace tradeassist::store {

/// One numbered step of a database's schema. `down` undoes `up` exactly; what `up` created is lost with it.
struct Migration {
  int version;  // 1, 2, 3, … without holes
  std::string_view name;
  std::string_view up, down;         // SQL scripts, as SQLite reads them; see in_dialect()
  std::string_view down_loses = "";  // what of a user's is gone after `down`: "all bars"; empty: nothing
  // What SQL cannot say, after the script and in the same transaction.
  base::Result<void> (*after_up)(Connection&) = nullptr;
  base::Result<void> (*after_down)(Connection&) = nullptr;
  // Whether programs that know only the steps before go on with the database: it adds what they need not know of, or
  // removes what the release before this one did not use any more. They are replaced while they run only by such steps.
  bool older_go_on = false;
};

/// The steps of the two databases, in order (market_schema.cpp, app_schema.cpp). A step that was released is never
/// edited: changes are new steps at the end.
std::span<const Migration> market_migrations();
std::span<const Migration> app_migrations();

/// A script of a migration as the other database reads it. The types INTEGER, REAL and BLOB become BIGINT, DOUBLE
/// PRECISION and BYTEA, `INTEGER PRIMARY KEY` a column that numbers itself, STRICT and WITHOUT ROWID go. What one of
/// them alone reads stands in a comment: `/*postgres PARTITION BY RANGE (first_time)*/`, `/*sqlite id … ,*/`.
std::string in_dialect(std::string_view script, Dialect dialect);

/// Brings the schema to `target`, up or down, each step in a transaction of its own together with its version number,
/// so that a crash leaves whole steps. kFailedPrecondition when a newer program wrote it, unless this one can go on
/// with all that it added, or it is a database of something else; nothing is changed then. Costs one read when there is
/// nothing to do.
base::Result<void> migrate(Connection& connection, std::span<const Migration> migrations, int target);

/// To the newest version that this program knows.
base::Result<void> migrate(Connection& connection, std::span<const Migration> migrations);

/// Whether a program that knows these migrations may use the database as it is: kFailedPrecondition as for migrate().
/// It may be of an older version.
base::Result<void> check_usable(Connection& connection, std::span<const Migration> migrations);

/// The version that the database has; 0 for a new one.
base::Result<int> schema_version(Connection& connection);

}  // namespace tradeassist::store
