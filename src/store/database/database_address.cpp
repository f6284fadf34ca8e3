#include "store/database/database_address.hpp"

#include <algorithm>
#include <cassert>

#include "base/private_directory.hpp"
#include "store/database/postgres_connection.hpp"
#include "store/database/sqlite_connection.hpp"

namespace tradeassist::store {

DatabaseAddress database_address(const std::filesystem::path& directory, const std::string& url,
                                 const std::string& name) {
  if (url.empty()) return {.file = directory / (name + ".db")};
  return {.url = url, .schema = name};
}

base::Result<void> check_database_url(std::string_view text) {
  if (!text.starts_with("postgresql://") && !text.starts_with("postgres://")) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "database URL '" + std::string(text) +
                             "': write postgresql://user@host:5432/name, or nothing for SQLite in the data directory");
  }
  return check_postgres_url(std::string(text));
}

base::Result<std::unique_ptr<Connection>> open_connection(const DatabaseAddress& address,
                                                          const ConnectionOptions& options) {
  if (address.is_server()) {
    assert(std::ranges::all_of(address.schema,
                               [](char c) { return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); }));
    TRY(check_database_url(address.url));
    return open_postgres(address.url, address.schema, options);
  }
  if (!options.read_only) {
    const std::filesystem::path directory = address.file.parent_path();
    if (const std::error_code error = base::make_private_directory(directory)) {
      return base::failure(base::ErrorCode::kIo, "data directory " + directory.string() + ": " + error.message() +
                                                     "; choose one that can be made and written");
    }
  }
  return open_sqlite(address.file, options);
}

}  // namespace tradeassist::store
