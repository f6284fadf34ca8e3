#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <span>

#include "base/time.hpp"
#include "feed/csv/csv_format.hpp"
#include "feed/csv/order.hpp"
#include "feed/csv/row_parser.hpp"
#include "feed/csv/spacing.hpp"
#include "feed/detect/columns.hpp"
#include "feed/detect/layout.hpp"
#include "feed/detect/price_columns.hpp"
#include "feed/detect/sample.hpp"
#include "feed/detect/session_edges.hpp"
#include "feed/detect/tick_columns.hpp"
#include "feed/detect/tick_signs.hpp"
#include "feed/detect/time_columns.hpp"
#include "feed/text/local_time.hpp"
#include "feed/text/text_file.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;

/// Rows of one symbol among many from which its timeframe is told, and how many of them are looked for.
constexpr std::size_t kSymbolRowsEnough = 100;
constexpr std::size_t kSymbolRows = 5'000;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

/// A file of several symbols holds several series: one is chosen, or the user is asked which.
base::Result<void> choose_symbol(const Layout& layout, const CsvOptions& options, CsvFormat& format) {
  const std::size_t column = format.column_of(ColumnRole::kSymbol);
  if (column == format.columns.size()) {
    if (options.only.empty()) return {};
    return failure(ErrorCode::kInvalidArgument,
                   format.path + ": --only was given, but no column holds symbols; name it with --columns symbol=NAME");
  }
  std::set<std::string> symbols;
  for (const auto& row : layout.rows) symbols.insert(row[column]);
  if (symbols.size() > 4 && symbols.size() * 2 > layout.rows.size()) {
    format.columns[column].role = ColumnRole::kIgnored;  // different in every row: not what tells series apart
    return {};
  }
  if (!options.only.empty()) {
    format.only = options.only;
    format.only_given = true;
    return {};
  }
  if (symbols.size() == 1) {
    format.only = *symbols.begin();
    return {};
  }
  for (const std::string& symbol : symbols) {
    if (options.symbol.empty() || lower(symbol) != lower(options.symbol)) continue;
    format.only = symbol;
    format.only_given = true;
    format.notes.push_back(fmt::format("the file holds several symbols; the rows of '{}' are taken", symbol));
    return {};
  }
  std::string some;
  std::size_t told = 0;
  for (const std::string& symbol : symbols) {
    if (++told > 6) break;
    some += (some.empty() ? "" : ", ") + symbol;
  }
  return failure(
      ErrorCode::kInvalidArgument,
      fmt::format("{}: column {} '{}' holds several symbols ({}{}); choose one with --only SYMBOL", format.path,
                  column + 1, format.columns[column].name, some, symbols.size() > 6 ? ", ..." : ""));
}

/// Times of the sampled first rows, in time order, as the format reads them so far.
struct SampleTimes {
  std::vector<std::int64_t> ascending;
  std::optional<RowProblem> first_problem;
  bool descending = false;
};

base::Result<SampleTimes> read_sample_times(const CsvFormat& format, std::span<const std::string> rows) {
  TRY_ASSIGN(RowParser parser, RowParser::create(format));
  SampleTimes times;
  ParsedRow row;
  RowProblem problem;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const RowOutcome outcome = parser.parse(rows[i], row, problem);
    if (outcome == RowOutcome::kRow) times.ascending.push_back(row.time);
    if (outcome == RowOutcome::kBad && !times.first_problem) {
      problem.line = format.first_row_line + static_cast<std::int64_t>(i);
      times.first_problem = problem;
    }
  }
  times.descending = is_descending(times.ascending);
  std::ranges::sort(times.ascending);
  return times;
}

/// One sampled bar from either end of the file.
base::Result<void> show_ends(std::span<const std::string> rows, const Sample& sample, CsvFormat& format) {
  TRY_ASSIGN(RowParser parser, RowParser::create(format));
  ParsedRow row;
  RowProblem problem;
  const auto read = [&](const std::string& line) -> std::optional<market::Bar> {
    if (parser.parse(line, row, problem) != RowOutcome::kRow) return std::nullopt;
    market::Bar bar{base::time_from_nanoseconds(row.time), row.open, row.high, row.low, row.close, row.volume};
    if (parser.has(ColumnRole::kOpenInterest)) bar.open_interest = row.open_interest;
    if (parser.has(ColumnRole::kTradeCount)) bar.trade_count = row.trade_count;
    if (parser.has(ColumnRole::kVwap)) bar.vwap = row.vwap;
    return bar;
  };
  for (auto line = rows.begin(); line != rows.end() && !format.first_bar; ++line) format.first_bar = read(*line);
  for (auto line = sample.tail.rbegin(); line != sample.tail.rend() && !format.last_bar; ++line)
    format.last_bar = read(*line);
  if (format.descending) std::swap(format.first_bar, format.last_bar);
  return {};
}

base::Result<void> settle_zone(const TimeFinding& finding, const CsvOptions& options, CsvFormat& format) {
  const bool given = !options.time_zone.empty();
  if (format.time.kind == TimeFormat::Kind::kEpoch) {
    format.zone_source = ZoneSource::kEpoch;
    if (given) format.notes.push_back("--timezone has no effect on the times: epoch times are UTC");
    return {};
  }
  if (finding.carries_zone) {
    format.zone_source = ZoneSource::kStamp;
    if (!format.time.stamp_zone.empty()) format.time_zone = format.time.stamp_zone;
    if (given) format.notes.push_back("--timezone has no effect on the times: every stamp carries its zone");
    if (!format.time.stamp_zone.empty() && !LocalTime::open(format.time_zone)) {
      return failure(
          ErrorCode::kInvalidArgument,
          fmt::format("{}: '{}' at the end of '{}' is not a known time zone; remove it from the stamps and give "
                      "--timezone with an IANA name such as America/New_York",
                      format.path, format.time_zone, format.time.example));
    }
    return {};
  }
  if (!format.timeframe.is_intraday() && format.time.has_clock) {
    format.time.clock_dropped = true;
    if (!finding.clock_is_midnight) {
      format.notes.push_back(
          fmt::format("bars of {} are named by their date: the time of day in the stamps is not used",
                      market::to_string(format.timeframe)));
    }
  }
  if (given) {
    format.zone_source = ZoneSource::kGiven;
    format.time_zone = options.time_zone;
  } else if (finding.column_says_utc) {
    format.zone_source = ZoneSource::kColumnName;
  } else if (!format.timeframe.is_intraday()) {
    format.zone_source = ZoneSource::kDates;
    if (!options.date_time_zone.empty()) format.time_zone = options.date_time_zone;
  } else {
    return failure(ErrorCode::kInvalidArgument,
                   fmt::format("{}: the times ('{}') carry no zone; say which clock they show with --timezone, e.g. "
                               "--timezone America/New_York, Europe/Berlin or UTC",
                               format.path, format.time.example));
  }
  return {};
}

base::Result<void> settle_timeframe(const SampleTimes& times, const CsvOptions& options, CsvFormat& format) {
  if (options.ticks) {
    format.timeframe = {market::Timeframe::Unit::kSecond, 1};  // their clock counts, and needs its zone
    return {};
  }
  if (options.timeframe) {
    format.timeframe = *options.timeframe;
    format.timeframe_given = true;
    std::vector<std::string> unused;  // the whole file is looked at when it is read
    return check_spacing(format, times.ascending, unused);
  }
  const auto seen = infer_timeframe(times.ascending);
  if (!seen) {
    return failure(
        ErrorCode::kInvalidArgument,
        fmt::format(
            "{}: the distances between its {} sampled rows tell no timeframe; if they are bars, give --timeframe; if "
            "trades or quotes, --ticks",
            format.path, times.ascending.size()));
  }
  format.timeframe = *seen;
  return {};
}

void settle_bar_time(const TimeFinding& finding, const SampleTimes& times, const CsvOptions& options,
                     CsvFormat& format) {
  format.bar_time_given = options.bar_time.has_value();
  format.bar_time = options.bar_time.value_or(BarTime::kStart);
  if (options.bar_time || options.ticks) return;
  if (finding.column_says_end) {
    format.bar_time = BarTime::kEnd;
    format.bar_time_seen = true;
    format.notes.push_back("the only time is, by its name, the bars' end; their start is worked out");
    return;
  }
  const auto signs = find_bar_end_signs(times.ascending, format.timeframe);
  if (!signs) return;
  format.bar_time_seen = signs->clear;
  if (signs->clear) format.bar_time = BarTime::kEnd;
  format.notes.push_back(signs->text + (signs->clear ? fmt::format(": each bar is taken to start {} before its stamp; "
                                                                   "--bar-time start takes the stamps as they are",
                                                                   market::to_string(format.timeframe))
                                                     : std::string()));
}

/// As ticks or as bars, as the options say; `tick_signs` is what shows that rows read as ticks are ticks.
base::Result<CsvFormat> detect_as(const std::string& path, const CsvOptions& options,
                                  std::optional<std::string>& tick_signs) {
  const std::string& content_path = options.content_path.empty() ? path : options.content_path;
  TRY_ASSIGN(const TextFile file, TextFile::open(content_path, path));
  TRY_ASSIGN(const std::vector<ColumnChoice> choices, parse_column_choices(options.columns));
  if (!options.time_zone.empty()) TRY(LocalTime::open(options.time_zone));
  TRY_ASSIGN(const Sample sample, take_sample(file));
  TRY_ASSIGN(const Layout layout, find_layout(path, sample, options));

  CsvFormat format;
  format.path = path;
  format.content_path = content_path;
  format.file_bytes = file.size();
  format.separator = layout.separator;
  format.line_end = sample.line_end;
  format.header_line = layout.has_header ? static_cast<std::int64_t>(layout.header) + 1 : 0;
  if (layout.has_header) format.header = sample.head[layout.header];
  while (!format.header.empty() && (format.header.back() == '\r' || format.header.back() == ' '))
    format.header.pop_back();
  format.first_row_line = static_cast<std::int64_t>(layout.first_row) + 1;
  format.first_row_offset = sample.head_offset[layout.first_row];
  format.trailing_separator = layout.trailing_separator;
  if (const auto lines = format.first_row_line - 1 - (layout.has_header ? 1 : 0); lines > 0) {
    format.notes.push_back(fmt::format("{} line{} before the first row {} no use", lines, lines == 1 ? "" : "s",
                                       lines == 1 ? "is of" : "are of"));
  }

  TRY_ASSIGN(format.columns, name_columns(path, layout, !choices.empty(), format.notes));
  TRY(apply_choices(choices, format.columns));
  for (const ColumnChoice& choice : choices) {
    const bool is_of_bars = choice.role == ColumnRole::kOpenInterest || choice.role == ColumnRole::kTradeCount ||
                            choice.role == ColumnRole::kVwap;
    if (!options.ticks || !is_of_bars) continue;
    return failure(ErrorCode::kInvalidArgument,
                   fmt::format("--columns {}: ticks have none; of ticks there are price, size, bid and ask",
                               to_string(choice.role)));
  }
  TRY_ASSIGN(const TimeFinding finding, find_time(path, layout, options, format.columns, format.notes));
  format.time = finding.format;
  format.ticks = options.ticks;
  if (options.ticks) {
    TRY(find_tick_columns(layout, format));
  } else {
    TRY(find_prices(layout, format));
  }
  TRY_ASSIGN(format.decimal_comma, find_decimal_comma(layout, options, format));
  format.price_decimals = find_price_decimals(layout, format);
  TRY(choose_symbol(layout, options, format));

  // The zone is asked for only when the timeframe needs one, and the timeframe is told by the rows' distance on their
  // own clock: so the sample is read as if that clock were UTC first.
  format.zone_source = finding.carries_zone ? ZoneSource::kStamp : ZoneSource::kDates;
  if (finding.carries_zone && !finding.format.stamp_zone.empty()) format.time_zone = "UTC";
  std::span<const std::string> rows = std::span(sample.head).subspan(layout.first_row);
  TRY_ASSIGN(SampleTimes times, read_sample_times(format, rows));
  std::vector<std::string> found;
  if (format.only_given && times.ascending.size() < kSymbolRowsEnough) {
    // In a file sorted by symbol the wanted one may come late.
    TRY_ASSIGN(found, find_lines(file, format.line_end, format.first_row_offset, format.only, kSymbolRows));
    rows = found;
    TRY_ASSIGN(times, read_sample_times(format, rows));
    if (times.ascending.empty() && !times.first_problem) {
      return failure(ErrorCode::kNotFound, fmt::format("{}: has no row of symbol '{}'", path, format.only));
    }
  }
  if (times.ascending.empty()) {
    return failure(ErrorCode::kInvalidArgument,
                   fmt::format("{}: none of the first rows can be used{}; set --columns or --time-format", path,
                               times.first_problem
                                   ? fmt::format(": line {}: {}", times.first_problem->line, times.first_problem->text)
                                   : std::string()));
  }
  format.descending = times.descending;
  if (options.ticks) tick_signs = find_tick_signs(format, times.ascending);
  TRY(settle_timeframe(times, options, format));
  TRY(settle_zone(finding, options, format));
  settle_bar_time(finding, times, options, format);
  TRY(show_ends(rows, sample, format));
  return format;
}

}  // namespace

base::Result<CsvFormat> detect(const std::string& path, const CsvOptions& options) {
  std::optional<std::string> tick_signs;
  if (options.ticks_if_clear && !options.ticks && !options.timeframe) {
    CsvOptions as_ticks = options;
    as_ticks.ticks = true;
    auto format = detect_as(path, as_ticks, tick_signs);
    if (format && tick_signs) format->tick_signs = *tick_signs;
    if (tick_signs) return format;
  }
  return detect_as(path, options, tick_signs);
}

}  // namespace tradeassist::feed
