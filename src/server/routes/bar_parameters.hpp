#pragma once

#include <cstdint>
#include <string>

#include "server/routes/answer_format.hpp"
#include "server/routes/parameters.hpp"
#include "store/answers/bar_query.hpp"

namespace tradeassist::server {

/// Which bars a request is about, and how it wants its answer.
struct BarParameters {
  store::BarQuery query;
  AnswerFormat format = kTextFormats.front();
};

/// Reads `symbol`, `timeframe`, `from`, `to`, `last`, `format` (or Accept), and the series' source under `source_name`;
/// what is wrong goes to `query`.
BarParameters read_bar_parameters(QueryReader& query, const Request& request, const std::string& source_name,
                                  std::span<const AnswerFormat> formats = kTextFormats);

/// Reads a timeframe, of time or of ticks, into `read`; what is wrong goes to `query`.
void read_timeframe(QueryReader& query, const std::string& text, store::BarQuery& read);

/// Reads `price_adjustment` into `read`; what is wrong goes to `query`.
void read_price_adjustment(QueryReader& query, store::BarQuery& read);

/// The answer where a question for bars fails.
Problem bars_problem(const base::Error& error);

/// The answer where a range holds more than may be given.
Problem too_many_bars(std::int64_t count, std::int64_t bars_max = kBarsMax);

}  // namespace tradeassist::server
