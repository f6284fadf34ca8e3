#include "interchange/archive/archive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "base/durable_file.hpp"
#include "base/sha256.hpp"
#include "interchange/archive/archive_file.hpp"

namespace tradeassist::interchange {
namespace {

using base::ErrorCode;
using base::failure;
using store::MarketStore;
using store::PartitionedSeries;
using store::PartitionKind;
using store::PartitionRange;

/// Read at once; of bars of one second these are 2.7 million, and an hour of a busy market has as many ticks.
std::int64_t stretch_of(PartitionKind kind) {
  return kind == PartitionKind::kBar ? 31 * base::kNanosecondsPerDay : base::kNanosecondsPerDay / 24;
}

std::string describe(const auto& series) {
  return fmt::format("{} {} {}", series.symbol, series.timeframe, series.source);
}

bool same_key(const auto& a, const auto& b) {
  return std::tie(a.symbol, a.timeframe, a.source) == std::tie(b.symbol, b.timeframe, b.source);
}

/// The rows of a partition's series, one series after the other; notes what it gave.
class DatabaseRows {
 public:
  DatabaseRows(MarketStore& store, PartitionKind kind, PartitionRange range,
               const std::vector<PartitionedSeries>& series)
      : store_(store), kind_(kind), range_(range), series_(series), from_(range.first_time), sums_(kind) {}

  base::Result<std::optional<ArchiveRows>> next() {
    while (at_ < series_.size()) {
      if (given_ < stretch_.size()) return some();
      if (is_over_) {
        finish_series();
        continue;
      }
      const bool is_last = range_.last_time - stretch_of(kind_) < from_;
      const std::int64_t last = is_last ? range_.last_time : from_ + stretch_of(kind_) - 1;
      TRY_ASSIGN(stretch_, read_rows(store_, kind_, series_[at_].series_id, from_, last));
      given_ = 0;
      is_over_ = is_last;
      if (!is_last) from_ = last + 1;
    }
    return std::nullopt;
  }

  std::vector<ArchivedSeries> summary() && { return std::move(summary_); }

 private:
  ArchiveRows some() {
    const std::size_t count = std::min(kArchiveRowsMax, stretch_.size() - given_);
    ArchiveRows rows{series_[at_].symbol, series_[at_].timeframe, series_[at_].source, stretch_.slice(given_, count)};
    given_ += count;
    row_count_ += static_cast<std::int64_t>(count);
    sums_.add(rows.rows);
    return rows;
  }

  void finish_series() {
    const PartitionedSeries& series = series_[at_++];
    summary_.push_back({series.symbol, series.timeframe, series.source, std::exchange(row_count_, 0),
                        std::exchange(sums_, ColumnChecksums(kind_)).values()});
    from_ = range_.first_time;
    is_over_ = false;
  }

  MarketStore& store_;
  PartitionKind kind_;
  PartitionRange range_;
  const std::vector<PartitionedSeries>& series_;
  std::size_t at_ = 0;     // the series
  std::int64_t from_;      // what was not read of it yet
  bool is_over_ = false;   // all of it was read
  StoredRows stretch_;     // what was read last
  std::size_t given_ = 0;  // rows of it
  std::int64_t row_count_ = 0;
  ColumnChecksums sums_;
  std::vector<ArchivedSeries> summary_;
};

/// Holds what a file has against what the database has.
class DatabaseComparison {
 public:
  DatabaseComparison(MarketStore& store, PartitionKind kind, PartitionRange range,
                     const std::vector<PartitionedSeries>& series)
      : store_(store), kind_(kind), range_(range), series_(series), from_(range.first_time) {}

  base::Result<void> operator()(const ArchiveRows& rows) {
    while (at_ < series_.size() && !same_key(series_[at_], rows)) TRY(finish_series());
    if (at_ == series_.size()) return different(describe(rows));
    const std::int64_t last = rows.rows.time.back();
    TRY_ASSIGN(const StoredRows stored, read_rows(store_, kind_, series_[at_].series_id, from_, last));
    if (!is_same(stored, rows.rows)) return different(describe(rows));
    from_ = last + 1;
    return {};
  }

  base::Result<void> finish() {
    while (at_ < series_.size()) TRY(finish_series());
    return {};
  }

 private:
  static base::Result<void> different(const std::string& what) {
    return failure(ErrorCode::kFailedPrecondition,
                   fmt::format("{}: the database has other rows than its archive, which was written a moment ago; it "
                               "was changed meanwhile: archive again",
                               what));
  }

  base::Result<void> finish_series() {
    const PartitionedSeries& series = series_[at_++];
    const std::int64_t from = std::exchange(from_, range_.first_time);
    if (from > range_.last_time) return {};
    TRY_ASSIGN(const StoredRows rest, read_rows(store_, kind_, series.series_id, from, range_.last_time));
    return rest.empty() ? base::Result<void>() : different(describe(series));
  }

  MarketStore& store_;
  PartitionKind kind_;
  PartitionRange range_;
  const std::vector<PartitionedSeries>& series_;
  std::size_t at_ = 0;
  std::int64_t from_;
};

/// Reads the whole file and holds it against its manifest; `visit` sees all rows.
base::Result<void> check_file(const std::filesystem::path& directory, PartitionKind kind, PartitionRange range,
                              const ArchiveManifest& manifest,
                              const std::function<base::Result<void>(const ArchiveRows&)>& visit = {}) {
  const std::filesystem::path path = directory / manifest.parquet_file;
  const auto damaged = [&](const std::string& what) {
    return failure(ErrorCode::kDataLoss, fmt::format("{}: the archive is damaged: {}", path.string(), what));
  };
  TRY_ASSIGN(const std::string sha256, base::sha256_of_file(path));
  if (sha256 != manifest.parquet_sha256) return damaged("its SHA-256 is not the one in the manifest");
  std::size_t at = 0;
  std::int64_t row_count = 0, last = std::numeric_limits<std::int64_t>::min();
  ColumnChecksums sums(kind);
  const auto finish_series = [&]() -> base::Result<void> {
    const ArchivedSeries& series = manifest.series[at++];
    if (std::exchange(row_count, 0) != series.row_count)
      return damaged(describe(series) + " has another number of rows than in the manifest");
    if (std::exchange(sums, ColumnChecksums(kind)).values() != series.crc32c)
      return damaged(describe(series) + " has other values than in the manifest");
    return {};
  };
  const auto check_rows = [&](const ArchiveRows& rows) -> base::Result<void> {
    while (at < manifest.series.size() && !same_key(manifest.series[at], rows)) TRY(finish_series());
    if (at == manifest.series.size()) return damaged(describe(rows) + " is not in the manifest, or out of order");
    for (std::size_t i = 0; i < rows.rows.size(); ++i) {
      const std::int64_t time = rows.rows.time[i];
      const bool is_first = row_count + static_cast<std::int64_t>(i) == 0;
      const bool is_again = time == last && kind == PartitionKind::kBar;  // ticks may have one time
      if (time < range.first_time || time > range.last_time || (!is_first && (time < last || is_again)))
        return damaged(describe(rows) + " has times that are out of order, or of another partition");
      last = time;
    }
    row_count += static_cast<std::int64_t>(rows.rows.size());
    sums.add(rows.rows);
    return visit ? visit(rows) : base::Result<void>();
  };
  TRY(read_archive_file(path, kind, check_rows));
  while (at < manifest.series.size()) TRY(finish_series());
  return {};
}

base::Result<std::vector<market::Instrument>> instruments_of(MarketStore& store,
                                                             const std::vector<PartitionedSeries>& series) {
  std::vector<market::Instrument> instruments;
  for (const PartitionedSeries& each : series) {
    TRY_ASSIGN(const store::SeriesInfo info, store.series(each.series_id));
    if (info.is_deleted) {
      return failure(ErrorCode::kFailedPrecondition,
                     fmt::format("{} is deleted: restore it before its rows are archived", describe(each)));
    }
    if (!instruments.empty() && instruments.back().symbol == each.symbol) continue;
    TRY_ASSIGN(market::Instrument instrument, store.instrument(each.symbol));
    instruments.push_back(std::move(instrument));
  }
  return instruments;
}

/// Rows never leave a database but by being dropped: an archive that has more of them is the only place they are in.
base::Result<void> check_replaceable(const std::filesystem::path& path, const ArchiveManifest& by) {
  const auto older = read_manifest(path);
  if (!older && older.error().code == ErrorCode::kNotFound) return {};
  if (!older) return base::in_context("the archive that is there cannot be replaced, move it away", older.error());
  for (const ArchivedSeries& series : older->series) {
    const auto found = std::ranges::find_if(by.series, [&](const auto& each) { return same_key(each, series); });
    if (found != by.series.end() && found->row_count >= series.row_count) continue;
    return failure(ErrorCode::kFailedPrecondition,
                   fmt::format("{}: has more rows of {} than the database, perhaps since a restore was not finished: "
                               "restore the partition, or move the archive away",
                               path.string(), describe(series)));
  }
  return {};
}

/// Those of other archives of the partition, which nothing names any more.
void remove_older_files(const std::filesystem::path& directory, const std::string& name, const std::string& kept) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(directory, ignored)) {
    const std::string file = entry.path().filename().string();
    if (file != kept && file.starts_with(name + "-") && file.ends_with(".parquet"))
      std::filesystem::remove(entry.path(), ignored);
  }
}

/// Puts rows back, series by series, each under an import of its own.
class Restorer {
 public:
  Restorer(MarketStore& store, PartitionKind kind, std::map<std::string, std::int64_t> ids, std::string file)
      : store_(store), kind_(kind), ids_(std::move(ids)), file_(std::move(file)) {}

  base::Result<void> operator()(const ArchiveRows& rows) {
    const std::int64_t id = ids_.at(describe(rows));
    if (id != series_id_) {
      TRY(finish());
      series_id_ = id;
    }
    TRY_ASSIGN(const StoredRows present, read_rows(store_, kind_, id, rows.rows.time.front(), rows.rows.time.back()));
    StoredRows missing = rows.rows.missing_in(present);
    result_.kept += static_cast<std::int64_t>(rows.rows.size() - missing.size());
    if (missing.empty()) return {};
    if (!import_) { TRY_ASSIGN(import_, store_.begin_import(id, "archive", file_)); }
    TRY_ASSIGN(const store::AppendResult appended, append_rows(store_, kind_, id, std::move(missing), *import_));
    result_.restored += appended.inserted;
    return {};
  }

  base::Result<void> finish() {
    if (!import_) return {};
    return store_.finish_import(*std::exchange(import_, std::nullopt));
  }

  RestoreResult result() const { return result_; }

 private:
  MarketStore& store_;
  PartitionKind kind_;
  std::map<std::string, std::int64_t> ids_;
  std::string file_;
  std::int64_t series_id_ = 0;
  std::optional<std::int64_t> import_;
  RestoreResult result_;
};

base::Result<std::map<std::string, std::int64_t>> ensure_all_series(MarketStore& store, PartitionKind kind,
                                                                    const ArchiveManifest& manifest) {
  for (const market::Instrument& instrument : manifest.instruments) {
    const auto existing = store.instrument(instrument.symbol);
    if (existing) continue;
    if (existing.error().code != ErrorCode::kNotFound) return std::unexpected(existing.error());
    TRY(store.put_instrument(instrument, "archive"));
  }
  std::map<std::string, std::int64_t> ids;
  for (const ArchivedSeries& series : manifest.series) {
    market::Timeframe timeframe = market::kTickTimeframe;
    if (kind == PartitionKind::kBar) { TRY_ASSIGN(timeframe, market::parse_timeframe(series.timeframe)); }
    TRY_ASSIGN(const std::int64_t id, store.ensure_series({series.symbol, timeframe, series.source}, "archive"));
    ids[describe(series)] = id;
  }
  return ids;
}

}  // namespace

base::Result<ArchiveManifest> archive_partition(MarketStore& store, PartitionKind kind, PartitionRange range,
                                                const std::filesystem::path& directory,
                                                std::string_view program_version) {
  const std::string name = archive_name(kind, range);
  // First, since a partition of few rows may only come about by it.
  TRY_ASSIGN(const store::ChunkFingerprint fingerprint, store.seal_partition(kind, range));
  TRY_ASSIGN(const store::PartitionInfo info, store.partition(kind, range));
  if (info.state == store::PartitionState::kDropped)
    return failure(ErrorCode::kFailedPrecondition, name + ": is not in the database any more, only in its archive");
  if (fingerprint.row_count == 0) return failure(ErrorCode::kFailedPrecondition, name + ": has no rows to archive");
  TRY_ASSIGN(const auto series, store.partition_series(kind, range));

  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return failure(ErrorCode::kIo, fmt::format("{}: cannot be made: {}", directory.string(), error.message()));
  ArchiveManifest manifest{.format_version = kArchiveFormatVersion,
                           .program_version = std::string(program_version),
                           .kind = std::string(store::to_string(kind)),
                           .partition = store::partition_name(kind, range),
                           .created_at = base::now()};
  TRY_ASSIGN(manifest.instruments, instruments_of(store, series));

  const std::filesystem::path temporary = directory / (name + ".parquet.part");
  DatabaseRows rows(store, kind, range, series);
  if (auto written = write_archive_file(temporary, kind, [&] { return rows.next(); }); !written) {
    std::filesystem::remove(temporary, error);
    return std::unexpected(std::move(written).error());
  }
  manifest.series = std::move(rows).summary();
  for (const ArchivedSeries& each : manifest.series) manifest.row_count += each.row_count;
  TRY(check_replaceable(manifest_path(directory, kind, range), manifest));
  TRY_ASSIGN(manifest.parquet_sha256, base::sha256_of_file(temporary));
  manifest.parquet_bytes = static_cast<std::int64_t>(std::filesystem::file_size(temporary, error));
  manifest.parquet_file = fmt::format("{}-{}.parquet", name, manifest.parquet_sha256.substr(0, 16));
  TRY(base::publish(temporary, directory / manifest.parquet_file));

  DatabaseComparison comparison(store, kind, range, series);
  TRY(check_file(directory, kind, range, manifest, std::ref(comparison)));
  TRY(comparison.finish());
  TRY(write_manifest(manifest_path(directory, kind, range), manifest));
  TRY(store.set_partition_archived(
      kind, range, {manifest.parquet_file, manifest.parquet_sha256, manifest.row_count, manifest.created_at},
      fingerprint));
  remove_older_files(directory, name, manifest.parquet_file);
  return manifest;
}

base::Result<ArchiveManifest> verify_archive(const std::filesystem::path& directory, PartitionKind kind,
                                             PartitionRange range) {
  const std::filesystem::path path = manifest_path(directory, kind, range);
  TRY_ASSIGN(ArchiveManifest manifest, read_manifest(path));
  if (manifest.kind != store::to_string(kind) || manifest.partition != store::partition_name(kind, range))
    return failure(ErrorCode::kDataLoss, path.string() + ": is the manifest of another partition");
  TRY(check_file(directory, kind, range, manifest));
  return manifest;
}

base::Result<void> drop_archived_partition(MarketStore& store, PartitionKind kind, PartitionRange range,
                                           const std::filesystem::path& directory) {
  TRY_ASSIGN(const store::PartitionInfo info, store.partition(kind, range));
  if (info.state == store::PartitionState::kArchived) {
    TRY_ASSIGN(const ArchiveManifest manifest, verify_archive(directory, kind, range));
    if (manifest.parquet_sha256 != info.archive->sha256) {
      return failure(ErrorCode::kFailedPrecondition,
                     fmt::format("{}: is not the archive that was noted of {}: archive it again",
                                 manifest_path(directory, kind, range).string(), info.name()));
    }
  }
  return store.drop_partition(kind, range);
}

base::Result<RestoreResult> restore_partition(MarketStore& store, PartitionKind kind, PartitionRange range,
                                              const std::filesystem::path& directory) {
  TRY_ASSIGN(const ArchiveManifest manifest, verify_archive(directory, kind, range));
  const auto info = store.partition(kind, range);
  if (!info && info.error().code != ErrorCode::kNotFound) return std::unexpected(info.error());
  const bool is_dropped = info && info->state == store::PartitionState::kDropped;
  if (is_dropped && info->archive->sha256 != manifest.parquet_sha256) {
    return failure(ErrorCode::kFailedPrecondition,
                   fmt::format("{}: is not the archive of what was dropped, which is {}",
                               manifest_path(directory, kind, range).string(), info->archive->file));
  }
  // All that may be refused comes before the partition is opened.
  TRY_ASSIGN(auto ids, ensure_all_series(store, kind, manifest));
  if (is_dropped) TRY(store.open_partition(kind, range));
  const std::filesystem::path path = directory / manifest.parquet_file;
  Restorer restorer(store, kind, std::move(ids), path.string());
  TRY(read_archive_file(path, kind, std::ref(restorer)));
  TRY(restorer.finish());
  return restorer.result();
}

}  // namespace tradeassist::interchange
