#include "market/calendar/special_days.hpp"

#include <algorithm>

namespace tradeassist::market {
namespace {

/// The day on which a holiday is kept; none when it is not.
std::optional<std::int64_t> kept_on(std::int64_t day, Observed observed) {
  const bool saturday = weekday_of(day) == 5, sunday = weekday_of(day) == 6;
  if (!saturday && !sunday) return day;
  switch (observed) {
    case Observed::kNever: return day;
    case Observed::kNearestWeekday: return saturday ? day - 1 : day + 1;
    case Observed::kSundayToMonday: return saturday ? std::nullopt : std::optional(day + 1);
    case Observed::kMonday: return saturday ? day + 2 : day + 1;
  }
  return std::nullopt;
}

bool contains(const std::vector<int>& years, int year) { return std::ranges::find(years, year) != years.end(); }

bool holds_in(const SpecialDayRule& rule, int year) {
  if (year < rule.from_year || year > rule.until_year || contains(rule.except_years, year)) return false;
  return rule.only_years.empty() || contains(rule.only_years, year);
}

void merge(SpecialDay& into, const SpecialDay& other) {
  if (other.kind > into.kind) {
    into = other;
    return;
  }
  if (other.kind < into.kind) return;
  const auto take = [](std::optional<ClockTime>& mine, const std::optional<ClockTime>& theirs, bool later) {
    if (!mine || (theirs && (theirs->seconds > mine->seconds) == later)) mine = theirs ? theirs : mine;
  };
  take(into.opens, other.opens, true);
  take(into.closes, other.closes, false);
  take(into.extended_until, other.extended_until, false);
  take(into.reopens, other.reopens, true);
}

}  // namespace

std::map<std::int64_t, SpecialDay> special_days_between(const CalendarRules& rules, std::int64_t first_day,
                                                        std::int64_t last_day) {
  std::map<std::int64_t, SpecialDay> days;
  for (const SpecialDayRule& rule : rules.special_days) {
    const auto add = [&](std::int64_t day) {
      if (day < first_day || day > last_day || !has_weekday(rule.weekdays & rules.weekdays, day)) return;
      const SpecialDay special{rule.name, rule.kind, rule.opens, rule.closes, rule.extended_until, rule.reopens};
      const auto [at, is_new] = days.try_emplace(day, special);
      if (!is_new) merge(at->second, special);
    };
    if (const auto* dates = std::get_if<std::vector<CivilDate>>(&rule.day)) {
      for (const CivilDate& date : *dates) add(days_from_civil(date));
      continue;
    }
    // A holiday of 1 January may be kept in the year before; one that is moved by days, in the next.
    const int first_year = civil_from_days(first_day).year - 1, last_year = civil_from_days(last_day).year + 1;
    for (int year = first_year; year <= last_year; ++year) {
      if (!holds_in(rule, year)) continue;
      const auto day = day_in_year(std::get<YearlyDay>(rule.day), year);
      if (!day) continue;
      if (const auto kept = kept_on(*day, rule.observed)) add(*kept);
    }
  }
  return days;
}

}  // namespace tradeassist::market
