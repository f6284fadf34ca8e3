#pragma once

#include "base/result.hpp"
#include "market/instrument.hpp"
#include "market/tick_bars.hpp"
#include "store/answers/bar_query.hpp"
#include "store/market_store.hpp"

namespace tradeassist::store {

/// The bars of a query, made of a stored series of ticks, which are read a day at a time.
///
/// Bars of time are whole: those whose buckets begin within [from, to). Other bars are counted from the series' first
/// tick, or from `from` where that is given, and end with the last tick before `to`; the last one may not be full.
/// kResourceExhausted: more bars than query.rows_max.
base::Result<market::Series> bars_of_stored_ticks(MarketStore& store, const SeriesInfo& series,
                                                  const market::Instrument& instrument, const BarQuery& query);

}  // namespace tradeassist::store
