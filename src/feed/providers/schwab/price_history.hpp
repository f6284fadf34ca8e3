#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "feed/providers/provider.hpp"
#include "feed/providers/schwab/session.hpp"

namespace tradeassist::feed {

/// The query of GET /marketdata/v1/pricehistory for a request. kUnsupported names the timeframes there are.
base::Result<std::vector<std::pair<std::string, std::string>>> price_history_query(const BarRequest& request);

/// The candles of an answer, as they are; a field that is missing or no number is NaN. kUnavailable for what is no such
/// answer, or one for another symbol.
base::Result<market::Series> parse_candles(const boost::json::value& answer, std::string_view symbol);

/// Schwab's price history: stocks, funds and indices in minutes (1, 5, 10, 15, 30), days, weeks and months. Schwab has
/// none of futures and options.
class SchwabPriceHistory : public Provider {
 public:
  explicit SchwabPriceHistory(SchwabSession& session);

  std::string_view name() const override { return "schwab"; }
  const Capabilities& capabilities() const override { return capabilities_; }
  base::Result<market::Instrument> describe(std::string_view symbol) const override;
  base::Result<void> fetch(const BarRequest& request, const BarSink& sink, Attempt& attempt) override;

 private:
  SchwabSession& session_;
  Capabilities capabilities_;
};

}  // namespace tradeassist::feed
