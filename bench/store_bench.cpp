#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/memory.hpp"
#include "market/resample.hpp"
#include "store/benchmark/minute_bars.hpp"
#include "store/cache/series_cache.hpp"
#include "store/codec/chunk_codec.hpp"
#include "store/live_appender.hpp"
#include "store/market_store.hpp"
#include "store/testing/test_database.hpp"

namespace tradeassist::store {
namespace {

using market::Series;

void encode(benchmark::State& state) {
  const Series bars = minute_bars(64 * kChunkRowsMax);
  ChunkEncoder encoder;
  std::size_t bytes = 0, rows = 0, chunk = 0;
  for (auto _ : state) {
    bytes += encoder.encode(bars, chunk++ % 64 * kChunkRowsMax, kChunkRowsMax).payload.size();
    rows += kChunkRowsMax;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(rows));
  state.counters["bytes_per_bar"] = static_cast<double>(bytes) / static_cast<double>(rows);
}
BENCHMARK(encode);

void decode(benchmark::State& state) {
  const Series bars = minute_bars(kChunkRowsMax);
  ChunkEncoder encoder;
  ChunkDecoder decoder;
  const EncodedChunk chunk = encoder.encode(bars, 0, kChunkRowsMax);
  Series read;
  read.reserve(kChunkRowsMax);
  for (auto _ : state) {
    read.resize(0);
    if (!decoder.append_to(read, chunk)) state.SkipWithError("damaged");
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kChunkRowsMax));
}
BENCHMARK(decode);

/// A store in a new directory, or in a new schema of the server in TRADEASSIST_TEST_POSTGRES, with one series.
struct Fixture {
  explicit Fixture(Dialect dialect = Dialect::kSqlite) : database(dialect) {}
  TestDatabase database;
  std::unique_ptr<MarketStore> store = open();
  std::int64_t series = [&] {
    store->put_instrument({.symbol = "SPY"}).value();
    return store->ensure_series({"SPY", {market::Timeframe::Unit::kMinute, 1}, "csv"}).value();
  }();
  std::int64_t import_id = store->begin_import(series, "csv", "").value();

  std::unique_ptr<MarketStore> open() const { return std::move(MarketStore::open(database.address()).value()); }
  std::int64_t file_bytes() const {
    std::int64_t bytes = 0;
    for (const auto& file : std::filesystem::directory_iterator(database.directory())) {
      bytes += static_cast<std::int64_t>(file.file_size());
    }
    return bytes;
  }
};

/// One durable append of many bars into an empty series, from columns in memory to synced file.
void bulk_append(benchmark::State& state, Dialect dialect) {
  const Series bars = minute_bars(static_cast<std::size_t>(state.range(0)));
  std::int64_t bytes = 0;
  for (auto _ : state) {
    state.PauseTiming();
    auto fixture = std::make_unique<Fixture>(dialect);
    state.ResumeTiming();
    if (!fixture->store->append(fixture->series, bars, fixture->import_id)) state.SkipWithError("append");
    state.PauseTiming();
    fixture->store.reset();  // folds the log into the file
    bytes = fixture->file_bytes();
    fixture.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["file_bytes_per_bar"] = static_cast<double>(bytes) / static_cast<double>(state.range(0));
}

/// Bars that come one by one, each acknowledged when it is on disk, sharing commits: 100 series, at most 20,000
/// bars in flight.
void append_live(benchmark::State& state, Dialect dialect) {
  constexpr std::size_t kSeries = 100, kBars = 500'000;
  const Series bars = minute_bars(kBars / kSeries);
  std::int64_t commits = 0;
  for (auto _ : state) {
    state.PauseTiming();
    Fixture fixture(dialect);
    std::vector<std::pair<std::int64_t, std::int64_t>> feeds;
    for (std::size_t i = 0; i < kSeries; ++i) {
      const auto series =
          fixture.store->ensure_series({"SPY", {market::Timeframe::Unit::kMinute, 1}, "feed" + std::to_string(i)});
      feeds.emplace_back(*series, fixture.store->begin_import(*series, "live", "").value());
    }
    std::int64_t acknowledged = 0;
    state.ResumeTiming();
    {
      LiveAppender appender(*fixture.store, {.queued_max = 10'000});
      for (std::size_t i = 0; i < bars.size(); ++i) {
        for (const auto& [series, import_id] : feeds) {
          appender.append(series, import_id, bars.bar(i),
                          [&](const base::Result<void>& stored) { acknowledged += stored.has_value(); });
        }
      }
      commits = appender.metrics().commits;
    }
    if (acknowledged != static_cast<std::int64_t>(kBars)) state.SkipWithError("append");
    state.PauseTiming();
    fixture.store.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBars));
  state.counters["commits"] = static_cast<double>(commits);
}

/// Bars that come one by one, each durable before the next: what a live feed does.
void append_one_bar(benchmark::State& state, Dialect dialect) {
  const Series bars = minute_bars(200'000);
  Fixture fixture(dialect);
  std::size_t next = 0;
  for (auto _ : state) {
    if (!fixture.store->append(fixture.series, bars.slice(next++, 1), fixture.import_id)) state.SkipWithError("append");
  }
}

// 100,000 bars in the middle of 2,000,000.
constexpr std::size_t kStoredRows = 2'000'000, kFirstRead = 1'000'123, kRowsRead = 100'000;

struct ReadFixture : Fixture {
  base::Time from, to;
  explicit ReadFixture(Dialect dialect) : Fixture(dialect) {
    const Series bars = minute_bars(kStoredRows);
    store->append(series, bars, import_id).value();
    from = base::time_from_nanoseconds(bars.time[kFirstRead]);
    to = base::time_from_nanoseconds(bars.time[kFirstRead + kRowsRead]);
  }
};

void read_warm(benchmark::State& state, Dialect dialect) {
  ReadFixture fixture(dialect);
  for (auto _ : state) {
    const auto read = fixture.store->read(fixture.series, fixture.from, fixture.to);
    if (!read || read->size() != kRowsRead) state.SkipWithError("read");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRowsRead));
}

BarQuery minutes_of(const ReadFixture& fixture, int minutes = 1) {
  BarQuery query;
  query.symbol = "SPY";
  query.timeframe = {market::Timeframe::Unit::kMinute, minutes};
  query.from = fixture.from, query.to = fixture.to;
  return query;
}

/// An answer that is in the cache already, checked to be still right.
void read_kept(benchmark::State& state, Dialect dialect) {
  ReadFixture fixture(dialect);
  const auto cache = std::move(SeriesCache::create(*fixture.store).value());
  const BarQuery query = minutes_of(fixture);
  cache->answer(query).value();
  for (auto _ : state) {
    const auto kept = cache->answer(query);
    if (!kept || !kept->is_cached || kept->answer->bars.size() != kRowsRead) state.SkipWithError("kept");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRowsRead));
}

/// 100,000 minutes in memory to five minutes.
void resample(benchmark::State& state) {
  const Series bars = minute_bars(kRowsRead);
  const market::SessionAnchor anchor{"America/New_York", std::chrono::minutes(9 * 60 + 30)};
  for (auto _ : state) {
    const Series made = market::resample(bars, {market::Timeframe::Unit::kMinute, 5}, anchor).value();
    benchmark::DoNotOptimize(made.close.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRowsRead));
}
BENCHMARK(resample)->Unit(benchmark::kMillisecond);

/// Opens the store and reads once; prints the seconds that both took together. Run in a process of its own.
int read_once(const char* directory, std::int64_t series, std::int64_t from, std::int64_t to) {
  const auto start = std::chrono::steady_clock::now();
  const auto store = MarketStore::open(directory);
  if (!store) return 1;
  const auto read = (*store)->read(series, base::time_from_nanoseconds(from), base::time_from_nanoseconds(to));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  if (!read || read->size() != kRowsRead) return 1;
  std::printf("%.9f\n", seconds.count());
  return 0;
}

/// The first read of a new process, opening the store included. Only the operating system has the file in memory.
void read_cold(benchmark::State& state) {
  ReadFixture fixture(Dialect::kSqlite);
  fixture.store.reset();
  const std::string command = std::filesystem::read_symlink("/proc/self/exe").string() + " read-once " +
                              fixture.database.directory().string() + " " + std::to_string(fixture.series) + " " +
                              std::to_string(base::to_nanoseconds(fixture.from)) + " " +
                              std::to_string(base::to_nanoseconds(fixture.to));
  for (auto _ : state) {
    double seconds = 0;
    std::FILE* output = ::popen(command.c_str(), "r");
    const bool is_read = output != nullptr && std::fscanf(output, "%lf", &seconds) == 1;
    if (output == nullptr || ::pclose(output) != 0 || !is_read) state.SkipWithError("read-once");
    state.SetIterationTime(seconds);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRowsRead));
}
BENCHMARK(read_cold)->Unit(benchmark::kMillisecond)->UseManualTime()->Iterations(40);

void register_on(Dialect dialect, const std::string& name) {
  using benchmark::RegisterBenchmark;
  for (const std::int64_t rows : {100'000, 5'000'000}) {
    RegisterBenchmark(("bulk_append/" + name).c_str(), bulk_append, dialect)
        ->Arg(rows)
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
  }
  RegisterBenchmark(("append_live/" + name).c_str(), append_live, dialect)
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime();
  RegisterBenchmark(("append_one_bar/" + name).c_str(), append_one_bar, dialect)
      ->Unit(benchmark::kMicrosecond)
      ->UseRealTime();
  RegisterBenchmark(("read_kept/" + name).c_str(), read_kept, dialect)->Unit(benchmark::kMicrosecond)->UseRealTime();
  RegisterBenchmark(("read_warm/" + name).c_str(), read_warm, dialect)->Unit(benchmark::kMillisecond)->UseRealTime();
}

}  // namespace

void register_databases() {
  register_on(Dialect::kSqlite, "sqlite");
  if (!test_server_url().empty()) register_on(Dialect::kPostgres, "postgresql");
}

}  // namespace tradeassist::store

int main(int argc, char** argv) {
  tradeassist::base::prepare_heap_for_columns();  // as the program does
  if (argc == 6 && std::string_view(argv[1]) == "read-once") {
    return tradeassist::store::read_once(argv[2], std::atoll(argv[3]), std::atoll(argv[4]), std::atoll(argv[5]));
  }
  tradeassist::store::register_databases();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
