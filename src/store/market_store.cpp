#include "store/market_store.hpp"

#include <atomic>
#include <string>
#include <utility>

#include "store/catalogue/content_version.hpp"
#include "store/database/connection_pool.hpp"
#include "store/integrity/repair.hpp"
#include "store/schema/migrations.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;
using market::Instrument;
using market::Series;

// A version takes tens of microseconds.
constexpr int kWatchers = 2;

// How long a write waits for those before it: an import of years takes its time.
constexpr std::chrono::milliseconds kWriterWaitMax = std::chrono::minutes(10);

struct Reader {
  explicit Reader(std::unique_ptr<Connection> opened)
      : connection(std::move(opened)), bars(*connection), ticks(*connection) {}
  std::unique_ptr<Connection> connection;
  BarReader bars;
  TickReader ticks;
};

/// Only asks for versions, so that who has an answer already need not wait for those who read bars.
struct Watcher {
  explicit Watcher(std::unique_ptr<Connection> opened) : connection(std::move(opened)) {}
  std::unique_ptr<Connection> connection;
};

struct Writer {
  explicit Writer(std::unique_ptr<Connection> opened)
      : connection(std::move(opened)), bars(*connection), ticks(*connection) {}
  std::unique_ptr<Connection> connection;
  BarWriter bars;
  TickWriter ticks;
};

base::Result<void> add_to_import(Connection& connection, std::int64_t import_id, std::int64_t series_id,
                                 const AppendResult& result, const std::vector<std::int64_t>& time) {
  std::optional<std::int64_t> first, last;
  if (!time.empty()) first = time.front(), last = time.back();
  TRY_ASSIGN(const std::int64_t changed,
             connection.run("UPDATE import SET inserted = inserted + $3, corrected = corrected + $4, "
                            "unchanged = unchanged + $5, "
                            "first_time = CASE WHEN first_time < $6 THEN first_time ELSE coalesce($6, first_time) END, "
                            "last_time = CASE WHEN last_time > $7 THEN last_time ELSE coalesce($7, last_time) END "
                            "WHERE id = $1 AND series_id = $2 AND finished_at IS NULL",
                            {import_id, series_id, result.inserted, result.corrected, result.unchanged, first, last}));
  if (changed > 0) return {};
  return base::failure(
      ErrorCode::kFailedPrecondition,
      "import " + std::to_string(import_id) + " is not an open import of series " + std::to_string(series_id));
}

base::Result<AppendResult> append_to(Writer& writer, const SeriesAppend& append) {
  TRY_ASSIGN(const AppendResult result, writer.bars.append(append.series_id, *append.bars));
  TRY(add_to_import(*writer.connection, append.import_id, append.series_id, result, append.bars->time));
  return result;
}

base::Result<void> seal_within(Writer& writer, PartitionKind kind, PartitionRange range) {
  return kind == PartitionKind::kBar ? writer.bars.seal_within(range) : writer.ticks.seal_within(range);
}

base::Result<void> recount(Writer& writer, PartitionKind kind, std::int64_t series_id) {
  return kind == PartitionKind::kBar ? writer.bars.recount(series_id) : writer.ticks.recount(series_id);
}

}  // namespace

struct MarketStore::State {
  State(const DatabaseAddress& database, const MarketStoreOptions& options)
      : address(database),
        slow_queries(options.slow_query_threshold),
        writers(database,
                {.busy_timeout = options.busy_timeout,
                 .file_bytes_max = options.file_bytes_max,
                 .slow_queries = &slow_queries},
                // A SQLite file has one writer at a time; a server locks series by series.
                address.is_server() ? options.writers_max : 1, kWriterWaitMax),
        readers(database, {.read_only = true, .busy_timeout = options.busy_timeout, .slow_queries = &slow_queries},
                options.readers_max, options.busy_timeout),
        watchers(database, {.read_only = true, .busy_timeout = options.busy_timeout, .slow_queries = &slow_queries},
                 kWatchers, options.busy_timeout) {}

  const DatabaseAddress address;
  SlowQueryLog slow_queries;  // before: the connections use it
  std::atomic<std::int64_t> bars_stored = 0, ticks_stored = 0, append_failures = 0, append_nanoseconds = 0;
  ConnectionPool<Writer> writers;
  ConnectionPool<Reader> readers;
  ConnectionPool<Watcher> watchers;

  /// The same, and counts how long it took and whether it failed.
  template <class Write>
  std::invoke_result_t<Write, Writer&> append_in_transaction(Write write) {
    const auto began = std::chrono::steady_clock::now();
    auto result = in_transaction(std::move(write));
    append_nanoseconds += (std::chrono::steady_clock::now() - began) / std::chrono::nanoseconds(1);
    if (!result) ++append_failures;
    return result;
  }

  /// Runs write(Writer&) in a transaction and commits it when it succeeds.
  template <class Write>
  std::invoke_result_t<Write, Writer&> in_transaction(Write write) {
    return writers.use([&](Writer& writer) -> std::invoke_result_t<Write, Writer&> {
      TRY_ASSIGN(Transaction transaction, Transaction::begin(*writer.connection, Transaction::Kind::kWrite));
      auto result = write(writer);
      if (!result) return result;
      TRY(transaction.commit());
      return result;
    });
  }
};

MarketStore::MarketStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
MarketStore::~MarketStore() = default;

base::Result<std::unique_ptr<MarketStore>> MarketStore::open(const DatabaseAddress& address,
                                                             const MarketStoreOptions& options) {
  auto state = std::make_unique<State>(address, options);
  const auto migrated =
      state->writers.use([](Writer& writer) { return migrate(*writer.connection, market_migrations()); });
  if (!migrated) {
    if (address.is_server()) return std::unexpected(migrated.error());
    return base::in_context("data directory " + address.file.parent_path().string(), migrated.error());
  }
  return std::unique_ptr<MarketStore>(new MarketStore(std::move(state)));
}

base::Result<std::unique_ptr<MarketStore>> MarketStore::open(const std::filesystem::path& directory,
                                                             const MarketStoreOptions& options) {
  return open(database_address(directory, "", "market"), options);
}

base::Result<void> MarketStore::put_instrument(const Instrument& instrument, std::string_view by) {
  return state_->in_transaction(
      [&](Writer& writer) { return store::put_instrument(*writer.connection, instrument, by); });
}

base::Result<Instrument> MarketStore::instrument(std::string_view symbol) {
  return state_->readers.use([&](Reader& reader) { return get_instrument(*reader.connection, symbol); });
}

base::Result<std::vector<Instrument>> MarketStore::list_instruments() {
  return state_->readers.use([&](Reader& reader) { return store::list_instruments(*reader.connection); });
}

base::Result<std::vector<Instrument>> MarketStore::list_deleted_instruments() {
  return state_->readers.use([&](Reader& reader) { return store::list_instruments(*reader.connection, true); });
}

base::Result<std::vector<HistoryEntry>> MarketStore::history(const HistoryFilter& filter) {
  return state_->readers.use([&](Reader& reader) { return list_history(*reader.connection, filter); });
}

base::Result<void> MarketStore::delete_instrument(std::string_view symbol, std::string_view by) {
  return state_->in_transaction(
      [&](Writer& writer) { return set_instrument_deleted(*writer.connection, symbol, true, by); });
}

base::Result<void> MarketStore::restore_instrument(std::string_view symbol, std::string_view by) {
  return state_->in_transaction(
      [&](Writer& writer) { return set_instrument_deleted(*writer.connection, symbol, false, by); });
}

base::Result<std::vector<StoredAction>> MarketStore::corporate_actions(std::string_view symbol) {
  return state_->readers.use([&](Reader& reader) { return list_corporate_actions(*reader.connection, symbol); });
}

base::Result<ActionCounts> MarketStore::put_corporate_actions(std::span<const ActionOf> actions,
                                                              std::string_view source, std::string_view by) {
  return state_->in_transaction(
      [&](Writer& writer) { return store::put_corporate_actions(*writer.connection, actions, source, by); });
}

base::Result<void> MarketStore::remove_corporate_action(std::string_view symbol, std::int64_t ex_date,
                                                        market::CorporateAction::Kind kind, std::string_view by) {
  return state_->in_transaction(
      [&](Writer& writer) { return store::remove_corporate_action(*writer.connection, symbol, ex_date, kind, by); });
}

base::Result<std::int64_t> MarketStore::ensure_series(const SeriesKey& key, std::string_view by) {
  return state_->in_transaction([&](Writer& writer) { return store::ensure_series(*writer.connection, key, by); });
}

base::Result<SeriesInfo> MarketStore::series(std::int64_t series_id) {
  return state_->readers.use([&](Reader& reader) { return get_series(*reader.connection, series_id); });
}

base::Result<std::vector<SeriesInfo>> MarketStore::list_series(const SeriesFilter& filter) {
  return state_->readers.use([&](Reader& reader) { return store::list_series(*reader.connection, filter); });
}

base::Result<void> MarketStore::delete_series(std::int64_t series_id, std::string_view by) {
  return state_->in_transaction(
      [&](Writer& writer) { return set_series_deleted(*writer.connection, series_id, true, by); });
}

base::Result<void> MarketStore::restore_series(std::int64_t series_id, std::string_view by) {
  return state_->in_transaction(
      [&](Writer& writer) { return set_series_deleted(*writer.connection, series_id, false, by); });
}

base::Result<std::int64_t> MarketStore::begin_import(std::int64_t series_id, std::string_view source,
                                                     std::string_view file) {
  return state_->in_transaction(
      [&](Writer& writer) { return store::begin_import(*writer.connection, series_id, source, file); });
}

base::Result<void> MarketStore::finish_import(std::int64_t import_id) {
  return state_->in_transaction([&](Writer& writer) { return store::finish_import(*writer.connection, import_id); });
}

base::Result<std::vector<ImportInfo>> MarketStore::list_imports(std::int64_t series_id, std::int64_t limit) {
  return state_->readers.use([&](Reader& reader) { return store::list_imports(*reader.connection, series_id, limit); });
}

base::Result<AppendResult> MarketStore::append(std::int64_t series_id, const Series& bars, std::int64_t import_id) {
  const SeriesAppend append{series_id, import_id, &bars};
  auto result = state_->append_in_transaction([&](Writer& writer) { return append_to(writer, append); });
  if (result) state_->bars_stored += result->inserted + result->corrected;
  return result;
}

std::vector<base::Result<AppendResult>> MarketStore::append_all(std::span<const SeriesAppend> appends) {
  std::vector<base::Result<AppendResult>> results;
  const auto began = std::chrono::steady_clock::now();
  const auto together = state_->in_transaction([&](Writer& writer) -> base::Result<void> {
    results.clear();
    for (const SeriesAppend& each : appends) {
      TRY_ASSIGN(const AppendResult result, append_to(writer, each));
      results.emplace_back(result);
    }
    return {};
  });
  if (together) {
    state_->append_nanoseconds += (std::chrono::steady_clock::now() - began) / std::chrono::nanoseconds(1);
    for (const auto& result : results) state_->bars_stored += result->inserted + result->corrected;
    return results;
  }
  // One of them spoilt it for all: each by itself.
  results.clear();
  for (const SeriesAppend& each : appends) results.push_back(append(each.series_id, *each.bars, each.import_id));
  return results;
}

base::Result<Series> MarketStore::read(std::int64_t series_id, base::Time from, base::Time to,
                                       const BarReadOptions& options) {
  return state_->readers.use([&](Reader& reader) {
    return reader.bars.read(series_id, base::to_nanoseconds(from), base::to_nanoseconds(to), options);
  });
}

base::Result<Series> MarketStore::read_last(std::int64_t series_id, std::int64_t count, const BarReadOptions& options) {
  return state_->readers.use([&](Reader& reader) { return reader.bars.read_last(series_id, count, options); });
}

base::Result<std::vector<DamagedChunk>> MarketStore::discard_damaged(std::int64_t series_id, std::string_view by) {
  return state_->in_transaction([&](Writer& writer) {
    return store::discard_damaged(*writer.connection, {writer.bars, writer.ticks}, series_id, by);
  });
}

base::Result<AppendResult> MarketStore::append_ticks(std::int64_t series_id, const market::TickSeries& ticks,
                                                     std::int64_t import_id) {
  auto result = state_->append_in_transaction([&](Writer& writer) -> base::Result<AppendResult> {
    TRY_ASSIGN(const AppendResult appended, writer.ticks.append(series_id, ticks));
    TRY(add_to_import(*writer.connection, import_id, series_id, appended, ticks.time));
    return appended;
  });
  if (result) state_->ticks_stored += result->inserted + result->corrected;
  return result;
}

base::Result<market::TickSeries> MarketStore::read_ticks(std::int64_t series_id, base::Time from, base::Time to,
                                                         const TickReadOptions& options) {
  return state_->readers.use([&](Reader& reader) {
    return reader.ticks.read(series_id, base::to_nanoseconds(from), base::to_nanoseconds(to), options);
  });
}

base::Result<StoredRun> MarketStore::put_benchmark_run(const BenchmarkRun& run, bool set_baseline) {
  return state_->in_transaction(
      [&](Writer& writer) { return store::put_benchmark_run(*writer.connection, run, set_baseline); });
}

base::Result<std::vector<StoredRun>> MarketStore::list_benchmark_runs(std::int64_t limit) {
  return state_->readers.use([&](Reader& reader) { return store::list_benchmark_runs(*reader.connection, limit); });
}

base::Result<std::optional<StoredRun>> MarketStore::benchmark_baseline() {
  return state_->readers.use([&](Reader& reader) { return store::benchmark_baseline(*reader.connection); });
}

base::Result<SavedQuery> MarketStore::create_saved_query(const SavedQueryFields& fields, std::string_view owner) {
  return state_->in_transaction(
      [&](Writer& writer) { return store::create_saved_query(*writer.connection, fields, owner); });
}

base::Result<SavedQuery> MarketStore::saved_query(std::int64_t id, std::string_view owner) {
  return state_->readers.use(
      [&](Reader& reader) { return store::get_saved_query(*reader.connection, id, false, owner); });
}

base::Result<std::vector<SavedQuery>> MarketStore::list_saved_queries(const SavedQueryFilter& filter) {
  return state_->readers.use([&](Reader& reader) { return store::list_saved_queries(*reader.connection, filter); });
}

base::Result<SavedQuery> MarketStore::replace_saved_query(const SavedQuery& before, const SavedQueryFields& fields) {
  return state_->in_transaction(
      [&](Writer& writer) { return store::replace_saved_query(*writer.connection, before, fields); });
}

base::Result<SavedQuery> MarketStore::delete_saved_query(std::int64_t id, std::string_view owner) {
  return state_->in_transaction(
      [&](Writer& writer) { return store::set_saved_query_deleted(*writer.connection, id, true, owner); });
}

base::Result<SavedQuery> MarketStore::restore_saved_query(std::int64_t id, std::string_view owner) {
  return state_->in_transaction(
      [&](Writer& writer) { return store::set_saved_query_deleted(*writer.connection, id, false, owner); });
}

base::Result<void> MarketStore::count_saved_query_execution(std::int64_t id, std::chrono::nanoseconds took) {
  return state_->in_transaction(
      [&](Writer& writer) { return store::count_saved_query_execution(*writer.connection, id, took); });
}

base::Result<void> MarketStore::set_saved_query_job(std::int64_t id, std::string_view job_id) {
  return state_->in_transaction(
      [&](Writer& writer) { return store::set_saved_query_job(*writer.connection, id, job_id); });
}

base::Result<std::vector<SavedQuery>> MarketStore::due_saved_queries(base::Time now, std::int64_t limit) {
  return state_->readers.use([&](Reader& reader) { return store::due_saved_queries(*reader.connection, now, limit); });
}

base::Result<std::vector<SavedQuery>> MarketStore::scheduled_saved_queries(std::int64_t limit) {
  return state_->readers.use([&](Reader& reader) { return store::scheduled_saved_queries(*reader.connection, limit); });
}

base::Result<bool> MarketStore::claim_saved_query_run(const SavedQuery& due, base::Time next) {
  return state_->in_transaction(
      [&](Writer& writer) { return store::claim_saved_query_run(*writer.connection, due, next); });
}

base::Result<std::vector<SavedQuery>> MarketStore::favoured_saved_queries(std::int64_t limit) {
  return state_->readers.use([&](Reader& reader) { return store::favoured_saved_queries(*reader.connection, limit); });
}

base::Result<DatabaseStatus> MarketStore::database_status() {
  return state_->readers.use([&](Reader& reader) { return read_database_status(*reader.connection, state_->address); });
}

base::Result<std::int64_t> MarketStore::content_version(std::string_view symbol) {
  return state_->watchers.use([&](Watcher& watcher) { return store::content_version(*watcher.connection, symbol); });
}

base::Result<std::string> MarketStore::identity() {
  return state_->readers.use([&](Reader& reader) { return store::database_identity(*reader.connection); });
}

MarketStoreMetrics MarketStore::metrics() const {
  return {.readers = state_->readers.metrics(),
          .writers = state_->writers.metrics(),
          .bars_stored = state_->bars_stored,
          .ticks_stored = state_->ticks_stored,
          .append_failures = state_->append_failures,
          .append_time = std::chrono::nanoseconds(state_->append_nanoseconds)};
}

const SlowQueryLog& MarketStore::slow_queries() const { return state_->slow_queries; }

void MarketStore::set_slow_query_threshold(std::chrono::milliseconds threshold) {
  state_->slow_queries.set_threshold(threshold);
}

base::Result<std::vector<PartitionInfo>> MarketStore::list_partitions() {
  return state_->readers.use([&](Reader& reader) { return store::list_partitions(*reader.connection); });
}

base::Result<std::vector<PartitionRange>> MarketStore::dropped_partitions(PartitionKind kind) {
  return state_->readers.use([&](Reader& reader) { return store::dropped_partitions(*reader.connection, kind); });
}

base::Result<PartitionInfo> MarketStore::partition(PartitionKind kind, PartitionRange range) {
  return state_->readers.use([&](Reader& reader) { return get_partition(*reader.connection, kind, range); });
}

base::Result<std::vector<PartitionInfo>> MarketStore::create_partitions(base::Time now, base::Time until) {
  return state_->in_transaction([&](Writer& writer) -> base::Result<std::vector<PartitionInfo>> {
    std::vector<PartitionInfo> made;
    for (const PartitionKind kind : {PartitionKind::kBar, PartitionKind::kTick}) {
      PartitionRange range = partition_of(kind, base::to_nanoseconds(now));
      while (range.first_time <= base::to_nanoseconds(until)) {
        const auto existing = get_partition(*writer.connection, kind, range);
        if (!existing && existing.error().code != ErrorCode::kNotFound) return std::unexpected(existing.error());
        if (!existing) {
          TRY(ensure_partition(*writer.connection, kind, range));
          made.push_back({.kind = kind, .range = range});
        }
        range = partition_of(kind, range.last_time + 1);
      }
    }
    return made;
  });
}

base::Result<ChunkFingerprint> MarketStore::seal_partition(PartitionKind kind, PartitionRange range) {
  return state_->in_transaction([&](Writer& writer) -> base::Result<ChunkFingerprint> {
    TRY(seal_within(writer, kind, range));
    return partition_fingerprint(*writer.connection, kind, range);
  });
}

base::Result<std::vector<PartitionedSeries>> MarketStore::partition_series(PartitionKind kind, PartitionRange range) {
  return state_->readers.use([&](Reader& reader) { return store::partition_series(*reader.connection, kind, range); });
}

base::Result<void> MarketStore::set_partition_archived(PartitionKind kind, PartitionRange range,
                                                       const PartitionArchive& archive,
                                                       const ChunkFingerprint& fingerprint) {
  return state_->in_transaction(
      [&](Writer& writer) { return set_archived(*writer.connection, kind, range, archive, fingerprint); });
}

base::Result<void> MarketStore::drop_partition(PartitionKind kind, PartitionRange range) {
  return state_->in_transaction([&](Writer& writer) -> base::Result<void> {
    TRY_ASSIGN(const auto affected, store::partition_series(*writer.connection, kind, range));
    // Rows that came to the tail since are not in the archive; they become chunks, and so are noticed.
    TRY(seal_within(writer, kind, range));
    TRY(drop_rows(*writer.connection, kind, range));
    for (const PartitionedSeries& each : affected) TRY(recount(writer, kind, each.series_id));
    return {};
  });
}

base::Result<void> MarketStore::open_partition(PartitionKind kind, PartitionRange range) {
  return state_->in_transaction([&](Writer& writer) { return set_open(*writer.connection, kind, range); });
}

}  // namespace tradeassist::store
