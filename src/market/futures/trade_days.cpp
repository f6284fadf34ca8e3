#include "market/futures/trade_days.hpp"

#include <algorithm>

#include "market/calendar/yearly_day.hpp"

namespace tradeassist::market {

BarTimes bar_times_of(std::span<const FuturesContract> contracts) {
  bool any = false;
  for (const FuturesContract& contract : contracts) {
    any = any || !contract.bars->empty();
    const auto is_midnight = [](std::int64_t t) { return t % base::kNanosecondsPerDay == 0; };
    if (!std::ranges::all_of(contract.bars->time, is_midnight)) return BarTimes::kInstants;
  }
  return any ? BarTimes::kDates : BarTimes::kInstants;
}

std::vector<std::int64_t> TradeDays::days_of(std::span<const std::int64_t> times) const {
  std::vector<std::int64_t> days(times.size());
  if (times_ == BarTimes::kDates || calendar_ == nullptr) {
    std::ranges::transform(times, days.begin(), day_of);
    return days;
  }
  const SessionColumns& sessions = calendar_->sessions();
  SessionCursor cursor(sessions);
  for (std::size_t i = 0; i < times.size(); ++i) {
    const bool covered = calendar_->covers(base::time_from_nanoseconds(times[i]));
    const std::size_t row = covered ? cursor.seek(times[i]) : sessions.size();
    days[i] = row < sessions.size() ? sessions.trade_day[row] : day_of(times[i]);
  }
  return days;
}

base::Time TradeDays::start_of(std::int64_t day) const {
  if (times_ == BarTimes::kInstants && knows(day)) {
    const SessionColumns& sessions = calendar_->sessions();
    const auto row = std::ranges::lower_bound(sessions.trade_day, day) - sessions.trade_day.begin();
    if (static_cast<std::size_t>(row) < sessions.size()) {
      return base::time_from_nanoseconds(sessions.open[static_cast<std::size_t>(row)]);
    }
  }
  return base::time_from_nanoseconds(day * base::kNanosecondsPerDay);
}

std::int64_t TradeDays::days_before(std::int64_t day, int n) const {
  if (n > 0 && knows(day)) {
    if (const auto found = calendar_->trading_day_before(civil_from_days(day), n)) return days_from_civil(*found);
  }
  for (; n > 0; --n) {
    do { --day; } while (!has_weekday(kMondayToFriday, day));
  }
  return day;
}

}  // namespace tradeassist::market
