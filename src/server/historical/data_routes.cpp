// GET /api/v1/historical-data/frequencies, /sources and /health: what there is, where it comes from, and how it is.
#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "feed/providers/circuit_breaker.hpp"
#include "report/data_report.hpp"
#include "server/historical/frequencies.hpp"
#include "server/routes/bar_parameters.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/services.hpp"
#include "store/catalogue/all_series.hpp"
#include "store/catalogue/series_health.hpp"

namespace tradeassist::server {
namespace {

HandlerResult list_frequencies(const Request& request, store::MarketStore& store) {
  QueryReader query(request, {"symbol"});
  const auto symbol = query.text("symbol");
  if (query.failed()) return query.problem();
  StoredBases stored;
  std::optional<report::SymbolFrequencies> of_symbol;
  if (symbol) {
    auto read = stored_bases(store, *symbol);
    if (!read) return bars_problem(read.error());
    stored = std::move(*read);
    const bool has_ticks = !stored.bases.empty() && stored.bases.back().timeframe == market::kTickTimeframe;
    of_symbol.emplace(*symbol, stored.bases, has_ticks && !stored.is_continuous);
  }
  std::vector<report::FrequencyReport> all;
  for (const std::string_view name : kFrequencies) {
    const auto frequency = market::parse_timeframe(name);
    if (!frequency) return problem_from(frequency.error());
    all.push_back({*frequency, bases_of(*frequency, stored)});
  }
  return json_response(report::frequencies_json(all, of_symbol));
}

/// Adds the stored series up by their sources.
base::Result<std::vector<report::SourceReport>> stored_sources(store::MarketStore& store) {
  std::map<std::string, report::SourceReport> by_name;
  std::map<std::string, std::set<std::string>> symbols;
  TRY_ASSIGN(const std::vector<store::SeriesInfo> stored, store::all_series(store));
  for (const store::SeriesInfo& series : stored) {
    report::SourceReport& source = by_name[series.key.source];
    source.name = series.key.source;
    ++source.series_count;
    (series.key.timeframe == market::kTickTimeframe ? source.tick_count : source.bar_count) += series.row_count;
    source.corrections += series.corrections;
    source.appended_at = std::max(source.appended_at, series.appended_at);  // none is the least
    symbols[source.name].insert(series.key.symbol);
    if (!series.first_time) continue;
    source.first_time = std::min(source.first_time.value_or(*series.first_time), *series.first_time);
    source.last_time = std::max(source.last_time, series.last_time);
  }
  std::vector<report::SourceReport> all;
  for (auto& [name, source] : by_name) {
    source.symbol_count = static_cast<std::int64_t>(symbols[name].size());
    all.push_back(std::move(source));
  }
  return all;
}

report::ProviderReport describe_provider(const ProviderSource& providers, std::string_view name) {
  report::ProviderReport made{.name = std::string(name)};
  const auto access = providers(name);
  if (!access) {
    made.unconfigured_reason = access.error().message;
    return made;
  }
  const feed::Capabilities& has = access->provider->capabilities();
  for (const feed::TimeframeCapability& each : has.timeframes)
    made.timeframes.push_back(market::to_string(each.timeframe));
  made.asset_classes = has.asset_classes;
  made.is_live = has.is_live;
  const feed::CircuitBreaker& breaker = access->guard->breaker();
  made.breaker = feed::to_string(breaker.state());
  made.failures_in_a_row = breaker.failures_in_a_row();
  made.calls_now = access->guard->calls_now();
  return made;
}

report::LiveReport describe_live(const Services& services) {
  report::LiveReport made;
  const auto status = services.live_status ? services.live_status() : std::nullopt;
  if (!status) return made;
  made.source = services.live_source;
  made.state = feed::to_string(status->state);
  made.why = status->why;
  made.since = status->since;
  made.series_count = static_cast<std::int64_t>(status->series.size());
  made.holes_count = status->holes_count;
  return made;
}

HandlerResult list_sources(const Request& request, Services& services) {
  QueryReader query(request, {});
  if (query.failed()) return query.problem();
  const auto sources = stored_sources(services.market);
  if (!sources) return problem_from(sources.error());
  std::vector<report::ProviderReport> providers;
  for (const std::string_view name : kProviderNames) providers.push_back(describe_provider(services.providers, name));
  return json_response(report::sources_json(*sources, providers, describe_live(services)));
}

HandlerResult read_health(const Request& request, store::MarketStore& store) {
  QueryReader query(request, {"symbol", "limit", "cursor"});
  store::SeriesHealthQuery wanted;
  wanted.symbol = query.text("symbol").value_or("");
  wanted.limit = query.integer("limit", 1, store::kSeriesHealthPageMax).value_or(wanted.limit);
  wanted.after_id = query.integer("cursor", 0, std::numeric_limits<std::int64_t>::max()).value_or(0);
  if (query.failed()) return query.problem();
  wanted.now = base::now();
  const auto page = store::series_health(store, wanted);
  if (!page) return bars_problem(page.error());
  return json_response(report::series_health_json(*page, wanted.now));
}

}  // namespace

void add_historical_data_routes(std::vector<Route>& routes, Services& services) {
  routes.push_back({Method::kGet, "/api/v1/historical-data/frequencies", "Frequencies, and what they are made of",
                    [&services](const Request& request) { return list_frequencies(request, services.market); }});
  routes.push_back({Method::kGet, "/api/v1/historical-data/sources", "Where stored data come from, and the providers",
                    [&services](const Request& request) { return list_sources(request, services); }});
  routes.push_back({Method::kGet, "/api/v1/historical-data/health", "Whether stored series have what is to be expected",
                    [&services](const Request& request) { return read_health(request, services.market); }});
}

}  // namespace tradeassist::server
