#include "base/clock_watch.hpp"

#include <gtest/gtest.h>

namespace tradeassist::base {
namespace {

using namespace std::chrono_literals;

TEST(ClockWatch, tells_how_far_a_clock_was_set_back_and_nothing_else) {
  ClockWatch watch;
  Time now(std::chrono::seconds(1'800'000'000));
  std::chrono::steady_clock::time_point steady(1h);
  const auto after = [&](Nanoseconds by_clock, Nanoseconds really) {
    return watch.set_back(now += by_clock, steady += really);
  };
  EXPECT_EQ(after(0s, 0s), 0s);
  EXPECT_EQ(after(1s, 1s), 0s);
  EXPECT_EQ(after(2h, 1s), 0s);
  EXPECT_EQ(after(-4h, 10s), 4h + 10s);
  EXPECT_EQ(after(1s, 1s), 0s);
  EXPECT_EQ(after(1s, 5s), 0s);
  EXPECT_EQ(after(1s, 6s), 5s);
}

}  // namespace
}  // namespace tradeassist::base
