// POST /api/v1/historical-data/aggregate: bars of one or many instruments in several frequencies, all of one instrument
// made of the same stored bars.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <tuple>
#include <utility>

#include "server/historical/aggregate_request.hpp"
#include "server/historical/symbol_answer.hpp"
#include "server/routes/bar_parameters.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/services.hpp"

namespace tradeassist::server {

namespace {

namespace json = boost::json;

constexpr std::size_t kFrequenciesMax = 20;

std::variant<AggregateBody, Problem> read_aggregate(const Request& request) {
  auto read = read_body<AggregateBody>(request);
  auto* body = std::get_if<AggregateBody>(&read);
  if (body == nullptr) return read;
  std::vector<base::FieldError> errors;
  if (body->symbol.has_value() == body->symbols.has_value())
    errors.push_back({"/symbols", "give either symbol or symbols"});
  if (body->symbol) body->symbols = {*body->symbol};
  if (errors.empty()) check_symbols(*body->symbols, errors);
  if (body->frequencies.empty() || body->frequencies.size() > kFrequenciesMax) {
    errors.push_back(
        {"/frequencies", fmt::format("must be 1 to {}, are {}", kFrequenciesMax, body->frequencies.size())});
  }
  std::set<std::string> seen;
  for (std::size_t i = 0; i < body->frequencies.size(); ++i) {
    const auto rule = market::parse_tick_bar_rule(body->frequencies[i]);
    const std::string pointer = fmt::format("/frequencies/{}", i);
    if (!rule) {
      errors.push_back({pointer, rule.error().message});
    } else if (!seen.insert(market::to_string(*rule)).second) {
      errors.push_back({pointer, market::to_string(*rule) + " is there twice"});
    }
  }
  check_range(*body, kHistoricalBarsMax, errors);
  check_historical_options(*body, errors);
  if (!errors.empty()) return invalid_fields(errors);
  return read;
}

/// The stored series that most of the questions can be answered from; of those the one with the longest bars, and then
/// with the most. None where there is none, as of continuous futures.
base::Result<std::optional<store::SeriesKey>> common_base(store::MarketStore& store,
                                                          const std::vector<SymbolQuery>& queries) {
  const auto first = std::ranges::find_if(queries, [](const SymbolQuery& each) { return each.query.has_value(); });
  if (first == queries.end()) return std::nullopt;
  store::SeriesFilter filter;
  filter.symbol = first->query->symbol;
  TRY_ASSIGN(const std::vector<store::SeriesInfo> all, store.list_series(filter));
  std::optional<store::SeriesKey> best;
  std::tuple<std::int64_t, std::int64_t, std::int64_t> best_rank;
  for (const store::SeriesInfo& series : all) {
    if (!first->query->source.empty() && series.key.source != first->query->source) continue;
    const std::int64_t served = std::ranges::count_if(queries, [&](const SymbolQuery& each) {
      return each.query && !each.query->tick_rule && store::is_made_of(each.query->timeframe, series.key.timeframe);
    });
    const std::tuple rank(served, series.key.timeframe.nominal_seconds(), series.row_count);
    if (served == 0 || (best && rank <= best_rank)) continue;
    best = series.key;
    best_rank = rank;
  }
  return best;
}

/// One symbol in every frequency. `bars` counts those of the whole answer.
base::Result<std::string> aggregate_symbol(const AggregateBody& body, const std::string& symbol, base::Time now,
                                           Services& services, std::int64_t& bars) {
  std::vector<SymbolQuery> queries;
  for (const std::string& frequency : body.frequencies)
    queries.push_back(std::move(queries_of(make_request(body, body, {symbol}, frequency), now, services.market)[0]));
  TRY_ASSIGN(const auto base, common_base(services.market, queries));
  std::string out = "{\"symbol\":" + base::json_text(json::value(symbol));
  (out += ",\"base_timeframe\":") +=
      base ? base::json_text(json::value(market::to_string(base->timeframe))) : std::string("null");
  (out += ",\"source\":") += base ? base::json_text(json::value(base->source)) : std::string("null");
  out += ",\"frequencies\":[";
  const std::int64_t bars_max = std::min(body.max_bars.value_or(kBarsMax), kBarsMax);
  for (std::size_t i = 0; i < queries.size(); ++i) {
    SymbolQuery& each = queries[i];
    if (base && each.query && !each.query->tick_rule && store::is_made_of(each.query->timeframe, base->timeframe)) {
      each.query->base = base->timeframe;
      each.query->source = base->source;
    }
    SymbolAnswer answer = read_symbol(services.cache, each, bars_max);
    refuse_beyond(answer, bars);
    bars += answer.bar_count();
    if (i > 0) out += ',';
    (out += "{\"frequency\":") += base::json_text(json::value(body.frequencies[i]));
    const store::BarAnswer* given = answer.kept ? answer.kept->answer.get() : nullptr;
    const bool is_stored = given != nullptr && !given->tick_rule && given->series.key.timeframe == given->timeframe;
    out += given == nullptr ? ",\"computed\":null," : is_stored ? ",\"computed\":false," : ",\"computed\":true,";
    append_symbol_answer(out, answer, wants_columns(body));
    out += '}';
  }
  return out + "]}";
}

HandlerResult aggregate(const Request& request, Services& services) {
  const auto start = std::chrono::steady_clock::now();
  auto read = read_aggregate(request);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  const auto& body = std::get<AggregateBody>(read);
  const base::Time now = base::now();
  std::int64_t bars = 0;
  std::string results;
  for (const std::string& symbol : *body.symbols) {
    if (request.deadline.stop_requested()) return problem_from({base::ErrorCode::kCancelled, ""});
    const auto one = aggregate_symbol(body, symbol, now, services, bars);
    if (!one) return problem_from(one.error());
    (results += results.empty() ? "" : ",") += *one;
  }
  const auto took = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start);
  return Response{200,
                  "application/json",
                  fmt::format(R"({{"query_id":{},"execution_time_ms":{:.3f},"bar_count":{},"results":[{}]}})",
                              base::json_text(json::value(request.request_id)), took.count(), bars, results),
                  {}};
}

}  // namespace

void add_historical_aggregate_routes(std::vector<Route>& routes, Services& services) {
  routes.push_back({Method::kPost, "/api/v1/historical-data/aggregate", "Several frequencies of the same stored bars",
                    [&services](const Request& request) { return aggregate(request, services); }});
}

}  // namespace tradeassist::server
