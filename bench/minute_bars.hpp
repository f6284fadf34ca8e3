#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <random>
#include <string>

#include "market/series.hpp"

namespace tradeassist::bench {

/// Minute bars around the clock: a random walk in cents whose trend turns now and then.
inline market::Series minute_bars(std::size_t count) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> step(0, 6);
  market::Series made;
  made.resize(count);
  double close = 40'000, drift = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (random() % 500 == 0) drift = static_cast<double>(random() % 5) / 2 - 1;
    const double open = close;
    close = std::max(1'000.0, std::round(open + drift + step(random)));
    made.time[i] = 1'600'000'020'000'000'000 + static_cast<std::int64_t>(i) * 60'000'000'000;
    made.open[i] = open / 100;
    made.close[i] = close / 100;
    made.high[i] = (std::max(open, close) + static_cast<double>(random() % 6)) / 100;
    made.low[i] = (std::min(open, close) - static_cast<double>(random() % 6)) / 100;
    made.volume[i] = static_cast<double>(100 + random() % 900);
  }
  return made;
}

inline std::string read_text(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace tradeassist::bench
