#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <limits>

#include "market/zone_clock.hpp"
#include "report/json_rows.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/services.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;

constexpr std::string_view kBy = "api";  // in the history
constexpr std::int64_t kHistoryMax = 1'000;

const std::string& symbol_of(const Request& request) { return request.parameters.at("symbol"); }

/// The body is the whole instrument, as the listing shows it without its series.
HandlerResult put_instrument(const Request& request, store::MarketStore& market) {
  auto body = read_body<market::Instrument>(request);
  if (auto* problem = std::get_if<Problem>(&body)) return std::move(*problem);
  const auto& instrument = std::get<market::Instrument>(body);
  if (instrument.symbol != symbol_of(request)) {
    return invalid_request({{"/symbol", "must be the one in the path", "", 0, 0}});
  }
  if (const auto zone = market::ZoneClock::find(instrument.time_zone); !zone) {
    return invalid_request({{"/time_zone", zone.error().message, "", 0, 0}});
  }
  if (const auto stored = market.put_instrument(instrument, kBy); !stored) return problem_from(stored.error());
  return json_response(base::to_json(instrument));
}

HandlerResult change(const Request& request, store::MarketStore& market, bool deletes) {
  const std::string& symbol = symbol_of(request);
  const auto done = deletes ? market.delete_instrument(symbol, kBy) : market.restore_instrument(symbol, kBy);
  if (!done) return problem_from(done.error());
  return json_response(json::object{{"symbol", symbol}, {"deleted", deletes}});
}

json::value value_or_null(const std::string& text) {
  if (text.empty()) return nullptr;
  return base::parse_json(text).value_or(json::value(text));
}

HandlerResult history(const Request& request, store::MarketStore& market) {
  QueryReader query(request, {"limit", "cursor"});
  store::HistoryFilter filter{.symbol = symbol_of(request)};
  filter.limit = query.integer("limit", 1, kHistoryMax).value_or(100);
  filter.before_id = query.integer("cursor", 1, std::numeric_limits<std::int64_t>::max());
  if (query.failed()) return query.problem();
  const auto entries = market.history(filter);
  if (!entries) return problem_from(entries.error());
  if (entries->empty() && !filter.before_id) {
    if (const auto known = market.instrument(filter.symbol); !known) return problem_from(known.error());
  }
  json::array rows;
  for (const store::HistoryEntry& entry : *entries) {
    rows.push_back(json::object{{"id", entry.id},
                                {"at", base::to_json(entry.at)},
                                {"action", entry.action},
                                {"timeframe", report::text_or_null(entry.timeframe)},
                                {"source", report::text_or_null(entry.source)},
                                {"before", value_or_null(entry.before)},
                                {"after", value_or_null(entry.after)},
                                {"by", entry.by}});
  }
  const bool full = static_cast<std::int64_t>(entries->size()) == filter.limit;
  json::value next = full ? json::value(entries->back().id) : json::value(nullptr);
  return json_response(json::object{{"history", std::move(rows)}, {"next_cursor", std::move(next)}});
}

}  // namespace

void add_instrument_routes(std::vector<Route>& routes, Services& services) {
  store::MarketStore& market = services.market;
  const std::string path = "/api/v1/instruments/{symbol}";
  routes.push_back({Method::kPut, path, "Create an instrument, or replace what is said of it",
                    [&market](const Request& request) { return put_instrument(request, market); }});
  routes.push_back({Method::kDelete, path, "Hide an instrument with its series; nothing stored is removed",
                    [&market](const Request& request) { return change(request, market, true); }});
  routes.push_back({Method::kPost, path + "/restore", "Bring back a deleted instrument as it was",
                    [&market](const Request& request) { return change(request, market, false); }});
  routes.push_back({Method::kGet, path + "/history", "What was done to an instrument, and by whom",
                    [&market](const Request& request) { return history(request, market); }});
}

}  // namespace tradeassist::server
