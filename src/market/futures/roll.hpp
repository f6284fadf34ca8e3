#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "market/futures/futures_contract.hpp"

namespace tradeassist::market {

/// That a series goes over from one contract to another. `from` and `to` are places in the list of contracts.
struct Switch {
  base::Time time;  // the first instant at which the new contract is used
  std::uint32_t from = 0, to = 0;
  std::optional<CivilDate> last_date{};  // the day before the new contract is used, where a rule of dates says it

  bool operator==(const Switch&) const = default;
};

/// From which prices the gap of a roll was taken.
enum class Overlap {
  kExact,    // closes of both contracts at the same time
  kNearest,  // closes at different times
  kNone,     // no gap was taken: it counts as 0, and as a factor of 1
};

/// A switch with what it costs in price: one row of the roll table.
struct Roll {
  Switch at;
  Overlap overlap = Overlap::kExact;
  double pre = std::numeric_limits<double>::quiet_NaN();   // the old contract's close
  double post = std::numeric_limits<double>::quiet_NaN();  // the new contract's close
  base::Time pre_time{}, post_time{};                      // of those two bars; the epoch where there is none
  double gap = 0;                                          // post - pre
  double factor = 1;                                       // post / pre; NaN where a price is not positive
};

/// What to do where two contracts have no bar in common before a switch.
enum class MissingOverlap {
  kRefuse,
  kNearest,  // pre is the old contract's last close before the switch, post the new one's close nearest to it in time
  kNone,     // leave the gap in
};

/// Finds pre and post of each switch: the closes of both contracts at the last time before the switch at which both
/// have one. kFailedPrecondition names the roll whose contracts have none and what can be done; kInvalidArgument for
/// switches that are out of order or do not follow from one another. Linear in bars.
base::Result<std::vector<Roll>> measure_rolls(std::span<const FuturesContract> contracts,
                                              std::span<const Switch> switches,
                                              MissingOverlap missing = MissingOverlap::kRefuse);

}  // namespace tradeassist::market
