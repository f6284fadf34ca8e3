#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <string>

#include "backtest/series_source.hpp"

/// For tests only: other instruments for scripts that ask for some.
namespace tradeassist::backtest::testing {

/// What stands for another instrument: the chart's own closes made to stray from themselves and come back, each symbol
/// in its own way; for a volatility index, the chart's own volatility in percent a year. A shorter chart has the same
/// companion, cut as short.
inline market::Series companion(const market::Series& chart, const std::string& symbol) {
  std::seed_seq seed(symbol.begin(), symbol.end());
  std::mt19937_64 random(seed);
  const auto uniform = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  const bool is_volatility = symbol == "CBOE:VIX";
  market::Series made = chart;
  double stray = 0, variance = 1e-4;
  for (std::size_t i = 0; i < chart.size(); ++i) {
    stray = 0.97 * stray + 0.01 * (uniform() + uniform() - 1);
    const double change = i == 0 ? 0 : std::log(chart.close[i] / chart.close[i - 1]);
    variance = 0.9 * variance + 0.1 * change * change;
    made.close[i] = is_volatility ? 100 * std::sqrt(252 * variance) : chart.close[i] / 10 * std::exp(stray);
    made.open[i] = i == 0 ? made.close[i] : made.close[i - 1];
    made.high[i] = std::max(made.open[i], made.close[i]);
    made.low[i] = std::min(made.open[i], made.close[i]);
  }
  return made;
}

/// Answers every symbol with its companion, on the chart's timeframe. The chart must outlive the source.
inline SeriesSource companions_of(const market::Series& chart) {
  return [&chart](const std::string& symbol, market::Timeframe) -> base::Result<SourcedSeries> {
    SourcedSeries sourced;
    sourced.series = std::make_shared<const market::Series>(companion(chart, symbol));
    sourced.instrument.symbol = symbol;
    return sourced;
  };
}

}  // namespace tradeassist::backtest::testing
