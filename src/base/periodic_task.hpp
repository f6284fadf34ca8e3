#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <thread>

namespace tradeassist::base {

/// Runs `work` on a thread of its own: at once, and then again `interval` after each end. The destructor asks the stop
/// token that work was given, and waits for it. Work must not throw.
class PeriodicTask {
 public:
  PeriodicTask(std::chrono::milliseconds interval, std::function<void(std::stop_token)> work);
  PeriodicTask(const PeriodicTask&) = delete;
  PeriodicTask& operator=(const PeriodicTask&) = delete;

 private:
  std::jthread thread_;
};

}  // namespace tradeassist::base
