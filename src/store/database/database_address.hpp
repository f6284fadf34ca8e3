#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "store/database/connection.hpp"

namespace tradeassist::store {

/// Where a database is: a SQLite file, or a schema on a PostgreSQL server.
struct DatabaseAddress {
  std::filesystem::path file{};  // where there is no url
  std::string url{};             // "postgresql://user@host:5432/name", with what else libpq takes there
  std::string schema{};          // on the server; letters, digits and _

  bool is_server() const { return !url.empty(); }
};

/// The database named `name` ("market", "app"): NAME.db in the directory, or the schema NAME where `url` is given.
DatabaseAddress database_address(const std::filesystem::path& directory, const std::string& url,
                                 const std::string& name);

/// Whether `text` is the URL of a PostgreSQL server; kInvalidArgument for another scheme, or what libpq cannot read.
base::Result<void> check_database_url(std::string_view text);

/// Connects. The directory of a file, or the schema of a server, is made when it is missing.
base::Result<std::unique_ptr<Connection>> open_connection(const DatabaseAddress& address,
                                                          const ConnectionOptions& options = {});

}  // namespace tradeassist::store
