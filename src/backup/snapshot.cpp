#include "backup/snapshot.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <utility>

#include "store/schema/migrations.hpp"

namespace tradeassist::backup {
namespace {

using base::ErrorCode;
using base::failure;

constexpr std::chrono::minutes kWriterWait{1};
// Of one fetch of rows; between them a server would else end a transaction that waits for another table.
constexpr const char* kLongTransaction =
    "SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0";

base::Result<void> note_version(Snapshot::Part& part) {
  TRY_ASSIGN(part.schema_version, store::schema_version(*part.connection));
  const auto known =
      static_cast<int>(part.name == "app" ? store::app_migrations().size() : store::market_migrations().size());
  if (part.schema_version <= known) return {};
  return failure(ErrorCode::kFailedPrecondition,
                 fmt::format("{}: schema version {} was written by a newer TradeAssist; make the backup with that one",
                             part.connection->name(), part.schema_version));
}

}  // namespace

base::Result<Snapshot> Snapshot::take(const std::vector<NamedDatabase>& databases) {
  Snapshot snapshot;
  std::vector<std::unique_ptr<store::Connection>> writers;
  std::optional<std::string> exported;
  for (const NamedDatabase& database : databases) {
    const store::ConnectionOptions options{.read_only = true, .busy_timeout = kWriterWait};
    if (database.address.is_server()) {
      TRY_ASSIGN(auto connection, store::open_connection(database.address, options));
      TRY(connection->begin(store::TransactionKind::kRead));
      if (exported) {
        TRY(connection->run_script("SET TRANSACTION SNAPSHOT '" + *exported + "'"));
      } else {
        TRY_ASSIGN(exported, connection->query_first("SELECT pg_export_snapshot()", {},
                                                     [](const store::Row& row) { return std::string(row.text(0)); }));
      }
      TRY(connection->run_script(kLongTransaction));
      snapshot.parts_.push_back({database.name, 0, std::move(connection)});
    } else if (std::filesystem::exists(database.address.file)) {
      TRY_ASSIGN(auto writer, store::open_connection(database.address, {.busy_timeout = kWriterWait}));
      writers.push_back(std::move(writer));
      TRY_ASSIGN(auto reader, store::open_connection(database.address, options));
      snapshot.parts_.push_back({database.name, 0, std::move(reader)});
    }
  }
  if (snapshot.parts_.empty())
    return failure(ErrorCode::kNotFound, "there is no data to back up; is --data the right directory?");
  for (const auto& writer : writers) TRY(writer->begin(store::TransactionKind::kWrite));
  for (Part& part : snapshot.parts_) {
    if (!part.connection->in_transaction()) TRY(part.connection->begin(store::TransactionKind::kRead));
    TRY(note_version(part));  // the first read fixes what a SQLite file's transaction sees
  }
  for (const auto& writer : writers) writer->roll_back();
  std::erase_if(snapshot.parts_, [](const Part& part) { return part.schema_version == 0; });
  if (snapshot.parts_.empty())
    return failure(ErrorCode::kNotFound, "there is no data to back up; is --data the right directory?");
  return snapshot;
}

}  // namespace tradeassist::backup
