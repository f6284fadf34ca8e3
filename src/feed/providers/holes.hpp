#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "feed/providers/provider.hpp"
#include "store/market_store.hpp"

namespace tradeassist::feed {

/// [from, to)
struct TimeSpan {
  base::Time from, to;
  bool operator==(const TimeSpan&) const = default;
};

/// What of a request the stored series (0: there is none yet) lacks, ascending: the stretches in which the
/// instrument's calendar expects bars, or the whole range where no calendar fits it or knows the dates. A stretch so
/// short that perhaps nothing traded counts, unless an import that was finished has asked for it (`asked_range`): else
/// the end of what a stopped fetch stored would be taken for a quiet market.
base::Result<std::vector<TimeSpan>> find_holes(store::MarketStore& store, std::int64_t series_id,
                                               const market::Instrument& instrument, const BarRequest& request);

/// What the import record of a fetch says that it asks for, as its `file`: "2025-05-05T00:00:00Z/2025-05-10T00:00:00Z",
/// with " extended" behind it for all hours.
std::string asked_range(const TimeSpan& span, bool extended_hours);

/// The calls that fill them: each at most `span_max` long, and as few as a walk from left to right finds: holes that
/// fit into one call are asked for together, with what lies between them. `span_max` is above 0.
std::vector<TimeSpan> plan_calls(const std::vector<TimeSpan>& holes, base::Nanoseconds span_max);

}  // namespace tradeassist::feed
