#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/database/connection.hpp"
#include "store/database/database_address.hpp"

namespace tradeassist::backup {

/// A database to back up or to restore: its name in a backup ("market"), and where it is.
struct NamedDatabase {
  std::string name;
  store::DatabaseAddress address;
};

/// Connections that all see their databases as they were at one moment, while others go on writing.
///
/// SQLite: the write locks of all files are held together for a moment, in which a read transaction is begun on each.
/// PostgreSQL: all are given the first one's snapshot. A database whose file is not there is left out.
class Snapshot {
 public:
  struct Part {
    std::string name;
    int schema_version = 0;
    std::unique_ptr<store::Connection> connection;  // in a read transaction
  };

  /// kUnavailable when somebody writes for longer than a minute; kNotFound when there is none of the databases;
  /// kFailedPrecondition when a newer program wrote one.
  static base::Result<Snapshot> take(const std::vector<NamedDatabase>& databases);

  const std::vector<Part>& parts() const { return parts_; }

 private:
  std::vector<Part> parts_;
};

}  // namespace tradeassist::backup
