#include "server/routes/bar_parameters.hpp"

namespace tradeassist::server {

std::string answer_format(const std::string& name, const Request& request) {
  if (name == "columns" || name == "json" || name == "csv") return name;
  if (!name.empty()) return "";
  const auto accept = request.header("accept").value_or("");
  return accept.find("text/csv") != std::string_view::npos ? "csv" : "columns";
}

BarParameters read_bar_parameters(QueryReader& query, const Request& request, const std::string& source_name) {
  BarParameters read;
  read.query.symbol = query.required("symbol");
  const std::string timeframe = query.required("timeframe");
  read.query.from = query.time("from");
  read.query.to = query.time("to");
  read.query.last = query.integer("last", 1, kBarsMax);
  read.query.source = query.text(source_name).value_or("");
  read.format = answer_format(query.text("format").value_or(""), request);
  if (read.format.empty()) query.fail("format", "must be one of columns, json, csv");
  if (read.query.last && (read.query.from || read.query.to)) query.fail("last", "does not go with from and to");
  if (!timeframe.empty()) {
    const auto rule = market::parse_tick_bar_rule(timeframe);
    if (!rule) {
      query.fail("timeframe", rule.error().message);
    } else if (rule->kind == market::TickBarRule::Kind::kTime) {
      read.query.timeframe = rule->timeframe;
    } else {
      read.query.tick_rule = *rule;
    }
  }
  return read;
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
