#pragma once

#include <span>
#include <string_view>

#include "base/result.hpp"
#include "store/sqlite.hpp"

namespace tradeassist::store {

/// One numbered step of a database's schema. `down` undoes `up` exactly; what `up` created is lost with it.
struct Migration {
  int version;  // 1, 2, 3, … without holes
  std::string_view name;
  std::string_view up, down;  // SQL scripts
};

/// The steps of the two databases, in order (market_schema.cpp, app_schema.cpp). A step that was released is never
/// edited: changes are new steps at the end.
std::span<const Migration> market_migrations();
std::span<const Migration> app_migrations();

/// Brings the schema to `target`, up or down, each step in a transaction of its own together with its version number,
/// so that a crash leaves whole steps. kFailedPrecondition when the file was written by a newer program, or is a
/// SQLite database of something else; nothing is changed then. Costs one read when there is nothing to do.
base::Result<void> migrate(Connection& connection, std::span<const Migration> migrations, int target);

/// To the newest version that this program knows.
base::Result<void> migrate(Connection& connection, std::span<const Migration> migrations);

/// The version the file has; 0 for a new one.
base::Result<int> schema_version(Connection& connection);

}  // namespace tradeassist::store
