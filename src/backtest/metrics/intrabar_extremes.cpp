#include "backtest/metrics/intrabar_extremes.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <vector>

namespace tradeassist::backtest {

IntrabarExtremes intrabar_extremes(const RunResult& result, double initial_capital) {
  const std::vector<Trade>& trades = result.trades;
  const std::size_t closed = trades.size() - result.open_trade_count;
  std::vector<std::size_t> by_entry(trades.size());
  std::iota(by_entry.begin(), by_entry.end(), std::size_t{0});
  std::ranges::stable_sort(by_entry, {},
                           [&](std::size_t i) { return std::tuple(trades[i].entry_bar, trades[i].entry_serial); });
  IntrabarExtremes extremes;
  double equity = initial_capital, peak = initial_capital, trough = initial_capital;
  const auto reach = [&](double now) {
    equity = now;
    peak = std::max(peak, now);
    trough = std::min(trough, now);
  };
  std::size_t exited = 0;
  for (const std::size_t i : by_entry) {
    const Trade& trade = trades[i];
    // What closed before it was entered; on its own bar, what was there before it.
    for (; exited < closed; ++exited) {
      const Trade& other = trades[exited];
      if (std::tuple(other.exit_bar, other.entry_serial) >= std::tuple(trade.entry_bar, trade.entry_serial)) break;
      reach(equity + other.profit + other.entry_commission);
    }
    extremes.largest_fall = std::max(extremes.largest_fall, peak - (equity + trade.drawdown));
    extremes.largest_rise = std::max(extremes.largest_rise, equity + trade.run_up - trough);
    reach(equity - trade.entry_commission);
  }
  return extremes;
}

}  // namespace tradeassist::backtest
