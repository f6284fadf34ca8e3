#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "market/instrument.hpp"
#include "market/series.hpp"
#include "market/timeframe.hpp"

namespace tradeassist::backtest {

/// Bars of an instrument other than the chart's, or of the chart's own on a finer timeframe.
struct SourcedSeries {
  std::shared_ptr<const market::Series> series;
  market::Instrument instrument;
};

/// Answers with the bars of `symbol` ("AAPL", "NASDAQ:AAPL") on `timeframe`: request.security of other symbols and
/// finer timeframes, the bar magnifier and currency rates read them. kNotFound when there are none. Called from the
/// thread of the run, at most once for each symbol and timeframe; must be thread-safe when runs are parallel. Empty = a
/// run that knows its chart alone.
using SeriesSource = std::function<base::Result<SourcedSeries>(const std::string& symbol, market::Timeframe timeframe)>;

}  // namespace tradeassist::backtest
