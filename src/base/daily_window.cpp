#include "base/daily_window.hpp"

#include <fmt/format.h>

#include <charconv>

namespace tradeassist::base {
namespace {

constexpr std::chrono::minutes kDay{24 * 60};

std::optional<std::chrono::minutes> parse_time_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto number = [](std::string_view digits) {
    int value = -1;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() && end == digits.data() + digits.size() ? value : -1;
  };
  const int hours = number(text.substr(0, 2)), minutes = number(text.substr(3));
  if (hours < 0 || minutes < 0 || minutes > 59 || hours * 60 + minutes > kDay.count()) return std::nullopt;
  return std::chrono::minutes(hours * 60 + minutes);
}

}  // namespace

Result<DailyWindow> parse_daily_window(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash != std::string_view::npos) {
    const auto begin = parse_time_of_day(text.substr(0, dash));
    const auto end = parse_time_of_day(text.substr(dash + 1));
    if (begin && end && *begin < kDay && *begin != *end) return DailyWindow{*begin, *end};
  }
  return failure(
      ErrorCode::kInvalidArgument,
      fmt::format("'{}' is not a part of the day; write HH:MM-HH:MM in UTC, e.g. 02:00-04:00", text.substr(0, 40)));
}

std::optional<Time> window_begin(const DailyWindow& window, Time time) {
  const Time midnight = std::chrono::floor<std::chrono::days>(time);
  const auto length = window.begin < window.end ? window.end - window.begin : window.end + kDay - window.begin;
  for (const Time day : {midnight, midnight - kDay}) {
    const Time begin = day + window.begin;
    if (begin <= time && time < begin + length) return begin;
  }
  return std::nullopt;
}

}  // namespace tradeassist::base
