#include "backup/make_backup.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <optional>
#include <utility>

#include "backup/series_fingerprints.hpp"
#include "backup/streams.hpp"
#include "backup/table_rows.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/random_id.hpp"

namespace tradeassist::backup {
namespace {

using base::ErrorCode;
using base::failure;

using GoesOn = std::function<bool()>;

constexpr std::string_view kArchives = "archive/";  // of partitions: rows that may be nowhere else

base::Result<void> check(const GoesOn& goes_on) {
  if (!goes_on || goes_on()) return {};
  return failure(ErrorCode::kCancelled, "the backup was stopped; nothing of it was kept");
}

/// Ids sort by time, also where the clock was set back since the newest.
base::Result<std::string> new_id(base::Time now, const std::vector<std::string>& known) {
  auto second = std::chrono::floor<std::chrono::seconds>(now);
  TRY_ASSIGN(const std::string random, base::random_hex(2));
  const auto id_at = [&] {
    return fmt::format("{:%Y%m%dT%H%M%SZ}-{}", fmt::gmtime(second.time_since_epoch().count()), random);
  };
  while (!known.empty() && id_at() <= known.back()) second += std::chrono::seconds(1);
  return id_at();
}

/// Lets the repository trust the blocks of complete backups. One that cannot be read is passed over: what only it has
/// is written again.
base::Result<std::string> trust_complete(Repository& repository, const std::vector<std::string>& ids) {
  std::string newest;
  for (const std::string& id : ids) {
    auto trusted = [&]() -> base::Result<void> {
      TRY_ASSIGN(const Manifest manifest, repository.read(id));
      return visit_block_names(repository, manifest, [&](std::string_view name) { repository.trust(name); });
    }();
    if (trusted) {
      newest = id;
      continue;
    }
    base::log(base::LogLevel::kWarning, "a backup is damaged; nothing is shared with it",
              {{"backup", id}, {"reason", trusted.error().message}});
  }
  return newest;
}

base::Result<BackedUpTable> back_up_table(Repository& repository, store::Connection& connection,
                                          const TableShape& shape, const GoesOn& goes_on) {
  BackedUpTable table{.name = shape.name, .columns = shape.columns, .stream = {}};
  StreamWriter writer(repository);
  TRY_ASSIGN(table.rows, read_rows(connection, shape, [&](std::string_view row) -> base::Result<void> {
               TRY(check(goes_on));
               return writer.add_row(row);
             }));
  TRY_ASSIGN(table.stream, writer.finish());
  return table;
}

/// Nothing when the file went away since it was listed.
base::Result<std::optional<BackedUpFile>> back_up_file(Repository& repository, const SourceFile& source,
                                                       const GoesOn& goes_on) {
  std::ifstream file(source.from, std::ios::binary);
  if (!file) {
    std::error_code error;
    if (!std::filesystem::exists(source.from, error)) return std::nullopt;
    return failure(ErrorCode::kIo, source.from.string() + ": cannot be read; its owner has to make the backup");
  }
  StreamWriter writer(repository);
  std::string part(std::size_t{1} << 20, '\0');
  while (file) {
    TRY(check(goes_on));
    file.read(part.data(), static_cast<std::streamsize>(part.size()));
    TRY(writer.add_bytes(std::string_view(part).substr(0, static_cast<std::size_t>(file.gcount()))));
  }
  if (file.bad()) return failure(ErrorCode::kIo, source.from.string() + ": cannot be read");
  BackedUpFile kept{.path = source.path, .is_private = source.is_private, .stream = {}};
  TRY_ASSIGN(kept.stream, writer.finish());
  return kept;
}

base::Result<Stream> back_up_fingerprints(Repository& repository, store::Connection& market) {
  TRY_ASSIGN(const auto all, read_fingerprints(market));
  StreamWriter writer(repository);
  for (const SeriesFingerprint& each : all) TRY(writer.add_row(base::json_text(base::to_json(each)) + "\n"));
  return writer.finish();
}

base::Result<void> fill(Repository& repository, const BackupPlan& plan, Manifest& manifest) {
  TRY_ASSIGN(const Snapshot snapshot, Snapshot::take(plan.databases));
  manifest.created_at = base::now();
  for (const Snapshot::Part& part : snapshot.parts()) {
    manifest.database = part.connection->dialect() == store::Dialect::kSqlite ? "sqlite" : "postgresql";
    TRY_ASSIGN(const auto shapes, read_tables(*part.connection));
    BackedUpSchema schema{.name = part.name, .version = part.schema_version, .tables = {}};
    for (const TableShape& shape : shapes) {
      auto table = back_up_table(repository, *part.connection, shape, plan.goes_on);
      if (!table) return base::in_context(part.name + "." + shape.name, std::move(table).error());
      manifest.bytes += table->stream.bytes;
      schema.tables.push_back(std::move(*table));
    }
    manifest.schemas.push_back(std::move(schema));
    if (part.name == "market") { TRY_ASSIGN(manifest.series, back_up_fingerprints(repository, *part.connection)); }
  }
  if (!plan.list_files) return {};
  TRY_ASSIGN(const std::vector<SourceFile> files, plan.list_files());
  for (const SourceFile& source : files) {
    TRY_ASSIGN(auto file, back_up_file(repository, source, plan.goes_on));
    if (!file && source.path.starts_with(kArchives)) {
      return failure(ErrorCode::kUnavailable,
                     source.from.string() + ": was removed while the backup was made; make it again");
    }
    if (!file) {
      manifest.left_out.push_back(source.path + ": was removed while the backup was made");
      continue;
    }
    manifest.bytes += file->stream.bytes;
    manifest.files.push_back(std::move(*file));
  }
  return {};
}

}  // namespace

base::Result<Manifest> make_backup(Repository& repository, const BackupPlan& plan) {
  const auto began = std::chrono::steady_clock::now();
  TRY_ASSIGN(const RepositoryLock lock, repository.lock_to_write());
  TRY_ASSIGN(const auto known, repository.list());
  Manifest manifest;
  manifest.program_version = plan.program_version;
  manifest.left_out = plan.left_out;
  TRY_ASSIGN(manifest.base, trust_complete(repository, known));
  TRY_ASSIGN(manifest.id, new_id(base::now(), known));
  auto done = fill(repository, plan, manifest);
  if (done) {
    manifest.new_bytes = repository.new_bytes();
    manifest.stored_bytes = repository.stored_bytes();
    manifest.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    done = repository.publish(manifest);
  }
  if (done) return manifest;
  repository.take_back();
  return std::unexpected(std::move(done).error());
}

}  // namespace tradeassist::backup
