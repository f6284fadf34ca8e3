#include "optimize/pareto.hpp"

#include <gtest/gtest.h>

#include "optimize/random.hpp"

namespace tradeassist::optimize {
namespace {

Outcome costs(double a, double b, double violation = 0) { return {a, violation, {a, b}}; }

TEST(Pareto, fronts_are_those_counted_by_hand) {
  const std::vector<Outcome> all = {costs(1, 5), costs(2, 3), costs(4, 1),     costs(2, 5),
                                    costs(4, 4), costs(5, 5), costs(0, 0, 0.5)};
  EXPECT_EQ(pareto_front(all), (std::vector<std::size_t>{0, 1, 2}));
  const auto fronts = sort_into_fronts(all);
  ASSERT_EQ(fronts.size(), 4u);
  EXPECT_EQ(fronts[0], (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_EQ(fronts[1], (std::vector<std::size_t>{3, 4}));
  EXPECT_EQ(fronts[2], (std::vector<std::size_t>{5}));
  EXPECT_EQ(fronts[3], (std::vector<std::size_t>{6}));  // what breaks a constraint comes after all that does not
  const auto crowding = crowding_distances(all, fronts[0]);
  EXPECT_EQ(crowding[0], std::numeric_limits<double>::infinity());
  EXPECT_NEAR(crowding[1], 1 + 1, 1e-15);
  EXPECT_EQ(crowding[2], std::numeric_limits<double>::infinity());
}

TEST(Pareto, the_front_holds_all_that_nothing_dominates_and_nothing_else) {
  Random random(3);
  std::vector<Outcome> all;
  for (int i = 0; i < 500; ++i) {
    const double a = static_cast<double>(random.below(40)), b = static_cast<double>(random.below(40));
    all.push_back({a, random.below(5) == 0 ? 1.0 : 0.0, {a, b, static_cast<double>(random.below(40))}});
  }
  std::vector<std::size_t> expected;
  for (std::size_t i = 0; i < all.size(); ++i) {
    bool beaten = all[i].violation > 0;
    for (const Outcome& other : all) beaten = beaten || dominates(other, all[i]);
    if (!beaten) expected.push_back(i);
  }
  EXPECT_EQ(pareto_front(all), expected);
}

}  // namespace
}  // namespace tradeassist::optimize
