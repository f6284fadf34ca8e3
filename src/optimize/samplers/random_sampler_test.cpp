#include "optimize/samplers/random_sampler.hpp"

#include <gtest/gtest.h>

#include <set>

#include "optimize/testing/spaces.hpp"

namespace tradeassist::optimize {
namespace {

using testing::continuous;
using testing::counted;
using testing::space_of;

TEST(Random, of_a_counted_space_is_a_permutation_that_the_seed_alone_decides) {
  for (const std::uint64_t n : {1ull, 2ull, 7ull, 1000ull, 4097ull}) {
    for (const bool logarithmic : {false, true}) {
      SearchSpace space = space_of({counted("a", n)});
      space.parameters[0].from = 1;
      space.parameters[0].to = static_cast<double>(n);
      space.parameters[0].logarithmic = logarithmic;
      const auto all = make_sampler("random", space, {n, 42, {}}).value()->ask(n + 1);
      EXPECT_EQ(all.size(), n);
      EXPECT_EQ(std::set<Point>(all.begin(), all.end()).size(), n);
      EXPECT_EQ(make_sampler("random", space, {n, 42, {}}).value()->ask(n), all);
      if (n < 100) continue;
      EXPECT_NE(make_sampler("random", space, {n, 43, {}}).value()->ask(n), all);
    }
  }
}

TEST(Random, is_spread_evenly_over_what_cannot_be_counted) {
  const SearchSpace space = space_of({continuous("x", -1, 3), continuous("y", 1, 10'000, true)});
  const auto points = make_sampler("random", space, {10'000, 7, {}}).value()->ask(10'000);
  ASSERT_EQ(points.size(), 10'000u);
  int low_x = 0, low_y = 0;
  for (const Point& point : points) {
    low_x += point[0] < 0;
    low_y += point[1] < 10;
  }
  EXPECT_NEAR(low_x, 2500, 150);  // 3.5 standard deviations
  EXPECT_NEAR(low_y, 2500, 150);
}

TEST(Random, of_a_conditional_space_tries_no_point_twice_and_every_one_that_is_allowed) {
  SearchSpace space = space_of({counted("a", 3), counted("b", 10), counted("c", 10)});
  space.parameters[1].parent = 0;
  space.parameters[1].parent_entries = {1};
  space.constraints = {{{2, 0}, {{}, 3}, Comparison::kGreaterEqual}};
  const auto points = make_sampler("random", space, {1000, 3, {}}).value()->ask(1000);
  std::set<std::uint64_t> seen;
  for (const Point& point : points) {
    EXPECT_GE(point[2], 3);
    EXPECT_EQ(point[1] != point[1], point[0] != 1);
    seen.insert(space.combination(point));
  }
  EXPECT_EQ(points.size(), 7u * (10 + 1 + 1));
  EXPECT_EQ(seen.size(), points.size());
}

}  // namespace
}  // namespace tradeassist::optimize
