#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "backtest/indicator_columns.hpp"
#include "pine/indicators/definition.hpp"
#include "pine/indicators/indicator_script.hpp"
#include "store/answers/bar_query.hpp"

namespace tradeassist::report {

/// What was computed, over which bars. `columns` and `script` belong together; `answer` has the bars of the run.
struct IndicatorReport {
  const store::BarAnswer& answer;
  const pine::IndicatorScript& script;
  const backtest::IndicatorColumns& columns;
  bool whole_history = true;  // no stored bar before the run's first was left out
};

/// "time,rsi,…" and a row a bar; values that are na are empty.
std::string indicators_csv(const IndicatorReport& report);

/// The same with its story: `warm_up` (from which bar on the run went, how many bars before those asked for),
/// `outputs`, `warnings`, and `columns` or `rows`. Written straight to text.
std::string indicators_json(const IndicatorReport& report, bool as_columns);

/// An indicator of the table: name, title, description, overlay, parameters, outputs, expression.
boost::json::object indicator_json(const pine::IndicatorDefinition& definition);

/// For a terminal: a line an indicator, with its parameters.
std::string indicators_table();

}  // namespace tradeassist::report
