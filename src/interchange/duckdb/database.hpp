#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "interchange/duckdb/library.hpp"

namespace tradeassist::interchange {

/// What the engine may take while it answers. It has no file to put aside what does not fit: a query that needs more
/// memory fails with kResourceExhausted.
struct DatabaseOptions {
  std::int64_t memory_bytes_max = std::int64_t{2} << 30;
  std::int64_t threads = 0;  // 0: one per core
};

/// Rows of one query, fetched as they are made, in chunks of columns.
class QueryResult {
 public:
  QueryResult(QueryResult&& other) noexcept;
  QueryResult(const QueryResult&) = delete;
  QueryResult& operator=(const QueryResult&) = delete;
  QueryResult& operator=(QueryResult&&) = delete;
  ~QueryResult();

  struct Column {
    std::string name;
    duckdb_type type = DUCKDB_TYPE_INVALID;
  };
  const std::vector<Column>& columns() const { return columns_; }

  /// Some rows, as columns. Lives until its object ends; the vectors belong to it.
  class Chunk {
   public:
    Chunk(const DuckdbLibrary& library, duckdb_data_chunk chunk) : library_(library), chunk_(chunk) {}
    Chunk(Chunk&& other) noexcept : library_(other.library_), chunk_(std::exchange(other.chunk_, nullptr)) {}
    Chunk(const Chunk&) = delete;
    Chunk& operator=(const Chunk&) = delete;
    Chunk& operator=(Chunk&&) = delete;
    ~Chunk() {
      if (chunk_ != nullptr) library_.destroy_data_chunk(&chunk_);
    }
    std::size_t rows() const { return library_.data_chunk_get_size(chunk_); }
    /// The column's values, of the C type that DuckDB documents for its type.
    const void* data(std::size_t column) const {
      return library_.vector_get_data(library_.data_chunk_get_vector(chunk_, column));
    }
    /// A bit a row, 1 = there is a value; null when no row lacks one.
    const std::uint64_t* validity(std::size_t column) const {
      return library_.vector_get_validity(library_.data_chunk_get_vector(chunk_, column));
    }

   private:
    const DuckdbLibrary& library_;
    duckdb_data_chunk chunk_;
  };

  /// The next rows; nothing after the last. An error of the query may come at any chunk.
  base::Result<std::optional<Chunk>> next();

 private:
  friend class Connection;
  QueryResult(const DuckdbLibrary& library, duckdb_result result);

  const DuckdbLibrary& library_;
  duckdb_result result_{};
  std::vector<Column> columns_;
};

/// The value of a VARCHAR cell, and whether a cell has a value.
std::string_view text_at(const void* data, std::size_t row);
inline bool is_valid(const std::uint64_t* validity, std::size_t row) {
  return validity == nullptr || (validity[row / 64] >> (row % 64) & 1) != 0;
}

/// An empty database in memory and one connection to it. No extension is ever installed or loaded, so there is no
/// network. One thread at a time, but for interrupt().
class Connection {
 public:
  static base::Result<Connection> open(const DatabaseOptions& options = {});

  /// Runs all statements and drops their rows.
  base::Result<void> run(const std::string& sql);

  /// Runs one statement. kInvalidArgument with the engine's own words when it is wrong, kCancelled when it was
  /// interrupted, kResourceExhausted when it needs too much memory, kIo for files.
  base::Result<QueryResult> query(const std::string& sql);

  /// kInvalidArgument unless `sql` is exactly one statement that only reads (SELECT, VALUES, FROM, DESCRIBE,
  /// SUMMARIZE).
  base::Result<void> check_only_reads(const std::string& sql);

  /// The statement in parentheses, without the semicolon that ends it and what comes after that. Nothing when it cannot
  /// stand there.
  std::optional<std::string> as_subquery(std::string_view sql);

  /// Ends the query that is running. From any thread.
  void interrupt();

  const DuckdbLibrary& library() const { return *library_; }
  duckdb_connection handle() const;

 private:
  struct Handles;
  Connection(const DuckdbLibrary* library, std::shared_ptr<Handles> handles)
      : library_(library), handles_(std::move(handles)) {}

  const DuckdbLibrary* library_;
  std::shared_ptr<Handles> handles_;
};

/// 'text' as a literal of SQL.
std::string sql_text(std::string_view text);

/// "text" as a name of SQL.
std::string sql_name(std::string_view name);

/// A path as a literal that means this file, even where its name has a wildcard in it.
std::string sql_path(std::string_view path);

}  // namespace tradeassist::interchange
