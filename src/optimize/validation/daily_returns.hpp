#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "backtest/metrics/metrics.hpp"
#include "base/result.hpp"
#include "market/instrument.hpp"
#include "market/series.hpp"

namespace tradeassist::optimize {

/// The trading days of a range of bars: returns of days can be compared with each other, returns of trades cannot.
struct TradingDays {
  std::vector<std::size_t> ends;  // the last bar of each
  double per_year = 252;          // as many as there are in these bars

  /// By the session of the instrument. Bars longer than a day are a day each. kInvalidArgument: an unknown time zone,
  /// a session that cannot be read.
  static base::Result<TradingDays> of(const market::Series& series, backtest::BarRange bars,
                                      const market::Instrument& instrument);

  /// What each day made of the value at the end of the day before, as a fraction; the first of `start`. `values` are of
  /// the bars from `first` on. 0 for days that begin with nothing.
  std::vector<double> returns(std::span<const double> values, std::size_t first, double start) const;
};

}  // namespace tradeassist::optimize
