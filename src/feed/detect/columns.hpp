#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "feed/csv/csv_format.hpp"

namespace tradeassist::feed {

/// What a header's name says about its column, whoever wrote it: `<OPEN>`, `1. open`, `Px_Open`, `Eröffnung`.
enum class NameMeaning : unsigned char {
  kUnknown,
  kTime,     // a date, a clock, an epoch or all of them: the column's content tells
  kEndTime,  // the bar's end: used only when there is no other time
  kOpen,
  kHigh,
  kLow,
  kClose,
  kVolume,
  kTickVolume,     // number of price changes: the volume of a market that has no other
  kAdjustedClose,  // recognised so that it is not taken for the close
  kOpenInterest,
  kTradeCount,
  kVwap,
  kAverage,  // the VWAP beside a count of trades, as Interactive Brokers writes; else any mean
  kSymbol,
  kOther,  // recognised, of no use here
};

struct ColumnName {
  NameMeaning meaning = NameMeaning::kUnknown;
  int rank = 0;      // lower is preferred when several columns mean the same: `close` before `last` before `price`
  bool utc = false;  // the name says that its times are UTC
};
ColumnName read_column_name(std::string_view name);

/// Gives prices, amounts and symbol their columns by header names; times are settled elsewhere, from content. Notes say
/// which of several candidates was taken and what is left out.
void assign_by_name(std::vector<CsvColumn>& columns, std::vector<std::string>& notes);

/// One `role=column` of --columns.
struct ColumnChoice {
  ColumnRole role = ColumnRole::kIgnored;
  std::string column;  // a header name or a 1-based number
};
/// Reads `time=1,clock=2,open=Open,...`; `date` means time.
base::Result<std::vector<ColumnChoice>> parse_column_choices(std::string_view text);

/// Applies the user's choices; a chosen role loses the column that its name would have given it.
base::Result<void> apply_choices(const std::vector<ColumnChoice>& choices, std::vector<CsvColumn>& columns);

}  // namespace tradeassist::feed
