#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "server/historical/historical_request.hpp"

namespace tradeassist::server {

struct ComparePeriod {
  base::Time start, end;
};
BOOST_DESCRIBE_STRUCT(ComparePeriod, (), (start, end))

/// The body of POST /api/v1/historical-data/compare.
struct CompareBody : HistoricalRange, HistoricalOptions {
  std::optional<std::vector<std::string>> symbols;  // over one range; or
  std::optional<std::string> symbol;                // over several periods
  std::optional<std::vector<ComparePeriod>> periods;
  std::string frequency;
};
BOOST_DESCRIBE_STRUCT(CompareBody, (HistoricalRange, HistoricalOptions), (symbols, symbol, periods, frequency))

}  // namespace tradeassist::server
