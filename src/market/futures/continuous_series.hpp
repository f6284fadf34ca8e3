#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "market/futures/stitch.hpp"

namespace tradeassist::market {

/// How the gaps of the rolls are taken out. Backward leaves the last segment as it traded and moves what came before;
/// forward leaves the first and moves what comes after.
enum class Adjustment { kNone, kDifferenceBackward, kDifferenceForward, kRatioBackward, kRatioForward };

constexpr bool is_ratio(Adjustment method) {
  return method == Adjustment::kRatioBackward || method == Adjustment::kRatioForward;
}

/// Reads `none`, `difference` and `ratio` (both backward), `difference_forward`, `ratio_forward`, and with
/// `_backward`. kInvalidArgument names these.
base::Result<Adjustment> parse_adjustment(std::string_view text);
std::string_view to_string(Adjustment method);  // "difference_backward"

/// What is added to each segment (difference), or what it is multiplied by (ratio); one more than rolls:
///   difference backward: the sum of post - pre over the rolls after the segment
///   difference forward:  the sum of pre - post over the rolls before it
///   ratio backward:      the product of post / pre over the rolls after it
///   ratio forward:       the product of pre / post over the rolls before it
/// Without adjustment all are 0. kFailedPrecondition for a ratio with a price that is not positive: it says which.
base::Result<std::vector<double>> segment_adjustments(std::span<const ContractName> contracts,
                                                      std::span<const Roll> rolls, Adjustment method);

/// A continuous series. All columns have one row a bar.
struct ContinuousSeries {
  Adjustment method = Adjustment::kNone;
  Series bars;                           // prices adjusted; volume as it was
  std::vector<double> unadjusted_close;  // as it traded
  std::vector<double> adjustment;        // added to the prices of the bar, or multiplied into them (ratio)
  std::vector<std::uint32_t> contract;   // a place in `contracts`
  std::vector<double> open_interest;     // as it was; NaN where not known
  std::vector<ContractName> contracts;
  std::vector<Roll> rolls;
  std::vector<double> segment_adjustment;  // see segment_adjustments
};

/// Adjusts. kFailedPrecondition for a ratio where a price is not positive, saying the contract and the time. Linear in
/// bars.
base::Result<ContinuousSeries> adjust(const StitchedSeries& stitched, Adjustment method);

/// After `stitched`, of which `series` was made, was extended: gives the same as adjusting anew. Costs the new bars
/// while no roll changes earlier ones, and all bars where one does (backward). On an error `series` is as it was.
base::Result<void> update(ContinuousSeries& series, const StitchedSeries& stitched);

}  // namespace tradeassist::market
