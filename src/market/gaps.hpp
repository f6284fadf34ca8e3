#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "market/calendar/calendar.hpp"
#include "market/resample.hpp"
#include "market/series.hpp"
#include "market/timeframe.hpp"

namespace tradeassist::market {

/// Why there is no bar.
enum class GapKind : std::uint8_t {
  kClosed,   // the market does not trade
  kNoTrade,  // open, and so quiet that a bar without a trade is to be expected
  kMissing,  // open, and bars are to be expected: they are lost, or were never fetched
  kUnknown,  // outside the dates that the calendar knows
};
std::string_view to_string(GapKind kind);

/// A stretch of time without bars, [from, to).
struct Gap {
  base::Time from, to;
  GapKind kind = GapKind::kMissing;
  std::int64_t bars = 0;  // how many would have been there; 0 of a closed one
  std::string reason{};   // of a closed one: "Thanksgiving Day", "weekend", "between sessions"

  bool operator==(const Gap&) const = default;
};

struct GapReport {
  std::vector<Gap> gaps;  // in time order, at most GapQuery::listed_max; closed ones only where asked for
  std::int64_t closed_count = 0, no_trade_count = 0, missing_count = 0, unknown_count = 0;
  std::int64_t bars_without_trade = 0, bars_missing = 0;
  std::int64_t bars_present = 0;  // in the range
  std::int64_t bars_outside = 0;  // of these, where the calendar says closed: many of them mean another calendar
  bool is_cut = false;            // more gaps than are listed; the counts are of all
  Hours hours = Hours::kAll;      // what was expected: regular hours, where the series has no others
};

struct GapQuery {
  Timeframe timeframe;
  SessionAnchor anchor;                // of the buckets of the series' bars
  std::optional<base::Time> from, to;  // default: from the first bar to the end of the last
  bool lists_closed = false;
  std::size_t listed_max = 10'000;
};

/// Finds what is not there between `from` and `to`, and says why, by the calendar. A bar that begins before `from` is
/// not asked for. Of days and longer, a bucket without a bar is missing when a trade date lies in it.
///
/// Open time without bars is "no trade" up to ten times the mean distance of the bars of its session, and missing
/// beyond that: trades that come at random leave such a hole once in 22,000 times. A session without any bar is
/// missing.
///
/// kInvalidArgument: from is not before to; bars that do not ascend. Linear in bars and sessions, but for
/// a search in the bars for every hole.
base::Result<GapReport> find_gaps(const Series& series, const Calendar& calendar, const GapQuery& query);

}  // namespace tradeassist::market
