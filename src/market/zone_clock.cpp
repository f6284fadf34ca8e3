#include "market/zone_clock.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <limits>
#include <optional>

namespace tradeassist::market {
namespace {

/// "+5", "-05:30", "+0530" → seconds.
std::optional<std::int64_t> fixed_offset(std::string_view text) {
  if (text.empty()) return 0;
  const int sign = text.front() == '-' ? -1 : 1;
  if (text.front() != '+' && text.front() != '-') return std::nullopt;
  text.remove_prefix(1);
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9')
      digits += c;
    else if (c != ':')
      return std::nullopt;
  }
  if (digits.empty() || digits.size() > 4) return std::nullopt;
  const bool with_minutes = digits.size() > 2;
  const int all = std::stoi(digits);
  const int hours = with_minutes ? all / 100 : all;
  const int minutes = with_minutes ? all % 100 : 0;
  if (hours > 14 || minutes > 59) return std::nullopt;
  return sign * (hours * 3600 + minutes * 60);
}

}  // namespace

std::int64_t days_from_civil(CivilDate civil) {
  return std::chrono::sys_days(std::chrono::year(civil.year) / static_cast<int>(civil.month) /
                               static_cast<int>(civil.day))
      .time_since_epoch()
      .count();
}

CivilDate civil_from_days(std::int64_t days) {
  const std::chrono::year_month_day ymd{std::chrono::sys_days(std::chrono::days(days))};
  return {static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day())};
}

std::string to_string(CivilDate date) { return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day); }

base::Result<ZoneClock> ZoneClock::find(std::string_view name) {
  ZoneClock clock;
  if (name == "UTC" || name == "GMT" || name == "Etc/UTC" || name.empty()) {
    clock.is_utc_ = true;
    clock.valid_from_ = std::numeric_limits<std::int64_t>::min();
    clock.valid_until_ = std::numeric_limits<std::int64_t>::max();
    return clock;
  }
  if (name.starts_with("UTC") || name.starts_with("GMT")) {
    if (const auto offset = fixed_offset(name.substr(3))) {
      clock.offset_ = *offset;
      clock.valid_from_ = std::numeric_limits<std::int64_t>::min();
      clock.valid_until_ = std::numeric_limits<std::int64_t>::max();
      return clock;
    }
  }
  try {
    clock.zone_ = date::locate_zone(name);
    return clock;
  } catch (const std::exception&) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "'" + std::string(name) +
                             "' is not a time zone; write an IANA name such as America/New_York, "
                             "UTC or UTC-5");
  }
}

std::int64_t ZoneClock::offset_at(std::int64_t utc_seconds) {
  if (utc_seconds >= valid_from_ && utc_seconds < valid_until_) return offset_;
  const date::sys_info info = zone_->get_info(date::sys_seconds(std::chrono::seconds(utc_seconds)));
  valid_from_ = info.begin.time_since_epoch().count();
  valid_until_ = info.end.time_since_epoch().count();
  return offset_ = info.offset.count();
}

std::string ZoneClock::abbreviation_at(std::int64_t utc_seconds) const {
  if (zone_ == nullptr) return is_utc_ ? "UTC" : "";
  const std::string name = zone_->get_info(date::sys_seconds(std::chrono::seconds(utc_seconds))).abbrev;
  return name.starts_with('+') || name.starts_with('-') ? "" : name;
}

std::int64_t ZoneClock::to_utc(std::int64_t local_seconds) {
  // Inside one period, and more than a day from its ends, no look-up is needed.
  const std::int64_t guess = local_seconds - offset_;
  constexpr std::int64_t kDay = 86'400;
  const bool inside = valid_from_ <= valid_until_ && (valid_from_ == std::numeric_limits<std::int64_t>::min() ||
                                                      (guess - kDay >= valid_from_ && guess < valid_until_ - kDay));
  if (inside || zone_ == nullptr) return guess;
  const date::local_info info = zone_->get_info(date::local_seconds(std::chrono::seconds(local_seconds)));
  return local_seconds - info.first.offset.count();
}

}  // namespace tradeassist::market
