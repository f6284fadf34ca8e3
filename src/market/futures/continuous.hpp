#pragma once

#include <span>

#include "market/futures/continuous_series.hpp"
#include "market/futures/continuous_symbol.hpp"
#include "market/futures/roll_rule.hpp"

/// Continuous futures: the contracts of a product, one after the other, as one series (docs/futures.md).
///
///   contract names        parse_contract, parse_continuous
///   when contracts end    find_product, set_last_trade_dates
///   when to roll          plan_rolls: a rule, over the bars and the trade dates
///   at what gap           measure_rolls: the roll table
///   the bars as traded    stitch, extend
///   the gaps taken out    adjust, update
namespace tradeassist::market {

struct ContinuousOptions {
  RollRule rule{};
  int rank = 0;
  Adjustment adjustment = Adjustment::kDifferenceBackward;
  MissingOverlap missing_overlap = MissingOverlap::kRefuse;
};

/// The kind of rule that a symbol asks for: `c` and TradingView's `!` the last trade date, `v` volume, `n` open
/// interest.
RollRule::Kind rule_kind_of(RollBasis basis);

/// All of these in one. Errors are those of the steps.
base::Result<ContinuousSeries> continuous_series(std::span<const FuturesContract> contracts,
                                                 const ContinuousOptions& options, const TradeDays& days);

}  // namespace tradeassist::market
