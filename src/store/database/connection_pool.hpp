#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "store/database/database_address.hpp"

namespace tradeassist::store {

/// How much a pool was used since it was made.
struct PoolMetrics {
  int size_max = 0;  // connections at once
  int open = 0;      // connections there are
  int in_use = 0;
  std::int64_t uses = 0;
  std::int64_t waits = 0;     // uses that found none free
  std::int64_t timeouts = 0;  // of these, those that gave up
  std::int64_t retries = 0;   // uses that ran again, for example since the server was lost
  std::chrono::nanoseconds wait_time{0}, wait_time_max{0};
};

/// Connections that are opened when first needed and kept, at most `size` at once, each with a Session that is made of
/// it (`Session(std::unique_ptr<Connection>)`, with a member `connection`). Every method may be called from any thread.
template <class Session>
class ConnectionPool {
 public:
  ConnectionPool(DatabaseAddress address, ConnectionOptions options, int size, std::chrono::milliseconds wait_max)
      : address_(std::move(address)), options_(options), wait_max_(wait_max) {
    metrics_.size_max = size;
  }

  /// Calls use(Session&) with a session that nobody else has; again, when the database says that this may succeed, for
  /// as long as outage_timeout. So `use` must be a whole transaction. kUnavailable when none became free in time.
  template <class Use>
  std::invoke_result_t<Use, Session&> use(Use use) {
    const auto deadline = std::chrono::steady_clock::now() + options_.outage_timeout;
    TRY_ASSIGN(std::unique_ptr<Session> session, take());
    auto result = use(*session);
    while (!result && session->connection->may_retry() && std::chrono::steady_clock::now() < deadline) {
      {
        const std::lock_guard lock(mutex_);
        ++metrics_.retries;
      }
      result = use(*session);
    }
    give_back(std::move(session));
    return result;
  }

  PoolMetrics metrics() const {
    const std::lock_guard lock(mutex_);
    return metrics_;
  }

 private:
  base::Result<std::unique_ptr<Session>> take() {
    {
      std::unique_lock lock(mutex_);
      ++metrics_.uses;
      const auto is_free = [&] { return !idle_.empty() || metrics_.open < metrics_.size_max; };
      if (!is_free()) TRY(wait_for(lock, is_free));
      ++metrics_.in_use;
      if (!idle_.empty()) {
        auto session = std::move(idle_.back());
        idle_.pop_back();
        return session;
      }
      ++metrics_.open;
    }
    auto connection = open_connection(address_, options_);
    if (connection) return std::make_unique<Session>(std::move(*connection));
    {
      const std::lock_guard lock(mutex_);
      --metrics_.open, --metrics_.in_use;
    }
    released_.notify_one();
    return std::unexpected(std::move(connection).error());
  }

  template <class IsFree>
  base::Result<void> wait_for(std::unique_lock<std::mutex>& lock, IsFree is_free) {
    const auto began = std::chrono::steady_clock::now();
    const bool in_time = released_.wait_for(lock, wait_max_, is_free);
    const std::chrono::nanoseconds waited = std::chrono::steady_clock::now() - began;
    ++metrics_.waits;
    metrics_.wait_time += waited;
    metrics_.wait_time_max = std::max(metrics_.wait_time_max, waited);
    if (in_time) return {};
    ++metrics_.timeouts;
    return base::failure(base::ErrorCode::kUnavailable, "all " + std::to_string(metrics_.size_max) +
                                                            " connections to the database are busy; try again");
  }

  void give_back(std::unique_ptr<Session> session) {
    {
      const std::lock_guard lock(mutex_);
      --metrics_.in_use;
      idle_.push_back(std::move(session));
    }
    released_.notify_one();
  }

  const DatabaseAddress address_;
  const ConnectionOptions options_;
  const std::chrono::milliseconds wait_max_;
  mutable std::mutex mutex_;
  std::condition_variable released_;
  std::vector<std::unique_ptr<Session>> idle_;
  PoolMetrics metrics_;
};

}  // namespace tradeassist::store
