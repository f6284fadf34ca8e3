#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "backtest/evaluator/run_budget.hpp"
#include "backtest/series_source.hpp"
#include "base/result.hpp"
#include "market/timeframe.hpp"

namespace tradeassist::backtest {

/// What the evaluators of one run share: the chart's and those of its requests, requests inside requests too.
class RequestContext {
 public:
  RequestContext(SeriesSource source, const pine::Limits& limits, std::size_t bars, std::stop_token stop,
                 std::string account_currency = {})
      : budget_(limits, bars, std::move(stop)),
        source_(std::move(source)),
        requests_max_(limits.requests_max),
        account_currency_(std::move(account_currency)) {}

  RunBudget& budget() { return budget_; }
  const std::string& account_currency() const { return account_currency_; }

  /// Bars of a symbol. The source is asked once for each symbol and timeframe.
  const base::Result<SourcedSeries>& series(const std::string& symbol, market::Timeframe timeframe);

  /// Something that a script asked for and did not get, though its run goes on.
  void warn(std::string text) { warnings_.push_back(std::move(text)); }
  std::vector<std::string> take_warnings() { return std::move(warnings_); }

  /// Counts one request more; kResourceExhausted beyond the bound.
  base::Result<void> count_request();

 private:
  RunBudget budget_;
  SeriesSource source_;
  std::uint32_t requests_max_, requests_ = 0;
  std::string account_currency_;
  std::vector<std::string> warnings_;                                                  // one for each request at most
  std::map<std::pair<std::string, std::string>, base::Result<SourcedSeries>> series_;  // by symbol and timeframe
};

}  // namespace tradeassist::backtest
