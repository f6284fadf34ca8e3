#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "backtest/backtest.hpp"
#include "pine/indicators/indicator_script.hpp"

namespace tradeassist::backtest {

/// The values of indicators over the bars that were asked for.
struct IndicatorColumns {
  std::size_t first_bar = 0;                // of the run's series; the bars before only warmed up
  std::vector<std::vector<double>> values;  // by IndicatorScript::columns, one a bar from first_bar on; NaN = na
  std::vector<std::string> warnings;
};

/// Runs the script over `request.series` and keeps the bars from `first_bar` on. Of `request` the program, the inputs,
/// the settings and what is recorded are set here. Errors as of run(). Thread-safe.
base::Result<IndicatorColumns> compute_indicators(const pine::IndicatorScript& script, RunRequest request,
                                                  std::size_t first_bar);

}  // namespace tradeassist::backtest
