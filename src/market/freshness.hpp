#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "market/buckets.hpp"
#include "market/open_time.hpp"
#include "market/timeframe.hpp"

namespace tradeassist::market {

/// Whether a series has what is to be expected by now.
enum class FreshnessState : std::uint8_t { kFresh, kStale, kUnknown };
std::string_view to_string(FreshnessState state);  // "fresh"

/// What is known of a series without reading it.
struct FreshnessQuery {
  Timeframe timeframe;                                  // kTickTimeframe of ticks
  SessionAnchor anchor{};                               // of its instrument
  std::int64_t row_count = 0;                           // of bars or ticks
  std::optional<base::Time> first_time{}, last_time{};  // of these; none while there are none
  base::Time now{};
  std::optional<CivilDate> last_trade_date{};  // of a contract that ends
};

struct Freshness {
  FreshnessState state = FreshnessState::kUnknown;
  std::string reason{};                                // for people; never empty
  std::optional<std::int64_t> bars_due{};              // since the last one; none of ticks, and where it is unknown
  std::optional<base::Nanoseconds> open_since_last{};  // how long the market was open since the end of the last bar
};

/// What came to its end less than this ago may still be on its way.
constexpr base::Nanoseconds kFreshnessGrace = std::chrono::minutes(15);

/// Judges by the rule that tells a quiet market from a missing bar (gaps.hpp):
///
/// - Bars of days and longer are due when their bucket is over and had a trade date in it. One that is due and not
///   there makes the series stale.
/// - Shorter bars and ticks may be missing where nothing traded. A series is stale when the market has been open since
///   the last one for more than ten times the mean distance of its bars (at least ten bars), or for a whole trade date.
///
/// Bars of days and longer that are stamped 00:00 UTC are taken as dates. A contract is judged as of the end of its
/// last trade date. kUnknown: there is nothing stored, or the calendar does not know these dates. The anchor's time
/// zone has to be known, else kUnknown too. A few binary searches; of weeks and longer linear in the days that are due.
Freshness freshness_of(const FreshnessQuery& query, const OpenTime& hours);

}  // namespace tradeassist::market
