#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <vector>

#include "server/historical/historical_request.hpp"

namespace tradeassist::server {

/// The body of POST /api/v1/historical-data/aggregate.
struct AggregateBody : HistoricalRange, HistoricalOptions {
  std::optional<std::string> symbol;  // or `symbols`
  std::optional<std::vector<std::string>> symbols;
  std::vector<std::string> frequencies;
};
BOOST_DESCRIBE_STRUCT(AggregateBody, (HistoricalRange, HistoricalOptions), (symbol, symbols, frequencies))

}  // namespace tradeassist::server
