#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "base/weighted_mean.hpp"
#include "market/buckets.hpp"
#include "market/calendar/calendar.hpp"
#include "market/series.hpp"

namespace tradeassist::market {

/// Volume-weighted average prices. Everywhere a bar's price is its stored VWAP or, where that is not known,
/// (high + low + close) / 3. A bar whose price is NaN, or whose volume is NaN or not above 0, adds nothing: the average
/// so far stays. Before anything traded the average is NaN.

/// Over which bars an average goes.
struct VwapRule {
  enum class Kind : std::uint8_t {
    kBar,       // each bar by itself
    kSession,   // from the beginning of the trading day
    kRolling,   // the last `length` bars
    kAnchored,  // from the first bar at or after `anchor`
  };

  Kind kind = Kind::kBar;
  std::int64_t length = 0;
  base::Time anchor{};

  bool operator==(const VwapRule&) const = default;
};

constexpr std::int64_t kRollingVwapBarsMax = 100'000;

/// "bar", "session", "rolling:20", "anchored:2026-01-02T14:30:00Z", and back. kInvalidArgument says what is wrong.
std::string to_string(const VwapRule& rule);
base::Result<VwapRule> parse_vwap_rule(std::string_view text);

/// An average per bar, and the volume-weighted standard deviation (of the population) of the prices in it: a band of k
/// deviations is vwap ± k × deviation. Both as long as the series. Linear in bars, like all functions here.
struct VwapColumns {
  std::vector<double> vwap, deviation;
};

/// The VWAP of each bar by itself: its price, where it traded.
std::vector<double> bar_vwap(const Series& bars);

/// From the first bar at or after `from`; NaN before it.
VwapColumns anchored_vwap(const Series& bars, base::Time from);

/// Begins anew where the trading day changes. `trading_day[i]` is the day of bar i: trading_days_of(times, anchor), or
/// TradeDays(calendar, times).days_of(times).
VwapColumns session_vwap(const Series& bars, std::span<const std::int64_t> trading_day);

/// By a calendar: begins anew with each trade date, and with Hours::kRegular with its regular session; bars outside
/// those hours are NaN then. With Hours::kAll, and where the calendar does not reach, as with TradeDays.
VwapColumns session_vwap(const Series& bars, const CalendarPtr& calendar, Hours hours);

/// Over the last `length` bars, of which those that add nothing count too; over fewer at the beginning.
/// kInvalidArgument for length 0.
base::Result<VwapColumns> rolling_vwap(const Series& bars, std::size_t length);

/// The average of the last `length` prices, one at a time, without subtracting: errors do not build up, however long it
/// runs. Constant time a price on average. Two stacks: sums from each place to the end of the older half, and one sum
/// of the newer half.
class RollingVwap {
 public:
  explicit RollingVwap(std::size_t length) : length_(length) {}  // at least 1

  /// Takes a bar's price and volume; weight() of the answer is 0 while nothing traded.
  base::WeightedMean next(double price, double volume);

 private:
  std::size_t length_;
  std::vector<base::WeightedMean> older_;  // the last is the sum of all of the older half; popped as they leave
  std::vector<base::WeightedMean> newer_;  // single bars
  base::WeightedMean newer_sum_;
};

}  // namespace tradeassist::market
