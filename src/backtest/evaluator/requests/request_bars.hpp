#pragma once

#include <memory>
#include <optional>
#include <stop_token>

#include "backtest/evaluator/evaluator.hpp"

namespace tradeassist::backtest {

/// The bars of a request's context.
struct Evaluator::RequestBars {
  enum class Origin : std::uint8_t { kChart, kAggregated, kSource };

  std::shared_ptr<const market::Series> series;
  market::Instrument instrument;
  Origin origin = Origin::kSource;
};

/// The program of a request on the bars of its context.
struct Evaluator::RequestRun {
  RequestBars bars;
  std::optional<Chart> chart;
  std::optional<Evaluator> evaluator;
  std::size_t stepped = 0;  // bars that were run

  /// Runs all bars up to `bar` that were not run yet.
  base::Result<void> advance(std::size_t bar, const std::stop_token& stop) {
    constexpr std::size_t kBarsBetweenStopChecks = 1024;
    for (; stepped <= bar; ++stepped) {
      if (stepped % kBarsBetweenStopChecks == 0 && stop.stop_requested()) {
        return base::failure(base::ErrorCode::kCancelled, "the run was cancelled");
      }
      TRY(evaluator->step(stepped));
    }
    return {};
  }
};

}  // namespace tradeassist::backtest
