#include "optimize/validation/stability.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "optimize/search.hpp"
#include "optimize/testing/requests.hpp"

namespace tradeassist::optimize {
namespace {

TEST(Stability, neighbours_are_one_and_two_steps_away_inside_the_space) {
  const SearchRequest request = cross_request();
  const auto inside = neighbours_of(request.space, {6, 22});
  ASSERT_EQ(inside.size(), 8u);
  EXPECT_EQ(inside[0].trial.point, (Point{4, 22}));
  EXPECT_EQ(inside[1].trial.point, (Point{8, 22}));
  EXPECT_EQ(inside[2].trial.point, (Point{6, 18}));
  EXPECT_EQ(inside[7].trial.point, (Point{6, 30}));
  EXPECT_EQ(inside[7].steps, 2);
  EXPECT_EQ(neighbours_of(request.space, {2, 14}).size(), 4u);  // in a corner
}

TEST(Stability, neighbours_of_ranges_without_steps_lists_and_constraints) {
  const auto program = cross();
  const SearchSpace space =
      make_search_space(*program,
                        {parse_parameter("scale=0.5:1.5:*").value(), parse_parameter("mode=both,long").value(),
                         parse_parameter("fast=2:12:2").value()},
                        {parse_constraint("fast <= 6").value()})
          .value();
  const auto made = neighbours_of(space, {1.0, 0, 6});
  std::vector<double> scales, fasts;
  for (const Neighbour& neighbour : made) {
    if (neighbour.parameter == 0) scales.push_back(neighbour.trial.point[0]);
    if (neighbour.parameter == 2) fasts.push_back(neighbour.trial.point[2]);
    EXPECT_NE(neighbour.parameter, 1u);  // a list without order has no neighbours
  }
  ASSERT_EQ(scales.size(), 4u);
  EXPECT_NEAR(scales[0], 0.95, 1e-12);
  EXPECT_NEAR(scales[3], 1.1, 1e-12);
  EXPECT_EQ(fasts, (std::vector<double>{4, 2}));  // 8 breaks the constraint
}

TEST(Stability, a_parameter_that_is_not_active_is_left_alone) {
  const auto program = cross();
  const SearchSpace space = make_search_space(*program, {parse_parameter("mode=both,long").value(),
                                                         parse_parameter("fast=2:12:2 if mode=both").value()})
                                .value();
  EXPECT_TRUE(neighbours_of(space, {1, std::nan("")}).empty());
  EXPECT_EQ(neighbours_of(space, {0, 6}).size(), 4u);
}

TEST(Stability, it_uses_trials_that_were_made_and_runs_the_others) {
  SearchRequest request = cross_request();
  const auto whole = search(request, {}, {});
  ASSERT_TRUE(whole) << whole.error().message;
  const Stability& of_grid = whole->validation->stability;
  for (const Neighbour& neighbour : of_grid.neighbours)
    EXPECT_EQ(neighbour.trial.net_profit, whole->trials[neighbour.trial.trial].net_profit);
  EXPECT_LE(*of_grid.worst, *of_grid.median);
  EXPECT_LE(*of_grid.median, of_grid.best);

  // Without the trials around it the same figures come out.
  const std::vector<Trial> only_best{whole->trials[whole->best]};
  const auto runner = TrialRunner::make(request);
  const auto again =
      stability(*runner, request.series->slice(0, whole->split.in_sample), only_best, 0, std::stop_token());
  ASSERT_TRUE(again);
  ASSERT_EQ(again->neighbours.size(), of_grid.neighbours.size());
  for (std::size_t i = 0; i < of_grid.neighbours.size(); ++i)
    EXPECT_EQ(again->neighbours[i].trial.net_profit, of_grid.neighbours[i].trial.net_profit);
  EXPECT_EQ(again->median, of_grid.median);
}

}  // namespace
}  // namespace tradeassist::optimize
