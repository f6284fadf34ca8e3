#include "market/calendar/yearly_day.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string>
#include <vector>

#include "base/month_names.hpp"

namespace tradeassist::market {
namespace {

constexpr std::array<std::string_view, 7> kWeekdays = {"monday", "tuesday",  "wednesday", "thursday",
                                                       "friday", "saturday", "sunday"};
constexpr std::array<std::string_view, 7> kWeekdayNames = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                           "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 5> kOrdinals = {"first", "second", "third", "fourth", "fifth"};
constexpr int kPlusDaysMax = 31;

std::optional<int> index_in(std::span<const std::string_view> words, std::string_view word) {
  const auto found = std::ranges::find(words, word);
  if (found == words.end()) return std::nullopt;
  return static_cast<int>(found - words.begin());
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

std::optional<int> number(std::string_view text, int maximum) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > maximum) return std::nullopt;
  return value;
}

int days_in_month(int year, int month) {
  const int next_year = month == 12 ? year + 1 : year;
  const unsigned next_month = month == 12 ? 1 : static_cast<unsigned>(month) + 1;
  return static_cast<int>(days_from_civil({next_year, next_month, 1}) -
                          days_from_civil({year, static_cast<unsigned>(month), 1}));
}

/// The day without its `+ N`: one, two or four words.
std::optional<YearlyDay> plain_day(std::span<const std::string_view> words) {
  YearlyDay day;
  if (words.size() == 1 && words[0] == "easter") {
    day.kind = YearlyDay::Kind::kEaster;
    return day;
  }
  if (words.size() == 2) {
    const auto month = index_in(base::kMonthNames, words[0]);
    if (!month) return std::nullopt;
    constexpr int kLeapYear = 2000;
    const auto of_month = number(words[1], days_in_month(kLeapYear, *month + 1));
    if (!of_month || *of_month < 1) return std::nullopt;
    day.month = *month + 1;
    day.day = *of_month;
    return day;
  }
  if (words.size() == 4 && words[2] == "of") {
    const auto ordinal = words[0] == "last" ? std::optional(-2) : index_in(kOrdinals, words[0]);
    const auto weekday = index_in(kWeekdays, words[1]);
    const auto month = index_in(base::kMonthNames, words[3]);
    if (!ordinal || !weekday || !month) return std::nullopt;
    day.kind = YearlyDay::Kind::kWeekdayOfMonth;
    day.nth = *ordinal + 1;
    day.weekday = *weekday;
    day.month = *month + 1;
    return day;
  }
  return std::nullopt;
}

}  // namespace

base::Result<YearlyDay> parse_yearly_day(std::string_view text) {
  const std::vector<std::string_view> words = words_of(text);
  std::span<const std::string_view> day_words(words);
  int plus_days = 0;
  bool understood = true;
  if (words.size() >= 3 && (words[words.size() - 2] == "+" || words[words.size() - 2] == "-")) {
    const auto days = number(words.back(), kPlusDaysMax);
    understood = days.has_value();
    plus_days = days.value_or(0) * (words[words.size() - 2] == "-" ? -1 : 1);
    day_words = day_words.first(words.size() - 2);
  }
  auto day = plain_day(day_words);
  if (!day || !understood) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "'" + std::string(text.substr(0, 80)) +
                             "' is no day of the year; write 'july 4', 'third monday of january', 'last monday of may' "
                             "or 'easter', with ' + 1' or ' - 2' after it to move it by days (at most 31)");
  }
  day->plus_days = plus_days;
  return *day;
}

std::optional<std::int64_t> day_in_year(const YearlyDay& day, int year) {
  if (day.kind == YearlyDay::Kind::kEaster) return easter_sunday(year) + day.plus_days;
  const std::int64_t first = days_from_civil({year, static_cast<unsigned>(day.month), 1});
  const int length = days_in_month(year, day.month);
  int of_month = day.day;
  if (day.kind == YearlyDay::Kind::kWeekdayOfMonth) {
    const int first_such = (day.weekday - weekday_of(first) + 7) % 7 + 1;
    of_month = day.nth > 0 ? first_such + 7 * (day.nth - 1) : first_such + (length - first_such) / 7 * 7;
  }
  if (of_month > length) return std::nullopt;
  return first + of_month - 1 + day.plus_days;
}

std::int64_t easter_sunday(int year) {
  const int a = year % 19, b = year / 100, c = year % 100;
  const int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
  const int h = (19 * a + b - d - g + 15) % 30;
  const int i = c / 4, k = c % 4;
  const int l = (32 + 2 * e + 2 * i - h - k) % 7;
  const int m = (a + 11 * h + 22 * l) / 451;
  const int month = (h + l - 7 * m + 114) / 31, day = (h + l - 7 * m + 114) % 31 + 1;
  return days_from_civil({year, static_cast<unsigned>(month), static_cast<unsigned>(day)});
}

std::optional<int> parse_weekday(std::string_view text) {
  for (std::size_t i = 0; i < kWeekdays.size(); ++i) {
    if (text == kWeekdays[i] || text == kWeekdays[i].substr(0, 3)) return static_cast<int>(i);
  }
  return std::nullopt;
}

std::string_view weekday_name(int weekday) { return kWeekdayNames[static_cast<std::size_t>(weekday)]; }

}  // namespace tradeassist::market
