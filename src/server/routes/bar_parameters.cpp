#include "server/routes/bar_parameters.hpp"

namespace tradeassist::server {

void read_timeframe(QueryReader& query, const std::string& text, store::BarQuery& read) {
  const auto rule = market::parse_tick_bar_rule(text);
  if (!rule) {
    query.fail("timeframe", rule.error().message);
  } else if (rule->kind == market::TickBarRule::Kind::kTime) {
    read.timeframe = rule->timeframe;
  } else {
    read.tick_rule = *rule;
  }
}

BarParameters read_bar_parameters(QueryReader& query, const Request& request, const std::string& source_name,
                                  std::span<const AnswerFormat> formats) {
  BarParameters read;
  if (const auto* format = find_format(formats, query.text("format").value_or(""), request)) {
    read.format = *format;
  } else {
    query.fail("format", "must be one of " + names_of(formats));
  }
  read.query.symbol = query.required("symbol");
  const std::string timeframe = query.required("timeframe");
  read.query.from = query.time("from");
  read.query.to = query.time("to");
  read.query.last = query.integer("last", 1, read.format.bars_max);
  read.query.source = query.text(source_name).value_or("");
  if (read.query.last && (read.query.from || read.query.to)) query.fail("last", "does not go with from and to");
  if (!timeframe.empty()) read_timeframe(query, timeframe, read.query);
  return read;
}

void read_price_adjustment(QueryReader& query, store::BarQuery& read) {
  const auto text = query.text("price_adjustment");
  if (!text) return;
  if (const auto adjustment = market::parse_price_adjustment(*text))
    read.price_adjustment = *adjustment;
  else
    query.fail("price_adjustment", adjustment.error().message);
}

Problem bars_problem(const base::Error& error) {
  Problem problem = problem_from(error);
  if (error.code == base::ErrorCode::kNotFound) problem.code = "INSTRUMENT_NOT_FOUND";
  return problem;
}

Problem too_many_bars(std::int64_t count, std::int64_t bars_max) {
  return {422,
          "TOO_MANY_BARS",
          "The range holds " + std::to_string(count) + " bars; an answer has at most " + std::to_string(bars_max) +
              ". Ask for a shorter range, a higher timeframe, or the last bars.",
          {}};
}

}  // namespace tradeassist::server
