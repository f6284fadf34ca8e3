#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "feed/ingest.hpp"
#include "feed/preview.hpp"
#include "market/instrument.hpp"

namespace tradeassist::server {

struct FileColumn {
  std::int64_t number = 0;  // 1-based
  std::string name;         // as in the header; empty where there is none
  std::string role;         // time, clock, open, …; of ticks price and size; ignored
};
BOOST_DESCRIBE_STRUCT(FileColumn, (), (number, name, role))

/// How a file is read.
struct FileFormat {
  bool ticks = false;  // its rows are trades or quotes, not bars
  std::optional<std::string> ticks_because;
  std::int64_t bytes = 0;  // of its text, unpacked
  std::string separator, decimal;
  std::int64_t header_line = 0;  // 0: none
  std::int64_t first_row_line = 0;
  std::vector<FileColumn> columns;
  std::int64_t time_column = 0;  // its number
  std::string time_format;       // s, ms, us, ns of numbers; ymd, mdy, dmy of texts
  std::string time_example;
  std::string time_zone, time_zone_from;  // given, stamps, epoch, column_name, dates
  std::optional<std::string> timeframe;   // none of ticks
  bool timeframe_given = false;
  std::string bar_time, bar_time_from;  // start or end; given, seen, assumed
  std::optional<std::string> only;      // rows of this symbol
  bool newest_first = false;
  bool close_only = false;
  std::vector<std::string> notes;
  std::string description;  // all of it, for people
};
BOOST_DESCRIBE_STRUCT(FileFormat, (),
                      (ticks, ticks_because, bytes, separator, decimal, header_line, first_row_line, columns,
                       time_column, time_format, time_example, time_zone, time_zone_from, timeframe, timeframe_given,
                       bar_time, bar_time_from, only, newest_first, close_only, notes, description))

struct RejectedRow {
  std::int64_t line = 0;
  std::string reason, message;
};
BOOST_DESCRIBE_STRUCT(RejectedRow, (), (line, reason, message))

/// What became of the rows of a file. `rows` is the sum of kept, bad_rows, duplicates and unwanted.
struct FileRowCounts {
  std::int64_t rows = 0, kept = 0, bad_rows = 0, duplicates = 0, unwanted = 0, out_of_order = 0, repeated_clock = 0;
  std::map<std::string, std::int64_t> bad_rows_by_reason;
  std::vector<RejectedRow> problems;  // the first twenty
  std::vector<std::string> notes;
};
BOOST_DESCRIBE_STRUCT(FileRowCounts, (),
                      (rows, kept, bad_rows, duplicates, unwanted, out_of_order, repeated_clock, bad_rows_by_reason,
                       problems, notes))

/// A bar, or a tick: that has price, size, bid and ask.
struct PreviewRow {
  base::Time time{};
  std::optional<double> open, high, low, close, volume, open_interest, trade_count, vwap, price, size, bid, ask;
};
BOOST_DESCRIBE_STRUCT(PreviewRow, (),
                      (time, open, high, low, close, volume, open_interest, trade_count, vwap, price, size, bid, ask))

struct ImportChanges {
  std::int64_t inserted = 0, corrected = 0, unchanged = 0;
};
BOOST_DESCRIBE_STRUCT(ImportChanges, (), (inserted, corrected, unchanged))

struct PreviewedFile {
  std::string file;
  FileFormat format;
  std::optional<std::string> refused;  // why its rows cannot be imported
  std::optional<FileRowCounts> rows;   // none of a refused one
  std::vector<PreviewRow> first, last;
  std::optional<ImportChanges> changes;
};
BOOST_DESCRIBE_STRUCT(PreviewedFile, (), (file, format, refused, rows, first, last, changes))

struct LeftOutMember {
  std::string file, reason;
};
BOOST_DESCRIBE_STRUCT(LeftOutMember, (), (file, reason))

struct ImportPreviewAnswer {
  std::string symbol, timeframe, source;
  market::Instrument instrument;
  bool new_instrument = false, instrument_changed = false;
  bool says_enough = false;  // an import with the same parameters need not be told the timeframe
  std::vector<PreviewedFile> files;
  std::vector<LeftOutMember> left_out;
};
BOOST_DESCRIBE_STRUCT(ImportPreviewAnswer, (),
                      (symbol, timeframe, source, instrument, new_instrument, instrument_changed, says_enough, files,
                       left_out))

struct ImportedFile {
  std::string file;
  bool ticks = false;
  FileRowCounts rows;
  ImportChanges changes;
};
BOOST_DESCRIBE_STRUCT(ImportedFile, (), (file, ticks, rows, changes))

struct ImportAnswer {
  std::string symbol, timeframe, source;
  market::Instrument instrument;
  bool new_instrument = false, instrument_changed = false;
  ImportChanges changes;  // of all files
  std::int64_t bad_rows = 0;
  std::vector<ImportedFile> files;
  std::vector<LeftOutMember> left_out;
  std::vector<std::string> notes;
};
BOOST_DESCRIBE_STRUCT(ImportAnswer, (),
                      (symbol, timeframe, source, instrument, new_instrument, instrument_changed, changes, bad_rows,
                       files, left_out, notes))

ImportPreviewAnswer answer_of(const feed::ImportPreview& preview);
ImportAnswer answer_of(const feed::ImportReport& report);

}  // namespace tradeassist::server
