#include "store/benchmark/database_benchmark.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "store/benchmark/minute_bars.hpp"
#include "store/benchmark/row_tables.hpp"
#include "store/benchmark/scratch_database.hpp"
#include "store/database/connection_pool.hpp"
#include "store/database/database_status.hpp"
#include "store/live_appender.hpp"
#include "store/market_store.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;
using market::Series;
using std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr std::size_t kRunsMin = 3, kRunsMax = 7;  // of each contender; odd, so that the median is one of them
constexpr std::size_t kLiveSeries = 10;            // whose bars come in turn
constexpr std::size_t kLiveQueued = 10'000;        // bars that wait for their commit at most
constexpr std::int64_t kLookupRows = 1'000;        // that a lookup finds
constexpr market::Timeframe kMinute{market::Timeframe::Unit::kMinute, 1};

struct Session {
  explicit Session(std::unique_ptr<Connection> opened) : connection(std::move(opened)) {}
  std::unique_ptr<Connection> connection;
};

/// How one contender did once, in the unit of the measurement.
using Once = std::function<base::Result<double>()>;

struct Contest {
  const char* name;
  std::string description;
  const char* unit;
  bool higher_is_better;
  const char* rival_name;
  std::int64_t rows;
  Once ours, rival;
};

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double spread(const std::vector<double>& values) {
  const auto [smallest, largest] = std::ranges::minmax(values);
  return (largest - smallest) / 2 / median(values);
}

double since(steady_clock::time_point start) {
  // Never 0: a clock that did not move would make an infinite rate.
  return std::max(1e-9, Seconds(steady_clock::now() - start).count());
}

/// The contenders of one benchmark and what they work on, in a scratch database.
class Arena {
 public:
  static base::Result<std::unique_ptr<Arena>> make(const DatabaseAddress& market, const BenchmarkOptions& options) {
    TRY_ASSIGN(auto scratch, ScratchDatabase::make(market));
    auto arena = std::unique_ptr<Arena>(new Arena(std::move(scratch), options));
    TRY(arena->prepare());
    return arena;
  }

  base::Result<std::vector<Measurement>> measure();
  Connection& connection() { return *rows_; }

 private:
  Arena(std::unique_ptr<ScratchDatabase> scratch, const BenchmarkOptions& options)
      : options_(options),
        deadline_(steady_clock::now() + std::chrono::duration_cast<steady_clock::duration>(options.time_max)),
        scratch_(std::move(scratch)),
        pool_(scratch_->address(), {.read_only = true}, 1, std::chrono::seconds(5)) {}

  bool is_over() const { return options_.stop.stop_requested() || steady_clock::now() >= deadline_; }
  base::Result<void> prepare();
  std::vector<Contest> contests();
  Measurement hold(const Contest& contest, Seconds slice);

  base::Result<std::pair<std::int64_t, std::int64_t>> new_series();
  base::Result<double> append_bulk();
  base::Result<double> append_live();
  base::Result<double> append_single();
  base::Result<double> insert_rows();
  base::Result<double> read_chunks();
  base::Result<double> read_rows();
  base::Result<double> calculate_with(Arithmetic arithmetic);
  base::Result<double> look_up(Lookup lookup);
  base::Result<double> query_pooled();
  base::Result<double> query_connecting();

  const BenchmarkOptions& options_;
  const steady_clock::time_point deadline_;
  std::unique_ptr<ScratchDatabase> scratch_;  // before what is in it
  std::unique_ptr<MarketStore> store_;
  std::unique_ptr<Connection> rows_, scans_;
  ConnectionPool<Session> pool_;
  Series bulk_, read_;
  std::string durability_;
  std::int64_t made_ = 0, row_series_ = 0, read_series_ = 0;
};

/// What a commit on this database is, for the descriptions. A server may be told not to wait for its disk.
base::Result<std::string> durability(Connection& connection) {
  if (connection.dialect() == Dialect::kSqlite) return "durable";
  TRY_ASSIGN(const auto fsync, connection.query_first("SELECT current_setting('fsync')", {},
                                                      [](const Row& row) { return std::string(row.text(0)); }));
  return fsync == "on" ? "durable" : "NOT durable (the server runs with fsync off)";
}

base::Result<void> Arena::prepare() {
  const BenchmarkRows& rows = options_.rows;
  bulk_ = minute_bars(static_cast<std::size_t>(std::max(rows.bulk, std::max(rows.live, rows.transactions))));
  read_ = bulk_.slice(0, std::min(bulk_.size(), static_cast<std::size_t>(rows.read)));
  TRY_ASSIGN(store_, MarketStore::open(scratch_->address()));
  TRY(store_->put_instrument({.symbol = "BENCHMARK"}));
  TRY_ASSIGN(const auto series, new_series());
  read_series_ = series.first;
  TRY(store_->append(series.first, read_, series.second));
  TRY_ASSIGN(rows_, open_connection(scratch_->address()));
  TRY_ASSIGN(scans_, open_connection(scratch_->address()));
  TRY(forbid_indexes(*scans_));
  TRY(create_row_bars(*rows_));
  TRY(fill_row_bars(*rows_, row_series_++, read_));
  TRY(create_calculation_tables(*rows_, rows.calculation));
  TRY_ASSIGN(durability_, durability(*rows_));
  return {};
}

std::vector<Contest> Arena::contests() {
  const BenchmarkRows& rows = options_.rows;
  constexpr const char* kRowDesign = "a row and a transaction a bar, decimal columns";
  const auto bind = [this](auto method, auto... arguments) -> Once {
    return [=, this] { return (this->*method)(arguments...); };
  };
  return {
      {"bulk_append", "one append of many bars, " + durability_, "bars/s", true, kRowDesign, rows.bulk,
       bind(&Arena::append_bulk), bind(&Arena::insert_rows)},
      {"live_append", "bars that come one by one and share commits, " + durability_, "bars/s", true, kRowDesign,
       rows.live, bind(&Arena::append_live), bind(&Arena::insert_rows)},
      {"single_append", "bars that come one by one, each with its own commit, " + durability_, "bars/s", true,
       kRowDesign, rows.transactions, bind(&Arena::append_single), bind(&Arena::insert_rows)},
      {"read", "one read of many bars", "bars/s", true, "the same bars from rows with decimal columns",
       static_cast<std::int64_t>(read_.size()), bind(&Arena::read_chunks), bind(&Arena::read_rows)},
      {"calculation", "turnover and variance in floating point, by the database", "ms", false,
       rows_->dialect() == Dialect::kPostgres ? "in NUMERIC" : "in decimals kept as text", rows.calculation,
       bind(&Arena::calculate_with, Arithmetic::kFloating), bind(&Arena::calculate_with, Arithmetic::kDecimal)},
      {"index", "1,000 rows found by an index", "ms", false, "the same query with the index forbidden",
       rows.calculation, bind(&Arena::look_up, Lookup::kIndex), bind(&Arena::look_up, Lookup::kScan)},
      {"pool", "a small query over a pooled connection", "ms", false, "over a connection of its own", rows.queries,
       bind(&Arena::query_pooled), bind(&Arena::query_connecting)},
  };
}

base::Result<std::pair<std::int64_t, std::int64_t>> Arena::new_series() {
  TRY_ASSIGN(const auto series, store_->ensure_series({"BENCHMARK", kMinute, "run" + std::to_string(++made_)}));
  TRY_ASSIGN(const auto import, store_->begin_import(series, "benchmark", ""));
  return std::pair(series, import);
}

base::Result<double> Arena::append_bulk() {
  const auto rows = static_cast<std::size_t>(options_.rows.bulk);
  const Series bars = bulk_.slice(0, rows);
  TRY_ASSIGN(const auto feed, new_series());
  const auto start = steady_clock::now();
  TRY(store_->append(feed.first, bars, feed.second));
  return static_cast<double>(rows) / since(start);
}

base::Result<double> Arena::append_live() {
  std::vector<std::pair<std::int64_t, std::int64_t>> feeds;
  for (std::size_t i = 0; i < kLiveSeries; ++i) {
    TRY_ASSIGN(const auto feed, new_series());
    feeds.push_back(feed);
  }
  std::int64_t stored = 0;
  base::Result<void> outcome;  // written by the appender's thread, read when that has ended
  const auto acknowledge = [&](const base::Result<void>& result) {
    if (result) ++stored;
    if (!result && outcome) outcome = result;
  };
  const auto rows = static_cast<std::size_t>(options_.rows.live);
  const auto start = steady_clock::now();
  {
    LiveAppender appender(*store_, {.queued_max = kLiveQueued});
    for (std::size_t i = 0; i < rows && !(i % kLiveSeries == 0 && is_over()); ++i) {
      const auto& [series, import] = feeds[i % kLiveSeries];
      appender.append(series, import, bulk_.bar(i / kLiveSeries), acknowledge);
    }
  }
  const double seconds = since(start);
  TRY(outcome);
  return static_cast<double>(stored) / seconds;
}

base::Result<double> Arena::append_single() {
  TRY_ASSIGN(const auto feed, new_series());
  std::int64_t done = 0;
  const auto start = steady_clock::now();
  for (; done < options_.rows.transactions && !is_over(); ++done) {
    TRY(store_->append(feed.first, bulk_.slice(static_cast<std::size_t>(done), 1), feed.second));
  }
  return static_cast<double>(done) / since(start);
}

base::Result<double> Arena::insert_rows() {
  const std::int64_t series = row_series_++;
  std::int64_t done = 0;
  const auto start = steady_clock::now();
  for (; done < options_.rows.transactions && !is_over(); ++done) {
    TRY(insert_row_bar(*rows_, series, bulk_.bar(static_cast<std::size_t>(done))));
  }
  return static_cast<double>(done) / since(start);
}

base::Result<double> Arena::read_chunks() {
  const auto start = steady_clock::now();
  TRY_ASSIGN(const Series bars, store_->read(read_series_, base::Time::min(), base::Time::max()));
  const double seconds = since(start);
  if (bars.size() != read_.size()) return base::failure(ErrorCode::kInternal, "bars are missing from the read");
  return static_cast<double>(bars.size()) / seconds;
}

base::Result<double> Arena::read_rows() {
  const auto start = steady_clock::now();
  TRY_ASSIGN(const Series bars, read_row_bars(*rows_, 0));
  const double seconds = since(start);
  if (bars.size() != read_.size()) return base::failure(ErrorCode::kInternal, "bars are missing from the rows");
  return static_cast<double>(bars.size()) / seconds;
}

base::Result<double> Arena::calculate_with(Arithmetic arithmetic) {
  const auto start = steady_clock::now();
  TRY(calculate(*rows_, arithmetic));
  return since(start) * 1'000;
}

base::Result<double> Arena::look_up(Lookup lookup) {
  const std::int64_t found = std::min(kLookupRows, options_.rows.calculation);
  const std::int64_t before = (options_.rows.calculation - found) / 2;  // in the middle of the table
  const auto start = steady_clock::now();
  TRY_ASSIGN(const std::int64_t rows, count_between(lookup == Lookup::kScan ? *scans_ : *rows_, lookup,
                                                    60 * (before + 1), 60 * (before + found)));
  const double milliseconds = since(start) * 1'000;
  if (rows != found) return base::failure(ErrorCode::kInternal, "the lookup found " + std::to_string(rows) + " rows");
  return milliseconds;
}

base::Result<void> small_query(Connection& connection, std::int64_t id) {
  TRY(connection.query_first("SELECT price FROM floating WHERE id = $1", {id},
                             [](const Row& row) { return row.real(0); }));
  return {};
}

base::Result<double> Arena::query_pooled() {
  std::int64_t done = 0;
  const auto start = steady_clock::now();
  for (; done < options_.rows.queries && !is_over(); ++done) {
    TRY(pool_.use([&](Session& session) { return small_query(*session.connection, done + 1); }));
  }
  return since(start) * 1'000 / static_cast<double>(std::max<std::int64_t>(1, done));
}

base::Result<double> Arena::query_connecting() {
  // A connection costs so much more that fewer show it.
  const std::int64_t queries = std::max<std::int64_t>(1, options_.rows.queries / 20);
  std::int64_t done = 0;
  const auto start = steady_clock::now();
  for (; done < queries && !is_over(); ++done) {
    TRY_ASSIGN(const auto connection, open_connection(scratch_->address(), {.read_only = true}));
    TRY(small_query(*connection, done + 1));
  }
  return since(start) * 1'000 / static_cast<double>(std::max<std::int64_t>(1, done));
}

Measurement Arena::hold(const Contest& contest, Seconds slice) {
  Measurement measured{.name = contest.name,
                       .description = contest.description,
                       .unit = contest.unit,
                       .higher_is_better = contest.higher_is_better,
                       .rival = contest.rival_name,
                       .rows = contest.rows};
  std::vector<double> ours, rivals;
  const auto start = steady_clock::now();
  while (ours.size() < kRunsMax && !is_over() &&
         (ours.size() < kRunsMin || Seconds(steady_clock::now() - start) < slice)) {
    const auto our = contest.ours();
    const auto rival = our && !is_over() ? contest.rival() : our;
    if (!our || !rival) {
      measured.reason = (our ? rival : our).error().message;
      return measured;
    }
    // A run that the end of the time cut short is no run.
    if (is_over()) break;
    ours.push_back(*our);
    rivals.push_back(*rival);
  }
  measured.runs = static_cast<int>(ours.size());
  if (ours.size() < kRunsMin) {
    measured.reason = "the time was over after " + std::to_string(ours.size()) + " of at least " +
                      std::to_string(kRunsMin) + " runs; allow more seconds or fewer rows";
    return measured;
  }
  measured.value = median(ours), measured.spread = spread(ours);
  measured.rival_value = median(rivals), measured.rival_spread = spread(rivals);
  measured.ratio =
      contest.higher_is_better ? *measured.value / *measured.rival_value : *measured.rival_value / *measured.value;
  return measured;
}

base::Result<std::vector<Measurement>> Arena::measure() {
  std::vector<Measurement> measurements;
  const std::vector<Contest> all = contests();
  for (const Contest& contest : all) {
    const double left = static_cast<double>(all.size() - measurements.size());
    if (options_.on_progress) options_.on_progress(1 - left / static_cast<double>(all.size()), contest.name);
    measurements.push_back(hold(contest, Seconds(deadline_ - steady_clock::now()) / left));
    if (options_.stop.stop_requested()) return base::failure(ErrorCode::kCancelled, "the benchmark was stopped");
  }
  return measurements;
}

}  // namespace

BenchmarkRows BenchmarkRows::at_most(std::int64_t rows) const {
  BenchmarkRows fewer = *this;
  for (std::int64_t* each :
       {&fewer.bulk, &fewer.live, &fewer.transactions, &fewer.read, &fewer.calculation, &fewer.queries}) {
    *each = std::min(*each, rows);
  }
  return fewer;
}

base::Result<BenchmarkRun> benchmark_database(const DatabaseAddress& market, const BenchmarkOptions& options) {
  BenchmarkRun run;
  run.started_at = base::now();
  run.program_version = options.program_version;
  run.hardware = read_hardware(market.is_server() ? std::filesystem::path()
                                                  : std::filesystem::absolute(market.file).parent_path());
  const auto start = steady_clock::now();
  TRY_ASSIGN(const auto arena, Arena::make(market, options));
  run.database_kind = database_kind(arena->connection().dialect());
  TRY_ASSIGN(run.database_version, database_version(arena->connection()));
  TRY_ASSIGN(run.measurements, arena->measure());
  run.seconds = since(start);
  return run;
}

}  // namespace tradeassist::store
