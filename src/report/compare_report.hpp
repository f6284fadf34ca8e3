#pragma once

#include <optional>
#include <string>
#include <vector>

#include "market/compare.hpp"
#include "report/bars_report.hpp"
#include "store/answers/bar_query.hpp"

namespace tradeassist::report {

/// One of the series that are compared, and where it came from.
struct CompareSource {
  std::string symbol;                              // as the request names it
  std::optional<base::Time> start{}, end{};        // of a period; none where all have the same range
  std::shared_ptr<const store::BarAnswer> answer;  // not null
  Kept kept;
};

/// The fields `aligned_by`, `common_bars`, `time` (null where each series has its own), `series` and `pairs` of an
/// answer, with commas between them and no braces. Shares are in per cent; what is not known is null, and
/// `unknown_reason` says why. `sources` are in the comparison's order.
std::string compare_fields(const std::vector<CompareSource>& sources, const market::Comparison& comparison,
                           market::CompareBy by);

}  // namespace tradeassist::report
