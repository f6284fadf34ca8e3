#pragma once

#include <string>

#include "market/series.hpp"
#include "store/bar_query.hpp"

namespace tradeassist::report {

/// "time,open,high,low,close,volume" and a row a bar: RFC 3339 times, shortest numbers, unknown values empty.
std::string bars_csv(const market::Series& bars);

/// The answer of GET /api/v1/bars with its story, bars as columns or as rows. Written straight to text: a hundred
/// thousand bars pass through no tree.
std::string bars_json(const store::BarAnswer& answer, bool as_columns);

}  // namespace tradeassist::report
