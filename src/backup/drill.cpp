#include "backup/drill.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>

#include "backup/restore_backup.hpp"
#include "backup/series_fingerprints.hpp"
#include "backup/streams.hpp"
#include "base/durable_file.hpp"
#include "base/json.hpp"
#include "base/random_id.hpp"
#include "base/sha256.hpp"
#include "store/integrity/doctor.hpp"
#include "store/schema/migrations.hpp"

namespace tradeassist::backup {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kProblemsMax = 1'000, kStatusBytesMax = 4 << 20;

class RemovedAtEnd {
 public:
  explicit RemovedAtEnd(fs::path folder) : folder_(std::move(folder)) {}
  RemovedAtEnd(const RemovedAtEnd&) = delete;
  RemovedAtEnd& operator=(const RemovedAtEnd&) = delete;
  ~RemovedAtEnd() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  const fs::path& path() const { return folder_; }

 private:
  fs::path folder_;
};

double seconds_since(std::chrono::steady_clock::time_point began) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

base::Result<std::vector<SeriesFingerprint>> stored_fingerprints(const Repository& repository, const Stream& stream) {
  std::string text;
  TRY(read_stream(repository, stream, [&](std::string_view block) -> base::Result<void> {
    text += block;
    return {};
  }));
  std::vector<SeriesFingerprint> all;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    TRY_ASSIGN(const auto value, base::parse_json(std::string_view(text).substr(begin, end - begin)));
    TRY_ASSIGN(auto each, base::from_json<SeriesFingerprint>(value));
    all.push_back(std::move(each));
    begin = end + 1;
  }
  return all;
}

/// Looks at what was restored; what is wrong with it are problems.
class Examiner {
 public:
  Examiner(const Repository& repository, const Manifest& manifest, const fs::path& folder, Drill& drill)
      : repository_(repository), manifest_(manifest), folder_(folder), drill_(drill) {}

  base::Result<void> examine() {
    for (const BackedUpSchema& schema : manifest_.schemas) {
      TRY_ASSIGN(const auto connection, store::open_connection(store::database_address(folder_, "", schema.name)));
      if (schema.name == "market") TRY(compare_series(*connection));
      // As the server does when it starts on it.
      TRY(store::migrate(*connection, schema.name == "app" ? store::app_migrations() : store::market_migrations()));
      if (schema.name != "market") continue;
      TRY(examine_chunks(*connection));
      TRY(examine_archives(*connection));
    }
    return {};
  }

 private:
  void add(std::string problem) {
    if (drill_.problems.size() < kProblemsMax) drill_.problems.push_back(std::move(problem));
  }

  base::Result<void> compare_series(store::Connection& market) {
    if (!manifest_.series) return {};
    TRY_ASSIGN(const auto before, stored_fingerprints(repository_, *manifest_.series));
    TRY_ASSIGN(const auto now, read_fingerprints(market));
    drill_.series = static_cast<std::int64_t>(before.size());
    if (before.size() != now.size()) add(fmt::format("there are {} series instead of {}", now.size(), before.size()));
    for (std::size_t i = 0; i < std::min(before.size(), now.size()); ++i) {
      if (now[i] == before[i]) continue;
      add(fmt::format("{} {} {}: is not what was backed up", before[i].symbol, before[i].timeframe, before[i].source));
    }
    return {};
  }

  base::Result<void> examine_chunks(store::Connection& market) {
    TRY_ASSIGN(const store::Examination found, store::examine(market));
    drill_.chunks = found.chunks;
    for (const store::Finding& finding : found.findings) {
      if (finding.severity == store::Severity::kBroken) add(to_string(finding));
    }
    return {};
  }

  /// Partitions whose rows are only there.
  base::Result<void> examine_archives(store::Connection& market) {
    TRY_ASSIGN(const auto archives,
               market.query_all("SELECT archive_file, archive_sha256 FROM partition WHERE state = 'dropped' AND "
                                "archive_file IS NOT NULL",
                                {}, [](const store::Row& row) {
                                  return std::pair(std::string(row.text(0)), std::string(row.text(1)));
                                }));
    for (const auto& [file, sha256] : archives) {
      const auto actual = base::sha256_of_file(folder_ / "archive" / file);
      if (!actual) {
        add("archive/" + file + ": is missing; the bars of its partition are nowhere else");
      } else if (*actual != sha256) {
        add("archive/" + file + ": is not the archive that the database tells of: its SHA-256 does not match");
      }
    }
    return {};
  }

  const Repository& repository_;
  const Manifest& manifest_;
  const fs::path& folder_;
  Drill& drill_;
};

}  // namespace

base::Result<Drill> run_drill(const Repository& repository, const std::string& id, const fs::path& workspace,
                              const std::function<bool()>& goes_on) {
  TRY_ASSIGN(const RepositoryLock lock, repository.lock_to_read());
  Drill drill{.backup = id, .at = base::now(), .problems = {}};
  TRY_ASSIGN(const std::string random, base::random_hex(8));
  const RemovedAtEnd folder(workspace / ("tradeassist-drill-" + random));
  auto done = [&]() -> base::Result<void> {
    TRY_ASSIGN(const Manifest manifest, repository.find(id));
    drill.backup = manifest.id;
    auto began = std::chrono::steady_clock::now();
    const fs::path data = folder.path() / "data";
    std::error_code error;
    fs::create_directories(folder.path(), error);
    if (error)
      return base::failure(base::ErrorCode::kIo, folder.path().string() + ": cannot be made: " + error.message());
    fs::permissions(folder.path(), fs::perms::owner_all, error);
    TRY_ASSIGN(const Restored restored, restore_backup(repository, manifest, {.directory = data, .goes_on = goes_on}));
    drill.restore_seconds = seconds_since(began);
    drill.tables = restored.loaded.tables;
    drill.rows = restored.loaded.rows;
    drill.files = restored.loaded.files;
    drill.bytes = restored.loaded.bytes;
    began = std::chrono::steady_clock::now();
    TRY(Examiner(repository, manifest, data, drill).examine());
    drill.examine_seconds = seconds_since(began);
    return {};
  }();
  if (!done) {
    // That there is no such backup, or no room for the trial, says nothing about backups.
    if (done.error().code != base::ErrorCode::kDataLoss && done.error().code != base::ErrorCode::kInternal)
      return std::unexpected(std::move(done).error());
    drill.problems.push_back(done.error().message);
  }
  drill.succeeded = drill.problems.empty();
  return drill;
}

RepositoryStatus read_status(const fs::path& folder) {
  const auto text = base::read_text(folder / "status.json", kStatusBytesMax);
  if (!text) return {};
  const auto value = base::parse_json(*text);
  if (!value) return {};
  return base::from_json<RepositoryStatus>(*value).value_or(RepositoryStatus{});
}

base::Result<void> write_status(const fs::path& folder, const RepositoryStatus& status) {
  return base::write_durably(folder / "status.json", base::json_text(base::to_json(status)) + "\n");
}

}  // namespace tradeassist::backup
