#pragma once

#include <memory>

#include "backtest/evaluator/evaluator.hpp"

namespace tradeassist::backtest {

/// The bars of a request's context.
struct Evaluator::RequestBars {
  enum class Origin : std::uint8_t { kChart, kAggregated, kSource };

  std::shared_ptr<const market::Series> series;
  market::Instrument instrument;
  Origin origin = Origin::kSource;
};

}  // namespace tradeassist::backtest
