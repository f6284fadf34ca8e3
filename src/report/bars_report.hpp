#pragma once

#include <boost/json/array.hpp>
#include <cstddef>
#include <optional>
#include <string>

#include "store/answers/bar_query.hpp"

namespace tradeassist::report {

/// "time,open,high,low,close,volume" and a row a bar: RFC 3339 times, shortest numbers, unknown values empty. Of a
/// continuous future also "unadjusted_close,contract", and "split_factor,dividend_factor" where they were asked for.
std::string bars_csv(const store::BarAnswer& answer);

/// Where an answer came from, where answers are kept.
struct Kept {
  bool is_cached = false;
  base::Time read_at;  // from the database
};

/// The answer of GET /api/v1/bars with its story, bars as columns or as rows. Written straight to text: a hundred
/// thousand bars pass through no tree.
std::string bars_json(const store::BarAnswer& answer, bool as_columns, const std::optional<Kept>& kept = {});

/// Rows [first, first + count) of the same, as far as there are; for parts of an answer of up to a few thousand bars.
boost::json::array bars_rows(const store::BarAnswer& answer, std::size_t first, std::size_t count);

// Parts that what is written straight to text shares.

void append_json_number(std::string& out, double value);  // null when it is not finite
void append_time(std::string& out, std::int64_t nanoseconds);

/// What rows are of, as an answer tells it.
struct SeriesStory {
  const market::Instrument& instrument;
  const store::SeriesInfo& series;
  market::Timeframe timeframe;
  std::size_t row_count = 0;
  const std::string& empty_reason;
  std::optional<market::TickBarRule> tick_rule{};  // what the bars are, where `timeframe` does not say it
};

/// The JSON object of an answer from its brace to the last of these fields, without the closing brace.
std::string series_head(const SeriesStory& story);

}  // namespace tradeassist::report
