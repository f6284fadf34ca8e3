#include "backtest/metrics/equity_phases.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace tradeassist::backtest {
namespace {

struct Sum {
  double change = 0, largest = 0, days = 0;
  int count = 0;

  void add(double phase_change, double phase_days) {
    change += phase_change;
    days += phase_days;
    largest = std::max(largest, phase_change);
    ++count;
  }
  PhaseStatistics statistics() const {
    if (count == 0) return {};
    return {largest, change / count, days / count};
  }
};

}  // namespace

EquityPhases equity_phases(const RunResult& result, double initial_capital, const market::Series& series) {
  const std::size_t exits = result.trades.size() - result.open_trade_count;
  if (exits < 2) return {};
  std::vector<double> equity(exits);
  double realised = initial_capital;
  for (std::size_t i = 0; i < exits; ++i) equity[i] = realised += result.trades[i].profit;

  const auto index = [&](auto iterator) { return static_cast<std::size_t>(iterator - equity.begin()); };
  std::array<std::size_t, 4> cuts = {0, index(std::ranges::max_element(equity)),
                                     index(std::ranges::min_element(equity)), exits - 1};
  std::ranges::sort(cuts);
  Sum falls, rises;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    const double change = equity[cuts[i + 1]] - equity[cuts[i]];
    const std::int64_t length =
        series.time[result.trades[cuts[i + 1]].exit_bar] - series.time[result.trades[cuts[i]].exit_bar];
    const double days = std::floor(static_cast<double>(length) / static_cast<double>(base::kNanosecondsPerDay));
    if (change < 0) falls.add(-change, days);
    if (change > 0) rises.add(change, days);
  }
  return {falls.statistics(), rises.statistics()};
}

}  // namespace tradeassist::backtest
