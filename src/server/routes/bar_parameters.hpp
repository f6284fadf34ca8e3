#pragma once

#include <cstdint>
#include <string>

#include "server/routes/parameters.hpp"
#include "store/bar_query.hpp"

namespace tradeassist::server {

constexpr std::int64_t kBarsMax = 50'000;  // of one answer

/// Which bars a request is about, and how it wants its answer: "columns", "json" (rows) or "csv".
struct BarParameters {
  store::BarQuery query;
  std::string format;
};

/// Reads `symbol`, `timeframe`, `from`, `to`, `last`, `format` (or Accept), and the series' source under `source_name`;
/// what is wrong goes to `query`.
BarParameters read_bar_parameters(QueryReader& query, const Request& request, const std::string& source_name);

/// "columns", "json" or "csv"; anything else is empty. An empty name takes CSV where Accept names it, else columns.
std::string answer_format(const std::string& name, const Request& request);

/// The answer where a question for bars fails.
Problem bars_problem(const base::Error& error);

/// The answer where a range holds more than may be given.
Problem too_many_bars(std::int64_t count, std::int64_t bars_max = kBarsMax);

}  // namespace tradeassist::server
