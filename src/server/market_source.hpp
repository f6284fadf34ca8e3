#pragma once

#include "backtest/series_source.hpp"
#include "store/market_store.hpp"

namespace tradeassist::server {

/// The series of a market store as a run's requests read them: "SPY" or "ARCA:SPY", on any timeframe that can be made
/// of what is stored. One source serves any number of parallel runs: what it read is shared and kept, up to
/// kSourceBarsMax bars. The store must outlive it.
backtest::SeriesSource market_source(store::MarketStore& store);

/// Most bars that a source keeps, and most of one series.
constexpr std::int64_t kSourceBarsMax = 10'000'000;

}  // namespace tradeassist::server
