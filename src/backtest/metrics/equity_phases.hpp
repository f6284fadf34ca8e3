#pragma once

#include <optional>

#include "backtest/backtest.hpp"

namespace tradeassist::backtest {

/// Rising or falling phases of realised equity: end-to-end changes, positive, and lengths in whole days.
struct PhaseStatistics {
  std::optional<double> largest, average, average_days;
};

struct EquityPhases {
  PhaseStatistics falls, rises;
};

/// Realised equity sampled at each trade's exit, from the first exit on, cut at its global maximum and minimum (the
/// first of equals): TradingView's close-to-close drawdowns and run-ups. Fewer than two exits have no phase.
EquityPhases equity_phases(const RunResult& result, double initial_capital, const market::Series& series);

}  // namespace tradeassist::backtest
