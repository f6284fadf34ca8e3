#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "feed/text/stamp.hpp"
#include "market/series.hpp"
#include "market/timeframe.hpp"

namespace tradeassist::feed {

/// What a column of the file holds.
enum class ColumnRole : std::uint8_t {
  kIgnored,
  kTime,
  kClock,
  kOpen,
  kHigh,
  kLow,
  kClose,   // of ticks: the price
  kVolume,  // of ticks: the size
  kSymbol,
  kBid,
  kAsk,
  kOpenInterest,
  kTradeCount,
  kVwap
};
std::string_view to_string(ColumnRole role);

enum class BarTime : std::uint8_t { kStart, kEnd };

enum class TimeUnit : std::uint8_t { kSeconds, kMilliseconds, kMicroseconds, kNanoseconds };
std::int64_t nanoseconds_per(TimeUnit unit);

/// What the user says about a file. Everything left out is found out from the file, or asked for by an error that names
/// the option (`--timezone` and so on: the command line's spelling).
struct CsvOptions {
  std::optional<market::Timeframe> timeframe = {};  // --timeframe
  std::string time_zone = {};                       // --timezone: of stamps that carry none
  std::string columns = {};                         // --columns: "time=Date,open=2": by header name or 1-based number
  std::optional<BarTime> bar_time = {};             // --bar-time start|end
  std::string time_format = {};                     // --time-format mdy|dmy|ymd|s|ms|us|ns
  char separator = 0;                               // --separator; 0 = find out
  std::optional<bool> decimal_comma = {};           // --decimal dot|comma
  std::string only = {};                            // --only SYMBOL: of a file that holds several
  std::string date_time_zone = {};                  // of whole dates without --timezone: the instrument's; else UTC
  std::string symbol = {};                          // --symbol: chooses among several when one is spelt so
  std::string content_path = {};                    // the file's text made plain, read in its place; empty: none
  bool ticks = false;                               // --ticks: rows are trades or quotes, not bars
  bool ticks_if_clear = false;                      // rows that cannot be bars are ticks, unless a timeframe is given
};

base::Result<BarTime> parse_bar_time(std::string_view text);    // start | end
base::Result<char> parse_separator(std::string_view text);      // , ; | tab space
base::Result<bool> parse_decimal_comma(std::string_view text);  // dot | comma

/// How the file's stamps become instants.
struct TimeFormat {
  enum class Kind : std::uint8_t { kEpoch, kText };
  Kind kind = Kind::kText;
  TimeUnit unit = TimeUnit::kSeconds;                   // kEpoch
  DateOrder order = DateOrder::kYearMonthDay;           // kText
  ClockDigits clock_digits = ClockDigits::kHourMinute;  // a clock column of bare digits
  bool has_clock = false;                               // stamps name a time of day
  bool clock_dropped = false;                           // daily and longer bars without a zone: only the date counts
  std::string stamp_zone;                               // the zone's name that every stamp ends with, if it is a name
  std::string example;                                  // the first stamp, as written
};

enum class ZoneSource : std::uint8_t {
  kGiven,       // --timezone
  kStamp,       // every stamp carries its offset or zone
  kEpoch,       // epoch times are UTC by definition
  kColumnName,  // "Gmt time"
  kDates,       // whole dates: they name days; kept as midnight of the instrument's zone or UTC
};

struct CsvColumn {
  std::string name;  // as in the header; empty when it has none
  ColumnRole role = ColumnRole::kIgnored;
};

/// Everything understood about a file: enough to read it, and to show a person before anything is stored.
struct CsvFormat {
  std::string path;                           // as the user named it
  std::string content_path;                   // where its text is read; the same unless it was made plain first
  std::shared_ptr<const void> content_owner;  // keeps what was made plain
  std::int64_t file_bytes = 0;                // of the content
  char separator = ',';
  char line_end = '\n';  // '\r' in files of old Macintosh programs; CRLF is '\n' here
  bool decimal_comma = false;
  std::int64_t header_line = 0;       // 1-based; 0 = none
  std::int64_t first_row_line = 0;    // 1-based
  std::int64_t first_row_offset = 0;  // bytes
  std::string header;                 // its text, so that repetitions of it are recognised
  std::vector<CsvColumn> columns;     // one per field of a row
  bool trailing_separator = false;    // rows end with a separator and nothing behind it
  TimeFormat time;
  ZoneSource zone_source = ZoneSource::kDates;
  std::string time_zone = "UTC";  // kGiven, kColumnName, kDates, and a kStamp that is a name
  market::Timeframe timeframe;
  bool timeframe_given = false;
  BarTime bar_time = BarTime::kStart;
  bool bar_time_given = false;
  bool bar_time_seen = false;  // not given: told by the stamps or by their column's name
  std::string only;            // the symbol kept; empty when the file has no symbol column
  bool only_given = false;     // rows of other symbols are left out; otherwise they are bad rows
  bool close_only = false;     // there is no open, high and low: each bar is its close
  bool ticks = false;          // rows are ticks; timeframe and bar_time say nothing
  std::string tick_signs;      // what showed that they are; empty: the user said so
  bool quotes_only = false;    // ticks without a price: it is the middle of bid and ask
  bool descending = false;
  std::optional<int> price_decimals;  // that nearly all prices keep to; none when they look like rounded binary numbers
  std::optional<market::Bar> first_bar, last_bar;  // as parsed, in time order
  std::vector<std::string> notes;                  // what a person should know: columns ignored, oddities, suggestions

  /// The column with `role`, or columns.size().
  std::size_t column_of(ColumnRole role) const;
};

/// Looks at a file's head, its end and places between and says how it is to be read. Nothing is guessed that the file
/// does not show: what two readings fit is refused with the option that settles it.
base::Result<CsvFormat> detect(const std::string& path, const CsvOptions& options);

/// "What I understood": a short table for people, one fact a line, ending with a newline.
std::string describe(const CsvFormat& format);

}  // namespace tradeassist::feed
