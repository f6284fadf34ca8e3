#include "backup/series_fingerprints.hpp"

#include <array>
#include <map>
#include <tuple>
#include <utility>

#include "store/schema/migrations.hpp"

namespace tradeassist::backup {

base::Result<std::vector<SeriesFingerprint>> read_fingerprints(store::Connection& market) {
  constexpr int kTicks = 7;  // the version that has all of the tables
  TRY_ASSIGN(const int version, store::schema_version(market));
  std::vector<SeriesFingerprint> all;
  if (version < kTicks) return all;
  std::map<std::int64_t, SeriesFingerprint> by_id;
  TRY(
      market.query_all("SELECT series.id, symbol, timeframe, source, row_count FROM series "
                       "JOIN instrument ON instrument.id = instrument_id",
                       {}, [&](const store::Row& row) {
                         by_id[row.integer(0)] = {.symbol = std::string(row.text(1)),
                                                  .timeframe = std::string(row.text(2)),
                                                  .source = std::string(row.text(3)),
                                                  .rows = row.integer(4)};
                         return 0;
                       }));
  struct Source {
    const char* sql;
    std::int64_t SeriesFingerprint::* count;
  };
  constexpr std::array<Source, 4> kSources{{
      {"SELECT series_id, count(*), sum(checksum) FROM bar_chunk GROUP BY series_id", &SeriesFingerprint::chunks},
      {"SELECT series_id, count(*), sum(checksum) FROM tick_chunk GROUP BY series_id", &SeriesFingerprint::chunks},
      {"SELECT series_id, count(*), sum(checksum) FROM bar_tail GROUP BY series_id", &SeriesFingerprint::tail},
      {"SELECT series_id, count(*), 0 FROM tick_tail GROUP BY series_id", &SeriesFingerprint::tail},
  }};
  for (const Source& source : kSources) {
    TRY(market.query_all(source.sql, {}, [&](const store::Row& row) {
      SeriesFingerprint& series = by_id[row.integer(0)];
      series.*source.count += row.integer(1);
      series.checksums += row.integer(2);
      return 0;
    }));
  }
  std::map<std::tuple<std::string, std::string, std::string, std::int64_t>, SeriesFingerprint> ordered;
  for (auto& [id, series] : by_id)
    ordered.emplace(std::tuple(series.symbol, series.timeframe, series.source, id), std::move(series));
  for (auto& [key, series] : ordered) all.push_back(std::move(series));
  return all;
}

}  // namespace tradeassist::backup
