#include "store/migrations.hpp"

#include <cassert>
#include <string>

#include "base/time.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;

constexpr std::string_view kVersionTable = R"(
CREATE TABLE schema_migration (
  version INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  applied_at INTEGER NOT NULL  -- nanoseconds UTC, as all times
) STRICT
)";

base::Result<bool> table_exists(Connection& connection, std::string_view name) {
  TRY_ASSIGN(const auto found, connection.query_first("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $1",
                                                      {name}, [](const Row& row) { return row.integer(0); }));
  return found.has_value();
}

base::Result<void> check_version(Connection& connection, int version, int latest) {
  if (version <= latest) return {};
  return base::failure(ErrorCode::kFailedPrecondition,
                       connection.file_name() + ": schema version " + std::to_string(version) +
                           " was written by a newer TradeAssist; this one knows versions up to " +
                           std::to_string(latest) + ". Start the newer program, or use another data directory");
}

base::Result<void> check_ours(Connection& connection) {
  TRY_ASSIGN(const auto foreign, connection.query_first("SELECT name FROM sqlite_schema WHERE type = 'table' LIMIT 1",
                                                        {}, [](const Row& row) { return std::string(row.text(0)); }));
  if (!foreign) return {};
  return base::failure(ErrorCode::kFailedPrecondition, connection.file_name() +
                                                           ": not a TradeAssist database (it has a table '" + *foreign +
                                                           "'); use another data directory");
}

/// One step up or down from what the file holds now; false when it is at `target`. The version is read again inside
/// the transaction, since another process may be doing the same.
base::Result<bool> step(Connection& connection, std::span<const Migration> migrations, int target) {
  TRY_ASSIGN(Transaction transaction, Transaction::begin(connection, Transaction::Kind::kWrite));
  TRY_ASSIGN(const bool known, table_exists(connection, "schema_migration"));
  if (!known) {
    TRY(check_ours(connection));
    TRY(connection.run_script(kVersionTable));
  }
  TRY_ASSIGN(const int version, schema_version(connection));
  TRY(check_version(connection, version, static_cast<int>(migrations.size())));
  if (version == target) return false;

  const bool up = version < target;
  const Migration& migration = migrations[static_cast<std::size_t>(up ? version : version - 1)];
  assert(migration.version == (up ? version + 1 : version));
  const auto done = connection.run_script(up ? migration.up : migration.down);
  if (!done) {
    return base::in_context("migration " + std::to_string(migration.version) + " (" + std::string(migration.name) +
                                (up ? ") up" : ") down"),
                            done.error());
  }
  if (up) {
    TRY(connection.run("INSERT INTO schema_migration (version, name, applied_at) VALUES ($1, $2, $3)",
                       {migration.version, migration.name, base::to_nanoseconds(base::now())}));
  } else {
    TRY(connection.run("DELETE FROM schema_migration WHERE version = $1", {migration.version}));
  }
  TRY(transaction.commit());
  return true;
}

}  // namespace

base::Result<int> schema_version(Connection& connection) {
  TRY_ASSIGN(const bool exists, table_exists(connection, "schema_migration"));
  if (!exists) return 0;
  TRY_ASSIGN(const auto version,
             connection.query_first("SELECT coalesce(max(version), 0) FROM schema_migration", {},
                                    [](const Row& row) { return static_cast<int>(row.integer(0)); }));
  return *version;
}

base::Result<void> migrate(Connection& connection, std::span<const Migration> migrations, int target) {
  assert(target >= 0 && static_cast<std::size_t>(target) <= migrations.size());
  TRY_ASSIGN(const int version, schema_version(connection));
  TRY(check_version(connection, version, static_cast<int>(migrations.size())));
  if (version == target) return {};
  while (true) {
    TRY_ASSIGN(const bool moved, step(connection, migrations, target));
    if (!moved) return {};
  }
}

base::Result<void> migrate(Connection& connection, std::span<const Migration> migrations) {
  return migrate(connection, migrations, static_cast<int>(migrations.size()));
}

}  // namespace tradeassist::store
