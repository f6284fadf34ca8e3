#pragma once

#include <boost/describe/class.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"

namespace tradeassist::optimize {

/// What happens to the best of many strategies on data that it was not chosen on.
struct Overfitting {
  double probability = 0;           // that the best in sample is below the median out of sample
  double probability_of_loss = 0;   // that its Sharpe ratio out of sample is below 0
  double slope = 0, intercept = 0;  // of its Sharpe ratio out of sample over that in sample, a least-squares line
  std::vector<double> logits;       // of its relative rank out of sample, one a split
};

constexpr int kOverfittingBlocksMax = 20;  // 184,756 splits

/// The probability of backtest overfitting by combinatorially symmetric cross-validation: Bailey, Borwein, López de
/// Prado, Zhu, The Probability of Backtest Overfitting (2015). The periods are cut into `blocks` of (nearly) equal
/// length; of each way to take half of them, the strategy with the highest Sharpe ratio on that half is looked up on
/// the other.
///
/// `returns[s]` are those of strategy s, all over the same periods. Strategies whose returns do not vary in a half have
/// Sharpe ratio 0 there; of equal ones the first is best. Rank r of N (1 the worst, ties shared) gives the logit
/// log(r / (N + 1 - r)).
///
/// kInvalidArgument: fewer than 2 strategies, blocks that are odd, below 2 or above kOverfittingBlocksMax, fewer than 2
/// periods a block, lengths that differ. O(splits × strategies × blocks).
base::Result<Overfitting> probability_of_overfitting(std::span<const std::vector<double>> returns, int blocks = 16);

BOOST_DESCRIBE_STRUCT(Overfitting, (), (probability, probability_of_loss, slope, intercept))

}  // namespace tradeassist::optimize
