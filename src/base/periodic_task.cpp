#include "base/periodic_task.hpp"

#include <condition_variable>
#include <mutex>
#include <utility>

namespace tradeassist::base {

PeriodicTask::PeriodicTask(std::chrono::milliseconds interval, std::function<void(std::stop_token)> work)
    : thread_([interval, work = std::move(work)](std::stop_token stop) {
        std::mutex mutex;
        std::condition_variable_any stopped;
        while (!stop.stop_requested()) {
          work(stop);
          std::unique_lock lock(mutex);
          stopped.wait_for(lock, stop, interval, [] { return false; });
        }
      }) {}

}  // namespace tradeassist::base
