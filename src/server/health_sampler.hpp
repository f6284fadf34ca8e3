#pragma once

#include <atomic>
#include <boost/json/object.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "access/key_store.hpp"
#include "base/disk_space.hpp"
#include "base/metrics.hpp"
#include "base/metrics_process.hpp"
#include "base/time.hpp"
#include "jobs/job_queue.hpp"
#include "server/request_metrics.hpp"
#include "store/market_store.hpp"

namespace tradeassist::server {

/// API keys, counted.
struct KeyCounts {
  std::int64_t valid = 0, revoked = 0, expired = 0;
  std::int64_t expire_soon = 0;  // valid ones, within a week
};

/// The databases, the machine and the process at one moment. What could not be found out is absent.
struct HealthSample {
  base::Time sampled_at;
  std::chrono::steady_clock::time_point steady_at{};  // the same, by a clock that nobody sets
  bool is_reachable = false;                          // the market database
  std::optional<store::DatabaseStatus> database;
  std::optional<std::vector<store::PartitionInfo>> partitions;
  std::optional<boost::json::object> benchmark;  // report::benchmark_json
  std::int64_t bars_stored = 0;                  // by this server
  std::optional<double> bars_per_second;         // since the server started
  std::optional<double> bars_per_second_last_minute;
  std::optional<std::int64_t> slow_queries_last_minute;

  // Of the last minute.
  std::optional<double> rows_per_writing_second;  // bars and ticks; absent where hardly anything was written
  std::optional<double> query_p95_seconds;        // absent where hardly anything was asked
  std::optional<double> requests_per_second, request_p95_seconds;
  std::optional<double> cpu_share;           // of one processor
  std::optional<double> clock_jump_seconds;  // how far the clock is from where it should have come
  // Of the last five minutes; absent while there were hardly any requests.
  std::optional<double> error_share;

  // Of what the sampler was given besides.
  std::optional<bool> is_app_reachable;
  std::optional<jobs::JobStatistics> jobs;
  std::optional<std::int64_t> dead_letters_last_day;
  std::optional<KeyCounts> keys;
  std::optional<base::DiskSpace> data_disk;
  base::ProcessStatus process;
  std::optional<std::int64_t> memory_limit_bytes;
  std::optional<base::ClockStatus> clock;
};

/// What else is looked at; each outlives the sampler. None: it is not.
struct HealthSources {
  jobs::JobQueue* queue = nullptr;
  access::KeyStore* keys = nullptr;
  std::filesystem::path data_directory = {};
  std::function<RequestTotals()> requests = {};
};

/// Asks the databases now and then how they are, so that whoever asks the server gets an answer without a query. Every
/// method may be called from any thread.
class HealthSampler {
 public:
  using Clock = std::function<base::Time()>;
  using SteadyClock = std::function<std::chrono::steady_clock::time_point()>;

  /// The rates count from now. `market` must outlive it.
  explicit HealthSampler(store::MarketStore& market, Clock clock = base::now, HealthSources sources = {},
                         SteadyClock steady_clock = std::chrono::steady_clock::now);
  ~HealthSampler();

  /// Takes a sample now, and then another each time `every` has passed, on a thread of its own.
  void start(std::chrono::milliseconds every);
  void sample();

  /// The newest; null before the first.
  std::shared_ptr<const HealthSample> latest() const;
  /// How old it is, whatever was done to the machine's clock; 0 before the first.
  std::chrono::steady_clock::duration age() const;
  /// For how long a sample has been taken that is not there yet: a database that is lost lets wait.
  std::chrono::milliseconds waiting() const;
  /// How often samples are taken; 0 where they are not.
  std::chrono::milliseconds interval() const { return every_; }

 private:
  struct Counts {
    base::Time at;
    std::chrono::steady_clock::time_point steady_at;
    std::int64_t bars = 0, rows = 0, slow_queries = 0;  // rows: bars and ticks
    std::chrono::nanoseconds append_time{0};
    base::HistogramValues statements;
    RequestTotals requests;
    std::optional<double> cpu_seconds;
  };
  Counts count() const;
  void add_rates(const Counts& now, HealthSample& sample);
  void add_sources(HealthSample& sample);

  store::MarketStore& market_;
  const Clock clock_;
  const HealthSources sources_;
  const SteadyClock steady_clock_;
  const Counts first_;
  std::mutex sampling_;                           // one sample at a time
  std::deque<Counts> history_;                    // of the last minute, and one before it
  std::deque<Counts> long_history_;               // of the last five minutes, and one before them
  std::atomic<std::int64_t> sampling_since_ = 0;  // steady nanoseconds; 0: not now
  std::chrono::milliseconds every_{0};
  mutable std::mutex mutex_;  // of latest_ alone, so that nobody waits for the database
  std::shared_ptr<const HealthSample> latest_;
  std::mutex pause_;
  std::condition_variable_any woken_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace tradeassist::server
