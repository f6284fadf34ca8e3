#include "optimize/samplers/latin_hypercube.hpp"

#include <gtest/gtest.h>

#include <set>

#include "optimize/testing/spaces.hpp"

namespace tradeassist::optimize {
namespace {

using testing::category;
using testing::continuous;
using testing::counted;
using testing::space_of;

TEST(LatinHypercube, each_trial_has_another_share_of_every_parameter) {
  const SearchSpace space = space_of({continuous("x", 0, 1), continuous("y", -5, 5), category("mode", 4)});
  for (const std::uint64_t n : {1u, 10u, 1000u}) {
    const auto points = make_sampler("latin_hypercube", space, {n, 3, {}}).value()->ask(n);
    ASSERT_EQ(points.size(), n);
    std::set<int> x, y;
    std::vector<std::uint64_t> modes(4);
    for (const Point& point : points) {
      x.insert(static_cast<int>(point[0] * static_cast<double>(n)));
      y.insert(static_cast<int>((point[1] + 5) / 10 * static_cast<double>(n)));
      ++modes[static_cast<std::size_t>(point[2])];
    }
    EXPECT_EQ(x.size(), n);
    EXPECT_EQ(y.size(), n);
    for (const std::uint64_t count : modes) EXPECT_NEAR(static_cast<double>(count), static_cast<double>(n) / 4, 1);
  }
}

TEST(LatinHypercube, the_parts_of_an_ask_are_the_whole_and_the_seed_decides) {
  const SearchSpace space = space_of({continuous("x", 0, 1), counted("a", 100)});
  const auto whole = make_sampler("latin_hypercube", space, {50, 3, {}}).value()->ask(50);
  const auto sampler = make_sampler("latin_hypercube", space, {50, 3, {}}).value();
  std::vector<Point> parts = sampler->ask(20);
  for (Point& point : sampler->ask(30)) parts.push_back(std::move(point));
  EXPECT_EQ(parts, whole);
  EXPECT_NE(make_sampler("latin_hypercube", space, {50, 4, {}}).value()->ask(50), whole);
}

TEST(LatinHypercube, keeps_to_the_constraints_and_tries_no_combination_twice) {
  SearchSpace space = space_of({counted("a", 20), counted("b", 20)});
  space.constraints = {{{0, 0}, {1, 0}, Comparison::kLess}};
  const auto points = make_sampler("latin_hypercube", space, {400, 1, {}}).value()->ask(400);
  EXPECT_EQ(points.size(), 190u);
  for (const Point& point : points) EXPECT_LT(point[0], point[1]);
  EXPECT_EQ(std::set<Point>(points.begin(), points.end()).size(), points.size());
}

}  // namespace
}  // namespace tradeassist::optimize
