#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <set>
#include <string>
#include <string_view>

#include "optimize/testing/functions.hpp"

namespace tradeassist::optimize::testing {

inline std::string text_of(const std::vector<Point>& points) {
  std::string text;
  for (const Point& point : points) {
    for (const double entry : point) text += std::to_string(std::bit_cast<std::uint64_t>(entry + 0.0)) + " ";
  }
  return text;
}

/// What all samplers promise: the seed decides, points are of the space, constraints are kept, of a space that can be
/// counted no point comes twice and all of them come.
inline void expect_contract(std::string_view name) {
  const Problem problem = mixed();
  const Tried one = run(name, problem, 300, 7), again = run(name, problem, 300, 7), other = run(name, problem, 300, 8);
  ASSERT_EQ(one.points.size(), 300u);
  EXPECT_EQ(text_of(one.points), text_of(again.points));
  EXPECT_NE(text_of(one.points), text_of(other.points));
  for (const Point& point : one.points) {
    Point settled = point;
    problem.space.settle(settled);
    EXPECT_EQ(text_of({settled}), text_of({point}));
    for (std::size_t d = 0; d < point.size(); ++d) {
      const Parameter& parameter = problem.space.parameters[d];
      if (std::isnan(point[d])) continue;
      if (parameter.continuous()) {
        EXPECT_GE(point[d], parameter.from);
        EXPECT_LE(point[d], parameter.to);
      } else {
        EXPECT_EQ(point[d], parameter.entry(parameter.index(point[d])));
      }
    }
  }

  SearchSpace small = space_of({counted("a", 12), counted("b", 12), category("c", 3)});
  small.constraints = {{{0, 0}, {1, 0}, Comparison::kLess}};
  const auto judge = [](const Point& point) {
    Outcome outcome;
    outcome.cost = std::fabs(point[0] - 4) + std::fabs(point[1] - 9) + point[2];
    // Some trials have no value, and some break what their results have to keep.
    if (point[0] == 2) outcome = {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity(), {}};
    if (point[1] == 10) outcome.violation = 1;
    outcome.costs = {outcome.cost, point[1]};
    return outcome;
  };
  const auto sampler = make_sampler(name, small, {1000, 3, {}}).value();
  const Tried all = run(*sampler, 1000, judge);
  EXPECT_EQ(all.points.size(), 66u * 3);
  EXPECT_EQ(std::set<Point>(all.points.begin(), all.points.end()).size(), all.points.size());
  for (const Point& point : all.points) EXPECT_LT(point[0], point[1]);

  // What is known to be good comes first, but for a point that is not allowed.
  if (find_sampler(name).value()->begins_anywhere) {
    const auto begun = make_sampler(name, small, {1000, 3, {{4, 9, 1}, {9, 4, 0}, {2, 11, 2}}}).value();
    const Tried tried = run(*begun, 100, judge);
    ASSERT_GE(tried.points.size(), 60u);
    if (name != "cmaes") {  // begins around the first
      EXPECT_EQ(tried.points[0], (Point{4, 9, 1}));
      EXPECT_EQ(tried.points[1], (Point{2, 11, 2}));
    }
    EXPECT_EQ(std::set<Point>(tried.points.begin(), tried.points.end()).size(), tried.points.size());
    if (name == "tpe" || name == "random") {  // as many as there are; the others as many as their first batch has
      std::vector<Point> many;
      for (double i = 0; i < 10; ++i) {
        for (double category = 0; category < 3; ++category) many.push_back({i, 11, category});
      }
      const Tried all_first = run(*make_sampler(name, small, {1000, 3, many}).value(), 40, judge);
      EXPECT_EQ(std::vector<Point>(all_first.points.begin(), all_first.points.begin() + 30), many);
    }
  } else {
    EXPECT_FALSE(make_sampler(name, small, {1000, 3, {{4, 9, 1}}}));
  }

  // One point alone.
  const SearchSpace single = space_of({counted("a", 1)});
  EXPECT_EQ(
      run(*make_sampler(name, single, {10, 1, {}}).value(), 10, [](const Point&) { return Outcome{}; }).points.size(),
      1u);
}

}  // namespace tradeassist::optimize::testing
