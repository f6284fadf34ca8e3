#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
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

namespace tradeassist::store {

class SlowQueryLog;

/// A value for `$n` in a statement. Text and bytes are viewed, not copied: they must live until the call returns.
class Parameter {
 public:
  using Value = std::variant<std::nullptr_t, std::int64_t, double, std::string_view, std::span<const std::byte>>;

  Parameter(std::nullptr_t) {}
  Parameter(std::integral auto value) : value_(static_cast<std::int64_t>(value)) {}
  /// Beware: SQLite stores NaN as NULL and -0.0 as 0.0; PostgreSQL keeps neither NaN's payload nor its order.
  Parameter(double value) : value_(value) {}
  Parameter(const char* text) : value_(std::string_view(text)) {}
  Parameter(std::string_view text) : value_(text) {}
  Parameter(const std::string& text) : value_(std::string_view(text)) {}
  Parameter(std::span<const std::byte> bytes) : value_(bytes) {}
  template <class T>
  Parameter(const std::optional<T>& value) : Parameter(value ? Parameter(*value) : Parameter(nullptr)) {}

  const Value& value() const { return value_; }

 private:
  Value value_ = nullptr;
};

using Parameters = std::initializer_list<Parameter>;

/// A row of a query. Columns count from 0; text and bytes are valid until the next row.
/// NULL reads as 0, 0.0, "" or no bytes: ask is_null() where that matters.
class Row {
 public:
  virtual ~Row() = default;
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual double real(int column) const = 0;
  virtual std::string_view text(int column) const = 0;
  virtual std::span<const std::byte> bytes(int column) const = 0;
  std::optional<std::int64_t> optional_integer(int column) const {
    return is_null(column) ? std::nullopt : std::optional(integer(column));
  }
};

/// A query that runs, and the row that it has come to. Must not outlive its connection.
class Cursor : public Row {
 public:
  virtual base::Result<bool> next() = 0;
};

/// The rows of a query, one at a time:
/// `while (true) { TRY_ASSIGN(bool more, rows.next()); if (!more) break; … rows->integer(0) … }`.
class Rows {
 public:
  explicit Rows(std::unique_ptr<Cursor> cursor) : cursor_(std::move(cursor)) {}
  base::Result<bool> next() { return cursor_->next(); }
  const Row* operator->() const { return cursor_.get(); }
  const Row& operator*() const { return *cursor_; }

 private:
  std::unique_ptr<Cursor> cursor_;
};

enum class Dialect { kSqlite, kPostgres };
enum class TransactionKind { kRead, kWrite };

/// How a connection behaves. What only one of the databases knows is said there.
struct ConnectionOptions {
  bool read_only = false;
  std::chrono::milliseconds busy_timeout{5'000};        // how long a write waits for another process's
  std::int64_t cache_bytes = 16 << 20;                  // SQLite
  std::int64_t file_bytes_max = 0;                      // SQLite; 0 = as much as the disk has
  std::chrono::milliseconds statement_timeout{60'000};  // PostgreSQL
  std::chrono::milliseconds outage_timeout{30'000};     // PostgreSQL: how long a server that went away is waited for
  /// PostgreSQL: for how long a server that has a statement may be silent until it is taken to hang and the connection
  /// is given up; 0: for ever, as its own statement_timeout ends statements. For whoever must not hang with it.
  std::chrono::milliseconds silence_timeout{0};
  SlowQueryLog* slow_queries = nullptr;  // told of every statement; outlives the connection
};

/// One connection to a database, with its prepared statements. A commit is durable when it returns; foreign keys are
/// enforced. Used by one thread at a time. Statements are one SQL text for all databases, with parameters `$1`, `$2`…
///
/// Errors carry the database's own message after its name. kResourceExhausted: disk full, or a bound of the server;
/// kUnavailable: another process holds what is needed longer than busy_timeout, or the server cannot be reached;
/// kDataLoss: not a database, or a damaged one; kAlreadyExists: UNIQUE; kFailedPrecondition: FOREIGN KEY;
/// kInvalidArgument: other constraints; kIo: it cannot be used.
class Connection {
 public:
  virtual ~Connection() = default;

  /// Runs one statement that returns no rows; gives the number of rows changed.
  virtual base::Result<std::int64_t> run(std::string_view sql, Parameters parameters = {}) = 0;

  /// The same inside a transaction, where nobody needs the number: a server may be sent more before it has answered. An
  /// error may come from a later call instead, at the latest from commit().
  virtual base::Result<void> run_later(std::string_view sql, Parameters parameters) = 0;

  /// Starts one statement that returns rows.
  virtual base::Result<Rows> query(std::string_view sql, Parameters parameters = {}) = 0;

  /// Runs a script of several statements without parameters (schema changes).
  virtual base::Result<void> run_script(std::string_view sql) = 0;

  /// Every row through `read(const Row&)`.
  template <class Read, class T = std::invoke_result_t<Read, const Row&>>
  base::Result<std::vector<T>> query_all(std::string_view sql, Parameters parameters, Read read) {
    TRY_ASSIGN(Rows rows, query(sql, parameters));
    std::vector<T> all;
    while (true) {
      TRY_ASSIGN(const bool more, rows.next());
      if (!more) return all;
      all.push_back(read(*rows));
    }
  }

  /// The first row through `read(const Row&)`, or nothing when there is none.
  template <class Read, class T = std::invoke_result_t<Read, const Row&>>
  base::Result<std::optional<T>> query_first(std::string_view sql, Parameters parameters, Read read) {
    TRY_ASSIGN(Rows rows, query(sql, parameters));
    TRY_ASSIGN(const bool found, rows.next());
    return found ? std::optional<T>(read(*rows)) : std::nullopt;
  }

  /// The integer of the one row that `sql` gives: of an aggregate, or of INSERT … RETURNING id.
  base::Result<std::int64_t> query_integer(std::string_view sql, Parameters parameters = {});

  /// kWrite takes the write lock of a SQLite file at once, so that it can wait for it; kRead fixes the snapshot that
  /// all its queries see. After the loss of a server begin() connects again, for as long as outage_timeout.
  virtual base::Result<void> begin(TransactionKind kind) = 0;
  /// When the server is lost meanwhile, finds out from it afterwards whether it had committed.
  virtual base::Result<void> commit() = 0;
  virtual void roll_back() = 0;
  virtual bool in_transaction() const = 0;

  /// After an error: running the same transaction again from its beginning may succeed, since the server was lost, or
  /// chose this one to give way to another. Nothing of it was kept.
  virtual bool may_retry() const = 0;

  /// Names of the tables there, for finding out what this database is.
  virtual base::Result<std::vector<std::string>> table_names() = 0;

  virtual Dialect dialect() const = 0;
  /// For messages: a file's name without folders, or a server's URL without password.
  virtual const std::string& name() const = 0;
};

/// What a SELECT inside a write transaction ends with to keep its rows for this transaction alone. SQLite has the whole
/// file then.
inline const char* row_lock(const Connection& connection) {
  return connection.dialect() == Dialect::kPostgres ? " FOR UPDATE" : "";
}

/// A transaction that rolls back unless committed.
class Transaction {
 public:
  using Kind = TransactionKind;
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
