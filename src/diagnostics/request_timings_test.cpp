#include "diagnostics/request_timings.hpp"

#include <gtest/gtest.h>

namespace tradeassist::diagnostics {
namespace {

using std::chrono::nanoseconds;

int timed_of_a_thousand(int percent) {
  RequestTimings timings(percent);
  int timed = 0;
  for (int i = 0; i < 1'000; ++i) timed += timings.is_next_timed() ? 1 : 0;
  return timed;
}

TEST(RequestTimings, the_share_that_was_asked_for_is_timed) {
  EXPECT_EQ(timed_of_a_thousand(0), 0);
  EXPECT_EQ(timed_of_a_thousand(7), 70);
  EXPECT_EQ(timed_of_a_thousand(100), 1'000);
}

TEST(RequestTimings, phases_add_up_by_route_and_the_most_expensive_comes_first) {
  RequestTimings timings(100);
  timings.add("GET /a", {nanoseconds(1), nanoseconds(2), nanoseconds(3), nanoseconds(4), nanoseconds(5)});
  timings.add("GET /a", {nanoseconds(9), nanoseconds(0), nanoseconds(1), nanoseconds(0), nanoseconds(0)});
  timings.add("GET /b", {nanoseconds(0), nanoseconds(0), nanoseconds(100), nanoseconds(0), nanoseconds(0)});
  const auto routes = timings.routes();
  ASSERT_EQ(routes.size(), 2u);
  EXPECT_EQ(routes[0].route, "GET /b");
  EXPECT_EQ(routes[1].requests, 2);
  EXPECT_EQ(routes[1].phases[0].sum, nanoseconds(10));
  EXPECT_EQ(routes[1].phases[0].max, nanoseconds(9));
}

TEST(RequestTimings, routes_are_bounded) {
  RequestTimings timings(100);
  for (std::size_t i = 0; i < RequestTimings::kRoutesMax + 10; ++i) timings.add("r" + std::to_string(i), {});
  EXPECT_EQ(timings.routes().size(), RequestTimings::kRoutesMax);
}

}  // namespace
}  // namespace tradeassist::diagnostics
