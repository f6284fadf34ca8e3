#include "optimize/samplers/cmaes.hpp"

#include <gtest/gtest.h>

#include "optimize/testing/functions.hpp"
#include "optimize/testing/sampler_contract.hpp"

namespace tradeassist::optimize {
namespace {

using namespace tradeassist::optimize::testing;

/// At the median of nine seeds.
TEST(Cmaes, gets_lower_than_random_with_as_many_trials) {
  EXPECT_LT(median_lowest("cmaes", sphere(), 300) * 500, median_lowest("random", sphere(), 300));
  EXPECT_LT(median_lowest("cmaes", rosenbrock(), 300) * 5, median_lowest("random", rosenbrock(), 300));
  EXPECT_LT(median_lowest("cmaes", rosenbrock(), 1000) * 500, median_lowest("random", rosenbrock(), 1000));
  EXPECT_LT(median_lowest("cmaes", rastrigin(), 1000) * 2, median_lowest("random", rastrigin(), 1000));
  EXPECT_LT(median_lowest("cmaes", mixed(), 1000) * 100, median_lowest("random", mixed(), 1000));
}

TEST(Cmaes, keeps_what_every_sampler_promises) { expect_contract("cmaes"); }

TEST(Cmaes, starts_again_elsewhere_when_it_stands_still) {
  // Two hollows, the deeper one narrow and far from the middle.
  Problem problem{"hollows", cube(2, 0, 1), [](const Point& x) {
                    const auto away = [&](double a, double b) { return std::hypot(x[0] - a, x[1] - b); };
                    return std::min(0.5 + away(0.4, 0.4), 4 * away(0.93, 0.9));
                  }};
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 9; ++seed) found += run("cmaes", problem, 10'000, seed).lowest() < 0.01;
  EXPECT_GE(found, 8);
}

}  // namespace
}  // namespace tradeassist::optimize
