#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace tradeassist::optimize {

struct CrossValidationOptions {
  int groups = 10, test_groups = 2;  // each split tests so many of the groups; at most kCrossValidationGroupsMax
  std::size_t purged_days = 0;       // left out of training on both sides of what is tested
  double embargo_share = 0.01;       // of all days, left out of training behind what is tested, beside the purged ones
};
constexpr int kCrossValidationGroupsMax = 16;

/// How the choice of a best strategy does on data that it was not chosen on, many times over.
struct CrossValidation {
  int splits = 0;
  std::vector<double>
      path_sharpe;  // annual, sorted: of each path, all days once, each by a choice that had not seen it
  double median_sharpe = 0, worst_sharpe = 0, best_sharpe = 0;
  double share_of_loss = 0;  // of the paths
  std::string statement;
};

/// Combinatorial purged cross-validation: López de Prado, Advances in Financial Machine Learning (2018), chapter 12.
/// The days are cut into groups; for each way to take `test_groups` of them, the strategy with the highest Sharpe ratio
/// on the other days (less those purged and under embargo) is looked up on them. Each group is tested as often as there
/// are paths; the n-th test of every group makes the n-th path.
///
/// `returns[s]` are those of strategy s, all over the same days. kInvalidArgument: fewer than 2 strategies, groups out
/// of bounds, fewer than 2 days a group, lengths that differ. O(splits × strategies × days).
base::Result<CrossValidation> cross_validate(std::span<const std::vector<double>> returns, double days_per_year,
                                             const CrossValidationOptions& options = {});

BOOST_DESCRIBE_STRUCT(CrossValidation, (),
                      (splits, path_sharpe, median_sharpe, worst_sharpe, best_sharpe, share_of_loss, statement))

}  // namespace tradeassist::optimize
