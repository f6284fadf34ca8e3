#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/time.hpp"
#include "store/market_store.hpp"

namespace tradeassist::server {

/// The market database at one moment. What could not be found out is absent.
struct HealthSample {
  base::Time sampled_at;
  bool is_reachable = false;
  std::optional<store::DatabaseStatus> database;
  std::optional<std::vector<store::PartitionInfo>> partitions;
  std::optional<boost::json::object> benchmark;  // report::benchmark_json
  std::int64_t bars_stored = 0;                  // by this server
  std::optional<double> bars_per_second;         // since the server started
  std::optional<double> bars_per_second_last_minute;
  std::optional<std::int64_t> slow_queries_last_minute;
};

/// Asks the database now and then how it is, so that whoever asks the server gets an answer without a query. Every
/// method may be called from any thread.
class HealthSampler {
 public:
  using Clock = std::function<base::Time()>;

  /// The rates count from now. `market` must outlive it.
  explicit HealthSampler(store::MarketStore& market, Clock clock = base::now);
  ~HealthSampler();

  /// Takes a sample now, and then another each time `every` has passed, on a thread of its own.
  void start(std::chrono::milliseconds every);
  void sample();

  /// The newest; null before the first.
  std::shared_ptr<const HealthSample> latest() const;

 private:
  struct Counts {
    base::Time at;
    std::int64_t bars = 0, slow_queries = 0;
  };
  Counts count() const;
  void add_rates(const Counts& now, HealthSample& sample);

  store::MarketStore& market_;
  const Clock clock_;
  const Counts first_;
  std::mutex sampling_;         // one sample at a time
  std::deque<Counts> history_;  // of the last minute, and one before it
  mutable std::mutex mutex_;    // of latest_ alone, so that nobody waits for the database
  std::shared_ptr<const HealthSample> latest_;
  std::mutex pause_;
  std::condition_variable_any woken_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace tradeassist::server
