#include "optimize/significance/assessment.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "optimize/significance/sharpe_significance.hpp"
#include "optimize/significance/testing/noise.hpp"

namespace tradeassist::optimize {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::vector<double> noise(std::size_t periods, std::uint64_t seed, double mean = 0) {
  Random random(seed);
  std::vector<double> returns = noise(periods, random);
  for (double& value : returns) value = mean + 0.01 * value;
  return returns;
}

/// `trials` without skill, of which the best is taken, as a search does.
struct Search {
  explicit Search(std::size_t trials, std::uint64_t seed = 1) {
    for (std::size_t i = 0; i < trials; ++i) all.push_back(noise(1'000, seed * 1'000 + i));
    for (std::size_t i = 1; i < trials; ++i) {
      if (*moments_of(all[i]).sharpe() > *moments_of(all[best]).sharpe()) best = i;
    }
  }
  AssessmentInput input() const {
    return {.trials = all.size(),
            .returns = all[best],
            .out_of_sample = out_of_sample,
            .sample = all,
            .benchmark = holding,
            .profits = profits,
            .initial_capital = 1'000};
  }
  std::vector<std::vector<double>> all;
  std::size_t best = 0;
  std::vector<double> out_of_sample = noise(400, 77, 0.001), holding = noise(1'000, 78);
  std::vector<double> profits = {10, -5, 20, -15, 7, 12, -9};
};

TEST(Assessment, the_best_of_many_without_skill_is_not_to_be_trusted) {
  const Search search(100);
  const auto found = assess(search.input());
  ASSERT_TRUE(found) << found.error().message;
  // By itself it looks good; as the best of a hundred it does not.
  EXPECT_GT(*found->probabilistic_sharpe, 0.95);
  EXPECT_LT(*found->deflated_sharpe, 0.9);
  EXPECT_GT(found->overfitting->probability, kOverfittingMax);
  EXPECT_THAT(found->verdict, StartsWith("Do not trust this result: the best of 100 trials without skill"));
  EXPECT_TRUE(found->unknown.empty());
  EXPECT_NEAR(found->effective_trials, 100, 5);
  EXPECT_LT(found->sharpe_interval->low, *found->sharpe);
  EXPECT_GT(found->sharpe_interval->high, *found->sharpe);
}

TEST(Assessment, what_is_good_everywhere_is_said_to_be) {
  Search search(50);
  search.all[search.best] = noise(1'000, 5, 0.003);
  const auto found = assess(search.input());
  EXPECT_GT(*found->deflated_sharpe, kDeflatedSharpeMin);
  EXPECT_LE(found->overfitting->probability, kOverfittingMax);
  EXPECT_LE(found->reality_check->spa, kSuperiorityMax);
  EXPECT_THAT(found->verdict, StartsWith("Nothing here speaks for luck (4 of 4 tests passed)"));

  search.out_of_sample = noise(400, 6, -0.002);
  EXPECT_THAT(assess(search.input())->verdict, HasSubstr("it lost out of sample"));
}

TEST(Assessment, trials_that_are_nearly_one_count_as_few) {
  Search search(1);
  for (std::uint64_t i = 1; i < 40; ++i) {
    search.all.push_back(search.all[0]);
    for (std::size_t at = 0; at < 1'000; at += 50) search.all.back()[at] += 0.0001 * static_cast<double>(i);
  }
  EXPECT_LT(assess(search.input())->effective_trials, 2);
}

TEST(Assessment, what_is_not_known_is_said) {
  const std::vector<double> returns = noise(300, 3, 0.001);
  const auto found = assess({.trials = 10, .returns = returns});
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_FALSE(found->overfitting || found->reality_check || found->trade_order || found->out_of_sample_sharpe);
  EXPECT_THAT(found->unknown, Contains(StartsWith("reality_check: ")));
  EXPECT_THAT(found->unknown, Contains(StartsWith("out_of_sample_sharpe: nothing was kept")));
  EXPECT_THAT(found->verdict, HasSubstr("not known: "));

  const auto nothing = assess({});
  ASSERT_TRUE(nothing);
  EXPECT_THAT(nothing->verdict, StartsWith("Nothing can be said about this result"));
  EXPECT_THAT(nothing->verdict, Not(HasSubstr("nan")));
}

TEST(Assessment, periods_that_do_not_fit_are_refused_and_the_same_input_gives_the_same) {
  Search search(4);
  EXPECT_EQ(assess(search.input())->reality_check->spa, assess(search.input())->reality_check->spa);
  search.holding.pop_back();
  EXPECT_FALSE(assess(search.input()));
}

}  // namespace
}  // namespace tradeassist::optimize
