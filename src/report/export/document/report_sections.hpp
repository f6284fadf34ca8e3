#pragma once

#include <boost/json/object.hpp>

#include "report/export/document/document.hpp"

/// The sections of a report, each added to the document where the result has what it tells, else not.
namespace tradeassist::report {

// On equity (equity_sections.cpp); `equity` is the result's member of that name, or the one of its walk-forward.
void add_equity(Document& document, const boost::json::object& equity, const std::string& heading);
void add_monthly_returns(Document& document, const boost::json::object& equity);

// On the trials of a search (trial_sections.cpp).
void add_parameters(Document& document, const boost::json::object& result);
void add_parameter_map(Document& document, const boost::json::object& result);
void add_best_trials(Document& document, const boost::json::object& result);

// On what the result is worth (assessment_sections.cpp).
void add_assessment(Document& document, const boost::json::object& result);
void add_walk_forward(Document& document, const boost::json::object& result);
void add_studies(Document& document,
                 const boost::json::object& result);  // stability, regimes, cross-validation, random periods

// On the trades of a backtest (trade_sections.cpp).
void add_trade_distribution(Document& document, const boost::json::object& result);
void add_trades(Document& document, const boost::json::object& result);

/// A value as a cell: percent where the name ends with _percent, dates as dates, objects as NAME = VALUE, …
Cell value_cell(std::string_view name, const boost::json::value& value);
/// "max_drawdown_percent" as a title: "Max drawdown, %".
std::string field_title(std::string_view name);
/// Green above zero, red below.
Tone tone_of(double value);

}  // namespace tradeassist::report
