#pragma once

#include <atomic>
#include <boost/json/object.hpp>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "server/realtime/publisher.hpp"

namespace tradeassist::server {

/// For tests: keeps what was published.
class RecordingPublisher : public Publisher {
 public:
  struct Message {
    std::string channel, type;
    boost::json::object data;
  };

  void publish(std::string_view channel, std::string_view type, boost::json::object data) override {
    const std::lock_guard lock(mutex_);
    messages_.push_back({std::string(channel), std::string(type), std::move(data)});
  }
  /// False once `ready_max` messages were taken; where `holds`, then waits for the stop first.
  bool publish_when_ready(std::string_view channel, std::string_view type, boost::json::object data,
                          const std::stop_token& stop) override {
    std::unique_lock lock(mutex_);
    if (taken_ == ready_max) {
      if (holds) stopped_.wait(lock, stop, [] { return false; });
      return false;
    }
    ++taken_;
    messages_.push_back({std::string(channel), std::string(type), std::move(data)});
    return true;
  }
  bool has_subscribers(std::string_view) const override { return is_heard; }

  std::vector<Message> messages(std::string_view type = {}) const {
    const std::lock_guard lock(mutex_);
    std::vector<Message> found;
    for (const Message& message : messages_) {
      if (type.empty() || message.type == type) found.push_back(message);
    }
    return found;
  }

  std::atomic<bool> is_heard = true;
  bool holds = false;
  std::size_t ready_max = SIZE_MAX;

 private:
  mutable std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::vector<Message> messages_;
  std::size_t taken_ = 0;
};

}  // namespace tradeassist::server
