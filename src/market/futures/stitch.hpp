#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "market/futures/futures_contract.hpp"
#include "market/futures/roll.hpp"
#include "market/series.hpp"

namespace tradeassist::market {

/// The bars of one contract after another, at the prices at which they traded. Segment k lies between roll k and roll
/// k + 1; segment 0 comes before the first roll.
struct StitchedSeries {
  std::vector<ContractName> contracts;  // the list that `contract` and the rolls refer to
  Series bars;                          // not adjusted
  std::vector<double> open_interest;    // NaN where not known
  std::vector<std::uint32_t> contract;  // of each bar, a place in `contracts`
  std::vector<Roll> rolls;
  std::vector<std::size_t> segment_row;  // the first row of each segment; one more than rolls

  std::uint32_t segment_contract(std::size_t segment) const;  // not of an empty series
};

/// Takes each contract's bars from its roll up to the next, beginning with `first`; the last one's up to `end`, if
/// given (excluded). `rolls` come from measure_rolls over the same contracts. Linear in bars.
base::Result<StitchedSeries> stitch(std::span<const FuturesContract> contracts, std::uint32_t first,
                                    std::span<const Roll> rolls, std::optional<base::Time> end = std::nullopt);

/// Adds what came later: the bars after the last one of `series`, and rolls after it. The result is the same as
/// stitching all anew, provided that nothing before was corrected. `contracts` begins with those of the series, in the
/// same order; of each only the bars that are new are needed, and older ones are passed over. kFailedPrecondition
/// where that does not hold: then stitch anew. Costs what is new.
base::Result<void> extend(StitchedSeries& series, std::span<const FuturesContract> contracts,
                          std::span<const Roll> new_rolls, std::optional<base::Time> end = std::nullopt);

}  // namespace tradeassist::market
