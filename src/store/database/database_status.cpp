#include "store/database/database_status.hpp"

#include <filesystem>
#include <system_error>

#include "store/schema/migrations.hpp"

namespace tradeassist::store {
namespace {

std::optional<std::int64_t> file_bytes(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  return error ? std::nullopt : std::optional(static_cast<std::int64_t>(size));
}

std::optional<std::int64_t> free_bytes(const std::filesystem::path& file) {
  std::error_code error;
  const auto space = std::filesystem::space(std::filesystem::absolute(file).parent_path(), error);
  return error ? std::nullopt : std::optional(static_cast<std::int64_t>(space.available));
}

std::optional<std::int64_t> server_bytes(Connection& connection, const char* sql) {
  const auto bytes = connection.query_first(sql, {}, [](const Row& row) { return row.integer(0); });
  return bytes ? *bytes : std::nullopt;  // an error: this user may not ask
}

}  // namespace

std::string database_kind(Dialect dialect) { return dialect == Dialect::kSqlite ? "SQLite" : "PostgreSQL"; }

base::Result<std::string> database_version(Connection& connection) {
  const char* sql =
      connection.dialect() == Dialect::kSqlite ? "SELECT sqlite_version()" : "SELECT current_setting('server_version')";
  TRY_ASSIGN(const auto version,
             connection.query_first(sql, {}, [](const Row& row) { return std::string(row.text(0)); }));
  return version.value_or("");
}

base::Result<DatabaseStatus> read_database_status(Connection& connection, const DatabaseAddress& address) {
  DatabaseStatus status;
  status.kind = database_kind(connection.dialect());
  TRY_ASSIGN(status.version, database_version(connection));
  TRY_ASSIGN(status.schema_version, schema_version(connection));
  TRY_ASSIGN(const auto maintained, connection.query_first("SELECT maintained_at FROM store_state", {},
                                                           [](const Row& row) { return row.optional_integer(0); }));
  if (maintained && *maintained) status.maintained_at = base::time_from_nanoseconds(**maintained);
  if (connection.dialect() == Dialect::kSqlite) {
    status.size_bytes = file_bytes(address.file);
    status.wal_bytes = file_bytes(address.file.string() + "-wal");
    status.free_disk_bytes = free_bytes(address.file);
  } else {
    status.size_bytes = server_bytes(connection, "SELECT pg_database_size(current_database())");
    status.wal_bytes = server_bytes(connection, "SELECT coalesce(sum(size), 0)::bigint FROM pg_ls_waldir()");
  }
  return status;
}

}  // namespace tradeassist::store
