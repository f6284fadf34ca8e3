#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "store/database/connection.hpp"
#include "store/database/database_address.hpp"

namespace tradeassist::store {

/// A market database as a whole, at one moment. What it does not tell is absent.
struct DatabaseStatus {
  std::string kind, version;  // "SQLite", "3.40.1"
  int schema_version = 0;
  std::optional<std::int64_t> size_bytes;       // SQLite: the file; PostgreSQL: the whole database
  std::optional<std::int64_t> wal_bytes;        // of the write-ahead log; PostgreSQL tells members of pg_monitor only
  std::optional<std::int64_t> free_disk_bytes;  // SQLite; a server does not tell
  std::optional<base::Time> maintained_at;      // when its statistics were made anew last
};

std::string database_kind(Dialect dialect);
base::Result<std::string> database_version(Connection& connection);

/// Costs a query or three, outside a transaction.
base::Result<DatabaseStatus> read_database_status(Connection& connection, const DatabaseAddress& address);

}  // namespace tradeassist::store
