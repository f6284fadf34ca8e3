#pragma once

#include "backtest/series_source.hpp"
#include "market/corporate_actions.hpp"
#include "store/cache/series_cache.hpp"

namespace tradeassist::server {

/// The stored series as a run's requests read them: "SPY" or "ARCA:SPY", on any timeframe that can be made of what is
/// stored. One source serves any number of parallel runs: what it read stays as it is for all of them, up to
/// kSourceBarsMax bars. The cache must outlive it.
///
/// Prices are adjusted for splits and dividends as asked, but for continuous futures, which have none.
backtest::SeriesSource market_source(store::SeriesCache& cache,
                                     market::PriceAdjustment adjustment = market::PriceAdjustment::kRaw);

/// Most bars that a source keeps, and most of one series.
constexpr std::int64_t kSourceBarsMax = 10'000'000;

}  // namespace tradeassist::server
