#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "feed/providers/provider.hpp"

namespace tradeassist::feed {

/// What became of the bars that a source sent. received == kept + bad + repeated + outside + unfinished.
struct BarsChecked {
  std::int64_t received = 0, kept = 0;
  std::int64_t bad = 0;         // left out: not a price, high below low, …
  std::int64_t repeated = 0;    // left out: a later bar of the same time was kept
  std::int64_t outside = 0;     // left out: not in the range that was asked for
  std::int64_t unfinished = 0;  // left out: the bar had not ended yet
  std::string first_problem{};  // of the bad ones

  void add(const BarsChecked& other);
};

/// The bars of a request in good order: ascending, one a time (the last one sent wins), with finite prices that fit
/// each other and a volume that is not negative (unknown is NaN). `now` decides which bars have ended. Daily and longer
/// bars become dates, which are midnight UTC: of the date that `time_zone`'s clocks show at their stamp, unless that is
/// midnight UTC already.
base::Result<market::Series> check_bars(const market::Series& bars, const BarRequest& request,
                                        const std::string& time_zone, base::Time now, BarsChecked& checked);

}  // namespace tradeassist::feed
