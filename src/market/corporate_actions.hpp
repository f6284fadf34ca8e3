#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "market/series.hpp"

namespace tradeassist::market {

/// A split or a cash dividend of a share.
struct CorporateAction {
  enum class Kind : std::uint8_t { kSplit, kCashDividend };

  std::int64_t ex_date = 0;  // the first trade date without it, days since 1970-01-01
  Kind kind = Kind::kSplit;
  /// Of a split the new shares for one old: 4 for 4:1, 0.1 for a reverse split of 1:10. Of a dividend the cash per
  /// share, as paid (not adjusted for later splits); where a split has the same ex-date, per new share.
  double value = 1;

  bool operator==(const CorporateAction&) const = default;
};

/// "split", "dividend", and back. kInvalidArgument names them.
std::string_view to_string(CorporateAction::Kind kind);
base::Result<CorporateAction::Kind> parse_action_kind(std::string_view text);

/// "the split of 4 on 2020-08-31".
std::string describe(const CorporateAction& action);

/// kInvalidArgument for a value that is not finite and above 0, and for an ex-date outside the years 1800 to 2199.
base::Result<void> check_action(const CorporateAction& action);

/// Which actions prices are adjusted for.
enum class PriceAdjustment : std::uint8_t { kRaw, kSplits, kSplitsAndDividends };

/// "raw", "splits", "splits_and_dividends", and back. kInvalidArgument names them.
std::string_view to_string(PriceAdjustment adjustment);
base::Result<PriceAdjustment> parse_price_adjustment(std::string_view text);

struct AdjustedSeries {
  Series bars;
  std::vector<double> split_factor;     // of each bar: 1/4 before a split of 4:1
  std::vector<double> dividend_factor;  // of each bar; 1 where dividends are not asked for
  std::vector<std::string> notes;       // actions that changed nothing, and why
};

/// Adjusts backward from the newest bar, which keeps its prices: a bar's factor is the product of the factors of all
/// actions whose ex-date is after its trading day and not after the last bar's.
///
/// A split's factor is 1 / value; a dividend's is 1 - amount / close, with the last known close before the ex-date (in
/// new shares, where a split has the same ex-date): the method of CRSP, in which the cash buys shares at that close
/// less the dividend. Prices and VWAP are multiplied by both factors, volumes divided by the split factor; trade count
/// and open interest stay.
///
/// `trading_day[i]` is the day of bar i, never descending: trading_days_of(times, anchor), or
/// TradeDays(calendar, times).days_of(times). Actions come in any order. One whose ex-date is not after the first bar's
/// day, or is after the last bar's, changes nothing and is noted.
///
/// kInvalidArgument, with the date: what check_action() refuses; two actions of one kind with one ex-date; a dividend
/// that is not below the close before it, or before which no close is known; lengths that differ. Validated with kRaw
/// too, but for closes. Linear in bars, n log n in actions.
base::Result<AdjustedSeries> adjust_prices(const Series& bars, std::span<const std::int64_t> trading_day,
                                           std::span<const CorporateAction> actions, PriceAdjustment adjustment);

}  // namespace tradeassist::market
