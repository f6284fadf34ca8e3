#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "market/corporate_actions.hpp"
#include "market/instrument.hpp"
#include "market/series.hpp"
#include "store/market_store.hpp"

namespace tradeassist::store {

/// How the prices of an answer were adjusted.
struct AdjustmentStory {
  market::PriceAdjustment adjustment = market::PriceAdjustment::kRaw;
  std::vector<market::CorporateAction> actions{};  // those that changed a bar of the answer, by ex-date
  std::vector<std::string> notes{};                // actions that do not change anything yet
  // One value a bar, where they are asked for: what its last known close was multiplied by.
  std::vector<double> split_factor{}, dividend_factor{};
};

/// True when an ex-date cannot lie inside a stored bar: bars of a day or less.
bool can_adjust(market::Timeframe stored);

/// Bars of a stored series, adjusted.
struct AdjustedBars {
  market::AdjustedSeries series;
  std::vector<std::int64_t> day;                   // the trading day of each bar
  std::vector<market::CorporateAction> effective;  // by ex-date; those that changed a bar
};

/// Adjusts bars that stand in a row in a stored series exactly as the whole series is adjusted, from its newest bar
/// back, so that every range of it shows the same prices. What lies outside `bars` and is needed, the closes before
/// dividends, is read from the store. Errors are those of market::adjust_prices() and of reading.
base::Result<AdjustedBars> adjust_stored(MarketStore& store, const market::Instrument& instrument,
                                         const SeriesInfo& series, market::Series bars,
                                         market::PriceAdjustment adjustment);

/// The story of rows [first, end) of `bars`, which are those of `adjusted` or were made of them by aggregation.
AdjustmentStory adjustment_story(const AdjustedBars& adjusted, market::PriceAdjustment adjustment,
                                 const market::Series& bars, std::size_t first, std::size_t end, bool with_factors);

}  // namespace tradeassist::store
