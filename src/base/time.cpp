#include "base/time.hpp"

#include <array>
#include <charconv>
#include <optional>

namespace tradeassist::base {
namespace {

using std::chrono::days;
using std::chrono::year_month_day;

/// Reads exactly `count` digits, or nothing.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const char c = text[i];
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

/// ".123456789" → nanoseconds; more than nine digits are refused, because they could not be kept.
std::optional<std::int64_t> take_fraction(std::string_view& text) {
  std::int64_t nanoseconds = 0;
  std::int64_t unit = kNanosecondsPerSecond;
  std::size_t digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (++digits > 9) return std::nullopt;
    unit /= 10;
    nanoseconds += unit * (text.front() - '0');
    text.remove_prefix(1);
  }
  if (digits == 0) return std::nullopt;
  return nanoseconds;
}

/// "Z", "+02:00", "-0500", or nothing at all (UTC): seconds east of Greenwich.
std::optional<std::int64_t> take_zone(std::string_view& text) {
  if (text.empty() || take(text, 'Z') || take(text, 'z')) return 0;
  const int sign = text.front() == '-' ? -1 : 1;
  if (!take(text, '+') && !take(text, '-')) return std::nullopt;
  const auto hours = take_digits(text, 2);
  take(text, ':');
  const auto minutes = take_digits(text, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return sign * (*hours * 3600 + *minutes * 60);
}

std::optional<Time> parse(std::string_view text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day) return std::nullopt;
  const year_month_day date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                            std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok() || *year < 1678 || *year > 2261) return std::nullopt;

  std::int64_t seconds = std::chrono::sys_days(date).time_since_epoch() / std::chrono::seconds(1);
  std::int64_t nanoseconds = 0;
  if (!text.empty()) {
    if (!take(text, 'T') && !take(text, 't') && !take(text, ' ')) return std::nullopt;
    const auto hour = take_digits(text, 2);
    if (!hour || !take(text, ':')) return std::nullopt;
    const auto minute = take_digits(text, 2);
    if (!minute || *hour > 23 || *minute > 59) return std::nullopt;
    int second = 0;
    if (take(text, ':')) {
      const auto read = take_digits(text, 2);
      if (!read || *read > 59) return std::nullopt;
      second = *read;
      if (take(text, '.')) {
        const auto fraction = take_fraction(text);
        if (!fraction) return std::nullopt;
        nanoseconds = *fraction;
      }
    }
    const auto offset = take_zone(text);
    if (!offset || !text.empty()) return std::nullopt;
    seconds += *hour * 3600 + *minute * 60 + second - *offset;
  }
  return time_from_nanoseconds(seconds * kNanosecondsPerSecond + nanoseconds);
}

void put_digits(char*& out, unsigned value, int count) {
  for (int i = count - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  out += count;
}

}  // namespace

Time now() { return std::chrono::time_point_cast<Nanoseconds>(std::chrono::system_clock::now()); }

std::string format_time(Time time) {
  const auto day = std::chrono::floor<days>(time);
  const year_month_day date(day);
  const std::chrono::hh_mm_ss<Nanoseconds> clock(time - day);
  std::array<char, 40> buffer{};
  char* out = buffer.data();
  put_digits(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  *out++ = '-';
  put_digits(out, static_cast<unsigned>(date.month()), 2);
  *out++ = '-';
  put_digits(out, static_cast<unsigned>(date.day()), 2);
  *out++ = 'T';
  put_digits(out, static_cast<unsigned>(clock.hours().count()), 2);
  *out++ = ':';
  put_digits(out, static_cast<unsigned>(clock.minutes().count()), 2);
  *out++ = ':';
  put_digits(out, static_cast<unsigned>(clock.seconds().count()), 2);
  if (const auto fraction = clock.subseconds().count(); fraction != 0) {
    *out++ = '.';
    put_digits(out, static_cast<unsigned>(fraction), 9);
    while (out[-1] == '0') --out;
  }
  *out++ = 'Z';
  return {buffer.data(), out};
}

Result<Time> parse_time(std::string_view text) {
  if (const auto time = parse(text)) return *time;
  return failure(ErrorCode::kInvalidArgument,
                 "'" + std::string(text.substr(0, 64)) +
                     "' is not a time; write 2020-01-02, 2020-01-02 14:30:00 or 2020-01-02T14:30:00Z (1678 to 2261)");
}

}  // namespace tradeassist::base
