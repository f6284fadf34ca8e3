#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "market/calendar/calendar.hpp"
#include "market/instrument.hpp"
#include "market/series.hpp"
#include "market/timeframe.hpp"

namespace tradeassist::store {

/// The built-in calendar of an instrument. kNotFound where none fits.
base::Result<market::CalendarPtr> calendar_of(const market::Instrument& instrument);

/// Whether bars that are stored in `stored` are stamped with plain dates: midnight UTC, all of them.
bool has_dates(const market::Series& bars, market::Timeframe stored);

/// The trading day, since 1970-01-01, of each of the ascending times of an instrument's bars: the date itself where
/// they are dates; else by the instrument's calendar, in which hours before and after the regular session belong to its
/// day; where none fits, the day of the time zone, or of the session where that begins on the evening before.
base::Result<std::vector<std::int64_t>> trading_days_of(const market::Instrument& instrument, bool are_dates,
                                                        std::span<const std::int64_t> times);

}  // namespace tradeassist::store
