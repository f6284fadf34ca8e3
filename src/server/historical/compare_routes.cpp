// POST /api/v1/historical-data/compare: several instruments, or several periods of one, side by side.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <utility>

#include "market/compare.hpp"
#include "report/compare_report.hpp"
#include "server/historical/compare_request.hpp"
#include "server/historical/symbol_answer.hpp"
#include "server/routes/bar_parameters.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/services.hpp"

namespace tradeassist::server {

namespace {

namespace json = boost::json;

constexpr std::size_t kComparedMax = 10;

void check_periods(const CompareBody& body, std::vector<base::FieldError>& errors) {
  if (!body.periods || body.periods->size() < 2 || body.periods->size() > kComparedMax) {
    errors.push_back({"/periods", fmt::format("must be 2 to {} periods of the symbol", kComparedMax)});
    return;
  }
  if (body.start || body.end || body.relative || body.preset || body.last)
    errors.push_back({"/periods", "are the ranges; start, end, relative, preset and last do not go with them"});
  for (std::size_t i = 0; i < body.periods->size(); ++i) {
    if ((*body.periods)[i].start >= (*body.periods)[i].end)
      errors.push_back({fmt::format("/periods/{}/end", i), "must be after start"});
  }
  check_symbols({*body.symbol}, errors);
}

std::variant<CompareBody, Problem> read_compare(const Request& request) {
  auto read = read_body<CompareBody>(request);
  auto* body = std::get_if<CompareBody>(&read);
  if (body == nullptr) return read;
  std::vector<base::FieldError> errors;
  if (body->symbol.has_value() == body->symbols.has_value()) {
    errors.push_back({"/symbols", "give either symbols, or symbol with periods"});
  } else if (body->symbol) {
    check_periods(*body, errors);
  } else {
    if (body->symbols->size() < 2 || body->symbols->size() > kComparedMax)
      errors.push_back({"/symbols", fmt::format("must be 2 to {} symbols", kComparedMax)});
    if (body->periods) errors.push_back({"/periods", "go with symbol, not with symbols"});
    check_symbols(*body->symbols, errors);
    check_range(*body, kHistoricalBarsMax, errors);
  }
  if (const auto rule = market::parse_tick_bar_rule(body->frequency); !rule)
    errors.push_back({"/frequency", rule.error().message});
  if (body->format) errors.push_back({"/format", "has no place here: a comparison is given as columns"});
  if (body->gaps) errors.push_back({"/gaps", "has no place here: a comparison is of the bars that all have"});
  check_historical_options(*body, errors);
  if (!errors.empty()) return invalid_fields(errors);
  return read;
}

struct Question {
  std::string pointer;  // where it is in the request
  SymbolQuery query;
  std::optional<ComparePeriod> period;
};

std::vector<Question> questions_of(const CompareBody& body, store::MarketStore& store) {
  const base::Time now = base::now();
  HistoricalOptions options = body;
  options.gaps = false;
  std::vector<Question> questions;
  if (body.symbols) {
    std::vector<SymbolQuery> queries =
        queries_of(make_request(body, options, *body.symbols, body.frequency), now, store);
    for (std::size_t i = 0; i < queries.size(); ++i)
      questions.push_back({fmt::format("/symbols/{}", i), std::move(queries[i]), std::nullopt});
    return questions;
  }
  for (std::size_t i = 0; i < body.periods->size(); ++i) {
    const ComparePeriod& period = (*body.periods)[i];
    HistoricalRange range;
    range.start = period.start;
    range.end = period.end;
    std::vector<SymbolQuery> queries =
        queries_of(make_request(range, options, {*body.symbol}, body.frequency), now, store);
    questions.push_back({fmt::format("/periods/{}", i), std::move(queries[0]), period});
  }
  return questions;
}

HandlerResult compare(const Request& request, Services& services) {
  const auto start = std::chrono::steady_clock::now();
  auto read = read_compare(request);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  const auto& body = std::get<CompareBody>(read);
  std::vector<report::CompareSource> sources;
  std::vector<market::SeriesPtr> series;
  std::vector<ProblemField> problems;
  json::array failed;
  const std::int64_t bars_max = std::min(body.max_bars.value_or(kBarsMax), kBarsMax);
  for (const Question& question : questions_of(body, services.market)) {
    if (request.deadline.stop_requested()) return problem_from({base::ErrorCode::kCancelled, ""});
    const SymbolAnswer answer = read_symbol(services.cache, question.query, bars_max);
    if (answer.problem) {
      failed.push_back(
          json::object{{"symbol", answer.symbol}, {"code", answer.problem->code}, {"message", answer.problem->detail}});
      problems.push_back({question.pointer, answer.problem->detail, "", 0, 0});
      continue;
    }
    report::CompareSource source{
        answer.symbol, {}, {}, answer.kept->answer, {answer.kept->is_cached, answer.kept->read_at}};
    if (question.period) {
      source.start = question.period->start;
      source.end = question.period->end;
    }
    sources.push_back(std::move(source));
    series.push_back(answer.kept->bars());
  }
  if (series.size() < 2) {
    return Problem{422, "COMPARISON_NOT_POSSIBLE", "Fewer than two of the series could be read.", std::move(problems)};
  }
  const market::CompareBy by = body.symbols ? market::CompareBy::kTime : market::CompareBy::kNumber;
  const auto compared = market::compare(series, by);
  if (!compared) return problem_from(compared.error());
  const auto took = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start);
  return Response{200,
                  "application/json",
                  fmt::format(R"({{"query_id":{},"execution_time_ms":{:.3f},"frequency":{},{},"failed":{}}})",
                              base::json_text(json::value(request.request_id)), took.count(),
                              base::json_text(json::value(body.frequency)),
                              report::compare_fields(sources, *compared, by), base::json_text(failed)),
                  {}};
}

}  // namespace

void add_historical_compare_routes(std::vector<Route>& routes, Services& services) {
  routes.push_back({Method::kPost, "/api/v1/historical-data/compare", "Instruments, or periods of one, side by side",
                    [&services](const Request& request) { return compare(request, services); }});
}

}  // namespace tradeassist::server
