#include "store/ticks/tick_reader.hpp"

#include <string>

#include "store/bars/chunk_rows.hpp"
#include "store/ticks/tick_rows.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;
using market::TickSeries;

/// `base` with every instant that `overlay` has taken from there instead.
TickSeries overlaid(const TickSeries& base, const TickSeries& overlay) {
  TickSeries merged;
  merged.reserve(base.rows() + overlay.rows());
  std::size_t next = 0;
  for (std::size_t i = 0; i < overlay.rows();) {
    const std::size_t end = instant_end(overlay, i);
    const std::size_t before = base.lower_bound(base::time_from_nanoseconds(overlay.time[i]));
    merged.append(base, next, before - next);
    merged.append(overlay, i, end - i);
    next = before < base.rows() && base.time[before] == overlay.time[i] ? instant_end(base, before) : before;
    i = end;
  }
  merged.append(base, next, base.rows() - next);
  return merged;
}

}  // namespace

base::Result<TickSeries> TickReader::read_chunks(std::int64_t series_id, std::int64_t from, std::int64_t last,
                                                 const TickReadOptions& options) {
  TickSeries ticks, part;
  TRY_ASSIGN(Rows rows,
             connection_.query(std::string(kSelectTickChunk) + kWhereTickChunkMeets, {series_id, from, last}));
  while (true) {
    TRY_ASSIGN(const bool more, rows.next());
    if (!more) return ticks;
    const EncodedChunk chunk = chunk_of(*rows);
    if (chunk.last_time < from) continue;
    part = {};
    base::Result<void> decoded = decoder_.append_to(part, chunk);
    if (decoded && !ticks.empty() && part.time.front() < ticks.time.back()) {
      decoded = base::failure(ErrorCode::kDataLoss, "overlaps the chunk before it");
    }
    if (!decoded) {
      if (decoded.error().code != ErrorCode::kDataLoss) return std::unexpected(decoded.error());
      return std::unexpected(damage_error(damaged_chunk(chunk, decoded.error().message), "ticks"));
    }
    const std::size_t first = part.lower_bound(base::time_from_nanoseconds(from));
    const std::size_t end =
        chunk.last_time <= last ? part.rows() : part.lower_bound(base::time_from_nanoseconds(last + 1));
    ticks.append(part, first, end - first);
    if (ticks.rows() > static_cast<std::size_t>(options.rows_max)) {
      return base::failure(ErrorCode::kResourceExhausted,
                           "the range holds more than " + std::to_string(options.rows_max) +
                               " ticks, which is what one read gives: ask for a shorter range");
    }
  }
}

base::Result<TickSeries> TickReader::read(std::int64_t series_id, std::int64_t from, std::int64_t to,
                                          const TickReadOptions& options) {
  if (from > to) {
    return base::failure(ErrorCode::kInvalidArgument, "the range " + range_text(from, to) + " ends before it begins");
  }
  TRY_ASSIGN(Transaction snapshot, Transaction::begin(connection_, Transaction::Kind::kRead));
  TRY_ASSIGN(const auto tail_rows,
             connection_.query_first("SELECT tail_rows FROM series WHERE id = $1 AND deleted_at IS NULL", {series_id},
                                     [](const Row& row) { return row.integer(0); }));
  if (!tail_rows) {
    return base::failure(ErrorCode::kNotFound, "series " + std::to_string(series_id) + " does not exist or is deleted");
  }
  if (from == to) return TickSeries{};
  TRY_ASSIGN(TickSeries ticks, read_chunks(series_id, from, to - 1, options));
  if (*tail_rows == 0) return ticks;
  TRY_ASSIGN(const TickSeries tail, read_tick_tail(connection_, series_id, from, to - 1));
  if (tail.empty()) return ticks;
  if (!ticks.empty() && ticks.time.back() >= tail.time.front()) return overlaid(ticks, tail);
  ticks.append(tail, 0, tail.rows());
  return ticks;
}

}  // namespace tradeassist::store
