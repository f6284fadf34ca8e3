#include "optimize/samplers/sobol.hpp"

#include <gtest/gtest.h>

#include <set>

#include "optimize/testing/spaces.hpp"

namespace tradeassist::optimize {
namespace {

using testing::continuous;
using testing::counted;
using testing::space_of;

TEST(Sobol, the_first_points_are_the_published_ones) {
  // Joe and Kuo's own example of three dimensions.
  const double expected[10][3] = {{0, 0, 0},
                                  {0.5, 0.5, 0.5},
                                  {0.75, 0.25, 0.25},
                                  {0.25, 0.75, 0.75},
                                  {0.375, 0.375, 0.625},
                                  {0.875, 0.875, 0.125},
                                  {0.625, 0.125, 0.875},
                                  {0.125, 0.625, 0.375},
                                  {0.1875, 0.3125, 0.9375},
                                  {0.6875, 0.8125, 0.4375}};
  SobolSequence sequence(3);
  for (const auto& point : expected) {
    const auto made = sequence.next();
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(made[i] * 0x1p-32, point[i]);
  }
}

TEST(Sobol, point_1000_of_64_dimensions_is_the_published_one) {
  SobolSequence sequence(64);
  for (int i = 0; i < 1000; ++i) sequence.next();
  const auto point = sequence.next();
  const std::pair<std::size_t, std::uint32_t> expected[] = {{0, 943718400},  {1, 415236096},   {2, 2227175424},
                                                            {10, 364904448}, {20, 2243952640}, {40, 3921674240},
                                                            {63, 1916796928}};
  for (const auto& [dimension, value] : expected) EXPECT_EQ(point[dimension], value) << dimension;
}

TEST(Sobol, scrambled_points_still_have_one_in_each_equal_box) {
  // 256 points of two dimensions are a (0, 8, 2)-net: one in each box of 2^-i by 2^-(8-i).
  const SearchSpace space = space_of({continuous("x", 0, 1), continuous("y", 0, 1), continuous("z", 0, 1)});
  for (const std::uint64_t seed : {1ull, 2ull, 99ull}) {
    const auto points = make_sampler("sobol", space, {256, seed, {}}).value()->ask(256);
    ASSERT_EQ(points.size(), 256u);
    for (int i = 0; i <= 8; ++i) {
      std::set<std::pair<int, int>> boxes;
      for (const Point& point : points) {
        boxes.emplace(static_cast<int>(point[0] * (1 << i)), static_cast<int>(point[1] * (1 << (8 - i))));
      }
      EXPECT_EQ(boxes.size(), 256u) << i;
    }
  }
  EXPECT_NE(make_sampler("sobol", space, {8, 1, {}}).value()->ask(8),
            make_sampler("sobol", space, {8, 2, {}}).value()->ask(8));
}

TEST(Sobol, scrambling_depends_on_the_key_and_keeps_apart_what_was_apart) {
  std::set<std::uint32_t> made;
  for (std::uint32_t i = 0; i < 1024; ++i) made.insert(owen_scramble(i << 22, 5) >> 22);
  EXPECT_EQ(made.size(), 1024u);
  EXPECT_NE(owen_scramble(0, 5), owen_scramble(0, 6));
}

TEST(Sobol, tries_every_combination_of_a_counted_space_once) {
  SearchSpace space = space_of({counted("a", 13), counted("b", 7)});
  space.constraints = {{{0, 0}, {1, 0}, Comparison::kGreater}};
  const auto points = make_sampler("sobol", space, {1000, 1, {}}).value()->ask(1000);
  EXPECT_EQ(points.size(), 13u * 7 - 7 * 8 / 2);
  EXPECT_EQ(std::set<Point>(points.begin(), points.end()).size(), points.size());
}

TEST(Sobol, refuses_more_parameters_than_it_has_directions_for) {
  std::vector<Parameter> many;
  for (int i = 0; i < 65; ++i) many.push_back(continuous("x" + std::to_string(i), 0, 1));
  const SearchSpace space = space_of(std::move(many));
  EXPECT_NE(make_sampler("sobol", space, {10, 1, {}}).error().message.find("at most 64"), std::string::npos);
}

}  // namespace
}  // namespace tradeassist::optimize
