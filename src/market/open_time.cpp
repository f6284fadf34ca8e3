#include "market/open_time.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace tradeassist::market {
namespace {

Hours expected_hours(const Calendar& calendar) {
  return calendar.sessions(Hours::kRegular).size() > 0 ? Hours::kRegular : Hours::kAll;
}

}  // namespace

OpenTime::OpenTime(CalendarPtr calendar)
    : calendar_(std::move(calendar)), sessions_(calendar_->sessions(expected_hours(*calendar_))) {
  before_.reserve(sessions_.size() + 1);
  before_.push_back(0);
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    before_.push_back(before_.back() + sessions_.close[i] - sessions_.open[i]);
    if (days_.empty() || days_.back() != sessions_.trade_day[i]) {
      days_.push_back(sessions_.trade_day[i]);
      ends_.push_back(sessions_.close[i]);
    } else {
      ends_.back() = sessions_.close[i];
    }
  }
}

/// Open nanoseconds before `t`.
std::int64_t OpenTime::until(std::int64_t t) const {
  const std::size_t at = sessions_.seek(t);
  const bool is_open = at < sessions_.size() && sessions_.open[at] < t;
  return before_[at] + (is_open ? t - sessions_.open[at] : 0);
}

base::Nanoseconds OpenTime::between(base::Time from, base::Time to) const {
  if (to <= from) return base::Nanoseconds(0);
  return base::Nanoseconds(until(base::to_nanoseconds(to)) - until(base::to_nanoseconds(from)));
}

std::span<const std::int64_t> OpenTime::days_over(std::int64_t first_day, base::Time t) const {
  const auto first = std::ranges::lower_bound(days_, first_day) - days_.begin();
  const auto end = std::ranges::upper_bound(ends_, base::to_nanoseconds(t)) - ends_.begin();
  if (end <= first) return {};
  return std::span(days_).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(end - first));
}

base::Time OpenTime::end_of(std::int64_t day) const {
  const auto at = std::ranges::lower_bound(days_, day) - days_.begin();
  if (static_cast<std::size_t>(at) == days_.size()) return base::Time::max();
  return base::time_from_nanoseconds(ends_[static_cast<std::size_t>(at)]);
}

base::Time OpenTime::end_before(std::int64_t day) const {
  const auto at = std::ranges::lower_bound(days_, day) - days_.begin();
  if (at == 0) return base::Time::min();
  return base::time_from_nanoseconds(ends_[static_cast<std::size_t>(at - 1)]);
}

std::int64_t OpenTime::day_from(std::int64_t day) const {
  const auto at = std::ranges::lower_bound(days_, day);
  return at == days_.end() ? std::numeric_limits<std::int64_t>::max() : *at;
}

}  // namespace tradeassist::market
