#include "backup/load_backup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <ranges>
#include <utility>

#include "backup/streams.hpp"
#include "backup/table_rows.hpp"
#include "base/hexadecimal.hpp"
#include "base/sha256.hpp"
#include "store/partitions/partition_registry.hpp"
#include "store/schema/migrations.hpp"

namespace tradeassist::backup {
namespace {

using base::ErrorCode;
using base::failure;
namespace fs = std::filesystem;

constexpr std::size_t kTransactionBytes = 64 << 20;  // of a SQLite file, whose log would else grow as large as itself

const TableShape* find_table(const std::vector<TableShape>& shapes, const std::string& name) {
  const auto found = std::ranges::find(shapes, name, &TableShape::name);
  return found == shapes.end() ? nullptr : &*found;
}

base::Result<void> make_schema(store::Connection& connection, const BackedUpSchema& schema) {
  const auto migrations = schema.name == "app" ? store::app_migrations() : store::market_migrations();
  if (schema.version < 1 || static_cast<std::size_t>(schema.version) > migrations.size()) {
    return failure(
        ErrorCode::kFailedPrecondition,
        fmt::format("schema version {} of '{}' was made by a newer TradeAssist; this one knows versions up to "
                    "{}. Restore with the newer program",
                    schema.version, schema.name, migrations.size()));
  }
  return store::migrate(connection, migrations, schema.version);
}

/// What migrations put there goes: the backup has its own.
base::Result<void> empty_tables(store::Connection& connection, const std::vector<TableShape>& shapes) {
  for (const TableShape& table : shapes | std::views::reverse) {
    TRY_ASSIGN(const std::int64_t rows, connection.query_integer("SELECT count(*) FROM \"" + table.name + "\""));
    if (rows > 0) TRY(connection.run("DELETE FROM \"" + table.name + "\""));
  }
  return {};
}

base::Result<void> check(const std::function<bool()>& goes_on) {
  if (!goes_on || goes_on()) return {};
  return failure(ErrorCode::kCancelled, "the restore was stopped; the target is as it was");
}

class Loader {
 public:
  Loader(const Repository& repository, store::Connection& connection, const std::function<bool()>& goes_on)
      : repository_(repository), connection_(connection), goes_on_(goes_on) {}

  base::Result<void> begin() { return connection_.begin(store::TransactionKind::kWrite); }
  base::Result<void> commit() { return connection_.commit(); }

  base::Result<void> load(const TableShape& shape, const BackedUpTable& table) {
    // The schema has the backup's version, so that nothing has to be left out.
    if (shape.columns != table.columns)
      return failure(ErrorCode::kFailedPrecondition, "its columns are not those of this program's schema");
    TRY_ASSIGN(RowWriter writer, RowWriter::make(connection_, shape));
    std::int64_t rows = 0;
    const auto write = [&](std::string_view block) -> base::Result<void> {
      TRY(check(goes_on_));
      TRY_ASSIGN(const std::int64_t written, writer.write(block));
      rows += written;
      pending_ += block.size();
      if (connection_.dialect() != store::Dialect::kSqlite || pending_ < kTransactionBytes) return {};
      pending_ = 0;
      TRY(commit());
      return begin();
    };
    TRY(read_stream(repository_, table.stream, write));
    if (rows != table.rows)
      return failure(ErrorCode::kDataLoss, fmt::format("it has {} rows instead of {}", rows, table.rows));
    TRY(set_next_numbers(connection_, shape));
    return table.name == "partition" ? store::attach_partitions(connection_) : base::Result<void>();
  }

 private:
  const Repository& repository_;
  store::Connection& connection_;
  const std::function<bool()>& goes_on_;
  std::size_t pending_ = 0;
};

/// What lies in the table now, to the byte.
base::Result<void> compare(store::Connection& connection, const TableShape& shape, const BackedUpTable& table) {
  base::Sha256 sum;
  TRY_ASSIGN(const std::int64_t rows, read_rows(connection, shape, [&](std::string_view row) -> base::Result<void> {
               sum.add(row);
               return {};
             }));
  TRY_ASSIGN(const std::string actual, sum.finish());
  if (rows == table.rows && base::hexadecimal(actual) == table.stream.sha256) return {};
  return failure(ErrorCode::kInternal, "what was restored is not what was backed up");
}

base::Result<void> load_rows(const Repository& repository, const BackedUpSchema& schema, store::Connection& connection,
                             const std::function<bool()>& goes_on, Loaded& loaded) {
  TRY_ASSIGN(const auto shapes, read_tables(connection));
  Loader loader(repository, connection, goes_on);
  TRY(loader.begin());
  TRY(empty_tables(connection, shapes));
  // In the order of this database's own references.
  for (const TableShape& shape : shapes) {
    const auto table = std::ranges::find(schema.tables, shape.name, &BackedUpTable::name);
    if (table == schema.tables.end()) continue;
    if (auto done = loader.load(shape, *table); !done)
      return base::in_context(schema.name + "." + shape.name, std::move(done).error());
    ++loaded.tables;
    loaded.rows += table->rows;
    loaded.bytes += table->stream.bytes;
  }
  TRY(loader.commit());
  for (const BackedUpTable& table : schema.tables) {
    if (find_table(shapes, table.name) != nullptr) continue;
    return failure(ErrorCode::kFailedPrecondition,
                   fmt::format("{}.{}: this program knows no such table", schema.name, table.name));
  }
  TRY(connection.begin(store::TransactionKind::kRead));
  if (connection.dialect() == store::Dialect::kPostgres) TRY(connection.run_script("SET LOCAL statement_timeout = 0"));
  for (const BackedUpTable& table : schema.tables) {
    if (auto same = compare(connection, *find_table(shapes, table.name), table); !same)
      return base::in_context(schema.name + "." + table.name, std::move(same).error());
  }
  return connection.commit();
}

base::Result<void> check_references(store::Connection& connection) {
  TRY_ASSIGN(const std::int64_t broken, connection.query_integer("SELECT count(*) FROM pragma_foreign_key_check"));
  if (broken == 0) return {};
  return failure(ErrorCode::kDataLoss,
                 fmt::format("{}: {} rows refer to what is not there", connection.name(), broken));
}

base::Error cannot_write(const fs::path& path) {
  const int why = errno;
  return {why == ENOSPC ? ErrorCode::kResourceExhausted : ErrorCode::kIo,
          fmt::format("{}: cannot be written: {}", path.string(), std::strerror(why))};
}

/// A place in the restored folder, and nowhere else.
bool is_inside(const fs::path& path) {
  if (path.empty() || path.is_absolute()) return false;
  return std::ranges::none_of(path, [](const fs::path& part) { return part == ".." || part == "." || part.empty(); });
}

}  // namespace

base::Result<void> load_schema(const Repository& repository, const BackedUpSchema& schema,
                               const store::DatabaseAddress& address, const std::function<bool()>& goes_on,
                               Loaded& loaded) {
  TRY_ASSIGN(const auto connection, store::open_connection(address));
  TRY(make_schema(*connection, schema));
  const bool is_file = connection->dialect() == store::Dialect::kSqlite;
  // The whole is brought to the disk at its end; before, nobody takes it for a database.
  if (is_file) TRY(connection->run_script("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF"));
  auto done = load_rows(repository, schema, *connection, goes_on, loaded);
  if (!done) {
    connection->roll_back();
    return done;
  }
  if (!is_file) return {};
  TRY(check_references(*connection));
  return connection->run_script("PRAGMA wal_checkpoint(TRUNCATE)");
}

base::Result<void> load_files(const Repository& repository, const Manifest& manifest, const fs::path& folder,
                              const std::function<bool()>& goes_on, Loaded& loaded) {
  for (const BackedUpFile& file : manifest.files) {
    if (!is_inside(file.path)) return failure(ErrorCode::kDataLoss, "'" + file.path + "' is no place for a file");
    const fs::path path = folder / file.path;
    std::error_code error;
    if (fs::create_directories(path.parent_path(), error) && file.is_private)
      fs::permissions(path.parent_path(), fs::perms::owner_all, error);
    if (error) return failure(ErrorCode::kIo, path.parent_path().string() + ": cannot be made: " + error.message());
    std::ofstream to(path, std::ios::binary);
    if (!to) return std::unexpected(cannot_write(path));
    if (file.is_private) fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write, error);
    auto done = read_stream(repository, file.stream, [&](std::string_view block) -> base::Result<void> {
      TRY(check(goes_on));
      if (to.write(block.data(), static_cast<std::streamsize>(block.size()))) return {};
      return std::unexpected(cannot_write(path));
    });
    to.close();
    if (done && !to) done = std::unexpected(cannot_write(path));
    if (!done) return base::in_context(file.path, std::move(done).error());
    ++loaded.files;
    loaded.bytes += file.stream.bytes;
  }
  return {};
}

}  // namespace tradeassist::backup
