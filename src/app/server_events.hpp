#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "base/hand_over.hpp"

namespace tradeassist::app {

/// What a running server is told from outside.
struct ServerEvent {
  enum class Kind {
    kStop,
    kReload,           // the configuration is to be read again
    kTakeOver,         // a successor asks for the socket and the data directory
    kSuccessorServes,  // the successor has both, and serves
    kSuccessorEnded    // or has ended before
  };
  Kind kind;
  std::optional<base::HandOver> successor = {};  // of kTakeOver
};

/// Events in the order in which they come, from any thread to one.
class ServerEvents {
 public:
  void push(ServerEvent event) {
    {
      const std::lock_guard lock(mutex_);
      events_.push_back(std::move(event));
    }
    changed_.notify_one();
  }

  ServerEvent wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !events_.empty(); });
    ServerEvent event = std::move(events_.front());
    events_.pop_front();
    return event;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<ServerEvent> events_;
};

}  // namespace tradeassist::app
