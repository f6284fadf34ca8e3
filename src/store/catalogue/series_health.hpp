#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "market/freshness.hpp"
#include "store/market_store.hpp"

namespace tradeassist::store {

/// How a stored series is, without its bars.
struct SeriesHealth {
  SeriesInfo series;
  std::string calendar{};  // its name; empty where none fits the instrument
  market::Freshness freshness{};
  std::optional<ImportInfo> last_import{};  // none: it has no record of where its bars came from
  /// Partitions up to its last row whose rows are only in an archive, whether or not it had some there.
  std::vector<PartitionRange> archived{};
  std::vector<HistoryEntry> discarded{};  // damaged parts that were removed, the newest first; `before` lists them
};

struct SeriesHealthQuery {
  std::string symbol{};  // empty: all
  std::int64_t after_id = 0;
  std::int64_t limit = 100;  // of the entries; at most kSeriesHealthPageMax
  base::Time now{};
};

/// A page of them, and the count of all.
struct SeriesHealthPage {
  std::vector<SeriesHealth> entries;       // in the order of ids
  std::optional<std::int64_t> next_after;  // the id after which the next page begins; none behind the last
  std::int64_t fresh = 0, stale = 0, unknown = 0;
  bool is_cut = false;  // the counts are of the first kSeriesJudgedMax series only
};

constexpr std::int64_t kSeriesHealthPageMax = 200;
constexpr std::int64_t kSeriesJudgedMax = 20'000;

/// Judges the stored series by what their rows in the catalogue and the calendars say; no bar is read. A few short
/// queries, one for every thousand series, and two for each entry of the page. kNotFound: no such instrument.
/// Thread-safe.
base::Result<SeriesHealthPage> series_health(MarketStore& store, const SeriesHealthQuery& query);

}  // namespace tradeassist::store
