#include "base/pause.hpp"

#include <condition_variable>
#include <mutex>

namespace tradeassist::base {

bool pause(const std::stop_token& stop, std::chrono::nanoseconds time) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_for(lock, stop, time, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace tradeassist::base
