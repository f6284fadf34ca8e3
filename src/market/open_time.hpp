#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/time.hpp"
#include "market/calendar/calendar.hpp"

namespace tradeassist::market {

/// How long a market was open between two instants, and which trade dates were over: for many questions about one
/// calendar, each of which is a binary search. Immutable, so threads share it. Linear in the calendar's sessions to
/// make: about a millisecond.
class OpenTime {
 public:
  /// Of the regular hours where the calendar has some, else of all: bars of extended hours are not to be expected.
  explicit OpenTime(CalendarPtr calendar);

  const Calendar& calendar() const { return *calendar_; }

  /// Of [from, to); 0 where `to` is not after `from`.
  base::Nanoseconds between(base::Time from, base::Time to) const;

  /// The trade dates from `first_day` on whose trading was over at `t`, as days since 1970, ascending. A view of this
  /// object.
  std::span<const std::int64_t> days_over(std::int64_t first_day, base::Time t) const;

  /// When trading of the first trade date at or after `day` is over. Time::max() behind the last one.
  base::Time end_of(std::int64_t day) const;

  /// The same of the last trade date before `day`. Time::min() before the first one.
  base::Time end_before(std::int64_t day) const;

  /// The first trade date at or after `day`; INT64_MAX behind the last one.
  std::int64_t day_from(std::int64_t day) const;

 private:
  std::int64_t until(std::int64_t t) const;

  CalendarPtr calendar_;
  const SessionColumns& sessions_;
  std::vector<std::int64_t> before_;       // open nanoseconds before each session, and behind them all
  std::vector<std::int64_t> days_, ends_;  // trade dates, and the close of each one's last session
};

}  // namespace tradeassist::market
