#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "market/calendar/calendar.hpp"
#include "market/gaps.hpp"
#include "market/series.hpp"
#include "market/timeframe.hpp"

namespace tradeassist::market {

/// What to put where bars are not there although the market was open.
///
/// kForward: the price stands still. Open, high, low and close are the last known close; volume and trade count are 0.
/// Fills kNoTrade and kMissing gaps.
/// kInterpolate: the price moves in a straight line, bar by bar of trading time, from the last known close to the next
/// one; open, high, low and close are that price; volume and trade count are 0. It looks ahead: for charts and for
/// statistics, never for a backtest. Fills kNoTrade and kMissing gaps.
/// kZeroVolume: the bars of kForward, but only where that is what happened: nothing traded, so the price stood still
/// and the volume was 0. Fills kNoTrade gaps alone; what is missing stays missing.
enum class FillMethod : std::uint8_t { kNone, kForward, kInterpolate, kZeroVolume };

/// "none", "forward", "interpolate", "zero_volume", and back. kInvalidArgument names them.
std::string_view to_string(FillMethod method);
base::Result<FillMethod> parse_fill_method(std::string_view text);

/// How a bar came to be.
enum class Filled : std::uint8_t { kStored = 0, kForward = 1, kInterpolated = 2, kZeroVolume = 3 };

struct FillQuery {
  FillMethod method = FillMethod::kNone;
  Timeframe timeframe;                        // of the bars
  SessionAnchor anchor;                       // of their buckets
  std::optional<std::vector<GapKind>> kinds;  // which gaps to fill; default: as the method says
  std::size_t bars_max = 1'000'000;           // how many bars may be made
};

struct FilledSeries {
  Series bars;
  std::vector<std::uint8_t> filled;  // of each bar a Filled, as a column
  std::size_t bars_made = 0;
};

/// Puts bars into the gaps that find_gaps finds between the first and the last bar; never before, after, or while the
/// market is closed, and never before the first known close. Of the optional columns that are present, a made bar has
/// the last known open interest, a trade count of 0 and no VWAP. Stored bars are as they were.
///
/// kInvalidArgument: kClosed or kUnknown among the kinds, or kMissing with kZeroVolume; and what find_gaps refuses.
/// kResourceExhausted: more than bars_max bars to make. Linear in bars and sessions.
base::Result<FilledSeries> fill(const Series& bars, const Calendar& calendar, const FillQuery& query);

}  // namespace tradeassist::market
