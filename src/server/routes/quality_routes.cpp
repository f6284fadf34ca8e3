#include "report/quality_report.hpp"
#include "server/routes/bar_parameters.hpp"
#include "server/routes/services.hpp"
#include "store/answers/bar_quality.hpp"

namespace tradeassist::server {
namespace {

// Of one answer: the bars are read and judged, not given.
constexpr std::int64_t kJudgedBarsMax = 5'000'000;

HandlerResult read_quality(const Request& request, store::SeriesCache& cache) {
  QueryReader query(request, {"symbol", "timeframe", "from", "to", "source"});
  store::BarQuery asked = read_bar_parameters(query, request, "source").query;
  if (asked.tick_rule) query.fail("timeframe", "only bars of time are judged; ask for one such as 1m");
  if (query.failed()) return query.problem();
  asked.rows_max = kJudgedBarsMax;
  const auto kept = cache.answer(asked);
  if (!kept) return bars_problem(kept.error());
  if (kept->answer->bars.empty()) {
    return Problem{422, "NO_BARS", "There are no bars to judge: " + kept->answer->empty_reason, {}};
  }
  const auto quality = store::quality_of_answer(*kept->answer, asked);
  if (!quality) return problem_from(quality.error());
  return Response{200, "application/json", report::quality_json(*kept->answer, *quality), {}};
}

}  // namespace

void add_quality_routes(std::vector<Route>& routes, Services& services) {
  routes.push_back({Method::kGet, "/api/v1/quality", "How good stored bars are, as a whole and day by day",
                    [&services](const Request& request) { return read_quality(request, services.cache); }});
}

}  // namespace tradeassist::server
