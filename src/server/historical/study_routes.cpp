// GET /api/v1/historical-data/stats and /gaps: what the bars of one instrument are like, and what they lack.
#include <algorithm>
#include <array>
#include <utility>

#include "market/bar_statistics.hpp"
#include "report/data_report.hpp"
#include "server/routes/bar_parameters.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/services.hpp"
#include "store/answers/answer_gaps.hpp"
#include "store/answers/bar_days.hpp"

namespace tradeassist::server {
namespace {

constexpr std::int64_t kPageMax = 1'000;
constexpr std::size_t kGapsFoundMax = 1'000'000;  // in a whole range, of which pages are given

void check_order(QueryReader& query, const store::BarQuery& wanted) {
  if (wanted.from && wanted.to && *wanted.from >= *wanted.to)
    query.fail("to", "must be after from, " + base::format_time(*wanted.from));
}

HandlerResult read_statistics(const Request& request, store::SeriesCache& cache) {
  QueryReader query(request, {"symbol", "timeframe", "from", "to", "source"});
  BarParameters wanted = read_bar_parameters(query, request, "source");
  check_order(query, wanted.query);
  if (query.failed()) return query.problem();
  wanted.query.with_gaps = true;
  const auto kept = cache.answer(wanted.query);
  if (!kept) return bars_problem(kept.error());
  const auto days = store::trading_days_of(kept->answer->instrument,
                                           store::has_dates(kept->answer->bars, kept->answer->series.key.timeframe),
                                           kept->answer->bars.time);
  if (!days) return problem_from(days.error());
  const market::BarStatistics made = market::bar_statistics(kept->answer->bars, *days);
  return Response{
      200, "application/json", report::statistics_json(*kept->answer, made, {kept->is_cached, kept->read_at}), {}};
}

struct GapsQuery {
  BarParameters bars;
  std::optional<market::GapKind> kind{};  // none: all but the closed ones
  market::CalendarPtr calendar{};         // that was named
  std::int64_t limit = 100;
  std::optional<base::Time> after{};  // where the last gap of the page before begins
};

GapsQuery read_gaps_query(QueryReader& query, const Request& request) {
  GapsQuery read{.bars = read_bar_parameters(query, request, "source")};
  check_order(query, read.bars.query);
  if (read.bars.query.tick_rule) query.fail("timeframe", "only bars of time can be missing");
  if (const auto text = query.text("kind")) {
    for (const market::GapKind kind :
         {market::GapKind::kClosed, market::GapKind::kNoTrade, market::GapKind::kMissing, market::GapKind::kUnknown}) {
      if (market::to_string(kind) == *text) read.kind = kind;
    }
    if (!read.kind) query.fail("kind", "must be one of closed, no_trade, missing, unknown");
  }
  if (const auto name = query.text("calendar")) {
    if (auto calendar = market::find_calendar(*name))
      read.calendar = std::move(*calendar);
    else
      query.fail("calendar", calendar.error().message);
  }
  read.limit = query.integer("limit", 1, kPageMax).value_or(read.limit);
  read.after = query.time("cursor");
  return read;
}

HandlerResult read_gaps(const Request& request, store::SeriesCache& cache) {
  QueryReader query(request, {"symbol", "timeframe", "from", "to", "source", "kind", "calendar", "limit", "cursor"});
  GapsQuery wanted = read_gaps_query(query, request);
  if (query.failed()) return query.problem();
  const auto kept = cache.answer(wanted.bars.query);
  if (!kept) return bars_problem(kept.error());
  const store::BarAnswer& answer = *kept->answer;
  if (wanted.calendar == nullptr) {
    auto calendar = store::calendar_of(answer.instrument);
    if (!calendar) return invalid_request({{"calendar", "must be named: " + calendar.error().message, "", 0, 0}});
    wanted.calendar = std::move(*calendar);
  }
  auto found = store::find_answer_gaps(answer, *wanted.calendar,
                                       {.from = wanted.bars.query.from,
                                        .to = wanted.bars.query.to,
                                        .lists_closed = wanted.kind == market::GapKind::kClosed,
                                        .listed_max = kGapsFoundMax});
  if (!found) return problem_from(found.error());
  std::vector<market::Gap> page;
  bool has_more = false;
  for (market::Gap& gap : found->gaps) {
    if ((wanted.kind && gap.kind != *wanted.kind) || (wanted.after && gap.from <= *wanted.after)) continue;
    has_more = static_cast<std::int64_t>(page.size()) == wanted.limit;
    if (has_more) break;
    page.push_back(std::move(gap));
  }
  const std::string cursor = has_more ? base::format_time(page.back().from) : "";
  found->gaps = std::move(page);
  return Response{200,
                  "application/json",
                  report::gaps_page_json({.answer = answer,
                                          .story = {wanted.calendar->name(), std::move(*found), ""},
                                          .kind = wanted.kind ? std::string(market::to_string(*wanted.kind)) : "",
                                          .next_cursor = cursor,
                                          .kept = {kept->is_cached, kept->read_at}}),
                  {}};
}

}  // namespace

void add_historical_study_routes(std::vector<Route>& routes, Services& services) {
  routes.push_back({Method::kGet, "/api/v1/historical-data/stats", "What the bars of one instrument are like",
                    [&services](const Request& request) { return read_statistics(request, services.cache); }});
  routes.push_back({Method::kGet, "/api/v1/historical-data/gaps", "What the bars of one instrument lack, and why",
                    [&services](const Request& request) { return read_gaps(request, services.cache); }});
}

}  // namespace tradeassist::server
