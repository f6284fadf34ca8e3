#include "optimize/samplers/grid.hpp"

#include <gtest/gtest.h>

#include <set>

#include "optimize/testing/spaces.hpp"

namespace tradeassist::optimize {
namespace {

using testing::counted;
using testing::space_of;

TEST(Grid, tries_every_combination_in_order_and_then_no_more) {
  const SearchSpace space = space_of({counted("a", 3), counted("b", 4)});
  const auto sampler = make_sampler("grid", space, {1000, 1, {}}).value();
  std::vector<Point> points = sampler->ask(5);
  ASSERT_EQ(points.size(), 5u);
  for (Point& point : sampler->ask(100)) points.push_back(std::move(point));
  ASSERT_EQ(points.size(), 12u);
  for (std::uint64_t i = 0; i < points.size(); ++i) EXPECT_EQ(points[i], space.point(i));
  EXPECT_TRUE(sampler->ask(1).empty());
}

TEST(Grid, fewer_trials_than_combinations_are_spread_evenly) {
  const SearchSpace space = space_of({counted("a", 1000)});
  const auto points = make_sampler("grid", space, {10, 1, {}}).value()->ask(10);
  ASSERT_EQ(points.size(), 10u);
  for (std::size_t i = 0; i < points.size(); ++i) EXPECT_EQ(points[i][0], static_cast<double>(i) * 100);
}

TEST(Grid, leaves_out_what_constraints_forbid_and_still_makes_as_many_trials_as_asked) {
  SearchSpace space = space_of({counted("a", 30), counted("b", 30)});
  space.constraints = {{{1, 0}, {0, 0}, Comparison::kLess}};  // b < a
  EXPECT_EQ(make_sampler("grid", space, {10'000, 1, {}}).value()->ask(10'000).size(), 30u * 29 / 2);
  space.constraints = {{{0, 0}, {{}, 5}, Comparison::kLess}};  // only the first sixth of the combinations
  const auto points = make_sampler("grid", space, {100, 1, {}}).value()->ask(100);
  EXPECT_EQ(points.size(), 100u);
  EXPECT_EQ(std::set<Point>(points.begin(), points.end()).size(), 100u);
}

TEST(Grid, refuses_what_cannot_be_counted) {
  const SearchSpace space = space_of({testing::continuous("x", 0, 1)});
  EXPECT_NE(make_sampler("grid", space, {10, 1, {}}).error().message.find("needs parameters with steps"),
            std::string::npos);
  EXPECT_NE(make_sampler("dice", space, {10, 1, {}}).error().message.find("grid, random"), std::string::npos);
}

}  // namespace
}  // namespace tradeassist::optimize
