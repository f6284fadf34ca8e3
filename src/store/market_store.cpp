#include "store/market_store.hpp"

#include <condition_variable>
#include <mutex>
#include <string>
#include <utility>

#include "store/migrations.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;
using market::Instrument;
using market::Series;

constexpr std::string_view kFileName = "market.db";

struct Reader {
  explicit Reader(Connection opened) : connection(std::move(opened)), bars(connection) {}
  Connection connection;
  BarReader bars;
};

/// Connections for reading, opened when first needed and kept; at most `size` at once.
class ReaderPool {
 public:
  ReaderPool(std::filesystem::path file, int size, std::chrono::milliseconds timeout)
      : file_(std::move(file)), size_(size), timeout_(timeout) {}

  /// Calls use(Reader&) with a reader that nobody else has.
  template <class Use>
  std::invoke_result_t<Use, Reader&> with_reader(Use use) {
    TRY_ASSIGN(std::unique_ptr<Reader> reader, take());
    auto result = use(*reader);
    give_back(std::move(reader));
    return result;
  }

 private:
  base::Result<std::unique_ptr<Reader>> take() {
    {
      std::unique_lock lock(mutex_);
      if (!released_.wait_for(lock, timeout_, [&] { return !idle_.empty() || open_ < size_; })) {
        return base::failure(ErrorCode::kUnavailable, std::string(kFileName) + ": all " + std::to_string(size_) +
                                                          " readers are busy; try again");
      }
      if (!idle_.empty()) {
        auto reader = std::move(idle_.back());
        idle_.pop_back();
        return reader;
      }
      ++open_;
    }
    auto connection = Connection::open(file_, {.read_only = true, .busy_timeout = timeout_});
    if (connection) return std::make_unique<Reader>(std::move(*connection));
    {
      const std::lock_guard lock(mutex_);
      --open_;
    }
    released_.notify_one();
    return std::unexpected(std::move(connection).error());
  }

  void give_back(std::unique_ptr<Reader> reader) {
    {
      const std::lock_guard lock(mutex_);
      idle_.push_back(std::move(reader));
    }
    released_.notify_one();
  }

  const std::filesystem::path file_;
  const int size_;
  const std::chrono::milliseconds timeout_;
  std::mutex mutex_;
  std::condition_variable released_;
  std::vector<std::unique_ptr<Reader>> idle_;
  int open_ = 0;
};

base::Result<void> add_to_import(Connection& connection, std::int64_t import_id, std::int64_t series_id,
                                 const AppendResult& result, const Series& bars) {
  std::optional<std::int64_t> first, last;
  if (!bars.empty()) first = bars.time.front(), last = bars.time.back();
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

}  // namespace

struct MarketStore::State {
  State(const std::filesystem::path& file, Connection opened, const MarketStoreOptions& options)
      : connection(std::move(opened)), writer(connection), readers(file, options.readers_max, options.busy_timeout) {}

  std::mutex write_mutex;
  Connection connection;
  BarWriter writer;
  ReaderPool readers;

  /// Runs write(Connection&) in a transaction and commits it when it succeeds.
  template <class Write>
  std::invoke_result_t<Write, Connection&> in_transaction(Write write) {
    const std::lock_guard lock(write_mutex);
    TRY_ASSIGN(Transaction transaction, Transaction::begin(connection, Transaction::Kind::kWrite));
    auto result = write(connection);
    if (!result) return result;
    TRY(transaction.commit());
    return result;
  }
};

MarketStore::MarketStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
MarketStore::~MarketStore() = default;

base::Result<std::unique_ptr<MarketStore>> MarketStore::open(const std::filesystem::path& directory,
                                                             const MarketStoreOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    return base::failure(ErrorCode::kIo, "data directory " + directory.string() + ": " + error.message() +
                                             "; choose one that can be made and written");
  }
  const std::filesystem::path file = directory / kFileName;
  TRY_ASSIGN(Connection connection,
             Connection::open(file, {.busy_timeout = options.busy_timeout, .file_bytes_max = options.file_bytes_max}));
  const auto migrated = migrate(connection, market_migrations());
  if (!migrated) return base::in_context("data directory " + directory.string(), migrated.error());
  return std::unique_ptr<MarketStore>(new MarketStore(std::make_unique<State>(file, std::move(connection), options)));
}

base::Result<void> MarketStore::put_instrument(const Instrument& instrument) {
  return state_->in_transaction([&](Connection& connection) { return store::put_instrument(connection, instrument); });
}

base::Result<Instrument> MarketStore::instrument(std::string_view symbol) {
  return state_->readers.with_reader([&](Reader& reader) { return get_instrument(reader.connection, symbol); });
}

base::Result<std::vector<Instrument>> MarketStore::list_instruments() {
  return state_->readers.with_reader([&](Reader& reader) { return store::list_instruments(reader.connection); });
}

base::Result<void> MarketStore::delete_instrument(std::string_view symbol) {
  return state_->in_transaction(
      [&](Connection& connection) { return set_instrument_deleted(connection, symbol, true); });
}

base::Result<void> MarketStore::restore_instrument(std::string_view symbol) {
  return state_->in_transaction(
      [&](Connection& connection) { return set_instrument_deleted(connection, symbol, false); });
}

base::Result<std::int64_t> MarketStore::ensure_series(const SeriesKey& key) {
  return state_->in_transaction([&](Connection& connection) { return store::ensure_series(connection, key); });
}

base::Result<SeriesInfo> MarketStore::series(std::int64_t series_id) {
  return state_->readers.with_reader([&](Reader& reader) { return get_series(reader.connection, series_id); });
}

base::Result<std::vector<SeriesInfo>> MarketStore::list_series(const SeriesFilter& filter) {
  return state_->readers.with_reader([&](Reader& reader) { return store::list_series(reader.connection, filter); });
}

base::Result<void> MarketStore::delete_series(std::int64_t series_id) {
  return state_->in_transaction(
      [&](Connection& connection) { return set_series_deleted(connection, series_id, true); });
}

base::Result<void> MarketStore::restore_series(std::int64_t series_id) {
  return state_->in_transaction(
      [&](Connection& connection) { return set_series_deleted(connection, series_id, false); });
}

base::Result<std::int64_t> MarketStore::begin_import(std::int64_t series_id, std::string_view source,
                                                     std::string_view file) {
  return state_->in_transaction(
      [&](Connection& connection) { return store::begin_import(connection, series_id, source, file); });
}

base::Result<void> MarketStore::finish_import(std::int64_t import_id) {
  return state_->in_transaction([&](Connection& connection) { return store::finish_import(connection, import_id); });
}

base::Result<std::vector<ImportInfo>> MarketStore::list_imports(std::int64_t series_id, std::int64_t limit) {
  return state_->readers.with_reader(
      [&](Reader& reader) { return store::list_imports(reader.connection, series_id, limit); });
}

base::Result<AppendResult> MarketStore::append(std::int64_t series_id, const Series& bars, std::int64_t import_id) {
  return state_->in_transaction([&](Connection& connection) -> base::Result<AppendResult> {
    TRY_ASSIGN(const AppendResult result, state_->writer.append(series_id, bars));
    TRY(add_to_import(connection, import_id, series_id, result, bars));
    return result;
  });
}

base::Result<Series> MarketStore::read(std::int64_t series_id, base::Time from, base::Time to,
                                       const BarReadOptions& options) {
  return state_->readers.with_reader([&](Reader& reader) {
    return reader.bars.read(series_id, base::to_nanoseconds(from), base::to_nanoseconds(to), options);
  });
}

base::Result<Series> MarketStore::read_last(std::int64_t series_id, std::int64_t count, const BarReadOptions& options) {
  return state_->readers.with_reader([&](Reader& reader) { return reader.bars.read_last(series_id, count, options); });
}

base::Result<std::vector<DamagedChunk>> MarketStore::discard_damaged(std::int64_t series_id) {
  return state_->in_transaction([&](Connection&) { return state_->writer.discard_damaged(series_id); });
}

base::Result<std::vector<PartitionInfo>> MarketStore::list_partitions() {
  return state_->readers.with_reader([&](Reader& reader) {
    return reader.connection.query_all(
        "SELECT partition.first_time, partition.last_time, count(bar_chunk.id), coalesce(sum(row_count), 0), "
        "coalesce(sum(length(payload)), 0) FROM partition LEFT JOIN bar_chunk ON partition_id = partition.id "
        "GROUP BY partition.id ORDER BY partition.first_time",
        {}, [](const Row& row) {
          return PartitionInfo{base::time_from_nanoseconds(row.integer(0)), base::time_from_nanoseconds(row.integer(1)),
                               row.integer(2), row.integer(3), row.integer(4)};
        });
  });
}

}  // namespace tradeassist::store
