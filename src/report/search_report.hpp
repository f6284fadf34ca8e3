#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "optimize/search.hpp"

namespace tradeassist::report {

/// The values of a script's inputs by name, as JSON: numbers, true/false, text.
boost::json::object inputs_json(const pine::Program& program, const backtest::InputVector& inputs);

/// One value as it is written after `--set NAME=`.
std::string input_text(const pine::Input& input, const backtest::InputValue& value);

/// The values of the parameters at a point; of one that is not active there, the value that its input keeps.
boost::json::object parameters_json(const optimize::SearchRequest& request, const optimize::Point& point);

/// The same without the best trial.
boost::json::object progress_json(const optimize::SearchProgress& progress);
/// How far a search is: trials_done, trials_total, trials_per_second, seconds_left, best.
boost::json::object progress_json(const optimize::SearchRequest& request, const optimize::SearchProgress& progress);

/// The answer of GET /api/v1/optimize/results and the file of `optimize --json`; trials as columns, best first,
/// at most `trials_max`.
boost::json::object search_json(const std::string& strategy, const optimize::SearchRequest& request,
                                const optimize::SearchResult& result, std::size_t trials_max);

/// Every trial as CSV, one row a trial, by trial number.
std::string trials_csv(const optimize::SearchRequest& request, const optimize::SearchResult& result);

/// For a terminal: the best parameters, the metrics in and out of sample beside buy and hold, and what they are worth.
std::string search_table(const optimize::SearchRequest& request, const optimize::SearchResult& result);

}  // namespace tradeassist::report
