#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <string>

#include "pine/catalogue.hpp"

namespace tradeassist::report {

/// What a list shows of a strategy: name, category, risk_level, complexity, summary, input_count.
boost::json::object strategy_json(const pine::CatalogueEntry& entry);

/// How many strategies there are in all, in each category with their names, and of each risk level and complexity.
boost::json::object catalogue_summary_json(const pine::Catalogue& catalogue);

/// For a terminal: a line a strategy.
std::string strategies_table(std::span<const pine::CatalogueEntry* const> entries);

/// A page of documentation: the strategies by category, with what their headers say and their inputs.
std::string strategies_markdown(std::span<const pine::CatalogueEntry* const> entries);

}  // namespace tradeassist::report
