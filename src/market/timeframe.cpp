#include "market/timeframe.hpp"

#include <charconv>
#include <optional>

namespace tradeassist::market {
namespace {

using base::ErrorCode;
using Unit = Timeframe::Unit;

/// More units than this is a slip of the pen; it also keeps every product of lengths far from overflow.
constexpr int kCountMax = 100'000;

std::optional<int> read_count(std::string_view digits) {
  int count = 0;
  const char* const end = digits.data() + digits.size();
  const auto [at, status] = std::from_chars(digits.data(), end, count);
  if (status != std::errc() || at != end || count < 1 || count > kCountMax) return std::nullopt;
  return count;
}

/// 3600 s is 60 m is 1 h; a day is a trading day, which no number of hours is.
Timeframe canonical(Timeframe timeframe) {
  while (timeframe.unit < Unit::kHour && timeframe.count % 60 == 0) {
    timeframe.count /= 60;
    timeframe.unit = timeframe.unit == Unit::kSecond ? Unit::kMinute : Unit::kHour;
  }
  return timeframe;
}

}  // namespace

std::int64_t Timeframe::nominal_seconds() const {
  switch (unit) {
    case Unit::kSecond: return count;
    case Unit::kMinute: return std::int64_t{60} * count;
    case Unit::kHour: return std::int64_t{3'600} * count;
    case Unit::kDay: return std::int64_t{86'400} * count;
    case Unit::kWeek: return std::int64_t{604'800} * count;
    case Unit::kMonth: return std::int64_t{2'628'003} * count;
    case Unit::kTick: return 0;
  }
  return 0;
}

base::Result<Timeframe> parse_timeframe(std::string_view text) {
  const auto unit = [](char letter) -> std::optional<Unit> {
    switch (letter) {
      case 's':
      case 'S': return Unit::kSecond;
      case 'm': return Unit::kMinute;
      case 'h':
      case 'H': return Unit::kHour;
      case 'd':
      case 'D': return Unit::kDay;
      case 'w':
      case 'W': return Unit::kWeek;
      case 'M': return Unit::kMonth;
      default: return std::nullopt;
    }
  };
  if (!text.empty()) {
    const auto count = read_count(text.substr(0, text.size() - 1));
    const auto found = unit(text.back());
    if (count && found) return canonical({*found, *count});
    if (text.front() >= '0' && text.front() <= '9' && std::string_view("tTvVrR$").contains(text.back())) {
      return base::failure(ErrorCode::kInvalidArgument,
                           "'" + std::string(text.substr(0, 32)) +
                               "' names bars of ticks, which only `bars` gives; scripts, indicators and imports know "
                               "bars of time: 30s, 1m, 90m, 4h, 1d, 1w, 1M");
    }
  }
  return base::failure(
      ErrorCode::kInvalidArgument,
      "'" + std::string(text.substr(0, 32)) +
          "' is not a timeframe; write a count of 1 to 100000 and a unit: 30s, 1m, 90m, 4h, 1d, 1w, or 1M "
          "for a month");
}

std::string to_string(Timeframe timeframe) {
  if (timeframe.unit == Unit::kTick) return "tick";
  const Timeframe shown = canonical(timeframe);
  const char letter = "smhdwM"[static_cast<int>(shown.unit)];
  return std::to_string(shown.count) + letter;
}

std::string to_pine(Timeframe timeframe) {
  switch (timeframe.unit) {
    case Unit::kSecond:
      if (timeframe.count % 60 == 0) return std::to_string(timeframe.count / 60);
      return std::to_string(timeframe.count) + "S";
    case Unit::kMinute: return std::to_string(timeframe.count);
    case Unit::kHour: return std::to_string(std::int64_t{60} * timeframe.count);
    case Unit::kDay: return std::to_string(timeframe.count) + "D";
    case Unit::kWeek: return std::to_string(timeframe.count) + "W";
    case Unit::kMonth: return std::to_string(timeframe.count) + "M";
    case Unit::kTick: break;  // no chart has it
  }
  return {};
}

base::Result<Timeframe> parse_pine_timeframe(std::string_view text) {
  if (const auto minutes = read_count(text)) return canonical({Unit::kMinute, *minutes});
  if (!text.empty()) {
    const std::string_view digits = text.substr(0, text.size() - 1);
    const auto count = digits.empty() ? std::optional(1) : read_count(digits);
    if (count) {
      switch (text.back()) {
        case 'S': return canonical({Unit::kSecond, *count});
        case 'D': return Timeframe{Unit::kDay, *count};
        case 'W': return Timeframe{Unit::kWeek, *count};
        case 'M': return Timeframe{Unit::kMonth, *count};
        default: break;
      }
    }
  }
  return base::failure(ErrorCode::kInvalidArgument,
                       "'" + std::string(text.substr(0, 32)) +
                           "' is not a Pine timeframe; write minutes (5, 60), or a count with S, D, W or M (30S, 1D)");
}

}  // namespace tradeassist::market
