#include "base/thread_priority.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <thread>

namespace tradeassist::base {
namespace {

int steps_down() { return ::getpriority(PRIO_PROCESS, 0); }

TEST(ThreadPriority, a_thread_gives_way_alone_with_those_that_it_starts) {
  const int before = steps_down();
  int own = 0, started = 0;
  std::thread([&] {
    give_way(3);
    own = steps_down();
    std::thread([&] { started = steps_down(); }).join();
  }).join();
  EXPECT_EQ(own, std::min(19, before + 3));
  EXPECT_EQ(started, own);
  EXPECT_EQ(steps_down(), before);
}

TEST(ThreadPriority, there_is_a_last_place_and_nobody_is_put_forward) {
  int last = 0, still = 0;
  std::thread([&] {
    give_way(100);
    last = steps_down();
    give_way(-5);
    still = steps_down();
  }).join();
  EXPECT_EQ(last, 19);
  EXPECT_EQ(still, 19);
}

}  // namespace
}  // namespace tradeassist::base
