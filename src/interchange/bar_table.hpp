#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "interchange/series_metadata.hpp"
#include "market/series.hpp"
#include "store/answers/bar_query.hpp"

namespace tradeassist::interchange {

/// A number a bar, beside those of its series. A view.
struct NumberColumn {
  std::string name;
  std::span<const double> values;
};

/// A text a bar, out of few: `word` gives of each bar the place of its text in `words`, or kNoWord.
struct WordColumn {
  std::string name;
  std::vector<std::string> words;
  std::vector<std::uint32_t> word;
};
constexpr std::uint32_t kNoWord = std::numeric_limits<std::uint32_t>::max();

/// Bars as files and streams carry them: the columns of a series, then further ones, each as long. What it refers to
/// outlives it.
struct BarTable {
  const market::Series& series;
  SeriesMetadata metadata{};
  std::vector<NumberColumn> numbers{};
  std::vector<WordColumn> words{};
};

/// An answer with everything that its JSON rows say of a bar: `unadjusted_close` and `contract` of a continuous future,
/// `split_factor` and `dividend_factor` where they were asked for, and `filled` (forward, interpolate, zero_volume;
/// none of a stored bar) where bars were filled. The metadata say how it was made: `base_timeframe`,
/// `last_append_time`, `adjustment` and `roll`, `price_adjustment`, the rule of `vwap`, and `empty_reason` where there
/// are no bars. The answer outlives the table.
BarTable table_of(const store::BarAnswer& answer);

}  // namespace tradeassist::interchange
