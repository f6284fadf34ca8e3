#include "store/benchmark/minute_bars.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>

#include "base/time.hpp"

namespace tradeassist::store {

market::Series minute_bars(std::size_t rows) {
  std::mt19937_64 random(1);
  market::Series bars;
  bars.resize(rows);
  const std::int64_t first_monday = 946'909'800'000'000'000;  // 2000-01-03T14:30:00Z
  double close = 10'000;                                      // in cents
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t day = i / 390;
    bars.time[i] = first_monday + static_cast<std::int64_t>(day / 5 * 7 + day % 5) * base::kNanosecondsPerDay +
                   static_cast<std::int64_t>(i % 390) * 60 * base::kNanosecondsPerSecond;
    const auto up_to = [&](std::uint64_t bound) { return static_cast<double>(random() % bound); };
    const double open = std::max(100.0, close + up_to(3) - 1);
    close = std::max(100.0, open + up_to(21) - 10);
    bars.open[i] = open / 100;
    bars.high[i] = (std::max(open, close) + up_to(8)) / 100;
    bars.low[i] = (std::min(open, close) - up_to(8)) / 100;
    bars.close[i] = close / 100;
    bars.volume[i] = std::floor(std::exp(6 + up_to(4'000) / 1'000)) + up_to(100);
  }
  return bars;
}

}  // namespace tradeassist::store
