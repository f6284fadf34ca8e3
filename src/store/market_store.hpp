#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "market/instrument.hpp"
#include "market/series.hpp"
#include "store/bars/bar_reader.hpp"
#include "store/bars/bar_writer.hpp"
#include "store/benchmark/benchmark_history.hpp"
#include "store/catalogue/catalogue.hpp"
#include "store/catalogue/corporate_actions.hpp"
#include "store/catalogue/history.hpp"
#include "store/catalogue/saved_queries.hpp"
#include "store/database/connection_pool.hpp"
#include "store/database/database_status.hpp"
#include "store/database/slow_query_log.hpp"
#include "store/partitions/partition_registry.hpp"
#include "store/ticks/tick_reader.hpp"
#include "store/ticks/tick_writer.hpp"

namespace tradeassist::store {

struct MarketStoreOptions {
  std::chrono::milliseconds busy_timeout{5'000};  // for another process's write, and for a free reader
  int readers_max = 4;                            // reads at the same time; more wait
  int writers_max = 4;                            // the same of writes; 1 in SQLite
  std::int64_t file_bytes_max = 0;                // 0 = as much as the disk has
  std::chrono::milliseconds slow_query_threshold{100};
};

/// Who changed something, where nobody else is named.
constexpr std::string_view kByProgram = "program";

/// Bars for one series.
struct SeriesAppend {
  std::int64_t series_id = 0, import_id = 0;
  const market::Series* bars = nullptr;
};

/// How busy the connections are, and what was written since the store was opened.
struct MarketStoreMetrics {
  PoolMetrics readers, writers;
  std::int64_t bars_stored = 0;  // inserted or corrected, and durable
  std::int64_t ticks_stored = 0;
  std::int64_t append_failures = 0;
  std::chrono::nanoseconds append_time{0};  // that appends of both took together, until they were durable
};

/// Market data, in the file market.db of a data directory or in the schema `market` of a PostgreSQL server:
/// instruments, their series of bars, and where those came from.
///
/// Every method may be called from any thread. Writes are on disk when they return; in a file one goes after the other,
/// on a server those of one series do. Reads run beside each other and beside writes, each on one consistent state.
/// Several processes may use the same data: a write waits for another's up to busy_timeout, then fails with
/// kUnavailable. A server that is restarted meanwhile is waited for. A write that fails, for example with
/// kResourceExhausted on a full disk, changes nothing. kDataLoss says which bars are damaged.
class MarketStore {
 public:
  /// Opens the database, made when it is missing (a directory and its file, a schema on a server), and brings its
  /// schema up to date. kFailedPrecondition when a newer program wrote it.
  static base::Result<std::unique_ptr<MarketStore>> open(const DatabaseAddress& address,
                                                         const MarketStoreOptions& options = {});
  static base::Result<std::unique_ptr<MarketStore>> open(const std::filesystem::path& directory,
                                                         const MarketStoreOptions& options = {});
  ~MarketStore();

  // Instruments, by symbol. `by` says in the history who wanted a change.

  /// Creates or updates. kInvalidArgument names the field that is wrong.
  base::Result<void> put_instrument(const market::Instrument& instrument, std::string_view by = kByProgram);
  base::Result<market::Instrument> instrument(std::string_view symbol);
  base::Result<std::vector<market::Instrument>> list_instruments();
  base::Result<std::vector<market::Instrument>> list_deleted_instruments();
  /// Hides it with its series; restore brings all back as it was.
  base::Result<void> delete_instrument(std::string_view symbol, std::string_view by = kByProgram);
  base::Result<void> restore_instrument(std::string_view symbol, std::string_view by = kByProgram);
  /// What was done to instruments and series, the newest first.
  base::Result<std::vector<HistoryEntry>> history(const HistoryFilter& filter);

  // Splits and dividends (corporate_actions.hpp).

  /// By ex-date. kNotFound: no such instrument.
  base::Result<std::vector<StoredAction>> corporate_actions(std::string_view symbol);
  /// All of them or none; putting them again changes nothing. kInvalidArgument names the action that is wrong.
  base::Result<ActionCounts> put_corporate_actions(std::span<const ActionOf> actions, std::string_view source,
                                                   std::string_view by = kByProgram);
  /// kNotFound: there is none of that kind with that ex-date.
  base::Result<void> remove_corporate_action(std::string_view symbol, std::int64_t ex_date,
                                             market::CorporateAction::Kind kind, std::string_view by = kByProgram);

  // Series.

  /// The id of the series with this key, created when it is new. Its instrument must exist.
  base::Result<std::int64_t> ensure_series(const SeriesKey& key, std::string_view by = kByProgram);
  base::Result<SeriesInfo> series(std::int64_t series_id);
  base::Result<std::vector<SeriesInfo>> list_series(const SeriesFilter& filter = {});
  base::Result<void> delete_series(std::int64_t series_id, std::string_view by = kByProgram);
  base::Result<void> restore_series(std::int64_t series_id, std::string_view by = kByProgram);

  // Bars.

  /// Opens a record of where bars come from, for the appends that follow. Unfinished ones tell of a crash.
  base::Result<std::int64_t> begin_import(std::int64_t series_id, std::string_view source, std::string_view file);
  base::Result<void> finish_import(std::int64_t import_id);
  base::Result<std::vector<ImportInfo>> list_imports(std::int64_t series_id, std::int64_t limit = 100);

  /// Adds bars, times strictly ascending, in any position to what is there: newest value wins. Repeating an append
  /// changes nothing. All of `bars` or none, durable when it returns. `import_id` must be an open import of the series.
  base::Result<AppendResult> append(std::int64_t series_id, const market::Series& bars, std::int64_t import_id);

  /// Several appends with one commit; the outcome of each. One that is refused does not keep the others from being
  /// stored.
  std::vector<base::Result<AppendResult>> append_all(std::span<const SeriesAppend> appends);

  /// Bars with from <= time < to.
  base::Result<market::Series> read(std::int64_t series_id, base::Time from, base::Time to,
                                    const BarReadOptions& options = {});
  /// The newest `count` bars, oldest first.
  base::Result<market::Series> read_last(std::int64_t series_id, std::int64_t count,
                                         const BarReadOptions& options = {});

  /// Removes the chunks that cannot be read, so that their range can be imported again. Gives what it removed.
  base::Result<std::vector<DamagedChunk>> discard_damaged(std::int64_t series_id, std::string_view by = kByProgram);

  // Ticks, of series with market::kTickTimeframe.

  /// Adds ticks, times ascending, in any position to what is there: of each instant in `ticks` they replace all that is
  /// stored (ticks/tick_writer.hpp). Repeating an append changes nothing. Otherwise as append().
  base::Result<AppendResult> append_ticks(std::int64_t series_id, const market::TickSeries& ticks,
                                          std::int64_t import_id);

  /// Ticks with from <= time < to.
  base::Result<market::TickSeries> read_ticks(std::int64_t series_id, base::Time from, base::Time to,
                                              const TickReadOptions& options = {});

  // Partitions (partitions/partition_registry.hpp). The files of archives are others' work.

  /// With their sizes.
  base::Result<std::vector<PartitionInfo>> list_partitions();
  base::Result<std::vector<PartitionRange>> dropped_partitions(PartitionKind kind);
  base::Result<PartitionInfo> partition(PartitionKind kind, PartitionRange range);
  /// Makes the partitions of now and of the time until `until`. Gives those that are new.
  base::Result<std::vector<PartitionInfo>> create_partitions(base::Time now, base::Time until);

  /// Brings all rows of the partition into chunks, and tells what they are.
  base::Result<ChunkFingerprint> seal_partition(PartitionKind kind, PartitionRange range);
  base::Result<std::vector<PartitionedSeries>> partition_series(PartitionKind kind, PartitionRange range);
  /// kFailedPrecondition when the chunks are not those of `fingerprint` any more.
  base::Result<void> set_partition_archived(PartitionKind kind, PartitionRange range, const PartitionArchive& archive,
                                            const ChunkFingerprint& fingerprint);
  /// Removes the rows of an archived partition from the database. kFailedPrecondition when it was changed since.
  base::Result<void> drop_partition(PartitionKind kind, PartitionRange range);
  /// For rows that are to be put back.
  base::Result<void> open_partition(PartitionKind kind, PartitionRange range);

  // Runs of the benchmark (benchmark/benchmark_history.hpp).

  base::Result<StoredRun> put_benchmark_run(const BenchmarkRun& run, bool set_baseline);
  base::Result<std::vector<StoredRun>> list_benchmark_runs(std::int64_t limit);
  base::Result<std::optional<StoredRun>> benchmark_baseline();

  // Questions that users keep under a name (catalogue/saved_queries.hpp).

  base::Result<SavedQuery> create_saved_query(const SavedQueryFields& fields,
                                              std::string_view owner = base::kLocalOwner);
  base::Result<SavedQuery> saved_query(std::int64_t id, std::string_view owner = "");
  base::Result<std::vector<SavedQuery>> list_saved_queries(const SavedQueryFilter& filter = {});
  base::Result<SavedQuery> replace_saved_query(const SavedQuery& before, const SavedQueryFields& fields);
  base::Result<SavedQuery> delete_saved_query(std::int64_t id, std::string_view owner = "");
  base::Result<SavedQuery> restore_saved_query(std::int64_t id, std::string_view owner = "");
  base::Result<void> count_saved_query_execution(std::int64_t id, std::chrono::nanoseconds took);
  base::Result<void> set_saved_query_job(std::int64_t id, std::string_view job_id);
  base::Result<std::vector<SavedQuery>> due_saved_queries(base::Time now, std::int64_t limit);
  base::Result<std::vector<SavedQuery>> scheduled_saved_queries(std::int64_t limit);
  base::Result<bool> claim_saved_query_run(const SavedQuery& due, base::Time next);
  base::Result<std::vector<SavedQuery>> favoured_saved_queries(std::int64_t limit);

  /// Of the database as a whole (database/database_status.hpp).
  base::Result<DatabaseStatus> database_status();

  // For keeping answers (catalogue/content_version.hpp).

  /// A number that grows with every change of what an answer for `symbol` is made of.
  base::Result<std::int64_t> content_version(std::string_view symbol);
  /// Tells this database from all others: 32 hexadecimal digits.
  base::Result<std::string> identity();

  MarketStoreMetrics metrics() const;
  const SlowQueryLog& slow_queries() const;
  /// From now on.
  void set_slow_query_threshold(std::chrono::milliseconds threshold);

 private:
  struct State;
  explicit MarketStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tradeassist::store
