#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "server/script_request.hpp"

namespace tradeassist::server {

struct IndicatorBody {
  std::string name;
  std::optional<Values> parameters;
  std::optional<std::string> as;
};
BOOST_DESCRIBE_STRUCT(IndicatorBody, (), (name, parameters, as))

struct ExpressionBody {
  std::string source;
  std::optional<std::string> as;
};
BOOST_DESCRIBE_STRUCT(ExpressionBody, (), (source, as))

/// The body of POST /api/v1/indicators/compute: `script`, or any number of the others.
struct ComputeBody {
  std::string symbol, timeframe;
  std::optional<base::Time> from, to;
  std::optional<std::int64_t> last;
  std::optional<std::string> series_source, format, price_adjustment;
  std::optional<std::vector<IndicatorBody>> indicators;
  std::optional<std::vector<ExpressionBody>> expressions;
  std::optional<std::string> script;
};
BOOST_DESCRIBE_STRUCT(ComputeBody, (),
                      (symbol, timeframe, from, to, last, series_source, format, price_adjustment, indicators,
                       expressions, script))

}  // namespace tradeassist::server
