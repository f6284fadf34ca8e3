#include "report/data_report.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <utility>

#include "base/json.hpp"
#include "report/gaps_report.hpp"
#include "report/json_rows.hpp"

namespace tradeassist::report {
namespace {

namespace json = boost::json;

constexpr double kPercent = 100;

json::object base_json(const StoredBase& base) {
  return {{"timeframe", market::to_string(base.timeframe)},
          {"source", base.source},
          {"series_count", base.series_count},
          {"row_count", base.row_count},
          {"first_time", time_or_null(base.first_time)},
          {"last_time", time_or_null(base.last_time)}};
}

json::array bases_json(const std::vector<StoredBase>& bases) {
  json::array out;
  for (const StoredBase& base : bases) out.push_back(base_json(base));
  return out;
}

std::string names_of(const std::vector<StoredBase>& bases) {
  std::string names;
  for (const StoredBase& base : bases) (names += names.empty() ? "" : ", ") += market::to_string(base.timeframe);
  return names.empty() ? "nothing" : names;
}

/// How frequencies are written that have no name in the list.
json::object custom_json() {
  return {{"syntax", "a whole number and a unit"},
          {"count_min", 1},
          {"count_max", 100'000},
          {"units", json::object{{"s", "seconds"},
                                 {"m", "minutes"},
                                 {"h", "hours"},
                                 {"d", "trading days"},
                                 {"w", "weeks, from Monday"},
                                 {"M", "calendar months"}}},
          {"examples", json::array{"30s", "7m", "90m", "3d", "2w", "3M"}}};
}

json::array tick_bars_json() {
  const auto kind = [](const char* unit, const char* of, const char* example) {
    return json::object{{"unit", unit}, {"of", of}, {"example", example}};
  };
  return {kind("t", "trades", "500t"), kind("v", "volume", "1000v"), kind("r", "range in tick sizes", "10r"),
          kind("$", "money", "5000000$")};
}

json::value move_json(const market::Move& move) {
  return json::object{{"from_time", base::format_time(move.from)},
                      {"to_time", base::format_time(move.to)},
                      {"from_close", move.from_close},
                      {"to_close", move.to_close},
                      {"change_percent", number(move.change * kPercent)}};
}

json::array moves_json(const std::vector<market::Move>& moves) {
  json::array out;
  for (const market::Move& move : moves) out.push_back(move_json(move));
  return out;
}

json::value price_json(const std::optional<market::PriceAt>& price) {
  if (!price) return nullptr;
  return json::object{{"price", price->price}, {"time", base::format_time(price->time)}};
}

json::value import_json(const std::optional<store::ImportInfo>& import) {
  if (!import) return nullptr;
  return json::object{{"file", text_or_null(import->file)},
                      {"started_at", base::format_time(import->started_at)},
                      {"finished_at", time_or_null(import->finished_at)},
                      {"inserted", import->inserted},
                      {"corrected", import->corrected},
                      {"unchanged", import->unchanged}};
}

json::object health_json(const store::SeriesHealth& entry) {
  const store::SeriesInfo& series = entry.series;
  const market::Freshness& freshness = entry.freshness;
  const bool is_ticks = series.key.timeframe == market::kTickTimeframe;
  json::array archived;
  for (const store::PartitionRange& range : entry.archived) {
    archived.emplace_back(
        store::partition_name(is_ticks ? store::PartitionKind::kTick : store::PartitionKind::kBar, range));
  }
  json::array discarded;
  for (const store::HistoryEntry& each : entry.discarded) {
    const auto chunks = base::parse_json(each.before, each.before.size());
    discarded.push_back(
        json::object{{"at", base::format_time(each.at)}, {"by", each.by}, {"parts", chunks ? *chunks : json::value()}});
  }
  const auto open_seconds = [&]() -> json::value {
    if (!freshness.open_since_last) return nullptr;
    return std::chrono::duration_cast<std::chrono::seconds>(*freshness.open_since_last).count();
  };
  return {{"symbol", series.key.symbol},
          {"timeframe", market::to_string(series.key.timeframe)},
          {"source", series.key.source},
          {"state", std::string(market::to_string(freshness.state))},
          {"reason", freshness.reason},
          {"calendar", text_or_null(entry.calendar)},
          {"bars_due", freshness.bars_due ? json::value(*freshness.bars_due) : nullptr},
          {"open_seconds_since_last", open_seconds()},
          {"row_count", series.row_count},
          {"first_time", time_or_null(series.first_time)},
          {"last_time", time_or_null(series.last_time)},
          {"last_append_time", time_or_null(series.appended_at)},
          {"corrections", series.corrections},
          {"last_import", import_json(entry.last_import)},
          {"archived", std::move(archived)},
          {"discarded", std::move(discarded)}};
}

json::array texts(const std::vector<std::string>& all) {
  json::array out;
  for (const std::string& each : all) out.emplace_back(each);
  return out;
}

json::object provider_json(const ProviderReport& provider) {
  const bool is_configured = provider.unconfigured_reason.empty();
  json::object out{{"name", provider.name},
                   {"is_configured", is_configured},
                   {"reason", text_or_null(provider.unconfigured_reason)}};
  if (!is_configured) return out;
  out["timeframes"] = texts(provider.timeframes);
  out["asset_classes"] = texts(provider.asset_classes);
  out["is_live"] = provider.is_live;
  out["breaker"] = provider.breaker;
  out["failures_in_a_row"] = provider.failures_in_a_row;
  out["calls_now"] = provider.calls_now;
  return out;
}

/// The head of bars_json with further fields, all as one object's text.
std::string with_head(const store::BarAnswer& answer, const Kept& kept, json::object fields) {
  std::string out = series_head(
      {answer.instrument, answer.series, answer.timeframe, answer.bars.size(), answer.empty_reason, answer.tick_rule});
  fields["cached"] = kept.is_cached;
  fields["read_at"] = base::format_time(kept.read_at);
  return out + ',' + base::json_text(fields).substr(1);  // behind the opening brace
}

}  // namespace

json::object frequencies_json(const std::vector<FrequencyReport>& frequencies,
                              const std::optional<SymbolFrequencies>& of_symbol) {
  json::array all;
  for (const FrequencyReport& each : frequencies) {
    const std::string name = market::to_string(each.frequency);
    json::object out{{"frequency", name},
                     {"nominal_seconds", each.frequency.nominal_seconds()},
                     {"is_intraday", each.frequency.is_intraday()},
                     {"pine", market::to_pine(each.frequency)}};
    if (of_symbol) {
      const bool is_available = !each.made_of.empty();
      out["is_available"] = is_available;
      out["is_stored"] = is_available && each.made_of.front().timeframe == each.frequency;
      out["made_of"] = bases_json(each.made_of);
      out["reason"] =
          is_available ? json::value()
                       : json::value(name + " bars cannot be made of what is stored: " + names_of(of_symbol->stored));
    }
    all.push_back(std::move(out));
  }
  json::object out{{"symbol", of_symbol ? json::value(of_symbol->symbol) : json::value()},
                   {"frequencies", std::move(all)},
                   {"custom", custom_json()},
                   {"tick_bars", tick_bars_json()}};
  if (of_symbol) {
    out["stored"] = bases_json(of_symbol->stored);
    out["tick_bars_available"] = of_symbol->has_tick_bars;
  }
  return out;
}

json::object sources_json(const std::vector<SourceReport>& sources, const std::vector<ProviderReport>& providers,
                          const LiveReport& live) {
  json::array stored;
  for (const SourceReport& each : sources) {
    stored.push_back(json::object{{"name", each.name},
                                  {"series_count", each.series_count},
                                  {"symbol_count", each.symbol_count},
                                  {"bar_count", each.bar_count},
                                  {"tick_count", each.tick_count},
                                  {"corrections", each.corrections},
                                  {"first_time", time_or_null(each.first_time)},
                                  {"last_time", time_or_null(each.last_time)},
                                  {"last_append_time", time_or_null(each.appended_at)}});
  }
  json::array known;
  for (const ProviderReport& each : providers) known.push_back(provider_json(each));
  json::object of_live{{"is_configured", !live.source.empty()}, {"source", text_or_null(live.source)}};
  if (live.source.empty()) {
    of_live["reason"] = "no live source is configured: set live_source";
  } else {
    of_live["state"] = live.state;
    of_live["since"] = time_or_null(live.since);
    of_live["why"] = text_or_null(live.why);
    of_live["series_count"] = live.series_count;
    of_live["holes_count"] = live.holes_count;
  }
  return {{"sources", std::move(stored)}, {"providers", std::move(known)}, {"live", std::move(of_live)}};
}

std::string statistics_json(const store::BarAnswer& answer, const market::BarStatistics& made, const Kept& kept) {
  json::object fields{{"bar_count", made.bars},
                      {"first_time", time_or_null(made.first_time)},
                      {"last_time", time_or_null(made.last_time)},
                      {"trading_days", made.trading_days},
                      {"volume", json::object{{"sum", number(made.volume)},
                                              {"mean", number(made.mean_volume)},
                                              {"bars_known", made.bars_with_volume}}},
                      {"high", price_json(made.high)},
                      {"low", price_json(made.low)},
                      {"returns", json::object{{"count", made.returns},
                                               {"undefined", made.returns_undefined},
                                               {"mean_percent", number(made.mean_return * kPercent)},
                                               {"median_percent", number(made.median_return * kPercent)},
                                               {"deviation_percent", number(made.return_deviation * kPercent)}}},
                      {"largest_up", moves_json(made.largest_up)},
                      {"largest_down", moves_json(made.largest_down)}};
  if (answer.gaps) {
    json::object gaps = gap_story_json(*answer.gaps);
    gaps.erase("gaps");  // they are listed by /gaps
    gaps.erase("is_cut");
    fields["gaps"] = std::move(gaps);
  } else {
    fields["gaps"] = nullptr;
  }
  return with_head(answer, kept, std::move(fields));
}

std::string gaps_page_json(const GapsPage& page) {
  json::object fields = gap_story_json(page.story);
  fields["kind"] = text_or_null(page.kind);
  fields["next_cursor"] = text_or_null(page.next_cursor);
  return with_head(page.answer, page.kept, std::move(fields));
}

json::object series_health_json(const store::SeriesHealthPage& page, base::Time as_of) {
  json::array series;
  for (const store::SeriesHealth& each : page.entries) series.push_back(health_json(each));
  return {{"as_of", base::format_time(as_of)},
          {"summary", json::object{{"series", page.fresh + page.stale + page.unknown},
                                   {"fresh", page.fresh},
                                   {"stale", page.stale},
                                   {"unknown", page.unknown},
                                   {"is_cut", page.is_cut}}},
          {"series", std::move(series)},
          {"next_cursor", page.next_after ? json::value(std::to_string(*page.next_after)) : json::value()}};
}

}  // namespace tradeassist::report
