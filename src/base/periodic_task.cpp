#include "base/periodic_task.hpp"

#include <utility>

#include "base/pause.hpp"

namespace tradeassist::base {

PeriodicTask::PeriodicTask(std::chrono::milliseconds interval, std::function<void(std::stop_token)> work)
    : thread_([interval, work = std::move(work)](std::stop_token stop) {
        do { work(stop); } while (pause(stop, interval));
      }) {}

}  // namespace tradeassist::base
