#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include "market/series.hpp"

namespace tradeassist::store {

/// Whether two series are equal bit for bit; says the first row where not.
inline testing::AssertionResult same_bits(const market::Series& actual, const market::Series& expected) {
  if (actual.size() != expected.size()) {
    return testing::AssertionFailure() << actual.size() << " rows instead of " << expected.size();
  }
  for (std::size_t i = 0; i < actual.size(); ++i) {
    if (actual.time[i] != expected.time[i]) {
      return testing::AssertionFailure() << "row " << i << ": time " << actual.time[i] << " instead of "
                                         << expected.time[i];
    }
    for (auto column : {&market::Series::open, &market::Series::high, &market::Series::low, &market::Series::close,
                        &market::Series::volume}) {
      const auto was = std::bit_cast<std::uint64_t>((actual.*column)[i]);
      const auto should = std::bit_cast<std::uint64_t>((expected.*column)[i]);
      if (was != should) {
        return testing::AssertionFailure() << "row " << i << ": bits " << std::hex << was << " instead of " << should;
      }
    }
    for (const market::ValueColumn column : market::kOptionalColumns) {
      const auto value = [&](const market::Series& bars) {
        return market::is_present(bars, column) ? (bars.*column)[i] : market::kNotKnown;
      };
      const double was = value(actual), should = value(expected);
      if (was != should && (was == was || should == should)) {
        return testing::AssertionFailure()
               << "row " << i << ": " << was << " instead of " << should << " in an optional column";
      }
    }
  }
  return testing::AssertionSuccess();
}

/// Bars of every kind that data has and some that it should not have.
class RandomBars {
 public:
  explicit RandomBars(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

  /// `rows` bars with ascending times; each column by itself of some kind.
  market::Series series(std::size_t rows, std::int64_t first_time = 1'500'000'000'000'000'000) {
    market::Series bars;
    bars.resize(rows);
    const std::int64_t steps[] = {1, 1'000'003, 1'000'000'000, 60'000'000'000, 86'400'000'000'000};
    const std::int64_t step = steps[below(5)];
    const bool irregular = one_in(2);
    for (std::size_t i = 0; i < rows; ++i) {
      bars.time[i] = first_time;
      first_time += step * (irregular ? 1 + static_cast<std::int64_t>(below(5)) : one_in(300) ? 61 : 1);
    }
    const auto decimals = static_cast<int>(below(6));
    for (auto column : {&market::Series::open, &market::Series::high, &market::Series::low, &market::Series::close,
                        &market::Series::volume}) {
      const auto kind = one_in(4) ? below(8) : 0;
      for (double& each : bars.*column) each = value(kind, decimals);
    }
    for (const market::ValueColumn column : market::kOptionalColumns) {
      if (!one_in(4)) continue;
      const auto kind = one_in(2) ? below(4) : 0;
      for (std::size_t i = 0; i < rows; ++i) (bars.*column).push_back(value(kind, decimals));
    }
    return bars;
  }

  market::Bar bar(std::int64_t time) {
    const auto any = [&] { return value(one_in(3) ? below(8) : 0, 2); };
    market::Bar bar{base::time_from_nanoseconds(time), any(), any(), any(), any(), any()};
    if (one_in(100)) bar.open_interest = value(0, 0);
    if (one_in(100)) bar.vwap = value(0, 3);
    return bar;
  }

 private:
  double value(std::uint64_t kind, int decimals) {
    switch (kind) {
      case 0: return static_cast<double>(static_cast<std::int64_t>(below(20'000)) - 2'000) / std::pow(10, decimals);
      case 1: return std::bit_cast<double>(engine_());  // any bits: huge, tiny, NaN with payload
      case 2: return static_cast<double>(engine_()) / 3;
      case 3: return std::numeric_limits<double>::quiet_NaN();
      case 4: return one_in(50) ? std::numeric_limits<double>::quiet_NaN() : 100.25;
      case 5: return one_in(2) ? -0.0 : 0.0;
      case 6: return one_in(2) ? 0.0 : 1e15 * static_cast<double>(below(1'000'000));
      default: return std::numeric_limits<double>::infinity() * (one_in(2) ? 1 : -1);
    }
  }

  std::mt19937_64 engine_;
};

}  // namespace tradeassist::store
