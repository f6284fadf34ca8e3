#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "market/ticks.hpp"
#include "store/bars/bar_writer.hpp"
#include "store/testing/random_ticks.hpp"

namespace tradeassist::store {

/// What a series of ticks must hold, kept in the plainest way there is: the reference of the property tests.
class TicksModel {
 public:
  AppendResult append(const market::TickSeries& ticks) {
    std::map<std::int64_t, std::vector<Values>> instants;
    for (std::size_t i = 0; i < ticks.rows(); ++i) {
      const market::Tick tick = ticks.tick(i);
      const auto bits = [](double value) { return std::bit_cast<std::uint64_t>(value); };
      instants[ticks.time[i]].push_back({bits(tick.price), bits(tick.size), bits(tick.bid), bits(tick.ask)});
    }
    AppendResult result;
    for (auto& [time, now] : instants) {
      std::vector<Values>& old = instants_[time];
      for (std::size_t i = 0; i < std::max(old.size(), now.size()); ++i) {
        if (i >= old.size()) {
          ++result.inserted;
        } else if (i >= now.size() || old[i] != now[i]) {
          ++result.corrected;
        } else {
          ++result.unchanged;
        }
      }
      old = std::move(now);
    }
    corrections_ += result.corrected;
    return result;
  }

  market::TickSeries range(std::int64_t from, std::int64_t to) const {
    market::TickSeries ticks;
    for (auto at = instants_.lower_bound(from); at != instants_.end() && at->first < to; ++at) {
      for (const Values& values : at->second) {
        const auto value = [&](std::size_t i) { return std::bit_cast<double>(values[i]); };
        ticks.push_back({base::time_from_nanoseconds(at->first), value(0), value(1), value(2), value(3)});
      }
    }
    return ticks;
  }
  market::TickSeries all() const {
    return range(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
  }

  std::int64_t corrections() const { return corrections_; }

 private:
  using Values = std::array<std::uint64_t, 4>;
  std::map<std::int64_t, std::vector<Values>> instants_;
  std::int64_t corrections_ = 0;
};

/// Ticks at random instants of a grid of ten minutes over some months, so that batches overlap, correct each other,
/// fill holes and cross partitions. Often several in one instant, seldom more than a chunk holds.
inline market::TickSeries random_tick_batch(RandomTicks& random, std::uint64_t grid) {
  constexpr std::int64_t kStep = 600 * base::kNanosecondsPerSecond;
  constexpr std::int64_t kStart = 1'546'300'800 * base::kNanosecondsPerSecond;  // 2019-01-01
  const std::uint64_t kind = random.below(10);
  const std::uint64_t instants = kind < 6   ? 1 + random.below(40)
                                 : kind < 8 ? 1 + random.below(500)
                                            : random.below(4'000);
  std::uint64_t at = random.below(grid);
  market::TickSeries ticks;
  for (std::uint64_t i = 0; i <= instants && at < grid; ++i, at += 1 + random.below(2)) {
    const std::uint64_t count = random.one_in(2'000) ? 5'000 + random.below(20'000)
                                : random.one_in(3)   ? 1 + random.below(5)
                                                     : 1;
    for (std::uint64_t k = 0; k < count; ++k)
      ticks.push_back(random.tick(kStart + static_cast<std::int64_t>(at) * kStep));
  }
  return ticks;
}

}  // namespace tradeassist::store
