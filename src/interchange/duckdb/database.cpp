#include "interchange/duckdb/database.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace tradeassist::interchange {
namespace {

using base::ErrorCode;
using base::failure;

ErrorCode code_of(duckdb_error_type type) {
  switch (type) {
    case DUCKDB_ERROR_INTERRUPT: return ErrorCode::kCancelled;
    case DUCKDB_ERROR_OUT_OF_MEMORY: return ErrorCode::kResourceExhausted;
    case DUCKDB_ERROR_IO: return ErrorCode::kIo;
    case DUCKDB_ERROR_INTERNAL: return ErrorCode::kInternal;
    default: return ErrorCode::kInvalidArgument;
  }
}

/// What went wrong with a result. The engine calls the errors of table functions invalid input; they speak for
/// themselves.
std::unexpected<base::Error> failure_of(const DuckdbLibrary& library, duckdb_result& result) {
  std::string_view message = library.result_error(&result);
  constexpr std::string_view kKind = "Invalid Input Error: ";
  if (message.starts_with(kKind)) message.remove_prefix(kKind.size());
  return failure(code_of(library.result_error_type(&result)), std::string(message));
}

/// Ends with the object.
struct Extracted {
  const DuckdbLibrary& library;
  duckdb_extracted_statements statements = nullptr;
  ~Extracted() { library.destroy_extracted(&statements); }
};
struct Prepared {
  const DuckdbLibrary& library;
  duckdb_prepared_statement statement = nullptr;
  ~Prepared() { library.destroy_prepare(&statement); }
};

base::Result<std::size_t> extract(duckdb_connection connection, const std::string& sql, Extracted& extracted) {
  const std::size_t count = extracted.library.extract_statements(connection, sql.c_str(), &extracted.statements);
  if (count > 0) return count;
  const char* const error = extracted.library.extract_statements_error(extracted.statements);
  return failure(ErrorCode::kInvalidArgument, error == nullptr ? "there is no statement" : error);
}

base::Result<void> prepare(duckdb_connection connection, const Extracted& extracted, std::size_t index,
                           Prepared& prepared) {
  if (prepared.library.prepare_extracted_statement(connection, extracted.statements, index, &prepared.statement) ==
      DuckDBSuccess)
    return {};
  const char* const error = prepared.library.prepare_error(prepared.statement);
  return failure(ErrorCode::kInvalidArgument, error == nullptr ? "the statement cannot be prepared" : error);
}

}  // namespace

QueryResult::QueryResult(const DuckdbLibrary& library, duckdb_result result) : library_(library), result_(result) {
  const std::size_t count = library_.column_count(&result_);
  for (std::size_t i = 0; i < count; ++i)
    columns_.push_back({library_.column_name(&result_, i), library_.column_type(&result_, i)});
}

QueryResult::QueryResult(QueryResult&& other) noexcept
    : library_(other.library_), result_(std::exchange(other.result_, {})), columns_(std::move(other.columns_)) {}

QueryResult::~QueryResult() { library_.destroy_result(&result_); }

base::Result<std::optional<QueryResult::Chunk>> QueryResult::next() {
  const duckdb_data_chunk chunk = library_.fetch_chunk(result_);
  if (chunk != nullptr) return Chunk(library_, chunk);
  const char* const error = library_.result_error(&result_);
  if (error != nullptr && *error != '\0') return failure_of(library_, result_);
  return std::nullopt;
}

std::string_view text_at(const void* data, std::size_t row) {
  const duckdb_string_t& text = static_cast<const duckdb_string_t*>(data)[row];
  // Short texts lie inside the cell itself.
  if (text.value.inlined.length <= sizeof(text.value.inlined.inlined))
    return {text.value.inlined.inlined, text.value.inlined.length};
  return {text.value.pointer.ptr, text.value.pointer.length};
}

struct Connection::Handles {
  const DuckdbLibrary& library;
  duckdb_database database = nullptr;
  duckdb_connection connection = nullptr;
  ~Handles() {
    library.disconnect(&connection);
    library.close(&database);
  }
};

base::Result<Connection> Connection::open(const DatabaseOptions& options) {
  TRY_ASSIGN(const DuckdbLibrary* const library, duckdb_library());
  auto handles = std::make_shared<Handles>(*library);
  const std::string memory = fmt::format("{}MiB", options.memory_bytes_max >> 20);
  const std::string threads = std::to_string(options.threads);
  const std::array<std::pair<const char*, const char*>, 7> settings = {{{"memory_limit", memory.c_str()},
                                                                        {"temp_directory", ""},
                                                                        {"autoinstall_known_extensions", "false"},
                                                                        {"autoload_known_extensions", "false"},
                                                                        {"allow_community_extensions", "false"},
                                                                        {"preserve_insertion_order", "true"},
                                                                        {"threads", threads.c_str()}}};
  duckdb_config config = nullptr;
  bool is_set = library->create_config(&config) == DuckDBSuccess;
  for (std::size_t i = 0; i < settings.size() - (options.threads == 0 ? 1 : 0); ++i)
    is_set = is_set && library->set_config(config, settings[i].first, settings[i].second) == DuckDBSuccess;
  char* error = nullptr;
  const bool opened = is_set && library->open_ext(nullptr, &handles->database, config, &error) == DuckDBSuccess &&
                      library->connect(handles->database, &handles->connection) == DuckDBSuccess;
  library->destroy_config(&config);
  const std::string why = error == nullptr ? "a setting was refused" : error;
  if (error != nullptr) library->free(error);
  if (!opened) return failure(ErrorCode::kInternal, "DuckDB cannot be started: " + why);
  Connection connection(library, std::move(handles));
  TRY(connection.run("SET TimeZone = 'UTC'"));
  return connection;
}

base::Result<void> Connection::run(const std::string& sql) {
  Extracted extracted{*library_};
  TRY_ASSIGN(const std::size_t count, extract(handle(), sql, extracted));
  for (std::size_t i = 0; i < count; ++i) {
    Prepared prepared{*library_};
    TRY(prepare(handle(), extracted, i, prepared));
    duckdb_result result{};
    const bool done = library_->execute_prepared(prepared.statement, &result) == DuckDBSuccess;
    const QueryResult owner(*library_, result);
    if (!done) return failure_of(*library_, result);
  }
  return {};
}

base::Result<QueryResult> Connection::query(const std::string& sql) {
  Extracted extracted{*library_};
  TRY_ASSIGN(const std::size_t count, extract(handle(), sql, extracted));
  if (count != 1) return failure(ErrorCode::kInvalidArgument, "there is more than one statement");
  Prepared prepared{*library_};
  TRY(prepare(handle(), extracted, 0, prepared));
  duckdb_result result{};
  const bool done = library_->execute_prepared_streaming(prepared.statement, &result) == DuckDBSuccess;
  QueryResult owner(*library_, result);
  if (!done) return failure_of(*library_, result);
  return owner;
}

base::Result<void> Connection::check_only_reads(const std::string& sql) {
  Extracted extracted{*library_};
  TRY_ASSIGN(const std::size_t count, extract(handle(), sql, extracted));
  if (count != 1) {
    return failure(ErrorCode::kInvalidArgument,
                   fmt::format("these are {} statements; give one (WITH names parts of it)", count));
  }
  // Parsed, not prepared: to prepare an EXPORT makes its folder already.
  TRY_ASSIGN(QueryResult parsed,
             query(fmt::format("SELECT (json_serialize_sql({}::VARCHAR)::JSON ->> 'error') = 'false'", sql_text(sql))));
  TRY_ASSIGN(const auto chunk, parsed.next());
  if (chunk && is_valid(chunk->validity(0), 0) && *static_cast<const bool*>(chunk->data(0))) return {};
  return failure(ErrorCode::kInvalidArgument,
                 "only queries are run (SELECT, FROM, VALUES, DESCRIBE, SUMMARIZE); -o writes the result to a file");
}

std::optional<std::string> Connection::as_subquery(std::string_view sql) {
  for (std::size_t end = sql.size(); end != std::string_view::npos && end > 0; end = sql.rfind(';', end - 1)) {
    std::string inner = fmt::format("({}\n)", sql.substr(0, end));
    Extracted extracted{*library_};
    if (extract(handle(), "FROM " + inner, extracted) == std::size_t{1}) return inner;
  }
  return std::nullopt;
}

void Connection::interrupt() { library_->interrupt(handle()); }

duckdb_connection Connection::handle() const { return handles_->connection; }

std::string sql_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + "'";
}

std::string sql_name(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string sql_path(std::string_view path) {
  std::string plain;
  for (const char c : path) {
    if (c == '*' || c == '?' || c == '[') {
      plain += std::string("[") + c + "]";  // a class of one character is that character
    } else {
      plain += c;
    }
  }
  return sql_text(plain);
}

}  // namespace tradeassist::interchange
