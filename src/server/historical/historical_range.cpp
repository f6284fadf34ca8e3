#include "server/historical/historical_range.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include "market/buckets.hpp"
#include "market/futures/contract_name.hpp"
#include "market/zone_clock.hpp"

namespace tradeassist::server {
namespace {

using market::CivilDate;

/// How far back a range may reach in each unit: about a hundred years.
constexpr std::int64_t kDaysMax = 36'500, kWeeksMax = 5'200, kMonthsMax = 1'200, kYearsMax = 100;

struct Preset {
  std::string_view name;
  std::int64_t days = 0, months = 0;
};
constexpr std::array<Preset, 8> kPresets = {{{"1d", 1, 0},
                                             {"5d", 5, 0},
                                             {"1m", 0, 1},
                                             {"3m", 0, 3},
                                             {"6m", 0, 6},
                                             {"1y", 0, 12},
                                             {"2y", 0, 24},
                                             {"5y", 0, 60}}};
constexpr const char* kYearToDate = "ytd";
constexpr const char* kAll = "max";

const Preset* find_preset(std::string_view name) {
  const auto* found = std::ranges::find(kPresets, name, &Preset::name);
  return found == kPresets.end() ? nullptr : found;
}

/// The date so many months earlier, on the last day of a month that is too short.
CivilDate months_before(CivilDate date, std::int64_t months) {
  const market::DeliveryMonth month = market::add_months({date.year, date.month}, -static_cast<int>(months));
  return {month.year, month.month, std::min(date.day, market::last_day_of(month).day)};
}

CivilDate days_before(CivilDate date, std::int64_t days) {
  return market::civil_from_days(market::days_from_civil(date) - days);
}

CivilDate first_date(const HistoricalRange& range, CivilDate today) {
  if (range.relative) {
    const RelativeRange& back = *range.relative;
    if (back.days) return days_before(today, *back.days);
    if (back.weeks) return days_before(today, *back.weeks * 7);
    return months_before(today, back.months ? *back.months : *back.years * 12);
  }
  if (*range.preset == kYearToDate) return {today.year, 1, 1};
  const Preset& preset = *find_preset(*range.preset);
  return preset.days > 0 ? days_before(today, preset.days) : months_before(today, preset.months);
}

/// Where the date begins for bars of the instrument, which may be stamped with plain dates.
base::Result<base::Time> start_of(CivilDate date, const market::Instrument& instrument, bool may_be_dates,
                                  market::ZoneClock& clock) {
  constexpr std::int64_t kDay = 86'400;
  const std::int64_t midnight = market::days_from_civil(date) * kDay;  // of the local clock, or as a plain date
  const auto instant = [&](std::int64_t local) {
    return base::time_from_nanoseconds(clock.to_utc(local) * base::kNanosecondsPerSecond);
  };
  TRY_ASSIGN(const market::SessionAnchor anchor, market::session_anchor(instrument.time_zone, instrument.session));
  TRY_ASSIGN(const market::Bucket trading_day,
             market::bucket_of(instant(midnight + kDay / 2), {market::Timeframe::Unit::kDay, 1}, anchor));
  base::Time start = std::min(instant(midnight), base::time_from_nanoseconds(trading_day.start));
  if (may_be_dates) start = std::min(start, base::time_from_nanoseconds(midnight * base::kNanosecondsPerSecond));
  return start;
}

void check_relative(const RelativeRange& relative, std::vector<base::FieldError>& errors) {
  int units = 0;
  const auto check = [&](const char* name, const std::optional<std::int64_t>& count, std::int64_t count_max) {
    if (!count) return;
    ++units;
    if (*count >= 1 && *count <= count_max) return;
    errors.push_back({std::string("/relative/") + name, "must be from 1 to " + std::to_string(count_max)});
  };
  check("days", relative.days, kDaysMax);
  check("weeks", relative.weeks, kWeeksMax);
  check("months", relative.months, kMonthsMax);
  check("years", relative.years, kYearsMax);
  if (units != 1) errors.push_back({"/relative", "must have one of days, weeks, months, years"});
}

}  // namespace

void check_range(const HistoricalRange& range, std::int64_t last_max, std::vector<base::FieldError>& errors) {
  const bool is_absolute = range.start || range.end;
  std::vector<const char*> kinds;
  if (is_absolute) kinds.push_back(range.start ? "/start" : "/end");
  if (range.relative) kinds.push_back("/relative");
  if (range.preset) kinds.push_back("/preset");
  if (range.last) kinds.push_back("/last");
  if (kinds.empty()) {
    errors.push_back({"/start", "is missing: give a range as start and end, relative, preset or last"});
  }
  for (std::size_t i = 1; i < kinds.size(); ++i) {
    errors.push_back({kinds[i], std::string("does not go with ") + (kinds[0] + 1) +
                                    "; give one of start and end, relative, preset, last"});
  }
  if (range.start && range.end && *range.start >= *range.end)
    errors.push_back({"/end", "must be after start, " + base::format_time(*range.start)});
  if (range.relative) check_relative(*range.relative, errors);
  if (range.preset && *range.preset != kYearToDate && *range.preset != kAll && find_preset(*range.preset) == nullptr) {
    std::string names;
    for (const Preset& preset : kPresets) names += std::string(preset.name) + ", ";
    errors.push_back({"/preset", "must be one of " + names + kYearToDate + ", " + kAll});
  }
  if (range.last && (*range.last < 1 || *range.last > last_max))
    errors.push_back({"/last", "must be from 1 to " + std::to_string(last_max)});
}

bool depends_on_instrument(const HistoricalRange& range) {
  return range.relative || (range.preset && *range.preset != kAll);
}

base::Result<void> apply_range(const HistoricalRange& range, const market::Instrument& instrument, base::Time now,
                               store::BarQuery& query) {
  query.from = range.start;
  query.to = range.end;
  query.last = range.last;
  if (!depends_on_instrument(range)) return {};
  TRY_ASSIGN(market::ZoneClock clock, market::ZoneClock::find(instrument.time_zone));
  const std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  const std::int64_t local = seconds + clock.offset_at(seconds);
  const CivilDate today = market::civil_from_days(base::floor_divide(local, 86'400));
  const bool may_be_dates = !query.tick_rule && !query.timeframe.is_intraday();
  TRY_ASSIGN(query.from, start_of(first_date(range, today), instrument, may_be_dates, clock));
  query.to = std::chrono::ceil<std::chrono::minutes>(now);
  return {};
}

}  // namespace tradeassist::server
