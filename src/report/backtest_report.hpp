#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "backtest/backtest.hpp"
#include "backtest/metrics/metrics.hpp"
#include "pine/compile.hpp"

namespace tradeassist::report {

/// A finished run with what it ran on.
struct BacktestReport {
  std::string strategy;  // catalogue name or file
  const backtest::RunRequest* request = nullptr;
  const backtest::RunResult* result = nullptr;
  backtest::Metrics metrics;
  const pine::Compilation* compilation = nullptr;  // for its warnings; may be null
  bool include_plots = false;
};

constexpr std::size_t kEquityPointsMax = 2'000;
constexpr std::size_t kTradesMax = 20'000;

/// The answer of POST /api/v1/backtests and the file of `backtest --report`: metrics, trades, equity beside buy and
/// hold, plots, why there are no trades, warnings, messages.
boost::json::object backtest_json(const BacktestReport& report);

/// The metrics as a table for a terminal: all, long, short.
std::string metrics_table(const backtest::Metrics& metrics, const std::string& currency);

}  // namespace tradeassist::report
