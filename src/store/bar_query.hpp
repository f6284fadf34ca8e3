#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "market/resample.hpp"
#include "store/market_store.hpp"

namespace tradeassist::store {

/// A question for bars: a range [from, to) with either end open, or the newest `last`.
struct BarQuery {
  std::string symbol;
  market::Timeframe timeframe;
  std::optional<base::Time> from, to;
  std::optional<std::int64_t> last;
  std::string source;  // empty: whichever series fits best
  std::int64_t rows_max = 10'000'000;
};

/// Bars with their story.
struct BarAnswer {
  market::Instrument instrument;
  SeriesInfo series;            // what they were read from; its timeframe may be finer
  market::Timeframe timeframe;  // as asked
  market::Series bars;
  std::string empty_reason;  // why there are none; empty when there are some
};

/// Where the buckets of higher timeframes begin for a series: the instrument's session, or midnight UTC for bars that
/// are stamped with plain dates.
base::Result<market::SessionAnchor> anchor_of(const market::Instrument& instrument, const market::Series& bars,
                                              market::Timeframe stored);

/// Reads the stored series whose timeframe is as asked, or else the coarsest finer one, and aggregates it.
/// kNotFound: unknown symbol, or no series of it; kInvalidArgument: asked for finer bars than are stored (says which
/// are), an empty range, last < 1; kResourceExhausted: more than rows_max.
base::Result<BarAnswer> answer(MarketStore& store, const BarQuery& query);

}  // namespace tradeassist::store
