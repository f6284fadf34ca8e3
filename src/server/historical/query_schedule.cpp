#include "server/historical/query_schedule.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "market/zone_clock.hpp"

namespace tradeassist::server {
namespace {

constexpr std::int64_t kEveryMinutesMax = 7 * 24 * 60;
constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::array<std::string_view, 7> kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/// Minutes since midnight of "HH:MM".
std::optional<std::int64_t> minutes_of(std::string_view text) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : -1; };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t i : {0u, 1u, 3u, 4u}) {
    if (digit(i) < 0) return std::nullopt;
  }
  const int hours = digit(0) * 10 + digit(1), minutes = digit(3) * 10 + digit(4);
  if (hours > 23 || minutes > 59) return std::nullopt;
  return hours * 60 + minutes;
}

bool is_on(const QuerySchedule& schedule, std::int64_t day) {
  if (!schedule.days) return true;
  return std::ranges::find(*schedule.days, kDays.at(static_cast<std::size_t>(market::weekday_of(day)))) !=
         schedule.days->end();
}

}  // namespace

void check_schedule(const QuerySchedule& schedule, std::vector<base::FieldError>& errors) {
  if (schedule.every_minutes.has_value() == schedule.at.has_value()) {
    errors.push_back({"", "must have one of every_minutes and at"});
    return;
  }
  if (schedule.every_minutes) {
    if (*schedule.every_minutes < 1 || *schedule.every_minutes > kEveryMinutesMax)
      errors.push_back({"/every_minutes", "must be 1 to " + std::to_string(kEveryMinutesMax)});
    if (schedule.time_zone) errors.push_back({"/time_zone", "goes with at only"});
    if (schedule.days) errors.push_back({"/days", "goes with at only"});
    return;
  }
  if (!minutes_of(*schedule.at)) errors.push_back({"/at", "must be a time of day such as 17:30"});
  if (schedule.time_zone) {
    if (const auto zone = market::ZoneClock::find(*schedule.time_zone); !zone)
      errors.push_back({"/time_zone", zone.error().message});
  }
  if (!schedule.days) return;
  if (schedule.days->empty()) errors.push_back({"/days", "must name a day; leave it out for every day"});
  for (std::size_t i = 0; i < schedule.days->size(); ++i) {
    if (std::ranges::find(kDays, (*schedule.days)[i]) == kDays.end())
      errors.push_back({"/days/" + std::to_string(i), "must be one of mon, tue, wed, thu, fri, sat, sun"});
  }
}

base::Time next_run(const QuerySchedule& schedule, base::Time now) {
  const std::int64_t seconds = base::floor_divide(base::to_nanoseconds(now), base::kNanosecondsPerSecond);
  const auto time = [](std::int64_t since_1970) {
    return base::time_from_nanoseconds(since_1970 * base::kNanosecondsPerSecond);
  };
  if (schedule.every_minutes) {
    const std::int64_t period = *schedule.every_minutes * 60;
    return time((base::floor_divide(seconds, period) + 1) * period);
  }
  market::ZoneClock clock = market::ZoneClock::find(schedule.time_zone.value_or("UTC")).value();
  const std::int64_t of_day = minutes_of(*schedule.at).value() * 60;
  const std::int64_t today = base::floor_divide(seconds + clock.offset_at(seconds), kSecondsPerDay);
  // The same day of the next week is the latest that it can be.
  for (std::int64_t day = today;; ++day) {
    const std::int64_t at = clock.to_utc(day * kSecondsPerDay + of_day);
    if (at > seconds && is_on(schedule, day)) return time(at);
  }
}

}  // namespace tradeassist::server
