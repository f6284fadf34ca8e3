#include "optimize/samplers/nsga2.hpp"

#include <gtest/gtest.h>

#include "optimize/pareto.hpp"
#include "optimize/testing/functions.hpp"
#include "optimize/testing/sampler_contract.hpp"

namespace tradeassist::optimize {
namespace {

using namespace tradeassist::optimize::testing;

/// ZDT1 of Zitzler, Deb, Thiele (2000) in eight dimensions: its front is b = 1 - sqrt(a).
Outcome zdt1(const Point& x) {
  double sum = 0;
  for (std::size_t i = 1; i < x.size(); ++i) sum += x[i];
  const double g = 1 + 9 * sum / static_cast<double>(x.size() - 1);
  const double b = g * (1 - std::sqrt(x[0] / g));
  return {x[0], 0, {x[0], b}};
}

/// The area that the front's points dominate below (1.1, 6).
double dominated_area(const std::vector<Outcome>& outcomes) {
  std::vector<std::pair<double, double>> front;
  for (const std::size_t i : pareto_front(outcomes)) front.emplace_back(outcomes[i].costs[0], outcomes[i].costs[1]);
  std::ranges::sort(front);
  double area = 0, below = 6;
  for (const auto& [a, b] : front) {
    if (b >= below) continue;
    area += (1.1 - a) * (below - b);
    below = b;
  }
  return area;
}

TEST(Nsga2, comes_nearer_to_a_known_front_than_random_and_spreads_along_it) {
  const SearchSpace space = cube(8, 0, 1);
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const auto made = [&](const char* name) {
      return run(*make_sampler(name, space, {4000, seed, {}}).value(), 4000, zdt1).outcomes;
    };
    const std::vector<Outcome> found = made("nsga2");
    // The best that can be: 1.1 * 6 less what lies under the front, 1/3 + (1.1 - 1) * 0.
    const double all = 1.1 * 6 - 1.0 / 3;
    EXPECT_LT((all - dominated_area(found)) * 5, all - dominated_area(made("random"))) << seed;
    double least = 1, most = 0;
    for (const std::size_t i : pareto_front(found)) {
      least = std::min(least, found[i].costs[0]);
      most = std::max(most, found[i].costs[0]);
    }
    EXPECT_LT(least, 0.05);
    EXPECT_GT(most, 0.7);
  }
}

TEST(Nsga2, trials_that_break_their_constraints_are_left_behind) {
  const SearchSpace space = cube(4, 0, 1);
  const Tried tried = run(*make_sampler("nsga2", space, {2000, 1, {}}).value(), 2000, [](const Point& x) {
    Outcome outcome = zdt1(x);
    outcome.violation = std::max(0.0, 0.5 - x[0]);
    return outcome;
  });
  int late = 0;
  for (std::size_t i = 1500; i < 2000; ++i) late += tried.outcomes[i].violation > 0;
  EXPECT_LT(late, 100);
}

TEST(Nsga2, keeps_what_every_sampler_promises) { expect_contract("nsga2"); }

}  // namespace
}  // namespace tradeassist::optimize
