#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <span>
#include <vector>

#include "backtest/metrics/metrics.hpp"

namespace tradeassist::backtest {

/// What a calendar month (UTC) did to realised equity.
struct MonthlyReturn {
  int year = 1970;
  int month = 1;              // 1..12
  double profit = 0;          // of the trades closed in it
  double return_percent = 0;  // of the equity at the month's start; NaN when that was not positive
};

/// One element for every month from the range's first bar to its last, months without trades included. Realised equity
/// starts at the initial capital; open profit does not count.
std::vector<MonthlyReturn> monthly_returns(const RunResult& result, double initial_capital,
                                           const market::Series& series, BarRange bars);

/// (mean - risk free) / population deviation of the monthly returns; `risk_free_rate` in percent a year, a twelfth of
/// it a month. Not annualised. Absent with fewer than two months, no deviation, or equity lost.
std::optional<double> sharpe_ratio(std::span<const MonthlyReturn> months, double risk_free_rate);

/// The same over sqrt(sum of min(0, return - risk free)^2 / number of months).
std::optional<double> sortino_ratio(std::span<const MonthlyReturn> months, double risk_free_rate);

/// Yearly growth in percent that turns the initial capital into itself plus `profit` in `days` (365 make a year).
/// Absent when no time passed, nothing is left, or the growth exceeds what a double holds.
std::optional<double> annualized_return_percent(double initial_capital, double profit, double days);

/// The initial capital held in the instrument over the range, bought at the first bar's open: its value at each close,
/// its return and its deepest fall (at closes) from a peak, in percent. Without a positive first price `value` is NaN
/// and the figures are absent; a NaN close keeps the value before it.
struct BuyAndHold {
  std::vector<double> value;
  std::optional<double> return_percent, max_drawdown_percent;
};
BuyAndHold buy_and_hold(const market::Series& series, BarRange bars, double initial_capital);

BOOST_DESCRIBE_STRUCT(MonthlyReturn, (), (year, month, profit, return_percent))

}  // namespace tradeassist::backtest
