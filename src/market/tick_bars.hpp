#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "market/buckets.hpp"
#include "market/resample.hpp"
#include "market/series.hpp"
#include "market/ticks.hpp"
#include "market/timeframe.hpp"

namespace tradeassist::market {

/// When a bar of ticks ends.
///
/// - kTime: with its bucket of `timeframe`, the same buckets as resample().
/// - kTicks: with its `amount`-th trade.
/// - kVolume: with the trade that brings its volume to `amount` or above; kMoney: the same of price × size × point
///   value. A trade is one event and is not divided between bars, so a bar holds what the last trade brought too much,
///   and the next begins at zero.
/// - kRange: with the trade that would make high - low more than `amount` steps of the tick size. Such a bar is exactly
///   that wide: its close is the high or the low that the trade went beyond, at the limit, also where a gap left no
///   trade there. The trade opens the next bar at its own price: bars do not fill gaps. (Nicolellis' three rules.)
///
/// Only bars of time begin anew with the session.
struct TickBarRule {
  enum class Kind { kTime, kTicks, kVolume, kMoney, kRange };
  Kind kind = Kind::kTime;
  Timeframe timeframe = {};  // kTime
  double amount = 0;         // the others; more than 0

  bool operator==(const TickBarRule&) const = default;
};

/// Reads what parse_timeframe() reads, and `500t` (trades), `1000v` (volume), `10r` (range in steps of the tick size),
/// `5000000$` (money); letters of either case, as in TradingView's `100T` and `10R`.
base::Result<TickBarRule> parse_tick_bar_rule(std::string_view text);

/// The canonical text, which parse_tick_bar_rule() reads.
std::string to_string(const TickBarRule& rule);

/// What of an instrument the rules depend on.
struct TickBarOptions {
  SessionAnchor anchor = {};  // kTime
  double tick_size = 0.01;    // kRange: points per step
  double point_value = 1;     // kMoney: money per point and unit
};

/// Makes bars of ticks that come one by one, with trade count and, where there is volume, VWAP. Ticks without a price
/// (NaN) are quotes and make no bars; unknown sizes take no part in sums (all unknown: volume NaN). A bar of time is
/// named by its bucket's start; any other by its first trade's time, or one nanosecond behind the bar before it when
/// that is later, since times of bars ascend strictly. Not thread-safe; copyable, the copy goes on by itself.
class TickBarBuilder {
 public:
  /// kInvalidArgument: an amount that is no count or not above 0, no such time zone, a tick size or point value <= 0.
  static base::Result<TickBarBuilder> create(const TickBarRule& rule, const TickBarOptions& options = {});

  /// Takes the next tick, not earlier than the one before (asserted). Puts the bar that it ends, if any, behind `done`.
  void add(const Tick& tick, Series& done);

  /// Puts the bar that has begun and not ended, if any, behind `done`; the next tick begins another.
  void finish(Series& done);

 private:
  TickBarBuilder(const TickBarRule& rule, const TickBarOptions& options, Buckets buckets)
      : rule_(rule), options_(options), buckets_(buckets), range_(rule.amount * options.tick_size) {}

  void begin(std::int64_t start, double price);
  void end_at_limit(double price);
  double on_grid(double price) const;
  bool is_full() const;

  TickBarRule rule_;
  TickBarOptions options_;
  Buckets buckets_;
  double range_ = 0;  // kRange: points
  std::optional<Bar> open_;
  std::int64_t bucket_end_ = 0;  // kTime: of open_
  std::int64_t last_tick_ = std::numeric_limits<std::int64_t>::min();
  std::optional<std::int64_t> last_bar_;  // start of the bar before
  double trade_count_ = 0, sized_volume_ = 0, price_volume_ = 0, money_ = 0;
};

/// All ticks of a series to bars; the last bar may not have ended yet. kInvalidArgument as create(), and for volume and
/// money of ticks that have no sizes.
base::Result<Series> bars_of_ticks(const TickSeries& ticks, const TickBarRule& rule,
                                   const TickBarOptions& options = {});

}  // namespace tradeassist::market
