#include "feed/providers/clock.hpp"

#include <condition_variable>
#include <mutex>

namespace tradeassist::feed {

base::Time SystemClock::now() { return base::now(); }

base::Nanoseconds SystemClock::elapsed() { return std::chrono::steady_clock::now().time_since_epoch(); }

bool SystemClock::sleep(base::Nanoseconds duration, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_for(lock, stop, duration, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace tradeassist::feed
