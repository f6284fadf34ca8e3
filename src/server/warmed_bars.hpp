#pragma once

#include <cstddef>
#include <memory>

#include "base/result.hpp"
#include "store/cache/series_cache.hpp"

namespace tradeassist::server {

/// Bars that were asked for, with those before them.
struct WarmedBars {
  std::shared_ptr<const store::BarAnswer> answer;  // of all; empty_reason is about those that were asked for
  std::size_t first_bar = 0;                       // of those that were asked for
  bool whole_history = true;                       // nothing that is stored before was left out

  std::size_t size() const { return answer->bars.size() - first_bar; }
};

/// Most stored bars that are read for a request, and most bars of its timeframe before those it asks for: what has
/// infinite memory (EMAs) or adds up (OBV) starts as far back as can be. That is more than a thousand years of days,
/// and five years of a stock market's minutes.
struct WarmUpLimits {
  std::int64_t rows_max = 5'000'000;
  std::int64_t bars_max = 500'000;
};

/// Reads the bars of a query with the whole stored history before them, or as much of it as the limits allow. Errors
/// as of store::answer.
base::Result<WarmedBars> read_warmed_bars(store::SeriesCache& cache, const store::BarQuery& query,
                                          const WarmUpLimits& limits = {});

}  // namespace tradeassist::server
