#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "market/ticks.hpp"

namespace tradeassist::store {

/// Whether two series of ticks are equal bit for bit; says the first row where not. A quote column without a value is
/// equal to none.
inline testing::AssertionResult same_bits(const market::TickSeries& actual, const market::TickSeries& expected) {
  if (actual.rows() != expected.rows()) {
    return testing::AssertionFailure() << actual.rows() << " ticks instead of " << expected.rows();
  }
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 0; i < actual.rows(); ++i) {
    if (actual.time[i] != expected.time[i]) {
      return testing::AssertionFailure() << "row " << i << ": time " << actual.time[i] << " instead of "
                                         << expected.time[i];
    }
    for (auto column :
         {&market::TickSeries::price, &market::TickSeries::size, &market::TickSeries::bid, &market::TickSeries::ask}) {
      const auto bits = [&](const market::TickSeries& ticks) {
        return std::bit_cast<std::uint64_t>((ticks.*column).empty() ? unknown : (ticks.*column)[i]);
      };
      if (bits(actual) != bits(expected)) {
        return testing::AssertionFailure()
               << "row " << i << ": bits " << std::hex << bits(actual) << " instead of " << bits(expected);
      }
    }
  }
  return testing::AssertionSuccess();
}

/// Ticks of every kind that feeds have and some that they should not have.
class RandomTicks {
 public:
  explicit RandomTicks(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

  /// `rows` ticks with ascending times, many of them equal; each column by itself of some kind.
  market::TickSeries series(std::size_t rows, std::int64_t first_time = 1'500'000'000'000'000'000) {
    market::TickSeries ticks;
    if (one_in(2)) ticks.bid.resize(1);
    if (one_in(2)) ticks.ask.resize(1);
    ticks.resize(rows);
    const std::int64_t steps[] = {1, 1'000, 1'000'000, 1'000'000'000};
    const std::int64_t step = steps[below(4)];
    for (std::size_t i = 0; i < rows; ++i) {
      ticks.time[i] = first_time;
      if (!one_in(3)) first_time += step * static_cast<std::int64_t>(below(one_in(100) ? 10'000 : 5));
    }
    const auto decimals = static_cast<int>(below(6));
    for (auto column :
         {&market::TickSeries::price, &market::TickSeries::size, &market::TickSeries::bid, &market::TickSeries::ask}) {
      const auto kind = one_in(4) ? below(7) : 0;
      for (double& each : ticks.*column) each = value(kind, decimals);
    }
    return ticks;
  }

  market::Tick tick(std::int64_t time) {
    const auto any = [&] { return value(one_in(4) ? below(7) : 0, 2); };
    market::Tick tick{.time = base::time_from_nanoseconds(time), .price = any(), .size = any()};
    if (one_in(3)) tick.bid = any();
    if (one_in(3)) tick.ask = any();
    return tick;
  }

 private:
  double value(std::uint64_t kind, int decimals) {
    switch (kind) {
      case 0: return static_cast<double>(static_cast<std::int64_t>(below(2'000)) - 200) / std::pow(10, decimals);
      case 1: return std::bit_cast<double>(engine_());  // any bits: huge, tiny, NaN with payload
      case 2: return static_cast<double>(engine_()) / 3;
      case 3: return std::numeric_limits<double>::quiet_NaN();
      case 4: return one_in(50) ? std::numeric_limits<double>::quiet_NaN() : 100.25;
      case 5: return one_in(2) ? -0.0 : 0.0;
      default: return std::numeric_limits<double>::infinity() * (one_in(2) ? 1 : -1);
    }
  }

  std::mt19937_64 engine_;
};

}  // namespace tradeassist::store
