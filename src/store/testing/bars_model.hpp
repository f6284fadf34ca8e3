#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <iterator>
#include <map>

#include "market/series.hpp"
#include "store/bars/bar_writer.hpp"
#include "store/testing/random_bars.hpp"

namespace tradeassist::store {

/// What a series must hold, kept in the plainest way there is: the reference of the property tests.
class BarsModel {
 public:
  AppendResult append(const market::Series& bars) {
    AppendResult result;
    for (std::size_t i = 0; i < bars.size(); ++i) {
      const auto bits = [](double value) { return std::bit_cast<std::uint64_t>(value); };
      const auto optional = [&](market::ValueColumn column) {
        const double value = market::is_present(bars, column) ? (bars.*column)[i] : market::kNotKnown;
        return bits(value == value ? value : market::kNotKnown);
      };
      const Values values{bits(bars.open[i]),
                          bits(bars.high[i]),
                          bits(bars.low[i]),
                          bits(bars.close[i]),
                          bits(bars.volume[i]),
                          optional(&market::Series::open_interest),
                          optional(&market::Series::trade_count),
                          optional(&market::Series::vwap)};
      const auto [at, is_new] = rows_.try_emplace(bars.time[i], values);
      if (is_new) {
        ++result.inserted;
      } else if (at->second == values) {
        ++result.unchanged;
      } else {
        ++result.corrected;
        at->second = values;
      }
    }
    corrections_ += result.corrected;
    return result;
  }

  market::Series range(std::int64_t from, std::int64_t to) const {
    return from < to ? series(rows_.lower_bound(from), rows_.lower_bound(to)) : market::Series{};
  }
  market::Series all() const { return series(rows_.begin(), rows_.end()); }
  market::Series last(std::size_t count) const {
    return series(std::prev(rows_.end(), static_cast<std::ptrdiff_t>(std::min(count, rows_.size()))), rows_.end());
  }

  std::int64_t row_count() const { return static_cast<std::int64_t>(rows_.size()); }
  std::int64_t corrections() const { return corrections_; }

 private:
  using Values = std::array<std::uint64_t, 8>;
  using Rows = std::map<std::int64_t, Values>;

  static market::Series series(Rows::const_iterator first, Rows::const_iterator last) {
    market::Series bars;
    for (; first != last; ++first) {
      const auto value = [&](std::size_t i) { return std::bit_cast<double>(first->second[i]); };
      bars.push_back({base::time_from_nanoseconds(first->first), value(0), value(1), value(2), value(3), value(4),
                      value(5), value(6), value(7)});
    }
    return bars;
  }

  Rows rows_;
  std::int64_t corrections_ = 0;
};

/// A batch of bars at random places of a grid of hours over several years, so that batches overlap, correct each other,
/// fill holes and cross partitions.
inline market::Series random_batch(RandomBars& random, std::uint64_t grid_hours) {
  constexpr std::int64_t kHour = 3'600 * base::kNanosecondsPerSecond;
  constexpr std::int64_t kStart = 1'546'300'800 * base::kNanosecondsPerSecond;  // 2019-01-01
  const std::uint64_t kind = random.below(10);
  const std::uint64_t count = kind < 6   ? 1 + random.below(40)
                              : kind < 8 ? 1 + random.below(900)
                                         : 1'024 + random.below(4'000);
  const std::uint64_t step = random.one_in(3) ? 1 + random.below(5) : 1;  // others may come to lie between
  std::uint64_t hour = random.below(grid_hours);
  market::Series bars;
  for (std::uint64_t i = 0; i < count && hour < grid_hours; ++i, hour += step) {
    bars.push_back(random.bar(kStart + static_cast<std::int64_t>(hour) * kHour));
  }
  return bars;
}

}  // namespace tradeassist::store
