#include "backtest/metrics/returns.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

namespace tradeassist::backtest {
namespace {

std::chrono::year_month month_of(std::int64_t time) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(base::time_from_nanoseconds(time)));
  return day.year() / day.month();
}

/// Mean of the returns above the monthly risk-free rate, as fractions.
double mean_excess(std::span<const MonthlyReturn> months, double risk_free) {
  double sum = 0;
  for (const MonthlyReturn& month : months) sum += month.return_percent / 100;
  return sum / static_cast<double>(months.size()) - risk_free;
}

std::optional<double> quotient(double numerator, double denominator) {
  const double value = numerator / denominator;
  if (!(denominator > 0) || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace

std::vector<MonthlyReturn> monthly_returns(const RunResult& result, double initial_capital,
                                           const market::Series& series, BarRange bars) {
  std::vector<MonthlyReturn> months;
  if (bars.end <= bars.first) return months;
  const std::size_t closed = result.trades.size() - result.open_trade_count;
  const auto last = month_of(series.time[bars.end - 1]);
  double equity = initial_capital;
  std::size_t trade = 0;
  for (auto month = month_of(series.time[bars.first]); month <= last; month += std::chrono::months(1)) {
    const double start = equity;
    double profit = 0;
    for (; trade < closed && month_of(series.time[result.trades[trade].exit_bar]) <= month; ++trade) {
      profit += result.trades[trade].profit;
      equity += result.trades[trade].profit;
    }
    const double percent = start > 0 ? 100 * (equity / start - 1) : std::numeric_limits<double>::quiet_NaN();
    months.push_back({int{month.year()}, static_cast<int>(unsigned{month.month()}), profit, percent});
  }
  return months;
}

std::optional<double> sharpe_ratio(std::span<const MonthlyReturn> months, double risk_free_rate) {
  if (months.size() < 2) return std::nullopt;
  const double risk_free = risk_free_rate / 100 / 12;
  const double excess = mean_excess(months, risk_free);
  double squares = 0;
  for (const MonthlyReturn& month : months) {
    const double distance = month.return_percent / 100 - risk_free - excess;
    squares += distance * distance;
  }
  // Equal returns differ from their mean by rounding only: that is no deviation to divide by.
  const double deviation = std::sqrt(squares / static_cast<double>(months.size()));
  if (deviation < 1e-12) return std::nullopt;
  return quotient(excess, deviation);
}

std::optional<double> sortino_ratio(std::span<const MonthlyReturn> months, double risk_free_rate) {
  if (months.size() < 2) return std::nullopt;
  const double risk_free = risk_free_rate / 100 / 12;
  double squares = 0;
  bool traded = false;
  for (const MonthlyReturn& month : months) {
    const double below = std::min(0.0, month.return_percent / 100 - risk_free);
    squares += below * below;
    traded |= month.return_percent != 0;
  }
  if (!traded) return std::nullopt;
  return quotient(mean_excess(months, risk_free), std::sqrt(squares / static_cast<double>(months.size())));
}

std::optional<double> annualized_return_percent(double initial_capital, double profit, double days) {
  const double growth = 1 + profit / initial_capital;
  if (!(days > 0) || !(growth > 0)) return std::nullopt;
  const double percent = 100 * (std::pow(growth, 365 / days) - 1);
  if (!std::isfinite(percent)) return std::nullopt;
  return percent;
}

BuyAndHold buy_and_hold(const market::Series& series, BarRange bars, double initial_capital) {
  BuyAndHold hold;
  if (bars.end <= bars.first) return hold;
  const double first = series.open[bars.first];
  if (!(first > 0) || !std::isfinite(first)) {
    hold.value.assign(bars.end - bars.first, std::numeric_limits<double>::quiet_NaN());
    return hold;
  }
  hold.value.reserve(bars.end - bars.first);
  double peak = initial_capital, deepest = 0, value = initial_capital;
  for (std::size_t bar = bars.first; bar < bars.end; ++bar) {
    if (std::isfinite(series.close[bar])) value = initial_capital * (series.close[bar] / first);
    hold.value.push_back(value);
    peak = std::max(peak, value);
    deepest = std::max(deepest, (peak - value) / peak);
  }
  hold.return_percent = 100 * (value / initial_capital - 1);
  hold.max_drawdown_percent = 100 * deepest;
  return hold;
}

}  // namespace tradeassist::backtest
