#include "market/futures/continuous.hpp"

namespace tradeassist::market {

RollRule::Kind rule_kind_of(RollBasis basis) {
  switch (basis) {
    case RollBasis::kVolume: return RollRule::Kind::kVolume;
    case RollBasis::kOpenInterest: return RollRule::Kind::kOpenInterest;
    case RollBasis::kCalendar: break;
  }
  return RollRule::Kind::kBeforeLastTrade;
}

base::Result<ContinuousSeries> continuous_series(std::span<const FuturesContract> contracts,
                                                 const ContinuousOptions& options, const TradeDays& days) {
  TRY_ASSIGN(const RollPlan plan, plan_rolls(contracts, options.rule, days, options.rank));
  TRY_ASSIGN(const std::vector<Roll> rolls, measure_rolls(contracts, plan.switches, options.missing_overlap));
  TRY_ASSIGN(const StitchedSeries stitched, stitch(contracts, plan.first, rolls, plan.end));
  return adjust(stitched, options.adjustment);
}

}  // namespace tradeassist::market
