#include "store/database/sqlite_connection.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <list>
#include <thread>

#include "store/database/slow_query_log.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;

// Statements are few and fixed in the program; the bound protects against SQL that is put together from values.
constexpr std::size_t kCachedStatementsMax = 64;

// A write-ahead log that one huge import made long is cut back to this.
constexpr int kLogBytesKept = 64 << 20;

struct Meaning {
  ErrorCode code;
  const char* advice;  // what to do, after SQLite's own words
};

Meaning meaning_of(int extended_code) {
  switch (extended_code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY: return {ErrorCode::kAlreadyExists, ""};
    case SQLITE_CONSTRAINT_FOREIGNKEY:
    case SQLITE_CONSTRAINT_TRIGGER:  // ON DELETE RESTRICT; this program has no triggers
      return {ErrorCode::kFailedPrecondition, ": other rows depend on it"};
    default: break;
  }
  switch (extended_code & 0xff) {
    case SQLITE_FULL:
      return {ErrorCode::kUnavailable, ": nothing of this write was kept; free disk space and try again"};
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG: return {ErrorCode::kResourceExhausted, ""};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::kUnavailable, ": another process is writing to it; stop that one or try again"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return {ErrorCode::kDataLoss, ": restore it from a backup"};
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE: return {ErrorCode::kInvalidArgument, ""};
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN: return {ErrorCode::kIo, ": check that the folder exists and may be written"};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH: return {ErrorCode::kIo, ": it may not be written"};
    case SQLITE_INTERRUPT: return {ErrorCode::kCancelled, ""};
    default: return {ErrorCode::kInternal, ""};
  }
}

base::Error error_of(const std::string& file_name, int code, sqlite3* database) {
  const int extended = database != nullptr ? sqlite3_extended_errcode(database) : code;
  const Meaning meaning = meaning_of((extended & 0xff) == (code & 0xff) ? extended : code);
  const char* words = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
  return {meaning.code, file_name + ": " + words + meaning.advice};
}

/// Gives the journal mode that the file then has. Switching it needs the file alone for a moment, and SQLite does not
/// wait for that by itself: two processes that open a new directory together would see each other as an error.
base::Result<std::string> use_write_ahead_log(Connection& connection, std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (true) {
    auto mode = connection.query_first("PRAGMA journal_mode = WAL", {},
                                       [](const Row& row) { return std::string(row.text(0)); });
    if (mode) return mode->value_or("");
    if (mode.error().code != ErrorCode::kUnavailable || std::chrono::steady_clock::now() >= deadline) {
      return std::unexpected(std::move(mode).error());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

int to_int(std::size_t size) {
  assert(size <= 0x7fffffff);
  return static_cast<int>(size);
}

class SqliteConnection final : public Connection {
 public:
  explicit SqliteConnection(std::string file_name) : file_name_(std::move(file_name)) {}
  ~SqliteConnection() override {
    for (const Prepared& each : prepared_) sqlite3_finalize(each.statement);
    sqlite3_close(database_);
  }

  base::Result<void> open(const std::filesystem::path& file, const ConnectionOptions& options);

  base::Result<std::int64_t> run(std::string_view sql, Parameters parameters) override;
  base::Result<void> run_later(std::string_view sql, Parameters parameters) override {
    TRY(run(sql, parameters));
    return {};
  }
  base::Result<Rows> query(std::string_view sql, Parameters parameters) override;
  base::Result<void> run_script(std::string_view sql) override;

  base::Result<void> begin(TransactionKind kind) override;
  base::Result<void> commit() override;
  void roll_back() override;
  bool in_transaction() const override { return sqlite3_get_autocommit(database_) == 0; }
  bool may_retry() const override { return false; }

  base::Result<std::vector<std::string>> table_names() override {
    return query_all("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", {},
                     [](const Row& row) { return std::string(row.text(0)); });
  }
  Dialect dialect() const override { return Dialect::kSqlite; }
  const std::string& name() const override { return file_name_; }

 private:
  friend class SqliteCursor;
  struct Prepared {
    std::string sql;
    sqlite3_stmt* statement;
    bool in_use;
  };

  base::Result<sqlite3_stmt*> prepare(std::string_view sql, Parameters parameters, bool copy_parameters);
  void release(sqlite3_stmt* statement);
  base::Error last_error(int code) const { return error_of(file_name_, code, database_); }

  std::string file_name_;
  sqlite3* database_ = nullptr;
  SlowQueryLog* slow_queries_ = nullptr;
  std::list<Prepared> prepared_;  // most recently used first
};

/// A statement that is being stepped through; given back when it ends.
class SqliteCursor final : public Cursor {
 public:
  SqliteCursor(SqliteConnection& connection, sqlite3_stmt* statement)
      : connection_(connection),
        statement_(statement),
        timer_(connection.slow_queries_, connection.slow_queries_ != nullptr ? sqlite3_sql(statement) : "") {}
  SqliteCursor(const SqliteCursor&) = delete;
  SqliteCursor& operator=(const SqliteCursor&) = delete;
  ~SqliteCursor() override { connection_.release(statement_); }

  base::Result<bool> next() override {
    timer_.resume();
    const int code = sqlite3_step(statement_);
    timer_.pause();
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return std::unexpected(connection_.last_error(code));
  }

  bool is_null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
  double real(int column) const override { return sqlite3_column_double(statement_, column); }
  std::string_view text(int column) const override {
    return {static_cast<const char*>(static_cast<const void*>(sqlite3_column_text(statement_, column))), size(column)};
  }
  std::span<const std::byte> bytes(int column) const override {
    return {static_cast<const std::byte*>(sqlite3_column_blob(statement_, column)), size(column)};
  }

 private:
  std::size_t size(int column) const { return static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)); }

  SqliteConnection& connection_;
  sqlite3_stmt* statement_;
  StatementTimer timer_;  // of the steps, not of what is done with the rows
};

base::Result<void> SqliteConnection::open(const std::filesystem::path& file, const ConnectionOptions& options) {
  slow_queries_ = options.slow_queries;
  // One thread at a time uses a connection, so SQLite's own mutexes would only cost.
  const int flags = (options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
                    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(file.c_str(), &database_, flags, nullptr);
  if (code != SQLITE_OK) return base::in_context(file.string(), last_error(code));
  sqlite3_busy_timeout(database_, static_cast<int>(options.busy_timeout.count()));

  TRY(
      run_script("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;"
                 "PRAGMA cache_size = -" +
                 std::to_string(options.cache_bytes / 1024)));
  if (!options.read_only) {
    // For a new file. Measured: chunks of 17 kB are written and read a quarter faster than with 4 kB pages; larger
    // pages only waste space.
    TRY(run_script("PRAGMA page_size = 8192"));
    TRY_ASSIGN(const std::string mode, use_write_ahead_log(*this, options.busy_timeout));
    if (mode != "wal") {
      return base::failure(ErrorCode::kIo, file.string() +
                                               ": the file system does not allow write-ahead logging; "
                                               "put the data directory on a local disk");
    }
    TRY(run_script("PRAGMA synchronous = FULL; PRAGMA journal_size_limit = " + std::to_string(kLogBytesKept)));
  }
  if (options.file_bytes_max > 0) {
    TRY_ASSIGN(const auto page_bytes,
               query_first("PRAGMA page_size", {}, [](const Row& row) { return row.integer(0); }));
    TRY(run_script("PRAGMA max_page_count = " +
                   std::to_string(std::max<std::int64_t>(1, options.file_bytes_max / *page_bytes))));
  }
  return {};
}

base::Result<sqlite3_stmt*> SqliteConnection::prepare(std::string_view sql, Parameters parameters,
                                                      bool copy_parameters) {
  auto& cache = prepared_;
  // A query that is still being read keeps its statement; the same text asked again meanwhile gets a second one.
  auto found = std::ranges::find_if(cache, [&](const auto& each) { return !each.in_use && each.sql == sql; });
  if (found == cache.end()) {
    sqlite3_stmt* statement = nullptr;
    const char* rest = nullptr;
    const int code =
        sqlite3_prepare_v3(database_, sql.data(), to_int(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement, &rest);
    if (code != SQLITE_OK) return base::in_context(sql, last_error(code));
    assert(statement != nullptr &&
           std::string_view(rest, sql.data() + sql.size()).find_first_not_of(" \n;") == std::string_view::npos &&
           "one statement a call; scripts go to run_script()");
    if (cache.size() >= kCachedStatementsMax) {
      const auto oldest = std::find_if(cache.rbegin(), cache.rend(), [](const auto& each) { return !each.in_use; });
      if (oldest != cache.rend()) {
        sqlite3_finalize(oldest->statement);
        cache.erase(std::prev(oldest.base()));
      }
    }
    cache.push_front({std::string(sql), statement, false});
  } else {
    cache.splice(cache.begin(), cache, found);
  }
  sqlite3_stmt* statement = cache.front().statement;

  const sqlite3_destructor_type lifetime = copy_parameters ? SQLITE_TRANSIENT : SQLITE_STATIC;
  for (int index = 1; index <= sqlite3_bind_parameter_count(statement); ++index) {
    // To SQLite "$2" is a name, numbered by where it first stands; PostgreSQL means the second parameter.
    const char* name = sqlite3_bind_parameter_name(statement, index);
    assert(name != nullptr && name[0] == '$');
    const auto number = static_cast<std::size_t>(std::atoi(name + 1));
    assert(number >= 1 && number <= parameters.size());
    const Parameter& parameter = parameters.begin()[number - 1];
    const int code = std::visit(
        [&](const auto& value) {
          using T = std::remove_cvref_t<decltype(value)>;
          if constexpr (std::is_same_v<T, std::nullptr_t>) {
            return sqlite3_bind_null(statement, index);
          } else if constexpr (std::is_same_v<T, std::int64_t>) {
            return sqlite3_bind_int64(statement, index, value);
          } else if constexpr (std::is_same_v<T, double>) {
            return sqlite3_bind_double(statement, index, value);
          } else if constexpr (std::is_same_v<T, std::string_view>) {
            // A null pointer would bind NULL where an empty text is meant.
            return sqlite3_bind_text64(statement, index, value.data() != nullptr ? value.data() : "", value.size(),
                                       lifetime, SQLITE_UTF8);
          } else {
            const void* data = value.data();
            return sqlite3_bind_blob64(statement, index, data != nullptr ? data : "", value.size(), lifetime);
          }
        },
        parameter.value());
    if (code != SQLITE_OK) {
      sqlite3_clear_bindings(statement);
      return std::unexpected(last_error(code));
    }
  }
  cache.front().in_use = true;
  return statement;
}

void SqliteConnection::release(sqlite3_stmt* statement) {
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  const auto found = std::ranges::find(prepared_, statement, &Prepared::statement);
  found->in_use = false;
}

base::Result<std::int64_t> SqliteConnection::run(std::string_view sql, Parameters parameters) {
  TRY_ASSIGN(sqlite3_stmt * statement, prepare(sql, parameters, /*copy_parameters=*/false));
  SqliteCursor cursor(*this, statement);
  TRY(cursor.next());
  return sqlite3_changes64(database_);
}

base::Result<Rows> SqliteConnection::query(std::string_view sql, Parameters parameters) {
  TRY_ASSIGN(sqlite3_stmt * statement, prepare(sql, parameters, /*copy_parameters=*/true));
  return Rows(std::make_unique<SqliteCursor>(*this, statement));
}

base::Result<void> SqliteConnection::run_script(std::string_view sql) {
  StatementTimer timer(slow_queries_, sql);
  timer.resume();
  const int code = sqlite3_exec(database_, std::string(sql).c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return std::unexpected(last_error(code));
  return {};
}

base::Result<void> SqliteConnection::begin(TransactionKind kind) {
  TRY(run(kind == TransactionKind::kWrite ? "BEGIN IMMEDIATE" : "BEGIN", {}));
  return {};
}

base::Result<void> SqliteConnection::commit() {
  TRY(run("COMMIT", {}));
  return {};
}

void SqliteConnection::roll_back() {
  // After a full disk or an I/O error SQLite has rolled back by itself.
  if (in_transaction()) (void)run("ROLLBACK", {});
}

}  // namespace

base::Result<std::unique_ptr<Connection>> open_sqlite(const std::filesystem::path& file,
                                                      const ConnectionOptions& options) {
  auto connection = std::make_unique<SqliteConnection>(file.filename().string());
  TRY(connection->open(file, options));
  return connection;
}

}  // namespace tradeassist::store
