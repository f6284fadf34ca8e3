#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "backtest/metrics/metrics.hpp"
#include "base/result.hpp"

namespace tradeassist::optimize {

/// What a search makes as large (or as small) as it can.
struct Objective {
  std::string_view name, title;
  bool maximise = true;
  std::optional<double> (*value)(const backtest::Metrics&);
};

/// All of them, in the order in which they are listed.
std::span<const Objective> objectives();

/// kInvalidArgument lists the names there are.
base::Result<const Objective*> find_objective(std::string_view name);

}  // namespace tradeassist::optimize
