#include "research/quoted_numbers.hpp"

#include <gtest/gtest.h>

namespace tradeassist::research {
namespace {

using Texts = std::vector<std::string>;

constexpr std::string_view kFigures =
    "out_of_sample.metrics.net_profit: -1132.77\nassessment.deflated_sharpe: 0.4312\ntrials_tried: 20000\n"
    "from: 2000-01-03T00:00:00Z\np: 1.25e-05\nlength: 55\n";

Texts missing(std::string_view text) { return numbers_without_figure(text, kFigures); }

TEST(QuotedNumbers, a_figure_may_be_rounded_lose_its_sign_or_become_a_percentage) {
  EXPECT_EQ(missing("It lost 1,132.77 (about 1,133), or -1132.8; a probability of 43 % or 0.43 after 20,000 trials."),
            Texts{});
}

TEST(QuotedNumbers, others_are_told_once_each_as_they_stand_there) {
  EXPECT_EQ(missing("It made 1,500.5 and then 1,500.5, with 0.44 and 21000."), (Texts{"1,500.5", "0.44", "21000"}));
}

TEST(QuotedNumbers, dates_words_and_small_whole_numbers_are_not_figures) {
  EXPECT_EQ(missing("Since January 3, 2000: 2 reasons. 1. v6 scripts, EMA20, 4h bars, 95th. 100 %. Length 55."),
            Texts{});
  EXPECT_EQ(missing("A share of 2.5"), Texts{"2.5"});
}

TEST(QuotedNumbers, at_most_so_many_are_told) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += std::to_string(777'000 + i) + " ";
  EXPECT_EQ(missing(text).size(), 50u);
}

}  // namespace
}  // namespace tradeassist::research
