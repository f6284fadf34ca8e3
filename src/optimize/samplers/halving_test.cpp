#include "optimize/samplers/halving.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "optimize/testing/functions.hpp"

namespace tradeassist::optimize {
namespace {

using namespace tradeassist::optimize::testing;

struct Rung {
  double share = 1;
  std::vector<Point> points;
  std::vector<Outcome> outcomes;
};

std::vector<Rung> rungs_of(const char* name, const SearchSpace& space, std::uint64_t trials) {
  const auto sampler = make_sampler(name, space, {trials, 5, {}}).value();
  std::vector<Rung> rungs;
  std::uint64_t left = trials;
  while (left > 0) {
    Rung rung;
    rung.share = sampler->bar_share();
    const std::uint64_t wanted = std::min(left, sampler->batch());
    rung.points = sampler->ask(wanted);
    for (const Point& point : rung.points) rung.outcomes.push_back({point[0], 0, {}});
    sampler->tell(rung.outcomes);
    left -= rung.points.size();
    if (rung.points.size() < wanted) break;
    rungs.push_back(std::move(rung));
  }
  return rungs;
}

TEST(SuccessiveHalving, the_best_third_of_each_rung_goes_on_to_three_times_the_bars) {
  const auto rungs = rungs_of("successive_halving", cube(2, 0, 1), 200);
  ASSERT_EQ(rungs.size(), 4u);
  std::uint64_t trials = 0;
  for (std::size_t i = 0; i < rungs.size(); ++i) {
    trials += rungs[i].points.size();
    EXPECT_DOUBLE_EQ(rungs[i].share, std::pow(3.0, static_cast<double>(i) - 3));
    if (i == 0) continue;
    EXPECT_EQ(rungs[i].points.size(), rungs[i - 1].points.size() / 3);
    std::vector<double> before;
    for (const Outcome& outcome : rungs[i - 1].outcomes) before.push_back(outcome.cost);
    std::ranges::sort(before);
    for (const Outcome& outcome : rungs[i].outcomes) EXPECT_LE(outcome.cost, before[rungs[i].points.size() - 1]);
  }
  EXPECT_LE(trials, 200u);
  EXPECT_GT(trials, 190u);
}

TEST(Hyperband, has_brackets_that_begin_on_each_share_of_the_bars) {
  const auto rungs = rungs_of("hyperband", cube(2, 0, 1), 69);
  // As the table of the paper for R = 27 and eta = 3.
  std::vector<std::pair<std::size_t, double>> made, expected;
  for (const Rung& rung : rungs) made.emplace_back(rung.points.size(), std::round(27 * rung.share));
  expected = {{27, 1}, {9, 3}, {3, 9}, {1, 27}, {12, 3}, {4, 9}, {1, 27}, {6, 9}, {2, 27}, {4, 27}};
  EXPECT_EQ(made, expected);
}

TEST(Halving, however_few_trials_there_are_some_run_on_all_bars) {
  for (const char* name : {"successive_halving", "hyperband"}) {
    for (std::uint64_t trials = 1; trials < 100; ++trials) {
      bool whole = false;
      for (const Rung& rung : rungs_of(name, cube(1, 0, 1), trials)) whole = whole || rung.share == 1;
      EXPECT_TRUE(whole) << name << " " << trials;
    }
  }
}

TEST(Halving, no_point_is_drawn_twice_and_a_small_space_ends_it) {
  const SearchSpace space = space_of({counted("a", 20)});
  for (const char* name : {"successive_halving", "hyperband"}) {
    std::map<double, std::set<double>> seen;
    for (const Rung& rung : rungs_of(name, space, 1000)) {
      for (const Point& point : rung.points) EXPECT_TRUE(seen[rung.share].insert(point[0]).second);
    }
    EXPECT_FALSE(seen[1].empty());
  }
}

}  // namespace
}  // namespace tradeassist::optimize
