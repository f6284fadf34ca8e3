#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>

#include "market/calendar/calendar.hpp"
#include "market/calendar/special_days.hpp"

namespace tradeassist::market {
namespace {

constexpr std::int64_t kDaySeconds = 86'400;

/// Days computed beyond the years of a calendar, so that its first and last dates know their neighbours: longer than
/// any run of holidays.
constexpr std::int64_t kMarginDays = 14;

struct Interval {
  std::int64_t open, close;  // seconds UTC
  SessionKind kind;
};

/// Turns the rules into sessions, one date after the other.
class SessionBuilder {
 public:
  SessionBuilder(const CalendarRules& rules, ZoneClock clock, const std::map<std::int64_t, SpecialDay>& special_days)
      : rules_(rules), clock_(clock), special_days_(special_days) {}

  /// Adds the sessions that begin on, or in the evening before, `day`.
  base::Result<void> add(std::int64_t day) {
    if (!has_weekday(rules_.weekdays, day)) return {};
    const auto found = special_days_.find(day);
    const SpecialDay* special = found == special_days_.end() ? nullptr : &found->second;
    const DayKind kind = special == nullptr ? DayKind::kNormal : special->kind;

    if (kind != DayKind::kClosed) {
      const std::vector<Interval> usual = usual_intervals(day);
      const std::vector<Interval> intervals = special == nullptr ? usual : cut(usual, day, *special);
      const bool early_close = special != nullptr && special->closes && !usual.empty() &&
                               instant(day, *special->closes) < usual.back().close;
      for (const Interval& interval : intervals) {
        const Session session{from_seconds(std::max(interval.open, not_before_)), from_seconds(interval.close),
                              civil_from_days(day), interval.kind, early_close};
        if (session.open >= session.close) continue;
        if (kind == DayKind::kHolidaySession)
          waiting_.push_back(session);
        else
          TRY(emit(session, day));
      }
    }
    if (special != nullptr && special->reopens) not_before_ = std::max(not_before_, instant(day, *special->reopens));
    return {};
  }

  SessionColumns take() { return std::move(sessions_); }

 private:
  static base::Time from_seconds(std::int64_t seconds) {
    return base::time_from_nanoseconds(seconds * base::kNanosecondsPerSecond);
  }

  std::int64_t instant(std::int64_t day, ClockTime time) {
    const std::int64_t seconds = day * kDaySeconds + time.seconds;
    return time.utc ? seconds : clock_.to_utc(seconds);
  }

  const HoursRule* hours_on(std::int64_t day) const {
    const CivilDate date = civil_from_days(day);
    const auto after = std::ranges::upper_bound(rules_.hours, date, {}, &HoursRule::from);
    return after == rules_.hours.begin() ? nullptr : &*(after - 1);
  }

  std::vector<Interval> usual_intervals(std::int64_t day) {
    std::vector<Interval> intervals;
    const HoursRule* hours = hours_on(day);
    if (hours == nullptr) return intervals;
    for (const SessionRule& rule : hours->sessions) {
      if (has_weekday(rule.weekdays, day)) {
        intervals.push_back({instant(day, rule.open), instant(day, rule.close), rule.kind});
      }
    }
    return intervals;
  }

  /// What a special day leaves of the usual intervals.
  std::vector<Interval> cut(const std::vector<Interval>& usual, std::int64_t day, const SpecialDay& special) {
    std::int64_t opens = std::numeric_limits<std::int64_t>::min(), closes = std::numeric_limits<std::int64_t>::max();
    if (special.opens) opens = instant(day, *special.opens);
    if (special.closes) closes = instant(day, *special.closes);
    std::vector<Interval> left;
    bool has_late_hours = false;
    for (const Interval& interval : usual) {
      Interval kept{std::max(interval.open, opens), std::min(interval.close, closes), interval.kind};
      const bool follows = interval.open >= closes && interval.kind == SessionKind::kExtended;
      if (follows && special.extended_until && !has_late_hours) {
        kept = {closes, instant(day, *special.extended_until), interval.kind};
        has_late_hours = true;
      }
      if (kept.open < kept.close) left.push_back(kept);
    }
    return left;
  }

  /// Stores a session of a trading day, after those of the holidays before it that count for the same day.
  base::Result<void> emit(const Session& session, std::int64_t day) {
    for (Session& holiday : waiting_) {
      holiday.trade_date = civil_from_days(day);
      TRY(store(holiday));
    }
    waiting_.clear();
    return store(session);
  }

  base::Result<void> store(const Session& session) {
    if (sessions_.size() > 0 && base::to_nanoseconds(session.open) < sessions_.close.back()) {
      return base::failure(
          base::ErrorCode::kInvalidArgument,
          fmt::format("calendar {}: a session of {} opens at {}, before the one before it has closed at {}; sessions "
                      "must not overlap",
                      rules_.name, to_string(session.trade_date), base::format_time(session.open),
                      base::format_time(base::time_from_nanoseconds(sessions_.close.back()))));
    }
    sessions_.push_back(session);
    return {};
  }

  const CalendarRules& rules_;
  ZoneClock clock_;
  const std::map<std::int64_t, SpecialDay>& special_days_;
  std::int64_t not_before_ = std::numeric_limits<std::int64_t>::min();  // seconds UTC
  std::vector<Session> waiting_;                                        // of holidays; the next trading day's
  SessionColumns sessions_;
};

}  // namespace

base::Result<CalendarPtr> Calendar::build(const CalendarRules& rules) {
  TRY_ASSIGN(ZoneClock clock, ZoneClock::find(rules.time_zone));
  std::shared_ptr<Calendar> calendar(new Calendar());
  calendar->name_ = rules.name;
  calendar->description_ = rules.description;
  calendar->time_zone_ = rules.time_zone;
  calendar->weekdays_ = rules.weekdays;
  calendar->first_day_ = days_from_civil({rules.first_year, 1, 1});
  calendar->last_day_ = days_from_civil({rules.last_year, 12, 31});
  calendar->begin_ = clock.to_utc(calendar->first_day_ * kDaySeconds) * base::kNanosecondsPerSecond;
  calendar->end_ = clock.to_utc((calendar->last_day_ + 1) * kDaySeconds) * base::kNanosecondsPerSecond;

  const std::int64_t first = calendar->first_day_ - kMarginDays, last = calendar->last_day_ + kMarginDays;
  const std::map<std::int64_t, SpecialDay> special_days = special_days_between(rules, first, last);
  SessionBuilder builder(rules, clock, special_days);
  for (std::int64_t day = first; day <= last; ++day) TRY(builder.add(day));

  const SessionColumns computed = builder.take();
  for (std::size_t i = 0; i < computed.size(); ++i) {
    const std::int64_t day = computed.trade_day[i];
    if (day < calendar->first_day_ || day > calendar->last_day_) continue;
    const Session session = computed.session(i);
    calendar->all_.push_back(session);
    if (session.kind == SessionKind::kRegular) calendar->regular_.push_back(session);
    if (calendar->trading_days_.empty() || calendar->trading_days_.back() != day) {
      calendar->trading_days_.push_back(day);
    }
  }
  for (const auto& [day, special] : special_days) {
    calendar->special_days_.push_back({day, {special.kind, special.name}});
  }
  return calendar;
}

}  // namespace tradeassist::market
