#include "backup/table_rows.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <set>
#include <span>
#include <utility>

namespace tradeassist::backup {
namespace {

using base::ErrorCode;
using base::failure;
using store::Connection;
using store::Dialect;
using store::Parameter;
using store::Row;

constexpr std::size_t kColumnsMax = 32;  // as many parameters as a statement has
constexpr int kFetchMax = 2'048;
constexpr std::size_t kFetchBytes = 4 << 20;  // about what one fetch brings from a server

enum class Tag : char { kNull, kInteger, kReal, kText, kBytes };

std::string in_quotes(std::string_view name) { return fmt::format("\"{}\"", name); }

std::string joined(const std::vector<std::string>& texts) { return fmt::format("{}", fmt::join(texts, ", ")); }

base::Result<ColumnType> column_type(std::string_view type, std::string_view table, std::string_view column) {
  if (type == "INTEGER" || type == "bigint" || type == "integer") return ColumnType::kInteger;
  if (type == "REAL" || type == "double precision") return ColumnType::kReal;
  if (type == "TEXT" || type == "text") return ColumnType::kText;
  if (type == "BLOB" || type == "bytea") return ColumnType::kBytes;
  return failure(ErrorCode::kUnsupported,
                 fmt::format("{}.{} is of type {}, which cannot be backed up", table, column, type));
}

base::Result<std::vector<std::pair<std::string, std::string>>> column_types(Connection& connection,
                                                                            const std::string& table) {
  return connection.query_all(
      connection.dialect() == Dialect::kSqlite
          ? "SELECT name, type FROM pragma_table_info($1) ORDER BY name"
          : "SELECT attname::text, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = to_regclass($1) "
            "AND attnum > 0 AND NOT attisdropped ORDER BY attname COLLATE \"C\"",
      {table}, [](const Row& row) { return std::pair(std::string(row.text(0)), std::string(row.text(1))); });
}

base::Result<std::vector<std::string>> names_of(Connection& connection, const char* sql, std::string_view of) {
  return connection.query_all(sql, {of}, [](const Row& row) { return std::string(row.text(0)); });
}

/// The columns that tell rows apart: the primary key, else a unique index of the whole table.
base::Result<std::vector<std::string>> key_of(Connection& connection, const TableShape& table) {
  const auto has_all = [&](const std::vector<std::string>& key) {
    return !key.empty() && std::ranges::all_of(key, [&](const std::string& name) {
      return std::ranges::find(table.columns, name, &Column::name) != table.columns.end();
    });
  };
  if (connection.dialect() == Dialect::kPostgres) {
    return names_of(
        connection,
        "SELECT attname::text FROM (SELECT indrelid, indkey::int2[] AS columns FROM pg_index WHERE indrelid = "
        "to_regclass($1) AND indisunique AND indpred IS NULL ORDER BY indisprimary DESC, indexrelid LIMIT 1) "
        "AS i CROSS JOIN LATERAL unnest(columns) WITH ORDINALITY AS k (number, place) "
        "JOIN pg_attribute ON attrelid = indrelid AND attnum = number ORDER BY place",
        table.name);
  }
  TRY_ASSIGN(auto key,
             names_of(connection, "SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk", table.name));
  if (has_all(key)) return key;
  TRY_ASSIGN(
      const auto indexes,
      names_of(connection, "SELECT name FROM pragma_index_list($1) WHERE \"unique\" = 1 AND partial = 0 ORDER BY name",
               table.name));
  for (const std::string& index : indexes) {
    TRY_ASSIGN(key, names_of(connection, "SELECT name FROM pragma_index_info($1) ORDER BY seqno", index));
    if (has_all(key)) return key;
  }
  key.clear();
  return key;
}

base::Result<TableShape> shape_of(Connection& connection, const std::string& name) {
  TableShape table{.name = name, .columns = {}, .key = {}};
  TRY_ASSIGN(const auto columns, column_types(connection, name));
  for (const auto& [column, type] : columns) {
    // Nothing refers to it, and PostgreSQL has none.
    if ((name == "bar_chunk" || name == "tick_chunk") && column == "id") continue;
    TRY_ASSIGN(const ColumnType known, column_type(type, name, column));
    table.columns.push_back({column, known});
  }
  if (table.columns.empty() || table.columns.size() > kColumnsMax) {
    return failure(ErrorCode::kUnsupported,
                   fmt::format("{}: has {} columns, not 1 to {}", name, table.columns.size(), kColumnsMax));
  }
  TRY_ASSIGN(table.key, key_of(connection, table));
  if (table.key.empty()) {
    return failure(ErrorCode::kUnsupported, fmt::format("{}: has no key, so its rows have no order", name));
  }
  return table;
}

template <class T>
void append_number(std::string& to, T value) {
  std::array<char, sizeof value> bytes;
  std::memcpy(bytes.data(), &value, sizeof value);
  static_assert(std::endian::native == std::endian::little);
  to.append(bytes.data(), bytes.size());
}

/// A row with its length before it.
void encode(const Row& row, const std::vector<Column>& columns, std::string& to) {
  to.assign(4, '\0');
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const int column = static_cast<int>(i);
    const auto tag = [&](Tag value) { to += static_cast<char>(value); };
    if (row.is_null(column)) {
      tag(Tag::kNull);
      continue;
    }
    switch (columns[i].type) {
      case ColumnType::kInteger:
        tag(Tag::kInteger);
        append_number(to, row.integer(column));
        break;
      case ColumnType::kReal:
        tag(Tag::kReal);
        append_number(to, row.real(column));
        break;
      case ColumnType::kText: {
        const std::string_view text = row.text(column);
        tag(Tag::kText);
        append_number(to, static_cast<std::uint32_t>(text.size()));
        to += text;
        break;
      }
      case ColumnType::kBytes: {
        const auto bytes = row.bytes(column);
        tag(Tag::kBytes);
        append_number(to, static_cast<std::uint32_t>(bytes.size()));
        to.append(static_cast<const char*>(static_cast<const void*>(bytes.data())), bytes.size());
        break;
      }
    }
  }
  const auto size = static_cast<std::uint32_t>(to.size() - 4);
  std::memcpy(to.data(), &size, sizeof size);
}

/// Takes values off the front of rows.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  bool empty() const { return bytes_.empty(); }

  template <class T>
  bool number(T& value) {
    if (bytes_.size() < sizeof value) return false;
    std::memcpy(&value, bytes_.data(), sizeof value);
    bytes_.remove_prefix(sizeof value);
    return true;
  }

  bool text(std::string_view& value) {
    std::uint32_t size = 0;
    if (!number(size) || size > bytes_.size()) return false;
    value = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return true;
  }

  bool value(Parameter& to) {
    char tag = 0;
    if (!number(tag)) return false;
    switch (static_cast<Tag>(tag)) {
      case Tag::kNull: to = nullptr; return true;
      case Tag::kInteger: {
        std::int64_t integer = 0;
        if (!number(integer)) return false;
        to = integer;
        return true;
      }
      case Tag::kReal: {
        double real = 0;
        if (!number(real)) return false;
        to = real;
        return true;
      }
      case Tag::kText: {
        std::string_view characters;
        if (!text(characters)) return false;
        to = characters;
        return true;
      }
      case Tag::kBytes: {
        std::string_view characters;
        if (!text(characters)) return false;
        to = std::as_bytes(std::span(characters));
        return true;
      }
    }
    return false;
  }

 private:
  std::string_view bytes_;
};

using Values = std::array<Parameter, kColumnsMax>;

template <std::size_t... kIndexes>
base::Result<void> insert(Connection& connection, const std::string& sql, const Values& values,
                          std::index_sequence<kIndexes...>) {
  return connection.run_later(sql, {values[kIndexes]...});
}

template <std::size_t... kIndexes>
Values no_values(std::index_sequence<kIndexes...>) {
  return {(static_cast<void>(kIndexes), Parameter(nullptr))...};
}

std::string select_of(const TableShape& table, Dialect dialect) {
  std::vector<std::string> columns, order;
  for (const Column& column : table.columns) columns.push_back(in_quotes(column.name));
  for (const std::string& name : table.key) {
    const auto found = std::ranges::find(table.columns, name, &Column::name);
    // As SQLite orders: by bytes.
    const bool is_text = found != table.columns.end() && found->type == ColumnType::kText;
    order.push_back(in_quotes(name) + (is_text && dialect == Dialect::kPostgres ? " COLLATE \"C\"" : ""));
  }
  return fmt::format("SELECT {} FROM {} ORDER BY {}", joined(columns), in_quotes(table.name), joined(order));
}

/// Through a cursor of the server, which gives as many rows at a time as fit into memory.
base::Result<std::int64_t> read_rows_of_server(Connection& connection, const TableShape& table,
                                               const std::function<base::Result<void>(std::string_view)>& visit) {
  const std::string cursor = "rows_of_" + table.name;
  TRY(connection.run_script(
      fmt::format("DECLARE {} NO SCROLL CURSOR FOR {}", cursor, select_of(table, Dialect::kPostgres))));
  std::int64_t count = 0;
  std::string bytes;
  for (int fetch = 16;;) {
    TRY_ASSIGN(store::Rows rows, connection.query(fmt::format("FETCH {} FROM {}", fetch, cursor)));
    std::size_t fetched = 0;
    int got = 0;
    while (true) {
      TRY_ASSIGN(const bool more, rows.next());
      if (!more) break;
      encode(*rows, table.columns, bytes);
      fetched += bytes.size();
      ++got;
      TRY(visit(bytes));
    }
    count += got;
    if (got < fetch) break;
    if (fetched < kFetchBytes / 2 && fetch < kFetchMax) fetch *= 2;
    if (fetched > kFetchBytes * 2 && fetch > 1) fetch /= 2;
  }
  TRY(connection.run_script("CLOSE " + cursor));
  return count;
}

}  // namespace

base::Result<std::vector<TableShape>> read_tables(Connection& connection) {
  TRY_ASSIGN(const std::vector<std::string> names, connection.table_names());
  std::vector<std::pair<std::string, std::vector<std::string>>> waiting;
  for (const std::string& name : names) {
    if (name == "schema_migration" || name.starts_with("sqlite_")) continue;
    TRY_ASSIGN(
        auto referred,
        names_of(connection,
                 connection.dialect() == Dialect::kSqlite
                     ? "SELECT DISTINCT \"table\" FROM pragma_foreign_key_list($1)"
                     : "SELECT DISTINCT relname::text FROM pg_constraint JOIN pg_class ON pg_class.oid = confrelid "
                       "WHERE contype = 'f' AND conrelid = to_regclass($1)",
                 name));
    waiting.emplace_back(name, std::move(referred));
  }
  std::vector<TableShape> tables;
  std::set<std::string> done;
  while (!waiting.empty()) {
    const auto ready = std::ranges::find_if(waiting, [&](const auto& each) {
      return std::ranges::all_of(each.second,
                                 [&](const std::string& other) { return other == each.first || done.contains(other); });
    });
    if (ready == waiting.end())
      return failure(ErrorCode::kUnsupported, waiting.front().first + ": refers to a table that refers to it");
    TRY_ASSIGN(TableShape table, shape_of(connection, ready->first));
    done.insert(table.name);
    tables.push_back(std::move(table));
    waiting.erase(ready);
  }
  return tables;
}

base::Result<std::int64_t> read_rows(Connection& connection, const TableShape& table,
                                     const std::function<base::Result<void>(std::string_view)>& visit) {
  if (connection.dialect() == Dialect::kPostgres) return read_rows_of_server(connection, table, visit);
  TRY_ASSIGN(store::Rows rows, connection.query(select_of(table, Dialect::kSqlite)));
  std::int64_t count = 0;
  std::string bytes;
  while (true) {
    TRY_ASSIGN(const bool more, rows.next());
    if (!more) return count;
    encode(*rows, table.columns, bytes);
    ++count;
    TRY(visit(bytes));
  }
}

base::Result<RowWriter> RowWriter::make(Connection& connection, const TableShape& table) {
  if (table.columns.size() > kColumnsMax) return failure(ErrorCode::kDataLoss, table.name + ": has too many columns");
  std::vector<std::string> names, parameters;
  for (const Column& column : table.columns) {
    names.push_back(in_quotes(column.name));
    parameters.push_back(fmt::format("${}", names.size()));
  }
  return RowWriter(
      connection,
      fmt::format("INSERT INTO {} ({}) VALUES ({})", in_quotes(table.name), joined(names), joined(parameters)),
      table.columns.size());
}

base::Result<std::int64_t> RowWriter::write(std::string_view rows) {
  constexpr std::make_index_sequence<kColumnsMax> kAll;
  Values values = no_values(kAll);
  const auto damaged = [] { return failure(ErrorCode::kDataLoss, "a row cannot be read"); };
  std::int64_t count = 0;
  for (Reader reader(rows); !reader.empty(); ++count) {
    std::string_view bytes;
    if (!reader.text(bytes)) return damaged();
    Reader row(bytes);
    for (std::size_t i = 0; i < columns_; ++i) {
      if (!row.value(values[i])) return damaged();
    }
    if (!row.empty()) return damaged();
    TRY(insert(*connection_, sql_, values, kAll));
  }
  return count;
}

base::Result<void> set_next_numbers(Connection& connection, const TableShape& table) {
  if (connection.dialect() != Dialect::kPostgres) return {};  // SQLite looks at the rows
  TRY_ASSIGN(const auto columns,
             names_of(connection,
                      "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass($1) AND attidentity <> ''",
                      table.name));
  for (const std::string& column : columns) {
    TRY(connection.query_integer(
        fmt::format("SELECT setval(pg_get_serial_sequence('{0}', '{1}'), greatest(coalesce(max(\"{1}\"), 1), 1), "
                    "max(\"{1}\") IS NOT NULL) FROM \"{0}\"",
                    table.name, column)));
  }
  return {};
}

}  // namespace tradeassist::backup
