#include "market/futures/last_trade_rule.hpp"

#include "market/calendar/yearly_day.hpp"

namespace tradeassist::market {
namespace {

CivilDate anchor_of(const LastTradeRule& rule, DeliveryMonth delivery) {
  const DeliveryMonth month = add_months(delivery, rule.month_offset);
  switch (rule.anchor) {
    case LastTradeRule::Anchor::kDayOfMonth: return {month.year, month.month, static_cast<unsigned>(rule.day)};
    case LastTradeRule::Anchor::kNthWeekday: {
      const std::int64_t first = days_from_civil(first_day_of(month));
      return civil_from_days(first + (rule.weekday - weekday_of(first) + 7) % 7 + 7 * (rule.nth - 1));
    }
    case LastTradeRule::Anchor::kMonthEnd: break;
  }
  return last_day_of(month);
}

}  // namespace

base::Result<CivilDate> last_trade_date(const LastTradeRule& rule, DeliveryMonth delivery, const Calendar& calendar) {
  CivilDate anchor = anchor_of(rule, delivery);
  if (rule.on_holiday != LastTradeRule::OnHoliday::kCountBefore && !calendar.is_trading_day(anchor)) {
    const bool back = rule.on_holiday == LastTradeRule::OnHoliday::kBack;
    TRY_ASSIGN(anchor, back ? calendar.trading_day_before(anchor, 1) : calendar.trading_day_after(anchor, 1));
  }
  if (rule.days_before == 0) return anchor;
  return calendar.trading_day_before(anchor, rule.days_before);
}

}  // namespace tradeassist::market
