#include "optimize/samplers/genetic.hpp"

#include <gtest/gtest.h>

#include "optimize/samplers/genetic_operators.hpp"
#include "optimize/testing/functions.hpp"
#include "optimize/testing/sampler_contract.hpp"

namespace tradeassist::optimize {
namespace {

using namespace tradeassist::optimize::testing;

/// At the median of nine seeds.
TEST(Genetic, gets_lower_than_random_with_as_many_trials) {
  EXPECT_LT(median_lowest("genetic", sphere(), 300) * 3, median_lowest("random", sphere(), 300));
  EXPECT_LT(median_lowest("genetic", sphere(), 1000) * 50, median_lowest("random", sphere(), 1000));
  EXPECT_LT(median_lowest("genetic", rosenbrock(), 1000) * 2, median_lowest("random", rosenbrock(), 1000));
  EXPECT_LT(median_lowest("genetic", rastrigin(), 1000) * 2, median_lowest("random", rastrigin(), 1000));
  EXPECT_LT(median_lowest("genetic", mixed(), 1000) * 10, median_lowest("random", mixed(), 1000));
}

TEST(Genetic, keeps_what_every_sampler_promises) { expect_contract("genetic"); }

TEST(Genetic, a_child_s_parameters_with_steps_are_steps_and_its_categories_those_of_the_list) {
  const Problem problem = mixed();
  Random random(5);
  const auto unit = [&] {
    std::vector<double> made(problem.space.parameters.size());
    for (double& u : made) u = random.uniform();
    return made;
  };
  for (int i = 0; i < 1000; ++i) {
    const std::vector<double> mother = unit(), father = unit();
    const Point child = breed(problem.space, mother, father, random);
    EXPECT_EQ(child[0], std::round(child[0]));
    EXPECT_GE(child[0], 1);
    EXPECT_LE(child[0], 60);
    EXPECT_EQ(std::isnan(child[4]), child[2] != 3);
  }
}

}  // namespace
}  // namespace tradeassist::optimize
