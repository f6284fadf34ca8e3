#pragma once

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "store/database/database_address.hpp"
#include "store/testing/temporary_directory.hpp"

namespace tradeassist::store {

/// The PostgreSQL server that tests may use, from TRADEASSIST_TEST_POSTGRES; empty where there is none.
inline std::string test_server_url() {
  const char* url = std::getenv("TRADEASSIST_TEST_POSTGRES");
  return url == nullptr ? "" : url;
}

/// A new database for one test, removed with everything in it: a file, or a schema of the test server.
class TestDatabase {
 public:
  explicit TestDatabase(Dialect dialect) {
    static int count = 0;
    if (dialect == Dialect::kSqlite) {
      address_ = database_address(directory_.path(), "", "market");
    } else {
      address_ = {.url = test_server_url(),
                  .schema = "test_" + std::to_string(::getpid()) + "_" + std::to_string(++count)};
    }
  }
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;
  ~TestDatabase() {
    if (!address_.is_server() || address_.url.empty()) return;
    const auto connection = open_connection(address_);
    if (connection) (void)(*connection)->run_script("DROP SCHEMA " + address_.schema + " CASCADE");
  }

  const DatabaseAddress& address() const { return address_; }
  const std::filesystem::path& directory() const { return directory_.path(); }

 private:
  TemporaryDirectory directory_;
  DatabaseAddress address_;
};

inline std::string dialect_name(const testing::TestParamInfo<Dialect>& info) {
  return info.param == Dialect::kSqlite ? "sqlite" : "postgresql";
}

/// Runs the tests of a fixture with a Dialect as parameter on SQLite, and on PostgreSQL where there is a test server.
#define INSTANTIATE_ON_BOTH_DATABASES(Fixture)                                                          \
  INSTANTIATE_TEST_SUITE_P(                                                                             \
      On, Fixture,                                                                                      \
      testing::ValuesIn(test_server_url().empty() ? std::vector{Dialect::kSqlite}                       \
                                                  : std::vector{Dialect::kSqlite, Dialect::kPostgres}), \
      dialect_name)

}  // namespace tradeassist::store
