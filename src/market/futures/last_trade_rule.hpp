#pragma once

#include "base/result.hpp"
#include "market/calendar/calendar.hpp"
#include "market/futures/contract_name.hpp"

namespace tradeassist::market {

/// On which day a contract trades last, as contract specifications put it: so many trading days before a day of a
/// month. "Third Friday", "three business days before the 25th of the month before", "third last business day".
struct LastTradeRule {
  enum class Anchor { kDayOfMonth, kNthWeekday, kMonthEnd };
  /// Where the anchor goes when it is no trading day: nowhere, since trading days are counted strictly before it; to
  /// the last trading day before; or to the next one.
  enum class OnHoliday { kCountBefore, kBack, kForward };

  Anchor anchor = Anchor::kMonthEnd;
  OnHoliday on_holiday = OnHoliday::kBack;
  int month_offset = 0;  // of the anchor's month from the delivery month
  int day = 1;           // for kDayOfMonth
  int nth = 1;           // for kNthWeekday, 1 to 4
  int weekday = 0;       // for kNthWeekday, Monday = 0
  int days_before = 0;   // trading days; at least 1 with kCountBefore

  bool operator==(const LastTradeRule&) const = default;
};

/// The n-th weekday of the month, Monday = 0; the trading day before where that is none.
constexpr LastTradeRule nth_weekday(int nth, int weekday) {
  return {.anchor = LastTradeRule::Anchor::kNthWeekday, .nth = nth, .weekday = weekday};
}

/// The n-th trading day strictly before the n-th weekday.
constexpr LastTradeRule before_nth_weekday(int days, int nth, int weekday, int month_offset = 0) {
  return {.anchor = LastTradeRule::Anchor::kNthWeekday,
          .on_holiday = LastTradeRule::OnHoliday::kCountBefore,
          .month_offset = month_offset,
          .nth = nth,
          .weekday = weekday,
          .days_before = days};
}

/// The n-th last trading day of the month: 1 is the last.
constexpr LastTradeRule nth_last_trading_day(int n, int month_offset = 0) {
  return {.month_offset = month_offset, .days_before = n - 1};
}

/// So many trading days before a day of a month, which moves first where it is no trading day.
constexpr LastTradeRule before_day(int days, int day, LastTradeRule::OnHoliday on_holiday, int month_offset = 0) {
  return {.anchor = LastTradeRule::Anchor::kDayOfMonth,
          .on_holiday = on_holiday,
          .month_offset = month_offset,
          .day = day,
          .days_before = days};
}

/// The day by the rule. kInvalidArgument where the calendar does not reach.
base::Result<CivilDate> last_trade_date(const LastTradeRule& rule, DeliveryMonth delivery, const Calendar& calendar);

}  // namespace tradeassist::market
