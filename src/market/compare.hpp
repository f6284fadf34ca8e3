#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "market/series.hpp"

namespace tradeassist::market {

/// Which bars of several series belong together: those that start at the same instant, or those that are the n-th of
/// their series (two periods of one instrument).
enum class CompareBy { kTime, kNumber };

/// One series over the common bars. What cannot be computed is NaN, and `unknown_reason` says why.
struct ComparedSeries {
  std::vector<std::int64_t> time;  // of its own bars
  std::vector<double> close;
  std::vector<double> rebased;  // close in per cent of the first one, which so is 100
  std::size_t dropped = 0;      // bars that are not common
  double change = 0;            // last close / first close - 1
  double volatility = 0;        // standard deviation (sample) of the log returns from bar to bar
  double max_drawdown = 0;      // the largest fall from a high, as a share of it
  std::string unknown_reason{};
};

/// A series against the first one. What cannot be computed is NaN, and `unknown_reason` says why.
struct ComparedPair {
  std::size_t series = 1;
  std::vector<double> spread;  // its close - close of the first
  std::vector<double> ratio;   // its close / close of the first; NaN where that is 0
  double correlation = 0;      // Pearson's, of the log returns from bar to bar
  double beta = 0;             // slope of its log returns over those of the first
  std::string unknown_reason{};
};

struct Comparison {
  std::size_t common_bars = 0;
  std::vector<ComparedSeries> series;
  std::vector<ComparedPair> pairs;  // of all series but the first
};

/// Compares series over their common bars: those that every one of them has, with a close that is known. Log returns
/// are of closes above 0: a series with another among the common bars has no volatility, correlation or beta; one whose
/// first close is not above 0 has no change and is not rebased; a drawdown needs a high above 0.
///
/// kInvalidArgument for fewer than two series. Linear in the bars of all.
base::Result<Comparison> compare(std::span<const SeriesPtr> series, CompareBy by);

}  // namespace tradeassist::market
