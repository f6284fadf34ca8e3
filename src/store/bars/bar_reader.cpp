#include "store/bars/bar_reader.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "store/bars/bar_tail.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;
using market::Series;

}  // namespace

base::Result<std::int64_t> BarReader::tail_rows(std::int64_t series_id) {
  TRY_ASSIGN(const auto tail,
             connection_.query_first("SELECT tail_rows FROM series WHERE id = $1 AND deleted_at IS NULL", {series_id},
                                     [](const Row& row) { return row.integer(0); }));
  if (!tail) {
    return base::failure(ErrorCode::kNotFound, "series " + std::to_string(series_id) + " does not exist or is deleted");
  }
  return *tail;
}

base::Result<void> BarReader::read_chunk(const EncodedChunk& chunk, std::int64_t from, std::int64_t to,
                                         const BarReadOptions& options, Series& bars) {
  const bool whole = chunk.first_time >= from && chunk.last_time < to;
  base::Result<void> decoded;
  if (!bars.empty() && chunk.first_time <= bars.time.back()) {
    decoded = base::failure(ErrorCode::kDataLoss, "overlaps the chunk before it");
  } else if (whole) {
    decoded = decoder_.append_to(bars, chunk);
  } else {
    scratch_.resize(0);
    decoded = decoder_.append_to(scratch_, chunk);
    if (decoded) {
      append_rows(bars, scratch_, scratch_.lower_bound(base::time_from_nanoseconds(from)),
                  scratch_.lower_bound(base::time_from_nanoseconds(to)));
    }
  }
  if (decoded || decoded.error().code != ErrorCode::kDataLoss) return decoded;
  DamagedChunk damage = damaged_chunk(chunk, std::move(decoded).error().message);
  if (options.damaged == nullptr) return std::unexpected(damage_error(damage));
  options.damaged->push_back(std::move(damage));
  return {};
}

base::Result<Series> BarReader::read_snapshot(std::int64_t series_id, std::int64_t from, std::int64_t to,
                                              const BarReadOptions& options) {
  TRY_ASSIGN(const std::int64_t tail_count, tail_rows(series_id));
  Series tail;
  if (tail_count > 0) { TRY_ASSIGN(tail, read_tail(connection_, decoder_, series_id, from, to, options.damaged)); }
  TRY_ASSIGN(const auto stored,
             connection_.query_first(std::string("SELECT coalesce(sum(row_count), 0) FROM bar_chunk ") +
                                         kWhereChunkMeets + "AND last_time >= $2",
                                     {series_id, from, to}, [](const Row& row) { return row.integer(0); }));
  // The chunks at both ends may reach beyond the range.
  const std::int64_t rows = *stored + static_cast<std::int64_t>(tail.size());
  if (rows > options.rows_max + 2 * static_cast<std::int64_t>(kChunkRowsMax)) {
    return base::failure(ErrorCode::kResourceExhausted,
                         "the range holds about " + std::to_string(rows) + " bars, and one read gives at most " +
                             std::to_string(options.rows_max) + ": ask for a shorter range");
  }

  Series bars;
  bars.reserve(static_cast<std::size_t>(std::max<std::int64_t>(rows, 0)));
  TRY_ASSIGN(Rows chunks,
             connection_.query(std::string(kSelectChunk) + kWhereChunkMeets + "AND last_time >= $2 ORDER BY first_time",
                               {series_id, from, to}));
  while (true) {
    TRY_ASSIGN(const bool more, chunks.next());
    if (!more) break;
    TRY(read_chunk(chunk_of(*chunks), from, to, options, bars));
  }

  if (tail.empty()) return bars;
  if (bars.empty() || bars.time.back() < tail.time.front()) {
    append_rows(bars, tail, 0, tail.size());
    return bars;
  }
  return overlaid(bars, tail);
}

base::Result<Series> BarReader::read(std::int64_t series_id, std::int64_t from, std::int64_t to,
                                     const BarReadOptions& options) {
  if (from > to) {
    return base::failure(ErrorCode::kInvalidArgument, "the range " + range_text(from, to) + " ends before it begins");
  }
  TRY_ASSIGN(Transaction snapshot, Transaction::begin(connection_, Transaction::Kind::kRead));
  return read_snapshot(series_id, from, to, options);
}

base::Result<Series> BarReader::read_last(std::int64_t series_id, std::int64_t count, const BarReadOptions& options) {
  if (count < 0 || count > options.rows_max) {
    return base::failure(ErrorCode::kInvalidArgument, "cannot read the last " + std::to_string(count) + " bars: 0 to " +
                                                          std::to_string(options.rows_max) + " are possible");
  }
  TRY_ASSIGN(Transaction snapshot, Transaction::begin(connection_, Transaction::Kind::kRead));
  TRY_ASSIGN(const std::int64_t from, start_of_last(series_id, count));
  TRY_ASSIGN(Series bars, read_snapshot(series_id, from, std::numeric_limits<std::int64_t>::max(), options));
  const auto wanted = static_cast<std::size_t>(count);
  if (bars.size() > wanted) drop_first(bars, bars.size() - wanted);
  return bars;
}

/// A time from which on there are at least `count` bars, and few more. Walks back over the index until the chunks hold
/// enough; tail rows may only replace some of theirs, so those do not count.
base::Result<std::int64_t> BarReader::start_of_last(std::int64_t series_id, std::int64_t count) {
  constexpr auto kBeginning = std::numeric_limits<std::int64_t>::min();
  std::int64_t chunk_start = kBeginning;
  std::int64_t found = 0;
  {
    TRY_ASSIGN(Rows chunks, connection_.query("SELECT first_time, row_count FROM bar_chunk WHERE series_id = $1 "
                                              "ORDER BY first_time DESC",
                                              {series_id}));
    while (found < count) {
      TRY_ASSIGN(const bool more, chunks.next());
      if (!more) return kBeginning;
      found += chunks->integer(1);
      chunk_start = chunks->integer(0);
    }
  }
  if (found == count) return chunk_start;
  // The exact row, so that the bars need not be moved afterwards. A damaged chunk is for the read itself to report.
  TRY_ASSIGN(Rows chunk, connection_.query(std::string(kSelectChunk) + "WHERE series_id = $1 AND first_time = $2",
                                           {series_id, chunk_start}));
  TRY_ASSIGN(const bool is_there, chunk.next());
  scratch_.resize(0);
  if (!is_there || !decoder_.append_to(scratch_, chunk_of(*chunk))) return chunk_start;
  return scratch_.time[static_cast<std::size_t>(found - count)];
}

}  // namespace tradeassist::store
