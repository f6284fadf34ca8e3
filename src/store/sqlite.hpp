#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"

struct sqlite3_stmt;

namespace tradeassist::store {

/// A value for `$n` in a statement. Text and bytes are viewed, not copied: they must live until the call returns.
class Parameter {
 public:
  Parameter(std::nullptr_t) {}
  Parameter(std::integral auto value) : value_(static_cast<std::int64_t>(value)) {}
  /// Beware: SQLite stores NaN as NULL and -0.0 as 0.0.
  Parameter(double value) : value_(value) {}
  Parameter(const char* text) : value_(std::string_view(text)) {}
  Parameter(std::string_view text) : value_(text) {}
  Parameter(const std::string& text) : value_(std::string_view(text)) {}
  Parameter(std::span<const std::byte> bytes) : value_(bytes) {}
  template <class T>
  Parameter(const std::optional<T>& value) : Parameter(value ? Parameter(*value) : Parameter(nullptr)) {}

 private:
  friend class Connection;
  std::variant<std::nullptr_t, std::int64_t, double, std::string_view, std::span<const std::byte>> value_ = nullptr;
};

using Parameters = std::initializer_list<Parameter>;

/// The current row of a query. Columns count from 0; text and bytes are valid until the next row.
/// NULL reads as 0, 0.0, "" or no bytes: ask is_null() where that matters.
class Row {
 public:
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string_view text(int column) const;
  std::span<const std::byte> bytes(int column) const;
  std::optional<std::int64_t> optional_integer(int column) const;

 protected:
  sqlite3_stmt* statement_ = nullptr;
};

/// The rows of a query, one at a time: `while (true) { TRY_ASSIGN(bool more, rows.next()); if (!more) break; … }`.
/// Must not outlive its connection.
class Rows : public Row {
 public:
  Rows(Rows&& other) noexcept;
  Rows& operator=(Rows&&) = delete;
  ~Rows();

  base::Result<bool> next();

 private:
  friend class Connection;
  Rows(class Connection* connection, sqlite3_stmt* statement);
  class Connection* connection_;
};

struct ConnectionOptions {
  bool read_only = false;
  std::chrono::milliseconds busy_timeout{5'000};  // how long a write waits for another process's
  std::int64_t cache_bytes = 16 << 20;
  std::int64_t file_bytes_max = 0;  // 0 = as much as the disk has; beyond: kResourceExhausted
};

/// One SQLite connection with its prepared statements. Commits are durable when they return (WAL, synchronous=FULL:
/// one fsync a commit); foreign keys are enforced. Used by one thread at a time.
///
/// Errors carry SQLite's own message after the file's name. kResourceExhausted: disk full; kUnavailable: another
/// process holds the file longer than busy_timeout; kDataLoss: not a database, or a damaged one; kAlreadyExists:
/// UNIQUE; kFailedPrecondition: FOREIGN KEY; kInvalidArgument: other constraints; kIo: the file cannot be used.
class Connection {
 public:
  static base::Result<Connection> open(const std::filesystem::path& file, const ConnectionOptions& options = {});
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  /// Runs one statement that returns no rows; gives the number of rows changed.
  base::Result<std::int64_t> run(std::string_view sql, Parameters parameters = {});

  /// Starts one statement that returns rows.
  base::Result<Rows> query(std::string_view sql, Parameters parameters = {});

  /// Every row through `read(const Row&)`.
  template <class Read, class T = std::invoke_result_t<Read, const Row&>>
  base::Result<std::vector<T>> query_all(std::string_view sql, Parameters parameters, Read read) {
    TRY_ASSIGN(Rows rows, query(sql, parameters));
    std::vector<T> all;
    while (true) {
      TRY_ASSIGN(const bool more, rows.next());
      if (!more) return all;
      all.push_back(read(rows));
    }
  }

  /// The first row through `read(const Row&)`, or nothing when there is none.
  template <class Read, class T = std::invoke_result_t<Read, const Row&>>
  base::Result<std::optional<T>> query_first(std::string_view sql, Parameters parameters, Read read) {
    TRY_ASSIGN(Rows rows, query(sql, parameters));
    TRY_ASSIGN(const bool found, rows.next());
    return found ? std::optional<T>(read(rows)) : std::nullopt;
  }

  /// Runs a script of several statements without parameters (schema changes).
  base::Result<void> run_script(std::string_view sql);

  bool in_transaction() const;
  std::int64_t last_insert_id() const;
  const std::string& file_name() const;  // without folders, for messages

 private:
  friend class Rows;
  struct State;
  explicit Connection(std::unique_ptr<State> state);
  base::Result<sqlite3_stmt*> prepare(std::string_view sql, Parameters parameters, bool copy_parameters);
  void release(sqlite3_stmt* statement);
  base::Error last_error(int code) const;
  std::unique_ptr<State> state_;
};

/// A transaction that rolls back unless committed. kWrite takes the file's write lock at once, so that it can wait for
/// it; kRead fixes the snapshot that all its queries see.
class Transaction {
 public:
  enum class Kind { kRead, kWrite };
  static base::Result<Transaction> begin(Connection& connection, Kind kind);
  Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  base::Result<void> commit();

 private:
  explicit Transaction(Connection* connection) : connection_(connection) {}
  Connection* connection_;
};

}  // namespace tradeassist::store
