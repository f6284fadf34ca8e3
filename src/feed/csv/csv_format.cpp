#include "feed/csv/csv_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;

std::string separator_name(char separator) {
  switch (separator) {
    case ',': return "comma";
    case ';': return "semicolon";
    case '\t': return "tab";
    case '|': return "bar |";
    case ' ': return "spaces";
    default: return std::string(1, separator);
  }
}

std::string column_name(const CsvFormat& format, std::size_t index) {
  const std::string& name = format.columns[index].name;
  return fmt::format("{} ({})", index + 1, name.empty() ? "unnamed" : name);
}

std::string time_text(const CsvFormat& format) {
  const std::size_t time = format.column_of(ColumnRole::kTime);
  std::string text = fmt::format("column {}", column_name(format, time));
  if (const std::size_t clock = format.column_of(ColumnRole::kClock); clock < format.columns.size()) {
    text += fmt::format(" with clock in column {}", column_name(format, clock));
  }
  text += ", ";
  if (format.time.kind == TimeFormat::Kind::kEpoch) {
    switch (format.time.unit) {
      case TimeUnit::kSeconds: text += "seconds"; break;
      case TimeUnit::kMilliseconds: text += "milliseconds"; break;
      case TimeUnit::kMicroseconds: text += "microseconds"; break;
      case TimeUnit::kNanoseconds: text += "nanoseconds"; break;
    }
    text += " since 1970";
  } else {
    const bool month_by_name =
        std::ranges::any_of(format.time.example.substr(0, 12), [](char c) { return c >= 'a' && c <= 'z'; });
    switch (format.time.order) {
      case DateOrder::kYearMonthDay: text += month_by_name ? "month by name" : "year month day"; break;
      case DateOrder::kMonthDayYear: text += "month day year"; break;
      case DateOrder::kDayMonthYear: text += "day month year"; break;
    }
    if (!format.time.has_clock) text += ", no time of day";
  }
  return text + fmt::format(", e.g. {}", format.time.example);
}

std::string zone_text(const CsvFormat& format) {
  switch (format.zone_source) {
    case ZoneSource::kGiven: return format.time_zone + " (--timezone)";
    case ZoneSource::kStamp:
      return format.time.stamp_zone.empty() ? "in every stamp" : format.time_zone + " (in every stamp)";
    case ZoneSource::kEpoch: return "UTC (epoch times)";
    case ZoneSource::kColumnName: return format.time_zone + " (says the column's name)";
    case ZoneSource::kDates: return "none needed: whole dates, kept as midnight " + format.time_zone;
  }
  return {};
}

std::string columns_text(const CsvFormat& format) {
  using enum ColumnRole;
  const std::vector<ColumnRole> roles =
      format.ticks ? std::vector{kClose, kVolume, kBid, kAsk} : std::vector{kOpen, kHigh, kLow, kClose, kVolume};
  std::string used;
  for (const ColumnRole role : roles) {
    const std::size_t index = format.column_of(role);
    const std::string_view name = format.ticks && role == kClose    ? "price"
                                  : format.ticks && role == kVolume ? "size"
                                                                    : to_string(role);
    used += fmt::format("{}{} = {}", used.empty() ? "" : ", ", name,
                        index < format.columns.size() ? column_name(format, index) : std::string("none"));
  }
  for (const ColumnRole role : {kOpenInterest, kTradeCount, kVwap}) {
    const std::size_t index = format.column_of(role);
    if (format.ticks || index == format.columns.size()) continue;
    used += fmt::format(", {} = {}", to_string(role), column_name(format, index));
  }
  return used;
}

std::string tick_text(const market::Bar& tick) {
  return fmt::format("{}  price {}  size {}", base::format_time(tick.time), tick.close, tick.volume);
}

std::string bar_text(const market::Bar& bar) {
  std::string text = fmt::format("{}  open {}  high {}  low {}  close {}  volume {}", base::format_time(bar.time),
                                 bar.open, bar.high, bar.low, bar.close, bar.volume);
  const auto add_known = [&text](ColumnRole role, double value) {
    if (!std::isnan(value)) text += fmt::format("  {} {}", to_string(role), value);
  };
  add_known(ColumnRole::kOpenInterest, bar.open_interest);
  add_known(ColumnRole::kTradeCount, bar.trade_count);
  add_known(ColumnRole::kVwap, bar.vwap);
  return text;
}

}  // namespace

std::string_view to_string(ColumnRole role) {
  switch (role) {
    case ColumnRole::kIgnored: return "ignored";
    case ColumnRole::kTime: return "time";
    case ColumnRole::kClock: return "clock";
    case ColumnRole::kOpen: return "open";
    case ColumnRole::kHigh: return "high";
    case ColumnRole::kLow: return "low";
    case ColumnRole::kClose: return "close";
    case ColumnRole::kVolume: return "volume";
    case ColumnRole::kSymbol: return "symbol";
    case ColumnRole::kBid: return "bid";
    case ColumnRole::kAsk: return "ask";
    case ColumnRole::kOpenInterest: return "open_interest";
    case ColumnRole::kTradeCount: return "trade_count";
    case ColumnRole::kVwap: return "vwap";
  }
  return "?";
}

std::int64_t nanoseconds_per(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kSeconds: return 1'000'000'000;
    case TimeUnit::kMilliseconds: return 1'000'000;
    case TimeUnit::kMicroseconds: return 1'000;
    case TimeUnit::kNanoseconds: return 1;
  }
  return 1;
}

base::Result<BarTime> parse_bar_time(std::string_view text) {
  if (text == "start") return BarTime::kStart;
  if (text == "end") return BarTime::kEnd;
  return failure(ErrorCode::kInvalidArgument, fmt::format("--bar-time is start or end, not '{}'", text));
}

base::Result<char> parse_separator(std::string_view text) {
  if (text == "," || text == ";" || text == "|" || text == "\t" || text == " ") return text.front();
  if (text == "comma") return ',';
  if (text == "semicolon") return ';';
  if (text == "tab" || text == "\\t") return '\t';
  if (text == "space") return ' ';
  return failure(ErrorCode::kInvalidArgument, fmt::format("--separator is , ; | tab or space, not '{}'", text));
}

base::Result<bool> parse_decimal_comma(std::string_view text) {
  if (text == "comma" || text == ",") return true;
  if (text == "dot" || text == ".") return false;
  return failure(ErrorCode::kInvalidArgument, fmt::format("--decimal is dot or comma, not '{}'", text));
}

std::size_t CsvFormat::column_of(ColumnRole role) const {
  const auto found = std::ranges::find(columns, role, &CsvColumn::role);
  return static_cast<std::size_t>(found - columns.begin());
}

std::string describe(const CsvFormat& format) {
  std::string out;
  const auto line = [&out](std::string_view label, std::string_view text) {
    fmt::format_to(std::back_inserter(out), "  {:<11}{}\n", label, text);
  };
  out += format.path + "\n";
  line("layout",
       fmt::format("{} columns, separator {}, {}, first row in line {}{}", format.columns.size(),
                   separator_name(format.separator),
                   format.header_line > 0 ? fmt::format("header in line {}", format.header_line) : "no header",
                   format.first_row_line, format.decimal_comma ? ", decimal comma" : ""));
  line("time", time_text(format));
  line("time zone", zone_text(format));
  if (!format.ticks)
    line("stamps", fmt::format("{} of the bar{}", format.bar_time == BarTime::kStart ? "start" : "end",
                               format.bar_time_given  ? " (--bar-time)"
                               : format.bar_time_seen ? " (as the file shows; --bar-time start otherwise)"
                                                      : " (assumed; --bar-time end otherwise)"));
  if (format.ticks) {
    line("rows", (format.quotes_only ? "quotes; the price is the middle of bid and ask" : "ticks") +
                     (format.tick_signs.empty()
                          ? std::string()
                          : fmt::format(" (told by {}; --timeframe if they are bars)", format.tick_signs)));
  } else {
    line("timeframe", market::to_string(format.timeframe) + (format.timeframe_given ? "" : " (found from the rows)"));
  }
  line("columns", columns_text(format));
  std::string ignored;
  std::size_t ignored_count = 0;
  for (std::size_t i = 0; i < format.columns.size(); ++i) {
    if (format.columns[i].role != ColumnRole::kIgnored ||
        (format.trailing_separator && i + 1 == format.columns.size())) {
      continue;
    }
    if (++ignored_count > 8) continue;
    ignored += (ignored.empty() ? "" : ", ") + column_name(format, i);
  }
  if (ignored_count > 8) ignored += fmt::format(" and {} more", ignored_count - 8);
  if (!ignored.empty()) line("ignored", ignored);
  if (!format.only.empty())
    line("symbol", format.only + " in column " + column_name(format, format.column_of(ColumnRole::kSymbol)));
  if (format.price_decimals) line("prices", fmt::format("with {} decimals", *format.price_decimals));
  line("order", format.descending ? "newest first" : "oldest first");
  if (format.first_bar && format.ticks) line("first tick", tick_text(*format.first_bar));
  if (format.first_bar && !format.ticks) line("first bar", bar_text(*format.first_bar));
  if (format.last_bar && format.ticks) line("last tick", tick_text(*format.last_bar));
  if (format.last_bar && !format.ticks) line("last bar", bar_text(*format.last_bar));
  for (const std::string& note : format.notes) line("note", note);
  return out;
}

}  // namespace tradeassist::feed
