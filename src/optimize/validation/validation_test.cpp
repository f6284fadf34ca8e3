#include "optimize/validation/validation.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/json.hpp"
#include "optimize/search.hpp"
#include "optimize/testing/requests.hpp"

namespace tradeassist::optimize {
namespace {

TEST(Validation, the_sample_is_spread_evenly_and_holds_the_best) {
  std::vector<Trial> trials(1'000);
  for (std::size_t i = 0; i < trials.size(); ++i) {
    trials[i].objective = i % 10 == 0 ? std::nan("") : 1;
    if (i % 10 == 1) trials[i].bar_share = 0.5;
  }
  for (const std::size_t best : {2u, 503u, 999u}) {
    const auto places = sampled_trials(trials, best, 64);
    ASSERT_EQ(places.size(), 64u);
    EXPECT_TRUE(std::ranges::is_sorted(places));
    EXPECT_EQ(std::ranges::adjacent_find(places), places.end());
    EXPECT_TRUE(std::ranges::binary_search(places, best));
    for (const std::size_t place : places) EXPECT_GE(place % 10, 2u);
    for (std::size_t i = 1; i < places.size(); ++i) EXPECT_LE(places[i] - places[i - 1], 40u);
  }
  EXPECT_EQ(sampled_trials(trials, 2, 5'000).size(), 800u);
}

TEST(Validation, a_search_says_what_its_result_is_worth_alike_with_any_number_of_threads) {
  SearchRequest request = cross_request();
  request.threads = 1;
  const auto one = search(request, {}, {});
  ASSERT_TRUE(one) << one.error().message;
  const Validation& found = *one->validation;
  EXPECT_FALSE(found.assessment.verdict.empty());
  EXPECT_TRUE(found.assessment.deflated_sharpe);
  EXPECT_TRUE(found.assessment.overfitting);
  EXPECT_TRUE(found.assessment.reality_check);
  EXPECT_TRUE(found.assessment.out_of_sample_sharpe);
  EXPECT_TRUE(found.random_periods);
  EXPECT_TRUE(found.cross_validation);
  std::size_t days = 0;
  for (const RegimeRow& row : found.regimes.rows) days += row.days;
  EXPECT_EQ(days, request.series->size());
  // The verdict of moving averages on a price that wanders at random.
  EXPECT_TRUE(found.assessment.verdict.starts_with("Do not trust this result")) << found.assessment.verdict;

  request.threads = 3;
  const auto three = search(request, {}, {});
  ASSERT_TRUE(three);
  const auto text = [](const Validation& of) {
    return base::json_text(base::to_json(of.assessment)) + of.stability.statement + of.regimes.statement +
           of.random_periods->statement + base::json_text(base::to_json(*of.cross_validation));
  };
  EXPECT_EQ(text(*three->validation), text(found));
}

TEST(Validation, without_bars_out_of_sample_it_says_so) {
  SearchRequest request = cross_request();
  request.out_of_sample_share = 0;
  const auto result = search(request, {}, {});
  ASSERT_TRUE(result) << result.error().message;
  const Assessment& found = result->validation->assessment;
  EXPECT_FALSE(found.out_of_sample_sharpe);
  EXPECT_NE(found.verdict.find("not known: how it does out of sample"), std::string::npos) << found.verdict;
}

TEST(Validation, it_is_left_out_when_nobody_wants_it) {
  SearchRequest request = cross_request();
  request.validation.none = true;
  const auto result = search(request, {}, {});
  ASSERT_TRUE(result);
  EXPECT_FALSE(result->validation);
  EXPECT_FALSE(result->walk_forward);
}

}  // namespace
}  // namespace tradeassist::optimize
