#include "optimize/samplers/particle_swarm.hpp"

#include <gtest/gtest.h>

#include "optimize/testing/functions.hpp"
#include "optimize/testing/sampler_contract.hpp"

namespace tradeassist::optimize {
namespace {

using namespace tradeassist::optimize::testing;

/// At the median of nine seeds.
TEST(ParticleSwarm, gets_lower_than_random_with_as_many_trials) {
  EXPECT_LT(median_lowest("particle_swarm", sphere(), 300) * 3, median_lowest("random", sphere(), 300));
  EXPECT_LT(median_lowest("particle_swarm", sphere(), 1000) * 100, median_lowest("random", sphere(), 1000));
  EXPECT_LT(median_lowest("particle_swarm", rosenbrock(), 1000) * 3, median_lowest("random", rosenbrock(), 1000));
  EXPECT_LT(median_lowest("particle_swarm", rastrigin(), 1000) * 1.5, median_lowest("random", rastrigin(), 1000));
  EXPECT_LT(median_lowest("particle_swarm", mixed(), 1000) * 10, median_lowest("random", mixed(), 1000));
}

TEST(ParticleSwarm, keeps_what_every_sampler_promises) { expect_contract("particle_swarm"); }

}  // namespace
}  // namespace tradeassist::optimize
