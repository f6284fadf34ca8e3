#include "backtest/indicator_columns.hpp"

#include <algorithm>

namespace tradeassist::backtest {
namespace {

const std::vector<double>& values_of(const OutputColumn& column, pine::IndicatorScript::Part part) {
  switch (part) {
    case pine::IndicatorScript::Part::kValue: return column.values;
    case pine::IndicatorScript::Part::kOpen: return column.open;
    case pine::IndicatorScript::Part::kHigh: return column.high;
    case pine::IndicatorScript::Part::kLow: return column.low;
  }
  return column.values;
}

}  // namespace

base::Result<IndicatorColumns> compute_indicators(const pine::IndicatorScript& script, RunRequest request,
                                                  std::size_t first_bar) {
  if (request.series->empty()) return IndicatorColumns{0, {script.columns.size(), std::vector<double>{}}, {}};
  request.program = script.program.get();
  TRY_ASSIGN(request.inputs, bind_inputs(*script.program, {}));
  request.settings = script.program->settings;
  request.record_outputs = true;
  request.record_equity = false;
  TRY_ASSIGN(RunResult result, run(request));
  IndicatorColumns made;
  made.first_bar = std::min(first_bar, request.series->size());
  made.warnings = std::move(result.warnings);
  for (const pine::IndicatorScript::Column& column : script.columns) {
    const auto output = std::ranges::find(result.outputs, column.output, &OutputColumn::output);
    const std::vector<double>& all = values_of(*output, column.part);
    made.values.emplace_back(all.begin() + static_cast<std::ptrdiff_t>(made.first_bar), all.end());
  }
  return made;
}

}  // namespace tradeassist::backtest
