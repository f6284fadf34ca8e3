#include "store/integrity/database_examiner.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace tradeassist::store {
namespace {

using base::ErrorCode;

constexpr const char* kRestore = "restore a backup; what can still be read can be exported before";

/// SQLite's words are a sentence a row; "ok" when there is nothing.
base::Result<void> examine_file(Connection& connection, std::size_t findings_max, Examination& examination) {
  const auto said =
      connection.query_all("PRAGMA integrity_check(100)", {}, [](const Row& row) { return std::string(row.text(0)); });
  if (!said && said.error().code != ErrorCode::kDataLoss) return std::unexpected(said.error());
  const std::vector<std::string> sentences = said ? *said : std::vector{said.error().message};
  for (const std::string& sentence : sentences) {
    if (sentence == "ok") continue;
    examination.add({.reason = connection.name() + ": " + sentence, .advice = kRestore}, findings_max);
  }
  return {};
}

base::Result<void> examine_sqlite(Connection& connection, std::size_t findings_max, Examination& examination) {
  TRY(examine_file(connection, findings_max, examination));
  const auto orphans = connection.query_all(
      "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2", {}, [](const Row& row) {
        return fmt::format("{} rows of table {} refer to rows of table {} that are not there", row.integer(2),
                           row.text(0), row.text(1));
      });
  // A file that is damaged is a finding already.
  if (!orphans && orphans.error().code != ErrorCode::kDataLoss) return std::unexpected(orphans.error());
  if (!orphans) return {};
  for (const std::string& sentence : *orphans) {
    examination.add({.reason = connection.name() + ": " + sentence, .advice = kRestore}, findings_max);
  }
  return {};
}

base::Result<void> examine_postgres(Connection& connection, std::size_t findings_max, Examination& examination) {
  TRY_ASSIGN(const auto constraints,
             connection.query_all(
                 "SELECT conrelid::regclass::text, conname::text FROM pg_constraint WHERE NOT "
                 "convalidated AND connamespace = current_schema()::regnamespace ORDER BY 1, 2",
                 {}, [](const Row& row) { return std::pair(std::string(row.text(0)), std::string(row.text(1))); }));
  for (const auto& [table, name] : constraints) {
    examination.add({.reason = fmt::format("constraint {} of table {} was never checked against its rows", name, table),
                     .advice = fmt::format("run ALTER TABLE {} VALIDATE CONSTRAINT {}, which names the rows that "
                                           "break it",
                                           table, name)},
                    findings_max);
  }
  TRY_ASSIGN(const auto indexes,
             connection.query_all("SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = "
                                  "indexrelid WHERE relnamespace = current_schema()::regnamespace AND NOT (indisvalid "
                                  "AND indisready) ORDER BY 1",
                                  {}, [](const Row& row) { return std::string(row.text(0)); }));
  for (const std::string& name : indexes) {
    examination.add(
        {.reason = fmt::format("index {} is not complete", name), .advice = fmt::format("run REINDEX INDEX {}", name)},
        findings_max);
  }
  return {};
}

}  // namespace

base::Result<void> examine_database(Connection& connection, std::size_t findings_max, Examination& examination) {
  return connection.dialect() == Dialect::kSqlite ? examine_sqlite(connection, findings_max, examination)
                                                  : examine_postgres(connection, findings_max, examination);
}

}  // namespace tradeassist::store
