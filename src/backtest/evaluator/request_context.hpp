#pragma once

#include <map>
#include <string>
#include <utility>

#include "backtest/evaluator/run_budget.hpp"
#include "backtest/series_source.hpp"
#include "base/result.hpp"
#include "market/timeframe.hpp"

namespace tradeassist::backtest {

/// What the evaluators of one run share: the chart's and those of its requests, requests inside requests too.
class RequestContext {
 public:
  RequestContext(SeriesSource source, const pine::Limits& limits, std::size_t bars, std::stop_token stop)
      : budget_(limits, bars, std::move(stop)), source_(std::move(source)), requests_max_(limits.requests_max) {}

  RunBudget& budget() { return budget_; }

  /// Bars of a symbol. The source is asked once for each symbol and timeframe.
  const base::Result<SourcedSeries>& series(const std::string& symbol, market::Timeframe timeframe);

  /// Counts one request more; kResourceExhausted beyond the bound.
  base::Result<void> count_request();

 private:
  RunBudget budget_;
  SeriesSource source_;
  std::uint32_t requests_max_, requests_ = 0;
  std::map<std::pair<std::string, std::string>, base::Result<SourcedSeries>> series_;  // by symbol and timeframe
};

}  // namespace tradeassist::backtest
