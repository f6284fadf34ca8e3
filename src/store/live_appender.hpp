#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "market/series.hpp"
#include "store/market_store.hpp"

namespace tradeassist::store {

struct LiveAppenderOptions {
  std::size_t queued_max = 1 << 18;  // bars that wait; beyond, append() waits for room
};

/// How much one commit carries.
struct LiveAppenderMetrics {
  std::int64_t bars = 0, commits = 0, failures = 0;  // failures: bars that were refused
  std::size_t queued = 0, queued_peak = 0;
};

/// Appends bars that come one by one, of any series. What comes while one transaction is being committed is stored by
/// the next, so that the price of a commit is shared; each bar is acknowledged when it is on disk, never before.
///
/// Every method may be called from any thread. Bars of one series are stored in the order in which they came; of two
/// with the same time the later wins.
class LiveAppender {
 public:
  /// Called once for each bar, from the appender's own thread: durable, or why not. Must not call append().
  using Acknowledge = std::move_only_function<void(const base::Result<void>&)>;

  explicit LiveAppender(MarketStore& store, const LiveAppenderOptions& options = {});
  /// Stores what waits first.
  ~LiveAppender();

  /// `import_id` must be an open import of the series. Waits while too many bars are queued.
  void append(std::int64_t series_id, std::int64_t import_id, const market::Bar& bar, Acknowledge acknowledge);

  LiveAppenderMetrics metrics() const;

 private:
  struct Waiting {
    std::int64_t series_id, import_id;
    market::Bar bar;
    Acknowledge acknowledge;
  };
  void run();
  void store(std::vector<Waiting>& batch);

  MarketStore& store_;
  const LiveAppenderOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable came_, has_room_;
  std::vector<Waiting> queue_;
  LiveAppenderMetrics metrics_;
  bool is_stopping_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace tradeassist::store
