#include "store/answers/bar_days.hpp"

#include <algorithm>
#include <chrono>

#include "market/buckets.hpp"
#include "market/futures/trade_days.hpp"
#include "market/instrument_calendar.hpp"

namespace tradeassist::store {

base::Result<market::CalendarPtr> calendar_of(const market::Instrument& instrument) {
  TRY_ASSIGN(const std::string_view name, market::calendar_name_for(instrument));
  return market::find_calendar(name);
}

bool has_dates(const market::Series& bars, market::Timeframe stored) {
  return !stored.is_intraday() && stored != market::kTickTimeframe &&
         std::ranges::all_of(bars.time, [](std::int64_t t) { return t % base::kNanosecondsPerDay == 0; });
}

base::Result<std::vector<std::int64_t>> trading_days_of(const market::Instrument& instrument, bool are_dates,
                                                        std::span<const std::int64_t> times) {
  const auto calendar = calendar_of(instrument);
  if (are_dates || calendar) {
    const auto kind = are_dates ? market::BarTimes::kDates : market::BarTimes::kInstants;
    return market::TradeDays(calendar ? *calendar : nullptr, kind).days_of(times);
  }
  TRY_ASSIGN(market::SessionAnchor anchor, market::session_anchor(instrument.time_zone, instrument.session));
  // What trades before a morning's session belongs to that day.
  if (anchor.session_start < std::chrono::hours(12)) anchor.session_start = std::chrono::minutes(0);
  return market::trading_days_of(times, anchor);
}

}  // namespace tradeassist::store
