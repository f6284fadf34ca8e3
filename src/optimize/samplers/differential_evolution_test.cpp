#include "optimize/samplers/differential_evolution.hpp"

#include <gtest/gtest.h>

#include "optimize/testing/functions.hpp"
#include "optimize/testing/sampler_contract.hpp"

namespace tradeassist::optimize {
namespace {

using namespace tradeassist::optimize::testing;

/// At the median of nine seeds.
TEST(DifferentialEvolution, gets_lower_than_random_with_as_many_trials) {
  EXPECT_LT(median_lowest("differential_evolution", sphere(), 300) * 10, median_lowest("random", sphere(), 300));
  EXPECT_LT(median_lowest("differential_evolution", sphere(), 1000) * 10000, median_lowest("random", sphere(), 1000));
  EXPECT_LT(median_lowest("differential_evolution", rosenbrock(), 1000) * 10,
            median_lowest("random", rosenbrock(), 1000));
  EXPECT_LT(median_lowest("differential_evolution", rastrigin(), 1000) * 1.5,
            median_lowest("random", rastrigin(), 1000));
  EXPECT_LT(median_lowest("differential_evolution", mixed(), 1000) * 100, median_lowest("random", mixed(), 1000));
}

TEST(DifferentialEvolution, keeps_what_every_sampler_promises) { expect_contract("differential_evolution"); }

}  // namespace
}  // namespace tradeassist::optimize
