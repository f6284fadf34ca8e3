#include "feed/text/stamp.hpp"

#include <chrono>

#include "base/month_names.hpp"
#include "base/time.hpp"
#include "feed/text/fields.hpp"

namespace tradeassist::feed {
namespace {

using base::kNanosecondsPerSecond;

constexpr std::int64_t kMinute = 60 * kNanosecondsPerSecond;
constexpr std::int64_t kHour = 60 * kMinute;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// A reader over the text that never runs off its end.
struct Cursor {
  std::string_view text;

  char peek(std::size_t ahead = 0) const { return ahead < text.size() ? text[ahead] : '\0'; }
  bool done() const { return text.empty(); }
  void skip(std::size_t count) { text.remove_prefix(count); }
  bool take(char c) {
    if (peek() != c) return false;
    skip(1);
    return true;
  }
  void skip_spaces() {
    while (peek() == ' ') skip(1);
  }
  std::size_t digits() const {
    std::size_t count = 0;
    while (is_digit(peek(count))) ++count;
    return count;
  }
  std::size_t letters() const {
    std::size_t count = 0;
    while (is_letter(peek(count))) ++count;
    return count;
  }
  /// Exactly `count` digits, which the caller has counted.
  int number(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value * 10 + (text[i] - '0');
    skip(count);
    return value;
  }
};

bool is_weekday(std::string_view word) {
  constexpr std::array<std::string_view, 7> kNames = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  if (word.size() < 3 || word.size() > 9) return false;
  for (const auto name : kNames) {
    if (lower(word[0]) == name[0] && lower(word[1]) == name[1] && lower(word[2]) == name[2]) return true;
  }
  return false;
}

int full_year(int two_digits) { return two_digits < 70 ? 2000 + two_digits : 1900 + two_digits; }

bool put_date(Stamp& stamp, int year, int month, int day) {
  const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok() || year < 1678 || year > 2261) return false;
  stamp.has_date = true;
  stamp.day = std::chrono::sys_days(date).time_since_epoch().count();
  return true;
}

bool put_clock(Stamp& stamp, int hour, int minute, int second, std::int64_t fraction_ns) {
  const bool end_of_day = hour == 24 && minute == 0 && second == 0 && fraction_ns == 0;
  if ((hour > 23 && !end_of_day) || minute > 59 || second > 59) return false;
  stamp.has_clock = true;
  stamp.clock = hour * kHour + minute * kMinute + second * kNanosecondsPerSecond + fraction_ns;
  return true;
}

/// Three numbers with one separator between, none of them a four-digit year in front.
std::optional<UnorderedDate> take_unordered(Cursor& in) {
  UnorderedDate date;
  const auto first = in.digits();
  if (first < 1 || first > 2) return std::nullopt;
  date.separator = in.peek(first);
  if (date.separator != '/' && date.separator != '-' && date.separator != '.') return std::nullopt;
  date.numbers[0] = in.number(first);
  in.skip(1);
  const auto second = in.digits();
  if (second < 1 || second > 2 || in.peek(second) != date.separator) return std::nullopt;
  date.numbers[1] = in.number(second);
  in.skip(1);
  const auto third = in.digits();
  if (third != 4 && third != 2) return std::nullopt;
  date.two_digit_year = third == 2;
  date.numbers[2] = in.number(third);
  return date;
}

bool put_ordered(Stamp& stamp, const UnorderedDate& date, DateOrder order) {
  const auto [a, b, c] = date.numbers;
  switch (order) {
    case DateOrder::kYearMonthDay: return date.two_digit_year && put_date(stamp, full_year(a), b, c);
    case DateOrder::kMonthDayYear: return put_date(stamp, date.two_digit_year ? full_year(c) : c, a, b);
    case DateOrder::kDayMonthYear: return put_date(stamp, date.two_digit_year ? full_year(c) : c, b, a);
  }
  return false;
}

void skip_date_separator(Cursor& in) {
  while (in.peek() == ' ' || in.peek() == '-' || in.peek() == '/' || in.peek() == ',' || in.peek() == '.') in.skip(1);
}

/// A year of four or two digits.
std::optional<int> take_year(Cursor& in) {
  const auto count = in.digits();
  if (count == 4) return in.number(4);
  if (count == 2) return full_year(in.number(2));
  return std::nullopt;
}

/// `Jan 1, 2000` after the cursor stands on the month's name.
bool take_month_first(Cursor& in, Stamp& stamp) {
  const auto size = in.letters();
  const int month = base::month_number(in.text.substr(0, size));
  if (month == 0) return false;
  in.skip(size);
  skip_date_separator(in);
  const auto count = in.digits();
  if (count < 1 || count > 2) return false;
  const int day = in.number(count);
  skip_date_separator(in);
  const auto year = take_year(in);
  return year && put_date(stamp, *year, month, day);
}

/// `1-Jan-2000`, `01Jan2000`, `2000-Jan-01` after the first number.
bool take_month_second(Cursor& in, Stamp& stamp, int first, bool year_first) {
  skip_date_separator(in);
  const auto size = in.letters();
  const int month = base::month_number(in.text.substr(0, size));
  if (month == 0) return false;
  in.skip(size);
  skip_date_separator(in);
  if (year_first) {
    const auto count = in.digits();
    return count >= 1 && count <= 2 && put_date(stamp, first, month, in.number(count));
  }
  const auto year = take_year(in);
  return year && put_date(stamp, *year, month, first);
}

bool take_year_first(Cursor& in, Stamp& stamp) {
  const int year = in.number(4);
  const char separator = in.peek();
  if (separator != '-' && separator != '/' && separator != '.' && separator != ' ') return false;
  if (is_letter(in.peek(1))) return take_month_second(in, stamp, year, true);
  in.skip(1);
  const auto months = in.digits();
  if (months < 1 || months > 2 || in.peek(months) != separator) return false;
  const int month = in.number(months);
  in.skip(1);
  const auto days = in.digits();
  return days >= 1 && days <= 2 && put_date(stamp, year, month, in.number(days));
}

bool take_date(Cursor& in, Stamp& stamp, DateOrder order) {
  if (const auto size = in.letters(); size > 0 && base::month_number(in.text.substr(0, size)) == 0) {
    if (!is_weekday(in.text.substr(0, size))) return false;
    in.skip(size);
    skip_date_separator(in);
  }
  if (in.letters() > 0) return take_month_first(in, stamp);
  const auto digits = in.digits();
  if (digits >= 8) {
    const int year = in.number(4);
    const int month = in.number(2);
    return put_date(stamp, year, month, in.number(2));
  }
  if (digits == 4) return take_year_first(in, stamp);
  if (digits < 1 || digits > 2) return false;
  Cursor ahead = in;
  if (const auto date = take_unordered(ahead)) {
    in = ahead;
    return put_ordered(stamp, *date, order);
  }
  const int day = in.number(digits);
  return take_month_second(in, stamp, day, false);
}

std::optional<std::int64_t> take_fraction(Cursor& in) {
  const auto count = in.digits();
  if (count < 1 || count > 9) return std::nullopt;
  std::int64_t value = in.number(count);
  for (auto i = count; i < 9; ++i) value *= 10;
  return value;
}

bool take_digit_clock(Cursor& in, Stamp& stamp, std::size_t count) {
  // Shorter than its form: leading zeros were lost on the way through a spreadsheet.
  const std::size_t clock_digits = count <= 4 ? 4 : 6;
  std::array<int, 9> padded{};
  const std::size_t missing = count <= 6 ? clock_digits - count : 0;
  for (std::size_t i = 0; i < count; ++i) padded[missing + i] = in.peek(i) - '0';
  in.skip(count);
  const int second = clock_digits == 4 ? 0 : padded[4] * 10 + padded[5];
  const int millisecond = count == 9 ? padded[6] * 100 + padded[7] * 10 + padded[8] : 0;
  return put_clock(stamp, padded[0] * 10 + padded[1], padded[2] * 10 + padded[3], second,
                   std::int64_t{millisecond} * 1'000'000);
}

bool take_clock(Cursor& in, Stamp& stamp) {
  const auto count = in.digits();
  if ((count == 4 || count == 6 || count == 9) && in.peek(count) != ':') return take_digit_clock(in, stamp, count);
  if (count < 1 || count > 2) return false;
  int hour = in.number(count);
  int minute = 0;
  int second = 0;
  std::int64_t fraction = 0;
  const bool has_minute = in.take(':');
  if (has_minute) {
    if (in.digits() != 2) return false;
    minute = in.number(2);
    if (in.take(':')) {
      if (in.digits() != 2) return false;
      second = in.number(2);
      if (in.peek() == '.' || in.peek() == ',' || (in.peek() == ':' && in.text.size() == 4)) {
        in.skip(1);
        const auto read = take_fraction(in);
        if (!read) return false;
        fraction = *read;
      }
    }
  }
  Cursor ahead = in;
  ahead.skip_spaces();
  const char half = lower(ahead.peek());
  const bool twelve_hour = (half == 'a' || half == 'p') && (lower(ahead.peek(1)) == 'm') && !is_letter(ahead.peek(2));
  if (twelve_hour) {
    ahead.skip(2);
    in = ahead;
    if (hour < 1 || hour > 12) return false;
    hour = hour % 12 + (half == 'p' ? 12 : 0);
  } else if (!has_minute) {
    return false;
  }
  return put_clock(stamp, hour, minute, second, fraction);
}

bool take_offset(Cursor& in, Stamp& stamp) {
  const int sign = in.peek() == '-' ? -1 : 1;
  if (!in.take('+') && !in.take('-')) return false;
  const auto count = in.digits();
  if (count != 1 && count != 2 && count != 4) return false;
  int hours = 0;
  int minutes = 0;
  if (count == 4) {
    hours = in.number(2);
    minutes = in.number(2);
  } else {
    hours = in.number(count);
    if (in.take(':')) {
      if (in.digits() != 2) return false;
      minutes = in.number(2);
    }
  }
  if (hours > 15 || minutes > 59) return false;
  stamp.zone = ZoneMark::kOffset;
  stamp.offset_seconds = sign * (hours * 3600 + minutes * 60);
  return true;
}

/// What follows date and clock; the whole rest must be a zone.
bool take_zone(Cursor& in, Stamp& stamp) {
  in.skip_spaces();
  if (in.done()) return true;
  if (in.peek() == '+' || in.peek() == '-') return take_offset(in, stamp) && in.done();
  std::size_t size = 0;
  for (char c = in.peek(); is_letter(c) || is_digit(c) || c == '/' || c == '_' || c == '+' || c == '-';
       c = in.peek(size)) {
    ++size;
  }
  if (size != in.text.size() || !is_letter(in.peek())) return false;
  const std::string_view name = in.text;
  const auto word = name.substr(0, in.letters());
  if (word == "Z" || word == "z" || word == "UTC" || word == "GMT" || word == "utc" || word == "gmt") {
    in.skip(word.size());
    stamp.zone = ZoneMark::kOffset;
    return in.done() || (word.size() == 3 && take_offset(in, stamp) && in.done());
  }
  stamp.zone = ZoneMark::kName;
  stamp.zone_name = name;
  return true;
}

/// Steps over what stands between date and clock. False when nothing does.
bool take_clock_separator(Cursor& in) {
  const char c = in.peek();
  if (c == 'T' || c == 't' || c == '_' || c == ';') {
    in.skip(1);
    return true;
  }
  bool any = false;
  while (in.peek() == ' ' || in.peek() == ',' || in.peek() == '-' || in.peek() == ':') {
    in.skip(1);
    any = true;
  }
  return any;
}

}  // namespace

std::optional<Stamp> read_stamp(std::string_view text, DateOrder order) {
  Cursor in{trim(text)};
  if (in.text.size() > 64) return std::nullopt;
  Stamp stamp;
  const auto digits = in.digits();
  const bool one_piece = digits == 12 || digits == 14 || digits == 17;
  if (digits > 4 && digits != 8 && !one_piece) return std::nullopt;
  if (!take_date(in, stamp, order)) return std::nullopt;
  if (one_piece) {
    if (!take_digit_clock(in, stamp, digits - 8)) return std::nullopt;
    return take_zone(in, stamp) ? std::optional(stamp) : std::nullopt;
  }
  if (in.done()) return stamp;
  if (in.peek() == 'Z' && in.text.size() == 1) return std::nullopt;  // a zone without a clock says nothing usable
  if (!take_clock_separator(in) || !take_clock(in, stamp) || !take_zone(in, stamp)) return std::nullopt;
  return stamp;
}

std::optional<Stamp> read_clock(std::string_view text, ClockDigits digits) {
  Cursor in{trim(text)};
  if (in.text.size() > 48) return std::nullopt;
  Stamp stamp;
  const auto count = in.digits();
  if (count == in.text.size()) {
    const std::size_t width = digits == ClockDigits::kHourMinute ? 4 : 6;
    if (count < 1 || (count > width && count != 9)) return std::nullopt;
    Cursor padded = in;
    std::array<char, 9> buffer{};
    if (count < width) {
      for (std::size_t i = 0; i < width; ++i) buffer[i] = i + count < width ? '0' : in.text[i + count - width];
      padded.text = std::string_view(buffer.data(), width);
    }
    if (!take_digit_clock(padded, stamp, padded.text.size())) return std::nullopt;
    return stamp;
  }
  if (!take_clock(in, stamp) || !take_zone(in, stamp)) return std::nullopt;
  return stamp;
}

std::optional<UnorderedDate> read_unordered_date(std::string_view text) {
  Cursor in{trim(text)};
  const auto date = take_unordered(in);
  if (!date || is_digit(in.peek())) return std::nullopt;
  return date;
}

}  // namespace tradeassist::feed
