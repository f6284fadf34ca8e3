#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "base/result.hpp"
#include "report/export/document/document.hpp"

namespace tradeassist::report {

/// Trades and trials that a report lists; all of them are in a table (result_table.hpp).
constexpr std::size_t kReportTradesMax = 1'000;
constexpr std::size_t kReportTrialsMax = 20;

/// The report on the result of a search or of a backtest. A section whose part of the result is absent or null is left
/// out. `version` is this program's. kInvalidArgument when it is neither. Pure.
base::Result<Document> report_document(const boost::json::object& result, const std::string& version);

}  // namespace tradeassist::report
