#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "market/calendar/calendar.hpp"
#include "market/futures/futures_contract.hpp"

namespace tradeassist::market {

/// What the times of bars are. Daily bars that are kept as midnight UTC are dates, not instants: their trade date is
/// that date, whenever the session began.
enum class BarTimes { kInstants, kDates };

/// kDates when every bar of every contract is at midnight UTC, and there is one.
BarTimes bar_times_of(std::span<const FuturesContract> contracts);

/// The trade dates by which a series rolls: those of a calendar. Where the calendar does not reach, or there is none,
/// days are those of UTC and weekdays are trading days. Immutable; days are counted from 1970-01-01.
class TradeDays {
 public:
  TradeDays(CalendarPtr calendar, BarTimes times) : calendar_(std::move(calendar)), times_(times) {}

  /// The trade date of each of the ascending times.
  std::vector<std::int64_t> days_of(std::span<const std::int64_t> times) const;

  /// The first instant of the first trading day at or after `day`: the open of its first session. For dates, midnight
  /// UTC of `day`.
  base::Time start_of(std::int64_t day) const;

  /// The n-th trading day before `day` (n >= 0); `day` itself for 0.
  std::int64_t days_before(std::int64_t day, int n) const;

 private:
  bool knows(std::int64_t day) const { return calendar_ != nullptr && calendar_->covers(civil_from_days(day)); }

  CalendarPtr calendar_;  // may be null
  BarTimes times_;
};

}  // namespace tradeassist::market
