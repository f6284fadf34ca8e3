#pragma once

#include <string>

#include "base/result.hpp"
#include "interchange/bar_table.hpp"

namespace tradeassist::report {

/// A workbook whose one sheet is a row a bar, with the columns that Arrow and Parquet files have; what is not known is
/// an empty cell. kResourceExhausted for more bars than a sheet has rows (kSheetRowsMax). Thread-safe.
base::Result<std::string> bars_xlsx(const interchange::BarTable& table);

}  // namespace tradeassist::report
