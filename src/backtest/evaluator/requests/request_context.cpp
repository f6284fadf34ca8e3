#include "backtest/evaluator/requests/request_context.hpp"

namespace tradeassist::backtest {

const base::Result<SourcedSeries>& RequestContext::series(const std::string& symbol, market::Timeframe timeframe) {
  const auto key = std::pair(symbol, market::to_string(timeframe));
  if (const auto found = series_.find(key); found != series_.end()) return found->second;
  const std::string wanted = symbol + " " + market::to_string(timeframe);
  base::Result<SourcedSeries> answer = base::failure(
      base::ErrorCode::kNotFound, "there are no bars of " + wanted + ": this run knows the bars of its chart only");
  if (source_) answer = source_(symbol, timeframe);
  if (answer && answer->series->empty()) {
    answer = base::failure(base::ErrorCode::kNotFound, "there are no bars of " + wanted);
  }
  return series_.emplace(key, std::move(answer)).first->second;
}

base::Result<void> RequestContext::count_request() {
  if (++requests_ <= requests_max_) return {};
  return base::failure(base::ErrorCode::kResourceExhausted, "the run makes more than " + std::to_string(requests_max_) +
                                                                " different requests (calls, symbols and timeframes)");
}

}  // namespace tradeassist::backtest
