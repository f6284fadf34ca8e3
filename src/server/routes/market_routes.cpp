#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <span>

#include "report/json_rows.hpp"
#include "server/routes/bar_parameters.hpp"
#include "server/routes/bars_response.hpp"
#include "server/routes/services.hpp"
#include "store/answers/bar_query.hpp"
#include "store/catalogue/all_series.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;

constexpr std::int64_t kPageMax = 1'000;

json::object instrument_json(const market::Instrument& instrument, std::span<const store::SeriesInfo> all) {
  json::object out{{"symbol", instrument.symbol},           {"name", instrument.name},
                   {"asset_class", instrument.asset_class}, {"exchange", instrument.exchange},
                   {"currency", instrument.currency},       {"time_zone", instrument.time_zone},
                   {"session", instrument.session},         {"tick_size", instrument.tick_size},
                   {"point_value", instrument.point_value}, {"quantity_step", instrument.quantity_step}};
  json::array series;
  for (const store::SeriesInfo& info : all) {
    series.push_back(json::object{{"timeframe", market::to_string(info.key.timeframe)},
                                  {"source", info.key.source},
                                  {"row_count", info.row_count},
                                  {"first_time", report::time_or_null(info.first_time)},
                                  {"last_time", report::time_or_null(info.last_time)},
                                  {"corrections", info.corrections},
                                  {"last_append_time", report::time_or_null(info.appended_at)}});
  }
  out["series"] = std::move(series);
  return out;
}

HandlerResult list_instruments(const Request& request, store::MarketStore& market) {
  QueryReader query(request, {"limit", "cursor"});
  const std::int64_t limit = query.integer("limit", 1, kPageMax).value_or(100);
  const std::string cursor = query.text("cursor").value_or("");
  if (query.failed()) return query.problem();
  const auto instruments = market.list_instruments();
  if (!instruments) return problem_from(instruments.error());
  auto series = store::all_series(market);
  if (!series) return problem_from(series.error());
  const auto symbol_of = [](const store::SeriesInfo& info) -> const std::string& { return info.key.symbol; };
  std::ranges::stable_sort(*series, {}, symbol_of);  // of one instrument as they were made
  json::array page;
  json::value next = nullptr;
  std::string last;
  for (const market::Instrument& instrument : *instruments) {  // by symbol
    if (instrument.symbol <= cursor) continue;
    if (static_cast<std::int64_t>(page.size()) == limit) {
      next = last;
      break;
    }
    last = instrument.symbol;
    page.push_back(instrument_json(instrument, std::ranges::equal_range(*series, instrument.symbol, {}, symbol_of)));
  }
  return json_response(json::object{{"instruments", std::move(page)}, {"next_cursor", std::move(next)}});
}

/// `price_adjustment`, and `vwap`, where true is that of the bar.
void read_adjustment_and_vwap(QueryReader& query, store::BarQuery& wanted) {
  read_price_adjustment(query, wanted);
  if (wanted.with_factors && wanted.price_adjustment == market::PriceAdjustment::kRaw) {
    query.fail("factors", "needs price_adjustment to be splits or splits_and_dividends");
  }
  const std::string vwap = query.text("vwap").value_or("false");
  if (vwap == "false") return;
  if (const auto rule = market::parse_vwap_rule(vwap == "true" ? "bar" : vwap))
    wanted.vwap = *rule;
  else
    query.fail("vwap", rule.error().message + "; true is bar");
}

HandlerResult read_bars(const Request& request, store::SeriesCache& cache) {
  QueryReader query(request, {"symbol", "timeframe", "from", "to", "last", "source", "format", "adjustment", "roll",
                              "gaps", "vwap", "fill", "price_adjustment", "factors", "quality"});
  BarParameters wanted = read_bar_parameters(query, request, "source", kBarFormats);
  if (const auto text = query.text("adjustment")) {
    if (const auto adjustment = market::parse_adjustment(*text))
      wanted.query.adjustment = *adjustment;
    else
      query.fail("adjustment", adjustment.error().message);
  }
  if (const auto text = query.text("roll")) {
    if (const auto rule = market::parse_roll_rule(*text))
      wanted.query.roll = *rule;
    else
      query.fail("roll", rule.error().message);
  }
  if (const auto text = query.text("fill")) {
    if (const auto method = market::parse_fill_method(*text))
      wanted.query.fill = *method;
    else
      query.fail("fill", method.error().message);
  }
  const auto flag = [&](const char* name, const char* otherwise) {
    const std::string text = query.text(name).value_or(otherwise);
    if (text != "true" && text != "false") query.fail(name, "must be true or false");
    return text == "true";
  };
  const bool tells_story = wanted.format.media_type == kTextFormats.front().media_type;  // JSON
  wanted.query.with_gaps = flag("gaps", "true") && tells_story;
  wanted.query.with_factors = flag("factors", "false");
  wanted.query.with_quality = flag("quality", "false");
  if (wanted.query.with_quality && !tells_story) query.fail("quality", "goes with format columns or json");
  read_adjustment_and_vwap(query, wanted.query);
  if (query.failed()) return query.problem();
  if (auto problem = cannot_write(wanted.format)) return *std::move(problem);
  const auto kept = cache.answer(wanted.query);
  if (!kept) return bars_problem(kept.error());
  if (const auto count = static_cast<std::int64_t>(kept->answer->bars.size()); count > wanted.format.bars_max)
    return too_many_bars(count, wanted.format.bars_max);
  return bars_response(*kept, wanted.format);
}

}  // namespace

void add_market_routes(std::vector<Route>& routes, Services& services) {
  store::MarketStore& market = services.market;
  routes.push_back({Method::kGet, "/api/v1/instruments", "Instruments and what is stored of them",
                    [&market](const Request& request) { return list_instruments(request, market); }});
  routes.push_back({Method::kGet, "/api/v1/bars", "Bars of one instrument in any timeframe",
                    [&services](const Request& request) { return read_bars(request, services.cache); }});
}

}  // namespace tradeassist::server
