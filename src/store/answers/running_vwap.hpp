#pragma once

#include <vector>

#include "base/result.hpp"
#include "market/instrument.hpp"
#include "market/series.hpp"
#include "market/vwap.hpp"
#include "store/answers/bar_query.hpp"

namespace tradeassist::store {

/// The VWAP of each bar by a rule, of bars that know their own VWAP or take their typical price, and that begin where
/// the rule does or the data does. Sessions are trading days (bar_days.hpp), with the hours before and after them.
base::Result<std::vector<double>> running_vwap(const market::Instrument& instrument, const market::Series& bars,
                                               const market::VwapRule& rule);

/// Puts the VWAPs of query.vwap, which is of more than a bar, in place of those of the answer's bars. What is needed of
/// the time before the answer is read, so that every range shows the same averages.
base::Result<void> add_running_vwap(MarketStore& store, const BarQuery& query, BarAnswer& answer);

}  // namespace tradeassist::store
