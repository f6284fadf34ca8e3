#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "market/bar_statistics.hpp"
#include "market/gaps.hpp"
#include "report/bars_report.hpp"
#include "store/answers/bar_query.hpp"
#include "store/catalogue/series_health.hpp"

// What the routes under /api/v1/historical-data say of the data themselves.

namespace tradeassist::report {

/// Stored series of one timeframe and source, of which bars can be made; of a continuous future, its contracts'.
struct StoredBase {
  market::Timeframe timeframe;  // market::kTickTimeframe of ticks
  std::string source;
  std::int64_t series_count = 0, row_count = 0;
  std::optional<base::Time> first_time{}, last_time{};
};

struct FrequencyReport {
  market::Timeframe frequency;
  std::vector<StoredBase> made_of{};  // the one that is taken where no source is named comes first
};

/// What is stored of one symbol.
struct SymbolFrequencies {
  std::string symbol;
  std::vector<StoredBase> stored;
  bool has_tick_bars = false;  // bars of trades, volume, money and range can be made
};

/// The frequencies by name, how others are written, and, where a symbol is given, what each can be made of.
boost::json::object frequencies_json(const std::vector<FrequencyReport>& frequencies,
                                     const std::optional<SymbolFrequencies>& of_symbol);

/// Everything that is stored from one source.
struct SourceReport {
  std::string name;
  std::int64_t series_count = 0, symbol_count = 0, bar_count = 0, tick_count = 0, corrections = 0;
  std::optional<base::Time> first_time{}, last_time{}, appended_at{};
};

/// A provider by its name, and how the way to it is.
struct ProviderReport {
  std::string name;
  std::string unconfigured_reason{};  // empty: it is configured
  std::vector<std::string> timeframes{}, asset_classes{};
  bool is_live = false;
  std::string breaker{};  // "closed", "open", "half_open"
  int failures_in_a_row = 0;
  int calls_now = 0;  // that its rate limit lets through without waiting
};

struct LiveReport {
  std::string source;  // empty: none is configured
  std::string state{}, why{};
  std::optional<base::Time> since{};
  std::int64_t series_count = 0, holes_count = 0;
};

boost::json::object sources_json(const std::vector<SourceReport>& sources, const std::vector<ProviderReport>& providers,
                                 const LiveReport& live);

/// The answer of /stats: the head of bars_json, then the numbers; shares in per cent, null for what is not known.
std::string statistics_json(const store::BarAnswer& answer, const market::BarStatistics& statistics, const Kept& kept);

/// A page of gaps. `story.report` has the counts of all, and only the gaps of this page.
struct GapsPage {
  const store::BarAnswer& answer;
  store::GapStory story;
  std::string kind{};         // that was asked for; empty: all but the closed ones
  std::string next_cursor{};  // empty: there are no more
  Kept kept;
};
std::string gaps_page_json(const GapsPage& page);

boost::json::object series_health_json(const store::SeriesHealthPage& page, base::Time as_of);

}  // namespace tradeassist::report
