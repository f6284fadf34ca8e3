#include "server/importing/import_answers.hpp"

#include <algorithm>
#include <cmath>

#include "server/importing/import_query.hpp"

namespace tradeassist::server {
namespace {

std::optional<double> known(double value) { return std::isfinite(value) ? std::optional(value) : std::nullopt; }

std::string role_of(const feed::CsvFormat& format, feed::ColumnRole role) {
  if (format.ticks && role == feed::ColumnRole::kClose) return "price";
  if (format.ticks && role == feed::ColumnRole::kVolume) return "size";
  return std::string(feed::to_string(role));
}

/// As parameter `separator` says it.
std::string separator_of(char separator) {
  if (separator == '\t') return "tab";
  if (separator == ' ') return "space";
  return std::string(1, separator);
}

/// As parameter `time_format` says it.
std::string time_format_of(const feed::TimeFormat& time) {
  if (time.kind == feed::TimeFormat::Kind::kEpoch) {
    switch (time.unit) {
      case feed::TimeUnit::kSeconds: return "s";
      case feed::TimeUnit::kMilliseconds: return "ms";
      case feed::TimeUnit::kMicroseconds: return "us";
      case feed::TimeUnit::kNanoseconds: return "ns";
    }
  }
  switch (time.order) {
    case feed::DateOrder::kYearMonthDay: return "ymd";
    case feed::DateOrder::kMonthDayYear: return "mdy";
    case feed::DateOrder::kDayMonthYear: return "dmy";
  }
  return "";
}

std::string name_of(feed::ZoneSource source) {
  switch (source) {
    case feed::ZoneSource::kGiven: return "given";
    case feed::ZoneSource::kStamp: return "stamps";
    case feed::ZoneSource::kEpoch: return "epoch";
    case feed::ZoneSource::kColumnName: return "column_name";
    case feed::ZoneSource::kDates: return "dates";
  }
  return "";
}

std::vector<std::string> for_clients(const std::vector<std::string>& notes) {
  std::vector<std::string> out;
  for (const std::string& note : notes) out.push_back(with_parameters(note));
  return out;
}

FileFormat answer_of(const feed::CsvFormat& format) {
  FileFormat out;
  out.ticks = format.ticks;
  if (!format.tick_signs.empty()) out.ticks_because = format.tick_signs;
  out.bytes = format.file_bytes;
  out.separator = separator_of(format.separator);
  out.decimal = format.decimal_comma ? "comma" : "dot";
  out.header_line = format.header_line;
  out.first_row_line = format.first_row_line;
  for (std::size_t i = 0; i < format.columns.size(); ++i) {
    out.columns.push_back(
        {static_cast<std::int64_t>(i + 1), format.columns[i].name, role_of(format, format.columns[i].role)});
  }
  out.time_column = static_cast<std::int64_t>(format.column_of(feed::ColumnRole::kTime) + 1);
  out.time_format = time_format_of(format.time);
  out.time_example = format.time.example;
  out.time_zone = format.time_zone;
  out.time_zone_from = name_of(format.zone_source);
  if (!format.ticks) out.timeframe = market::to_string(format.timeframe);
  out.timeframe_given = format.timeframe_given;
  out.bar_time = format.bar_time == feed::BarTime::kEnd ? "end" : "start";
  out.bar_time_from = format.bar_time_given ? "given" : format.bar_time_seen ? "seen" : "assumed";
  if (!format.only.empty()) out.only = format.only;
  out.newest_first = format.descending;
  out.close_only = format.close_only;
  out.notes = for_clients(format.notes);
  out.description = with_parameters(feed::describe(format));
  return out;
}

FileRowCounts answer_of(const feed::CsvReport& report, const std::vector<std::string>& more_notes) {
  FileRowCounts out;
  out.rows = report.rows;
  out.kept = report.bars;
  out.bad_rows = report.bad;
  out.duplicates = report.duplicates;
  out.unwanted = report.unwanted;
  out.out_of_order = report.out_of_order;
  out.repeated_clock = report.repeated_clock;
  for (std::size_t i = 0; i < feed::kReasonCount; ++i) {
    const auto reason = static_cast<feed::Reason>(i);
    if (report.by_reason[i] > 0 && reason != feed::Reason::kOutOfOrder)
      out.bad_rows_by_reason[std::string(feed::to_string(reason))] = report.by_reason[i];
  }
  for (const feed::RowProblem& problem : report.problems)
    out.problems.push_back({problem.line, std::string(feed::to_string(problem.reason)), problem.text});
  out.notes = for_clients(report.notes);
  const std::vector<std::string> more = for_clients(more_notes);
  out.notes.insert(out.notes.end(), more.begin(), more.end());
  return out;
}

std::vector<PreviewRow> rows_of(const market::Series& bars) {
  std::vector<PreviewRow> rows;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const market::Bar bar = bars.bar(i);
    PreviewRow row;
    row.time = bar.time;
    row.open = known(bar.open);
    row.high = known(bar.high);
    row.low = known(bar.low);
    row.close = known(bar.close);
    row.volume = known(bar.volume);
    row.open_interest = known(bar.open_interest);
    row.trade_count = known(bar.trade_count);
    row.vwap = known(bar.vwap);
    rows.push_back(row);
  }
  return rows;
}

std::vector<PreviewRow> rows_of(const market::TickSeries& ticks) {
  std::vector<PreviewRow> rows;
  for (std::size_t i = 0; i < ticks.rows(); ++i) {
    const market::Tick tick = ticks.tick(i);
    PreviewRow row;
    row.time = tick.time;
    row.price = known(tick.price);
    row.size = known(tick.size);
    row.bid = known(tick.bid);
    row.ask = known(tick.ask);
    rows.push_back(row);
  }
  return rows;
}

ImportChanges answer_of(const store::AppendResult& stored) {
  return {stored.inserted, stored.corrected, stored.unchanged};
}

std::vector<LeftOutMember> answer_of(const std::vector<feed::LeftOutFile>& files) {
  std::vector<LeftOutMember> out;
  for (const feed::LeftOutFile& file : files) out.push_back({file.name, with_parameters(file.reason)});
  return out;
}

}  // namespace

ImportPreviewAnswer answer_of(const feed::ImportPreview& preview) {
  ImportPreviewAnswer out;
  out.symbol = preview.series.symbol;
  out.timeframe = market::to_string(preview.series.timeframe);
  out.source = preview.series.source;
  out.instrument = preview.instrument.instrument;
  out.new_instrument = preview.instrument.is_new;
  out.instrument_changed = preview.instrument.has_changed;
  out.says_enough = std::ranges::all_of(
      preview.files, [](const feed::FilePreview& file) { return feed::check_said(file.format).has_value(); });
  for (const feed::FilePreview& file : preview.files) {
    PreviewedFile one;
    one.file = file.format.path;
    one.format = answer_of(file.format);
    if (file.refused) {
      one.refused = with_parameters(file.refused->message);
    } else {
      one.rows = answer_of(file.rows, file.notes);
      const bool ticks = file.format.ticks;
      one.first = ticks ? rows_of(file.first_ticks) : rows_of(file.first_bars);
      one.last = ticks ? rows_of(file.last_ticks) : rows_of(file.last_bars);
      if (file.changes) one.changes = answer_of(*file.changes);
    }
    out.files.push_back(std::move(one));
  }
  out.left_out = answer_of(preview.left_out);
  return out;
}

ImportAnswer answer_of(const feed::ImportReport& report) {
  ImportAnswer out;
  out.symbol = report.series.symbol;
  out.timeframe = market::to_string(report.series.timeframe);
  out.source = report.series.source;
  out.instrument = report.instrument;
  out.new_instrument = report.is_new_instrument;
  out.instrument_changed = report.instrument_changed;
  store::AppendResult all;
  for (const feed::FileImport& file : report.files) {
    all += file.stored;
    out.bad_rows += file.rows.bad;
    out.files.push_back(
        {file.format.path, file.format.ticks, answer_of(file.rows, file.notes), answer_of(file.stored)});
  }
  out.changes = answer_of(all);
  out.left_out = answer_of(report.left_out);
  return out;
}

}  // namespace tradeassist::server
