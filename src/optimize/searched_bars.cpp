#include "optimize/searched_bars.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace tradeassist::optimize {

SearchedBars::Part::Part(market::Series series, double share)
    : bars(std::move(series)),
      columns(bars, static_cast<std::uint64_t>(share * static_cast<double>(backtest::SharedColumns::kBytesMax))) {}

SearchedBars::SearchedBars(const market::Series& series, backtest::BarRange bars)
    : all_(series.slice(bars.first, bars.end - bars.first), 1) {}

TrialBars SearchedBars::share(double share) {
  if (share >= 1) return {all_.bars, &all_.columns};
  const std::lock_guard lock(mutex_);
  auto found = parts_.find(share);
  if (found == parts_.end()) {
    const std::size_t bars = all_.bars.size();
    const double wanted = std::round(share * static_cast<double>(bars));
    const auto count = std::clamp<std::size_t>(static_cast<std::size_t>(wanted), 2, bars);
    found = parts_
                .emplace(std::piecewise_construct, std::forward_as_tuple(share),
                         std::forward_as_tuple(all_.bars.slice(0, count), share))
                .first;
  }
  return {found->second.bars, &found->second.columns};
}

}  // namespace tradeassist::optimize
