#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "feed/csv/csv_format.hpp"
#include "feed/text/fields.hpp"
#include "feed/text/local_time.hpp"

namespace tradeassist::feed {

/// Why a row was not kept as it stands.
enum class Reason : std::uint8_t {
  kFieldCount,   // more or fewer fields than the file's rows have
  kQuote,        // a quote that does not close
  kTime,         // not a time, or a zone where the others have none
  kSkippedTime,  // a local time that the clocks jumped over
  kMissing,      // a price is empty
  kNotANumber,
  kPriceOrder,  // high below low, open or close; low above open or close
  kNegativeVolume,
  kNegativeCount,  // open interest or trade count
  kOtherSymbol,    // a row of another symbol in a file that seemed to have one
  kConflict,       // same time as an earlier row, other values
  kOutOfOrder,     // kept: sorted to its place
};
constexpr std::size_t kReasonCount = 12;
std::string_view to_string(Reason reason);

struct RowProblem {
  std::int64_t line = 0;  // 1-based
  Reason reason = Reason::kFieldCount;
  std::string text;
};

struct ParsedRow {
  std::int64_t time = 0;   // nanoseconds UTC, bar start
  std::int64_t again = 0;  // the stamp's clock time came twice: nanoseconds to the later instant; else 0
  double open = 0, high = 0, low = 0, close = 0, volume = 0;
  double bid = 0, ask = 0;                              // set where the format has them; NaN: not known
  double open_interest = 0, trade_count = 0, vwap = 0;  // the same
};

enum class RowOutcome : std::uint8_t {
  kRow,
  kBad,       // the problem says why
  kNotARow,   // blank, a comment, the header again
  kUnwanted,  // a row of a symbol that --only leaves out
};

/// Parses rows of one format. Two ways that must agree: parse_plain, which knows the usual spellings of numbers and
/// ISO times and gives up on anything else, and parse, which knows everything and explains. One per thread.
class RowParser {
 public:
  static base::Result<RowParser> create(const CsvFormat& format);

  /// Whether rows have a column of this role.
  bool has(ColumnRole role) const { return std::ranges::find(roles_, role) != roles_.end(); }

  /// Parses the row at `at`, whose line ends in '\n' and after whose buffer 32 bytes can be read. The start of the next
  /// line, or null when this row needs `parse`.
  const char* parse_plain(const char* at, ParsedRow& row);

  /// Parses one line, without its line end. Fills `problem` (but for its line) when kBad.
  RowOutcome parse(std::string_view line, ParsedRow& row, RowProblem& problem);

 private:
  RowParser() = default;

  bool scan_optional(const char*& at, double& value) const;
  bool scan_date(const char*& at, std::int64_t& day);
  bool scan_time(const char*& at, std::int64_t& day, std::int64_t& clock, std::optional<std::int64_t>& offset);
  bool parse_time(std::string_view text, std::string_view clock_text, ParsedRow& row, RowProblem& problem);
  LocalTime::Kind settle_time(std::int64_t day, std::int64_t clock, std::optional<std::int64_t> offset, ParsedRow& row);

  std::vector<ColumnRole> roles_;
  TimeFormat time_;
  char separator_ = ',';
  bool plain_ = true;  // the format is one that parse_plain knows
  bool decimal_comma_ = false;
  bool trailing_separator_ = false;
  bool stamps_have_zone_ = false;
  bool only_given_ = false;
  bool has_volume_ = false;
  bool close_only_ = false;
  bool quotes_only_ = false;
  std::string only_;
  std::string header_;
  std::optional<LocalTime> local_;
  std::int64_t epoch_unit_ = 1;
  std::int64_t epoch_limit_ = 0;  // the largest magnitude that fits
  market::Timeframe timeframe_;
  bool stamped_at_end_ = false;
  std::uint64_t cached_date_head_ = 0;
  std::uint16_t cached_date_tail_ = 0;
  std::int64_t cached_day_ = 0;
  FieldSplitter splitter_{','};
};

}  // namespace tradeassist::feed
