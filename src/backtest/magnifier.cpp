#include "backtest/magnifier.hpp"

#include <array>
#include <utility>

#include "backtest/evaluator/requests/alignment.hpp"

namespace tradeassist::backtest {
namespace {

constexpr std::size_t kFinerBarsMax = 200'000;

}  // namespace

market::Timeframe magnified_timeframe(market::Timeframe chart) {
  using Unit = market::Timeframe::Unit;
  // From this length of the chart's bars on.
  static constexpr std::array<std::pair<std::int64_t, market::Timeframe>, 12> kFiner = {{
      {7 * 86'400, {Unit::kDay, 1}},
      {3 * 86'400, {Unit::kHour, 4}},
      {86'400, {Unit::kHour, 1}},
      {4 * 3'600, {Unit::kMinute, 30}},
      {3'600, {Unit::kMinute, 10}},
      {30 * 60, {Unit::kMinute, 5}},
      {15 * 60, {Unit::kMinute, 2}},
      {10 * 60, {Unit::kMinute, 1}},
      {5 * 60, {Unit::kSecond, 30}},
      {60, {Unit::kSecond, 10}},
      {30, {Unit::kSecond, 5}},
      {0, {Unit::kSecond, 1}},
  }};
  for (const auto& [seconds, finer] : kFiner) {
    if (chart.nominal_seconds() >= seconds) return finer;
  }
  return kFiner.back().second;
}

base::Result<BarMagnifier> bar_magnifier(const Chart& chart, RequestContext& requests) {
  const market::Instrument& instrument = chart.instrument();
  const std::string symbol =
      instrument.exchange.empty() ? instrument.symbol : instrument.exchange + ":" + instrument.symbol;
  const market::Timeframe finer = magnified_timeframe(chart.timeframe());
  const base::Result<SourcedSeries>& found = requests.series(symbol, finer);
  if (!found) return std::unexpected(found.error());
  TRY_ASSIGN(const Chart context, Chart::make(*found->series, found->instrument, finer));
  BarMagnifier magnifier;
  magnifier.bars = found->series;
  magnifier.inside.resize(chart.size());
  const std::vector<BarsInside> inside = bars_inside(chart, context);
  std::size_t taken = 0;
  for (std::size_t bar = inside.size(); bar-- > 0;) {
    taken += inside[bar].last - inside[bar].first;
    if (taken > kFinerBarsMax) break;
    magnifier.inside[bar] = {inside[bar].first, inside[bar].last};
  }
  if (taken == 0) {
    return base::failure(base::ErrorCode::kNotFound,
                         "there are no " + market::to_string(finer) + " bars of " + symbol + " inside the chart's");
  }
  return magnifier;
}

}  // namespace tradeassist::backtest
