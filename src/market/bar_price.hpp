#pragma once

#include <cstddef>

#include "market/series.hpp"

namespace tradeassist::market {

/// (high + low + close) / 3: where a bar's trades lie when only the bar is known. NaN where one of these is.
inline double typical_price(double high, double low, double close) { return (high + low + close) / 3; }

/// The mean price of a bar's trades: its VWAP where it is known, else its typical price.
inline double mean_price(const Series& bars, std::size_t i) {
  const double vwap = bars.vwap.empty() ? kNotKnown : bars.vwap[i];
  return vwap == vwap ? vwap : typical_price(bars.high[i], bars.low[i], bars.close[i]);
}

}  // namespace tradeassist::market
