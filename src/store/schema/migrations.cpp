#include "store/schema/migrations.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <string>
#include <utility>

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
  TRY_ASSIGN(const auto names, connection.table_names());
  return std::ranges::find(names, name) != names.end();
}

/// What the name of a step ends with in the database where older programs go on.
constexpr std::string_view kOlderGoOn = " (older programs go on)";

std::string stored_name(const Migration& migration) {
  return std::string(migration.name) + std::string(migration.older_go_on ? kOlderGoOn : "");
}

base::Result<void> check_version(Connection& connection, int version, int latest) {
  if (version <= latest) return {};
  TRY_ASSIGN(const auto names, connection.query_all("SELECT name FROM schema_migration WHERE version > $1", {latest},
                                                    [](const Row& row) { return std::string(row.text(0)); }));
  if (std::ranges::all_of(names, [](const std::string& name) { return name.ends_with(kOlderGoOn); })) return {};
  return base::failure(ErrorCode::kFailedPrecondition,
                       connection.name() + ": schema version " + std::to_string(version) +
                           " was written by a newer TradeAssist; this one knows versions up to " +
                           std::to_string(latest) + ". Start the newer program, or use another data directory");
}

base::Result<void> check_ours(Connection& connection) {
  TRY_ASSIGN(const auto names, connection.table_names());
  if (names.empty()) return {};
  return base::failure(
      ErrorCode::kFailedPrecondition,
      connection.name() + ": not a TradeAssist database (it has a table '" + names.front() + "'); use another place");
}

/// SQLite changes a table by making it anew, which must not be seen as deleting what others refer to; and it allows
/// no change of this inside a transaction.
class ForeignKeysSuspended {
 public:
  explicit ForeignKeysSuspended(Connection& connection)
      : connection_(connection.dialect() == Dialect::kSqlite ? &connection : nullptr) {
    if (connection_ != nullptr) (void)connection_->run_script("PRAGMA foreign_keys = OFF");
  }
  ForeignKeysSuspended(const ForeignKeysSuspended&) = delete;
  ForeignKeysSuspended& operator=(const ForeignKeysSuspended&) = delete;
  ~ForeignKeysSuspended() {
    if (connection_ != nullptr) (void)connection_->run_script("PRAGMA foreign_keys = ON");
  }

  /// Before the commit.
  base::Result<void> check() const {
    if (connection_ == nullptr) return {};
    TRY_ASSIGN(const std::int64_t broken, connection_->query_integer("SELECT count(*) FROM pragma_foreign_key_check"));
    if (broken == 0) return {};
    return base::failure(ErrorCode::kInternal, std::to_string(broken) + " rows refer to what is not there any more");
  }

 private:
  Connection* connection_;
};

/// One step up or down from what the file holds now; false when it is at `target`. The version is read again inside
/// the transaction, since another process may be doing the same.
base::Result<bool> step(Connection& connection, std::span<const Migration> migrations, int target) {
  const ForeignKeysSuspended suspended(connection);
  TRY_ASSIGN(Transaction transaction, Transaction::begin(connection, Transaction::Kind::kWrite));
  // A SQLite file has one writer; on a server two programs may start at the same time.
  if (connection.dialect() == Dialect::kPostgres) {
    TRY(connection.query("SELECT pg_advisory_xact_lock(hashtext('tradeassist'))"));
  }
  TRY_ASSIGN(const bool known, table_exists(connection, "schema_migration"));
  if (!known) {
    TRY(check_ours(connection));
    TRY(connection.run_script(in_dialect(kVersionTable, connection.dialect())));
  }
  TRY_ASSIGN(const int version, schema_version(connection));
  TRY(check_version(connection, version, static_cast<int>(migrations.size())));
  if (version == target || version > static_cast<int>(migrations.size())) return false;

  const bool up = version < target;
  const Migration& migration = migrations[static_cast<std::size_t>(up ? version : version - 1)];
  assert(migration.version == (up ? version + 1 : version));
  auto done = connection.run_script(in_dialect(up ? migration.up : migration.down, connection.dialect()));
  const auto after = up ? migration.after_up : migration.after_down;
  if (done && after != nullptr) done = after(connection);
  if (done) done = suspended.check();
  if (!done) {
    return base::in_context("migration " + std::to_string(migration.version) + " (" + std::string(migration.name) +
                                (up ? ") up" : ") down"),
                            done.error());
  }
  if (up) {
    TRY(connection.run("INSERT INTO schema_migration (version, name, applied_at) VALUES ($1, $2, $3)",
                       {migration.version, stored_name(migration), base::to_nanoseconds(base::now())}));
  } else {
    TRY(connection.run("DELETE FROM schema_migration WHERE version = $1", {migration.version}));
  }
  TRY(transaction.commit());
  return true;
}

}  // namespace

std::string in_dialect(std::string_view script, Dialect dialect) {
  constexpr auto kNone = std::string_view::npos;
  std::string text(script);
  const auto replace_all = [&](std::string_view from, std::string_view to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != kNone; at += to.size()) text.replace(at, from.size(), to);
  };
  const std::string_view mark = dialect == Dialect::kSqlite ? "/*sqlite " : "/*postgres ";
  for (std::size_t at = 0; (at = text.find(mark, at)) != kNone;) {
    const std::size_t end = text.find("*/", at);
    assert(end != kNone);
    text.erase(end, 2).erase(at, mark.size());
  }
  if (dialect == Dialect::kSqlite) return text;
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kWords{{
      {"INTEGER PRIMARY KEY AUTOINCREMENT", "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"},
      {"INTEGER PRIMARY KEY", "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"},
      {" INTEGER", " BIGINT"},
      {" REAL", " DOUBLE PRECISION"},
      {" BLOB", " BYTEA"},
      {") STRICT, WITHOUT ROWID", ")"},
      {") STRICT", ")"},
  }};
  for (const auto& [from, to] : kWords) replace_all(from, to);
  return text;
}

base::Result<void> check_usable(Connection& connection, std::span<const Migration> migrations) {
  TRY_ASSIGN(const int version, schema_version(connection));
  return check_version(connection, version, static_cast<int>(migrations.size()));
}

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
  if (const auto known = static_cast<int>(migrations.size()); version > known) {
    if (target == known) return {};  // with what newer programs added
    return base::failure(ErrorCode::kFailedPrecondition,
                         connection.name() + ": schema version " + std::to_string(version) +
                             " was written by a newer TradeAssist; go down from it with that one");
  }
  while (true) {
    TRY_ASSIGN(const bool moved, step(connection, migrations, target));
    if (!moved) return {};
  }
}

base::Result<void> migrate(Connection& connection, std::span<const Migration> migrations) {
  return migrate(connection, migrations, static_cast<int>(migrations.size()));
}

}  // namespace tradeassist::store
