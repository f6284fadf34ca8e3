#include "market/calendar/calendar.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tradeassist::market {

bool Calendar::covers(CivilDate date) const {
  const std::int64_t day = days_from_civil(date);
  return day >= first_day_ && day <= last_day_;
}

bool Calendar::covers(base::Time t) const {
  const std::int64_t nanoseconds = base::to_nanoseconds(t);
  return nanoseconds >= begin_ && nanoseconds < end_;
}

std::optional<Session> Calendar::session_at(base::Time t, Hours hours) const {
  const SessionColumns& columns = sessions(hours);
  const std::size_t i = columns.seek(base::to_nanoseconds(t));
  if (i == columns.size() || columns.open[i] > base::to_nanoseconds(t)) return std::nullopt;
  return columns.session(i);
}

bool Calendar::is_open(base::Time t, Hours hours) const { return session_at(t, hours).has_value(); }

std::optional<base::Time> Calendar::next_open(base::Time t, Hours hours) const {
  const SessionColumns& columns = sessions(hours);
  const std::int64_t nanoseconds = base::to_nanoseconds(t);
  for (std::size_t i = columns.seek(nanoseconds); i < columns.size(); ++i) {
    const bool led_into = i > 0 && columns.close[i - 1] == columns.open[i];
    if (columns.open[i] > nanoseconds && !led_into) return base::time_from_nanoseconds(columns.open[i]);
  }
  return std::nullopt;
}

std::optional<base::Time> Calendar::previous_close(base::Time t, Hours hours) const {
  const SessionColumns& columns = sessions(hours);
  for (std::size_t i = columns.seek(base::to_nanoseconds(t)); i > 0; --i) {
    const bool leads_on = i < columns.size() && columns.open[i] == columns.close[i - 1];
    if (!leads_on) return base::time_from_nanoseconds(columns.close[i - 1]);
  }
  return std::nullopt;
}

std::optional<CivilDate> Calendar::trade_date_of(base::Time t) const {
  if (!covers(t)) return std::nullopt;
  const std::size_t i = all_.seek(base::to_nanoseconds(t));
  if (i == all_.size()) return std::nullopt;
  return civil_from_days(all_.trade_day[i]);
}

std::vector<Session> Calendar::sessions_of(CivilDate trade_date, Hours hours) const {
  const SessionColumns& columns = sessions(hours);
  const auto rows = std::ranges::equal_range(columns.trade_day, days_from_civil(trade_date));
  std::vector<Session> found;
  for (auto row = rows.begin(); row != rows.end(); ++row) {
    found.push_back(columns.session(static_cast<std::size_t>(row - columns.trade_day.begin())));
  }
  return found;
}

std::vector<Session> Calendar::sessions_between(base::Time from, base::Time to, Hours hours) const {
  const SessionColumns& columns = sessions(hours);
  std::vector<Session> found;
  for (std::size_t i = columns.seek(base::to_nanoseconds(from));
       i < columns.size() && columns.open[i] < base::to_nanoseconds(to); ++i) {
    found.push_back(columns.session(i));
  }
  return found;
}

bool Calendar::is_trading_day(CivilDate date) const {
  return std::ranges::binary_search(trading_days_, days_from_civil(date));
}

namespace {

std::unexpected<base::Error> beyond(const Calendar& calendar, const std::string& what) {
  return base::failure(base::ErrorCode::kInvalidArgument,
                       fmt::format("calendar {}: {} is beyond the dates it knows, {} to {}", calendar.name(), what,
                                   to_string(calendar.first_date()), to_string(calendar.last_date())));
}

base::Result<void> at_least_one(int n) {
  if (n >= 1) return {};
  return base::failure(base::ErrorCode::kInvalidArgument,
                       fmt::format("trading days are counted from 1, not from {}; ask for the other direction", n));
}

}  // namespace

base::Result<std::vector<CivilDate>> Calendar::trading_days(CivilDate from, CivilDate to) const {
  if (!covers(from)) return beyond(*this, to_string(from));
  if (!covers(to)) return beyond(*this, to_string(to));
  std::vector<CivilDate> days;
  const std::int64_t last = days_from_civil(to);
  for (auto day = std::ranges::lower_bound(trading_days_, days_from_civil(from));
       day != trading_days_.end() && *day <= last; ++day) {
    days.push_back(civil_from_days(*day));
  }
  return days;
}

base::Result<CivilDate> Calendar::trading_day_before(CivilDate date, int n) const {
  const auto at = std::ranges::lower_bound(trading_days_, days_from_civil(date));
  TRY(at_least_one(n));
  if (!covers(date) || at - trading_days_.begin() < n) {
    return beyond(*this, fmt::format("trading day {} before {}", n, to_string(date)));
  }
  return civil_from_days(*(at - n));
}

base::Result<CivilDate> Calendar::trading_day_after(CivilDate date, int n) const {
  const auto at = std::ranges::upper_bound(trading_days_, days_from_civil(date));
  TRY(at_least_one(n));
  if (!covers(date) || trading_days_.end() - at < n) {
    return beyond(*this, fmt::format("trading day {} after {}", n, to_string(date)));
  }
  return civil_from_days(*(at + (n - 1)));
}

DayStatus Calendar::day_status(CivilDate date) const {
  if (!covers(date)) return {DayKind::kClosed, "outside the calendar"};
  const std::int64_t day = days_from_civil(date);
  const auto special = std::ranges::lower_bound(special_days_, day, {}, &NamedDay::day);
  if (special != special_days_.end() && special->day == day) return special->status;
  if (!has_weekday(weekdays_, day)) return {DayKind::kClosed, std::string(weekday_name(weekday_of(day)))};
  return {};
}

}  // namespace tradeassist::market
