#include "feed/detect/time_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "feed/detect/columns.hpp"
#include "feed/text/number.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;

constexpr std::array<DateOrder, 3> kOrders = {DateOrder::kYearMonthDay, DateOrder::kMonthDayYear,
                                              DateOrder::kDayMonthYear};

enum class Shape { kNone, kEpoch, kDateAndClock, kDate, kClock };

/// Share of a column's rows that must be readable before the column is taken for what they say; the rest are bad rows.
constexpr double kMostRows = 0.9;

double share_of(const Layout& layout, std::size_t column, auto&& predicate) {
  const auto count =
      std::ranges::count_if(layout.rows, [&](const auto& row) { return predicate(std::string_view(row[column])); });
  return static_cast<double>(count) / static_cast<double>(layout.rows.size());
}

bool most(const Layout& layout, std::size_t column, auto&& predicate) {
  return share_of(layout, column, predicate) >= kMostRows;
}

std::optional<Stamp> read_in_any_order(std::string_view text) {
  for (const DateOrder order : kOrders) {
    if (const auto stamp = read_stamp(text, order)) return stamp;
  }
  return std::nullopt;
}

bool is_plain_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.-") == std::string_view::npos &&
         read_number(text).kind == NumberKind::kNumber;
}

/// The largest magnitude among a column's numbers.
double largest(const Layout& layout, std::size_t column) {
  double most = 0;
  for (const auto& row : layout.rows) {
    const Number number = read_number(row[column]);
    if (number.kind == NumberKind::kNumber) most = std::max(most, std::abs(number.value));
  }
  return most;
}

/// Since 1973 and for thousands of years, the number of digits tells the unit of an epoch time.
std::optional<TimeUnit> unit_of(double largest_value) {
  if (largest_value < 1e8) return std::nullopt;
  if (largest_value < 1e11) return TimeUnit::kSeconds;
  if (largest_value < 1e14) return TimeUnit::kMilliseconds;
  if (largest_value < 1e17) return TimeUnit::kMicroseconds;
  return TimeUnit::kNanoseconds;
}

Shape shape_of(const Layout& layout, std::size_t column) {
  std::size_t dates = 0;
  std::size_t with_clock = 0;
  for (const auto& row : layout.rows) {
    const auto stamp = read_in_any_order(row[column]);
    if (!stamp) continue;
    ++dates;
    with_clock += stamp->has_clock;
  }
  const auto rows = static_cast<double>(layout.rows.size());
  if (static_cast<double>(dates) >= kMostRows * rows)
    return with_clock * 2 > dates ? Shape::kDateAndClock : Shape::kDate;
  if (most(layout, column, is_plain_number) && unit_of(largest(layout, column))) return Shape::kEpoch;
  if (most(layout, column, [](auto text) { return read_clock(text, ClockDigits::kHourMinuteSecond).has_value(); })) {
    return Shape::kClock;
  }
  return Shape::kNone;
}

bool is_written_with_digits_only(const Layout& layout, std::size_t column) {
  return most(layout, column, is_plain_number);
}

struct Candidate {
  std::size_t column = 0;
  Shape shape = Shape::kNone;
  ColumnName name;
};

/// Which of several times to use: one that needs no zone before one that does, a whole time before a date.
int preference(const Candidate& candidate, const Layout& layout) {
  int value = 0;
  switch (candidate.shape) {
    case Shape::kEpoch: value = 60; break;
    case Shape::kDateAndClock: {
      const auto stamp = read_in_any_order(layout.rows.front()[candidate.column]);
      value = candidate.name.utc || (stamp && stamp->zone != ZoneMark::kNone) ? 50 : 40;
      break;
    }
    case Shape::kDate: value = 20; break;
    default: return -1;
  }
  return candidate.name.meaning == NameMeaning::kEndTime ? value - 100 : value;
}

std::string list_columns(const std::vector<CsvColumn>& columns, const Layout& layout) {
  std::string out;
  for (std::size_t i = 0; i < columns.size() && i < 16; ++i) {
    out += fmt::format("{}{} '{}' ({})", i == 0 ? "" : ", ", i + 1, columns[i].name,
                       std::string_view(layout.rows.front()[i]).substr(0, 32));
  }
  return out;
}

/// The column of the time: by name and content, else by content alone.
std::optional<Candidate> choose_time(const Layout& layout, const std::vector<CsvColumn>& columns,
                                     std::vector<std::string>& notes) {
  std::vector<Candidate> named;
  std::vector<Candidate> others;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].role != ColumnRole::kIgnored) continue;
    const ColumnName name = read_column_name(columns[i].name);
    const Candidate candidate{i, shape_of(layout, i), name};
    if (candidate.shape == Shape::kNone || candidate.shape == Shape::kClock) continue;
    if (name.meaning == NameMeaning::kTime || name.meaning == NameMeaning::kEndTime) {
      named.push_back(candidate);
    } else if (!is_written_with_digits_only(layout, i) || name.meaning == NameMeaning::kUnknown) {
      // Numbers under a price's or volume's name are that; a date under any name is a date.
      others.push_back(candidate);
    }
  }
  const auto best = [&](const std::vector<Candidate>& from) {
    return *std::ranges::max_element(from, [&](const Candidate& a, const Candidate& b) {
      const int pa = preference(a, layout);
      const int pb = preference(b, layout);
      return pa != pb ? pa < pb : a.name.rank > b.name.rank;
    });
  };
  if (!named.empty()) {
    const Candidate chosen = best(named);
    for (const Candidate& other : named) {
      if (other.column == chosen.column || other.name.meaning == NameMeaning::kEndTime) continue;
      if (other.shape == Shape::kDate && chosen.shape == Shape::kDate) continue;
      notes.push_back(fmt::format("the time is taken from column {} '{}', not from {} '{}'", chosen.column + 1,
                                  columns[chosen.column].name, other.column + 1, columns[other.column].name));
    }
    return chosen;
  }
  // Without a name: text before numbers, since a volume can look like an epoch time, and the first of equals.
  const auto text = std::ranges::find_if(others, [](const Candidate& c) { return c.shape != Shape::kEpoch; });
  if (text != others.end()) return *text;
  const auto first = std::ranges::find_if(others, [](const Candidate& c) { return c.column == 0; });
  if (first != others.end()) return *first;
  return std::nullopt;
}

/// A column of clock times that belongs to a column of dates: named like a time, or unnamed beside it.
std::optional<std::size_t> find_clock(const Layout& layout, const std::vector<CsvColumn>& columns, std::size_t date) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i == date || columns[i].role != ColumnRole::kIgnored) continue;
    const NameMeaning meaning = read_column_name(columns[i].name).meaning;
    const bool named = meaning == NameMeaning::kTime;
    const bool beside = i == date + 1 && meaning == NameMeaning::kUnknown;
    if (!named && !beside) continue;
    if (!most(layout, i, [](auto text) { return read_clock(text, ClockDigits::kHourMinuteSecond).has_value(); }))
      continue;
    // Bare digits without a name are a clock only when written with their leading zeros: prices are numbers as well.
    if (!named && !most(layout, i, [](auto text) {
          return text.find(':') != std::string_view::npos ||
                 ((text.size() == 4 || text.size() == 6) && text.find('.') == std::string_view::npos &&
                  read_clock(text, text.size() == 4 ? ClockDigits::kHourMinute : ClockDigits::kHourMinuteSecond));
        })) {
      continue;
    }
    return i;
  }
  return std::nullopt;
}

ClockDigits clock_digits_of(const Layout& layout, std::size_t column) {
  const bool long_form = std::ranges::any_of(layout.rows, [column](const auto& row) { return row[column].size() > 4; });
  return long_form ? ClockDigits::kHourMinuteSecond : ClockDigits::kHourMinute;
}

/// Whether the stamps go steadily one way when read in this order.
bool is_steady(const Layout& layout, std::size_t column, DateOrder order) {
  std::size_t up = 0;
  std::size_t down = 0;
  std::optional<std::int64_t> before;
  for (const auto& row : layout.rows) {
    const auto stamp = read_stamp(row[column], order);
    if (!stamp) continue;
    up += before && stamp->day > *before;
    down += before && stamp->day < *before;
    before = stamp->day;
  }
  return std::min(up, down) * 50 <= up + down;
}

std::string_view order_option(DateOrder order) {
  return order == DateOrder::kMonthDayYear ? "mdy" : order == DateOrder::kDayMonthYear ? "dmy" : "ymd";
}

base::Result<DateOrder> find_order(const std::string& path, const Layout& layout, const CsvOptions& options,
                                   std::size_t column, std::vector<std::string>& notes) {
  std::optional<UnorderedDate> example;
  bool two_digit_year = false;
  for (const auto& row : layout.rows) {
    const auto date = read_unordered_date(row[column]);
    if (!date) continue;
    if (!example) example = date;
    two_digit_year = two_digit_year || date->two_digit_year;
  }
  if (!example) return DateOrder::kYearMonthDay;  // the text itself says which is which

  std::vector<DateOrder> fitting;
  for (const DateOrder order : kOrders) {
    if (!options.time_format.empty() && options.time_format != order_option(order)) continue;
    if (most(layout, column, [order](auto text) { return read_stamp(text, order).has_value(); }))
      fitting.push_back(order);
  }
  // Bad rows apart, an order that fits more rows is the right one: one 13th among 12ths settles it.
  double best_share = 0;
  for (const DateOrder order : fitting) {
    best_share = std::max(best_share,
                          share_of(layout, column, [order](auto text) { return read_stamp(text, order).has_value(); }));
  }
  std::erase_if(fitting, [&](DateOrder order) {
    return share_of(layout, column, [order](auto text) { return read_stamp(text, order).has_value(); }) < best_share;
  });
  const std::string& text = layout.rows.front()[column];
  if (fitting.empty()) {
    return failure(ErrorCode::kInvalidArgument,
                   fmt::format("{}: dates such as '{}' cannot be read{}", path, text,
                               options.time_format.empty() ? " in any order of day, month and year"
                                                           : " as --time-format " + options.time_format));
  }
  if (fitting.size() > 1 && two_digit_year) {
    std::erase_if(fitting, [&](DateOrder order) { return !is_steady(layout, column, order); });
  }
  if (fitting.size() == 1) {
    if (two_digit_year) notes.push_back("years have two digits: 70 to 99 are taken as 19.., 00 to 69 as 20..");
    return fitting.front();
  }
  const bool day_and_month = std::ranges::find(fitting, DateOrder::kDayMonthYear) != fitting.end();
  if (example->separator == '.' && day_and_month && !two_digit_year) {
    notes.push_back("dates with dots are read as day.month.year; --time-format mdy otherwise");
    return DateOrder::kDayMonthYear;
  }
  std::string options_text;
  for (const DateOrder order : fitting.empty() ? std::vector(kOrders.begin(), kOrders.end()) : fitting) {
    options_text += fmt::format("{}{}", options_text.empty() ? "" : " or ", order_option(order));
  }
  return failure(ErrorCode::kInvalidArgument,
                 fmt::format("{}: dates such as '{}' can be read in more than one order and no row settles it; give "
                             "--time-format {}",
                             path, text, options_text));
}

std::optional<TimeUnit> unit_option(std::string_view text) {
  if (text == "s") return TimeUnit::kSeconds;
  if (text == "ms") return TimeUnit::kMilliseconds;
  if (text == "us") return TimeUnit::kMicroseconds;
  if (text == "ns") return TimeUnit::kNanoseconds;
  return std::nullopt;
}

/// Zone marks and times of day of text stamps.
base::Result<void> read_marks(const std::string& path, const Layout& layout, std::size_t date,
                              std::optional<std::size_t> clock, TimeFinding& finding) {
  std::size_t zoned = 0;
  std::size_t read = 0;
  std::optional<std::int64_t> first_clock;
  for (const auto& row : layout.rows) {
    auto stamp = read_stamp(row[date], finding.format.order);
    if (!stamp) continue;
    if (clock) {
      const auto time = read_clock(row[*clock], finding.format.clock_digits);
      if (!time) continue;
      stamp->has_clock = true;
      stamp->clock = time->clock;
      stamp->zone = time->zone;
      stamp->zone_name = time->zone_name;
    }
    ++read;
    zoned += stamp->zone != ZoneMark::kNone;
    if (stamp->zone == ZoneMark::kName) {
      std::string& name = finding.format.stamp_zone;
      if (name.empty()) name = stamp->zone_name;
      if (name != stamp->zone_name) {
        return failure(
            ErrorCode::kInvalidArgument,
            fmt::format("{}: stamps end in '{}' and in '{}'; write the offset (-05:00) instead, or remove the "
                        "names and give --timezone",
                        path, name, stamp->zone_name));
      }
    }
    if (!stamp->has_clock) continue;
    finding.format.has_clock = true;
    finding.clock_varies = finding.clock_varies || (first_clock && *first_clock != stamp->clock);
    finding.clock_is_midnight = finding.clock_is_midnight && stamp->clock == 0;
    if (!first_clock) first_clock = stamp->clock;
  }
  finding.carries_zone = zoned * 2 > read;
  return {};
}

}  // namespace

base::Result<TimeFinding> find_time(const std::string& path, const Layout& layout, const CsvOptions& options,
                                    std::vector<CsvColumn>& columns, std::vector<std::string>& notes) {
  TimeFinding finding;
  const bool known_format = options.time_format.empty() || unit_option(options.time_format) ||
                            options.time_format == "mdy" || options.time_format == "dmy" ||
                            options.time_format == "ymd";
  if (!known_format) {
    return failure(ErrorCode::kInvalidArgument,
                   fmt::format("--time-format is mdy, dmy or ymd for dates, s, ms, us or ns for epoch times, not '{}'",
                               options.time_format));
  }
  const auto forced_unit = unit_option(options.time_format);

  std::optional<std::size_t> clock;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].role == ColumnRole::kClock) clock = i;
  }
  Candidate time;
  const auto given = std::ranges::find(columns, ColumnRole::kTime, &CsvColumn::role);
  if (given != columns.end()) {
    time.column = static_cast<std::size_t>(given - columns.begin());
    time.name = read_column_name(given->name);
    time.shape = forced_unit ? Shape::kEpoch : shape_of(layout, time.column);
    if (time.shape == Shape::kClock && !clock) {
      return failure(
          ErrorCode::kInvalidArgument,
          fmt::format("{}: column {} holds times of day without a date ('{}'); give the date as time and this "
                      "one as clock: --columns time=..,clock={}",
                      path, time.column + 1, layout.rows.front()[time.column], time.column + 1));
    }
  } else {
    auto chosen = choose_time(layout, columns, notes);
    if (!chosen && forced_unit) {
      for (std::size_t i = 0; i < columns.size() && !chosen; ++i) {
        if (read_column_name(columns[i].name).meaning == NameMeaning::kTime && is_written_with_digits_only(layout, i)) {
          chosen = Candidate{i, Shape::kEpoch, read_column_name(columns[i].name)};
        }
      }
    }
    if (!chosen) {
      return failure(
          ErrorCode::kInvalidArgument,
          fmt::format("{}: no column holds a date or a time that can be read; the columns are {}. Say which with "
                      "--columns time=NUMBER, and --time-format s|ms|us|ns for small epoch numbers",
                      path, list_columns(columns, layout)));
    }
    time = *chosen;
    if (forced_unit) time.shape = Shape::kEpoch;
  }
  columns[time.column].role = ColumnRole::kTime;
  finding.column_says_utc = time.name.utc;
  finding.column_says_end = time.name.meaning == NameMeaning::kEndTime;
  finding.format.example = layout.rows.front()[time.column];

  if (time.shape == Shape::kEpoch) {
    finding.format.kind = TimeFormat::Kind::kEpoch;
    finding.format.has_clock = true;
    finding.format.unit = forced_unit ? *forced_unit : *unit_of(largest(layout, time.column));
    return finding;
  }
  if (time.shape == Shape::kNone) {
    return failure(ErrorCode::kInvalidArgument,
                   fmt::format("{}: column {} was to hold the time, but '{}' is not one that can be read", path,
                               time.column + 1, finding.format.example));
  }
  if (!clock && time.shape == Shape::kDate) clock = find_clock(layout, columns, time.column);
  if (clock) {
    columns[*clock].role = ColumnRole::kClock;
    finding.format.clock_digits = clock_digits_of(layout, *clock);
    finding.format.example += " " + layout.rows.front()[*clock];
    finding.column_says_utc = finding.column_says_utc || read_column_name(columns[*clock].name).utc;
  }
  TRY_ASSIGN(finding.format.order, find_order(path, layout, options, time.column, notes));
  TRY(read_marks(path, layout, time.column, clock, finding));
  return finding;
}

}  // namespace tradeassist::feed
