#include "backtest/metrics/margin_used.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace tradeassist::backtest {

MarginUsed margin_used(const RunResult& result, const pine::StrategySettings& settings, const market::Series& series,
                       BarRange bars) {
  if (result.trades.empty() || (settings.margin_long == 0 && settings.margin_short == 0)) return {};
  // Account currency per point of price that each bar adds to the position, or takes from it.
  std::vector<double> change(bars.end - bars.first);
  const std::size_t closed = result.trades.size() - result.open_trade_count;
  for (std::size_t i = 0; i < result.trades.size(); ++i) {
    const Trade& trade = result.trades[i];
    const double points = static_cast<double>(trade.direction) * trade.quantity * trade.point_value;
    change[trade.entry_bar - bars.first] += points;
    if (i < closed) change[trade.exit_bar - bars.first] -= points;
  }
  MarginUsed used;
  double points = 0, sum = 0;
  for (std::size_t i = 0; i < change.size(); ++i) {
    points += change[i];
    const double close = series.close[bars.first + i];
    if (!std::isfinite(close)) continue;
    const double ratio = (points > 0 ? settings.margin_long : settings.margin_short) / 100;
    const double margin = std::fabs(points * close) * ratio;
    sum += margin;
    used.largest = std::max(used.largest, margin);
  }
  used.average = sum / static_cast<double>(change.size());
  return used;
}

}  // namespace tradeassist::backtest
