#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "report/export/tables/result_table.hpp"

namespace tradeassist::report {

/// Rows of a sheet beside its header (Excel: 1,048,576 in all).
constexpr std::size_t kSheetRowsMax = 1'048'575;

/// A workbook with one sheet: typed cells, dates as dates (UTC), the header kept in sight. `cell` gives each value, row
/// by row. kResourceExhausted for more rows than a sheet has.
base::Result<std::string> sheet_xlsx(
    const std::string& title, const std::vector<ResultTable::Column>& columns, std::size_t rows,
    const std::function<ResultTable::Value(std::size_t row, std::size_t column)>& cell);

}  // namespace tradeassist::report
