#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backtest/evaluator/chart.hpp"
#include "backtest/evaluator/requests/request_context.hpp"

namespace tradeassist::backtest {

/// What one unit of `from` is worth in `to` on each bar of the chart: the close of the pair's last day that was over
/// when the bar opened; of bars longer than a day, a day before they close. Read are daily bars of the pair (EURUSD),
/// of its inverse, or of both currencies against the dollar. Bars before the first day's end have none: na. A
/// currency is worth one of itself, and of an unknown one (empty). Nothing without such bars.
std::optional<std::vector<double>> currency_rates(const std::string& from, const std::string& to, const Chart& chart,
                                                  RequestContext& requests);

/// Gives the bars before the first rate that rate: money cannot be na.
void extend_back(std::vector<double>& rates);

}  // namespace tradeassist::backtest
