#pragma once

#include <cstddef>
#include <cstdint>

/// Truths of bars as bits: that of bar i is bit i % 64 of word i / 64.
namespace tradeassist::backtest {

/// 0 or 1.
inline double truth_at(const std::uint64_t* words, std::size_t bar) {
  return static_cast<double>(words[bar / 64] >> (bar % 64) & 1);
}

/// Those of bars [first, first + count) as numbers.
inline void expand_truths(const std::uint64_t* words, std::size_t first, std::size_t count, double* out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = truth_at(words, first + i);
}

}  // namespace tradeassist::backtest
