#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "market/series.hpp"

namespace tradeassist::interchange::testing {

/// Bars that are hard to carry: nanosecond times from before 1970 on, NaN, both zeros, negative prices, numbers with
/// all 53 bits; of the optional columns all, or for an odd `seed` open interest and VWAP.
inline market::Series difficult_series(std::size_t rows, unsigned seed) {
  std::mt19937_64 random(seed);
  market::Series series;
  std::int64_t time = -3 * base::kNanosecondsPerDay + 1;
  const auto number = [&]() -> double {
    switch (random() % 6) {
      case 0: return std::numeric_limits<double>::quiet_NaN();
      case 1: return -0.0;
      case 2: return 0.0;
      case 3: return -37.63;
      default: return std::uniform_real_distribution<double>(-1e6, 1e6)(random);
    }
  };
  for (std::size_t i = 0; i < rows; ++i) {
    time += 1 + static_cast<std::int64_t>(random() % 60'000'000'000);
    series.push_back({base::time_from_nanoseconds(time), number(), number(), number(), number(), number(), number(),
                      seed % 2 == 0 ? number() : market::kNotKnown, number()});
  }
  return series;
}

/// A column's bits, so that NaN equals NaN and 0.0 is not -0.0.
inline std::vector<std::uint64_t> bits_of(const std::vector<double>& column) {
  std::vector<std::uint64_t> bits;
  for (const double value : column) bits.push_back(std::bit_cast<std::uint64_t>(value));
  return bits;
}

}  // namespace tradeassist::interchange::testing
