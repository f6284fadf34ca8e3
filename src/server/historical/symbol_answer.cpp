#include "server/historical/symbol_answer.hpp"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <utility>

#include "base/json.hpp"
#include "report/bars_report.hpp"
#include "server/routes/bar_parameters.hpp"

namespace tradeassist::server {

std::string_view SymbolAnswer::status() const {
  if (problem) return "error";
  return bar_count() > 0 ? "ok" : "empty";
}

SymbolAnswer read_symbol(store::SeriesCache& cache, const SymbolQuery& query, std::int64_t bars_max,
                         std::optional<store::CacheClass> kind) {
  SymbolAnswer made{query.symbol};
  if (!query.query) {
    made.problem = bars_problem(query.query.error());
    return made;
  }
  auto kept = cache.answer(*query.query, kind);
  if (!kept) {
    made.problem = bars_problem(kept.error());
  } else if (const auto count = static_cast<std::int64_t>(kept->answer->bars.size()); count > bars_max) {
    made.problem = too_many_bars(count, bars_max);
  } else {
    made.kept = std::move(*kept);
  }
  return made;
}

void refuse_beyond(SymbolAnswer& answer, std::int64_t bars) {
  if (bars + answer.bar_count() <= kAnswerBarsMax) return;
  answer.problem = Problem{422,
                           "TOO_MANY_BARS",
                           fmt::format("With what comes before it the answer would hold {} bars, and it has at most "
                                       "{}. Ask for fewer symbols, a shorter range or longer bars.",
                                       bars + answer.bar_count(), kAnswerBarsMax),
                           {}};
  answer.kept.reset();
}

void append_symbol_answer(std::string& out, const SymbolAnswer& answer, bool as_columns) {
  namespace json = boost::json;
  out += fmt::format(R"("status":"{}","bar_count":{})", answer.status(), answer.bar_count());
  const bool is_empty = !answer.problem && answer.bar_count() == 0;
  (out += ",\"reason\":") += is_empty ? base::json_text(json::value(answer.kept->answer->empty_reason)) : "null";
  (out += ",\"error\":") +=
      answer.problem
          ? base::json_text(json::object{{"code", answer.problem->code}, {"message", answer.problem->detail}})
          : "null";
  (out += ",\"data\":") += answer.kept ? report::bars_json(*answer.kept->answer, as_columns,
                                                           report::Kept{answer.kept->is_cached, answer.kept->read_at})
                                       : "null";
}

bool wants_columns(const HistoricalOptions& options) { return options.format.value_or("columns") == "columns"; }

}  // namespace tradeassist::server
