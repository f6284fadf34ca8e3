#include "store/catalogue/series_counts.hpp"

#include <string>

#include "base/time.hpp"
#include "market/timeframe.hpp"

namespace tradeassist::store {

using base::ErrorCode;

AppendResult& AppendResult::operator+=(const AppendResult& other) {
  inserted += other.inserted;
  corrected += other.corrected;
  unchanged += other.unchanged;
  return *this;
}

base::Result<SeriesCounts> load_counts(Connection& connection, PartitionKind kind, std::int64_t series_id,
                                       SeriesChange change) {
  bool is_deleted = false;
  std::string timeframe;
  TRY_ASSIGN(
      const auto counts,
      connection.query_first(
          std::string("SELECT row_count, corrections, tail_rows, tail_entries, first_time, last_time, timeframe, "
                      "coalesce(deleted_at, (SELECT deleted_at FROM instrument WHERE instrument.id = instrument_id)) "
                      "FROM series WHERE id = $1") +
              row_lock(connection),
          {series_id}, [&](const Row& row) {
            timeframe = row.text(6);
            is_deleted = !row.is_null(7);
            return SeriesCounts{row.integer(0), row.integer(1),          row.integer(2),
                                row.integer(3), row.optional_integer(4), row.optional_integer(5)};
          }));
  const std::string series = "series " + std::to_string(series_id);
  const std::string rows = std::string(to_string(kind)) + "s";
  if (!counts) return base::failure(ErrorCode::kNotFound, series + " does not exist");
  if ((timeframe == market::to_string(market::kTickTimeframe)) != (kind == PartitionKind::kTick)) {
    return base::failure(ErrorCode::kFailedPrecondition, kind == PartitionKind::kTick
                                                             ? series + " holds bars of " + timeframe + ", not ticks"
                                                             : series + " holds ticks, not bars");
  }
  if (is_deleted && change == SeriesChange::kRows) {
    return base::failure(ErrorCode::kFailedPrecondition, series + " is deleted: restore it before adding " + rows);
  }
  return *counts;
}

base::Result<void> save_counts(Connection& connection, std::int64_t series_id, const SeriesCounts& counts,
                               SeriesChange change) {
  const auto fresh = change == SeriesChange::kRows ? std::optional(base::to_nanoseconds(base::now())) : std::nullopt;
  TRY(connection.run(
      "UPDATE series SET row_count = $2, corrections = $3, tail_rows = $4, tail_entries = $5, first_time = $6, "
      "last_time = $7, appended_at = coalesce($8, appended_at), version = version + 1 WHERE id = $1",
      {series_id, counts.row_count, counts.corrections, counts.tail_rows, counts.tail_entries, counts.first_time,
       counts.last_time, fresh}));
  return {};
}

}  // namespace tradeassist::store
