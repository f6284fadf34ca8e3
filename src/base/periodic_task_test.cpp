#include "base/periodic_task.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <semaphore>

namespace tradeassist::base {
namespace {

TEST(PeriodicTask, runs_again_and_again) {
  std::counting_semaphore<> runs(0);
  const PeriodicTask task(std::chrono::milliseconds(1), [&](std::stop_token) { runs.release(); });
  for (int i = 0; i < 5; ++i) runs.acquire();
}

TEST(PeriodicTask, does_not_wait_for_the_interval_to_end) {
  std::counting_semaphore<> runs(0);
  const PeriodicTask task(std::chrono::hours(24), [&](std::stop_token) { runs.release(); });
  runs.acquire();  // once at the beginning; the destructor returns although the next is a day away
}

TEST(PeriodicTask, tells_work_that_runs_that_it_should_stop) {
  std::counting_semaphore<> began(0);
  std::atomic<bool> was_told = false;
  {
    const PeriodicTask task(std::chrono::hours(24), [&](std::stop_token stop) {
      began.release();
      while (!stop.stop_requested()) std::this_thread::yield();
      was_told = true;
    });
    began.acquire();
  }
  EXPECT_TRUE(was_told);
}

}  // namespace
}  // namespace tradeassist::base
