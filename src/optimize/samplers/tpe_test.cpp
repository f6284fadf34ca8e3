#include "optimize/samplers/tpe.hpp"

#include <gtest/gtest.h>

#include "optimize/testing/functions.hpp"
#include "optimize/testing/sampler_contract.hpp"

namespace tradeassist::optimize {
namespace {

using namespace tradeassist::optimize::testing;

/// At the median of nine seeds.
TEST(Tpe, gets_lower_than_random_with_as_many_trials) {
  EXPECT_LT(median_lowest("tpe", sphere(), 100) * 10, median_lowest("random", sphere(), 100));
  EXPECT_LT(median_lowest("tpe", sphere(), 400) * 100, median_lowest("random", sphere(), 400));
  EXPECT_LT(median_lowest("tpe", rosenbrock(), 400) * 4, median_lowest("random", rosenbrock(), 400));
  EXPECT_LT(median_lowest("tpe", rastrigin(), 400) * 1.5, median_lowest("random", rastrigin(), 400));
  EXPECT_LT(median_lowest("tpe", mixed(), 400) * 4, median_lowest("random", mixed(), 400));
}

TEST(Tpe, keeps_what_every_sampler_promises) { expect_contract("tpe"); }

TEST(Tpe, the_trials_of_a_batch_keep_apart) {
  const Problem problem = sphere();
  const auto sampler = make_sampler("tpe", problem.space, {1000, 1, {}}).value();
  run(*sampler, 200, [&](const Point& point) { return Outcome{problem.cost(point), 0, {}}; });
  const auto points = sampler->ask(8);
  ASSERT_EQ(points.size(), 8u);
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      double far = 0;
      for (std::size_t d = 0; d < points[i].size(); ++d) far = std::max(far, std::fabs(points[i][d] - points[k][d]));
      EXPECT_GT(far, 0.01);
    }
  }
}

}  // namespace
}  // namespace tradeassist::optimize
