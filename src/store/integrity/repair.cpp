#include "store/integrity/repair.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/json.hpp"
#include "market/timeframe.hpp"
#include "store/catalogue/catalogue.hpp"
#include "store/catalogue/history.hpp"
#include "store/partitions/partition_registry.hpp"

namespace tradeassist::store {
namespace {

// Of one row of the history, so that none grows without bound.
constexpr std::size_t kChunksNotedTogether = 500;

std::string counts_text(const SeriesInfo& series) {
  return base::json_text(boost::json::object{{"row_count", series.row_count},
                                             {"first_time", base::to_json(series.first_time)},
                                             {"last_time", base::to_json(series.last_time)}});
}

bool is_of_ticks(const SeriesInfo& series) { return series.key.timeframe == market::kTickTimeframe; }

}  // namespace

base::Result<std::vector<DamagedChunk>> discard_damaged(Connection& connection, SeriesWriters writers,
                                                        std::int64_t series_id, std::string_view by) {
  TRY_ASSIGN(const SeriesInfo series, get_series(connection, series_id));
  TRY_ASSIGN(auto discarded,
             is_of_ticks(series) ? writers.ticks.discard_damaged(series_id) : writers.bars.discard_damaged(series_id));
  for (std::size_t first = 0; first < discarded.size(); first += kChunksNotedTogether) {
    boost::json::array chunks;
    for (std::size_t i = first; i < std::min(discarded.size(), first + kChunksNotedTogether); ++i) {
      const DamagedChunk& chunk = discarded[i];
      chunks.push_back(boost::json::object{{"first_time", base::to_json(chunk.first_time)},
                                           {"last_time", base::to_json(chunk.last_time)},
                                           {"row_count", chunk.row_count},
                                           {"reason", chunk.reason}});
    }
    TRY(add_history(connection, {.action = Action::kDataDiscarded,
                                 .symbol = series.key.symbol,
                                 .series_id = series_id,
                                 .before = base::json_text(chunks),
                                 .by = by}));
  }
  return discarded;
}

base::Result<void> recount(Connection& connection, SeriesWriters writers, std::int64_t series_id, std::string_view by) {
  TRY_ASSIGN(const SeriesInfo before, get_series(connection, series_id));
  TRY(is_of_ticks(before) ? writers.ticks.recount(series_id) : writers.bars.recount(series_id));
  TRY_ASSIGN(const SeriesInfo after, get_series(connection, series_id));
  return add_history(connection, {.action = Action::kUpdated,
                                  .symbol = before.key.symbol,
                                  .series_id = series_id,
                                  .before = counts_text(before),
                                  .after = counts_text(after),
                                  .by = by});
}

base::Result<std::int64_t> move_to_partitions(Connection& connection, PartitionKind kind, std::int64_t series_id) {
  struct Stray {
    std::int64_t first_time, last_time;
  };
  const std::string_view table = chunk_table(kind);
  const std::string find_strays = fmt::format(
      "SELECT DISTINCT {0}.first_time, {0}.last_time FROM {0} LEFT JOIN partition ON partition.id = partition_id WHERE "
      "series_id = $1 AND (partition.id IS NULL OR kind <> $2 OR {0}.first_time < partition.first_time OR "
      "{0}.last_time > partition.last_time) ORDER BY 1",
      table);
  TRY_ASSIGN(const auto strays, connection.query_all(find_strays, {series_id, to_string(kind)}, [](const Row& row) {
    return Stray{row.integer(0), row.integer(1)};
  }));
  std::int64_t moved = 0;
  for (const Stray& stray : strays) {
    const PartitionRange range = partition_of(kind, stray.first_time);
    if (stray.last_time > range.last_time) continue;  // belongs to two; a finding of its own
    TRY_ASSIGN(const std::int64_t partition, ensure_partition(connection, kind, range));
    TRY_ASSIGN(
        const std::int64_t changed,
        connection.run(fmt::format("UPDATE {} SET partition_id = $4 WHERE series_id = $1 AND first_time = $2 AND "
                                   "last_time = $3",
                                   table),
                       {series_id, stray.first_time, stray.last_time, partition}));
    moved += changed;
  }
  return moved;
}

}  // namespace tradeassist::store
