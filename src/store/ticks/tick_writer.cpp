#include "store/ticks/tick_writer.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <string>
#include <tuple>

#include "store/bars/chunk_rows.hpp"
#include "store/partitions/partition_registry.hpp"
#include "store/ticks/tick_rows.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;
using market::TickSeries;

// The chunk in front of new ticks is filled up when it holds fewer than this: many small appends must not end in many
// small chunks.
constexpr std::int64_t kShortChunkRows = static_cast<std::int64_t>(kTickChunkRowsMax) * 3 / 4;

constexpr std::int64_t kTimeMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kTimeMax = std::numeric_limits<std::int64_t>::max();

constexpr const char* kWhereChunkIs = "WHERE series_id = $1 AND first_time = $2 AND ordinal = $3";

base::Result<void> check_ticks(const TickSeries& ticks) {
  const auto wrong_length = [&](const std::vector<double>& column, bool may_be_empty) {
    return column.size() != ticks.rows() && !(may_be_empty && column.empty());
  };
  if (wrong_length(ticks.price, false) || wrong_length(ticks.size, false) || wrong_length(ticks.bid, true) ||
      wrong_length(ticks.ask, true)) {
    return base::failure(ErrorCode::kInvalidArgument, "append: the columns have different lengths");
  }
  const auto wrong = std::ranges::is_sorted_until(ticks.time);
  if (wrong != ticks.time.end()) {
    return base::failure(ErrorCode::kInvalidArgument, "append: times of ticks must ascend, but that of row " +
                                                          std::to_string(wrong - ticks.time.begin()) +
                                                          " is before the one in front of it: sort them");
  }
  // Ranges are half-open, so no range could ever reach it.
  if (!ticks.empty() && ticks.time.back() == kTimeMax) {
    return base::failure(ErrorCode::kInvalidArgument, "append: the last tick's time is the end of time itself");
  }
  return {};
}

}  // namespace

struct TickWriter::ChunkEntry {
  std::int64_t first_time, last_time, row_count, ordinal;
};

struct TickWriter::Outcome {
  AppendResult result;
  std::int64_t removed = 0;  // among the corrected: ticks that are there no more

  void operator+=(const Outcome& other) {
    result += other.result;
    removed += other.removed;
  }

  /// Counts what becomes of one instant: ticks [old_first, old_end) are replaced by [first, end).
  void count(const TickSeries& old, std::size_t old_first, std::size_t old_end, const TickSeries& ticks,
             std::size_t first, std::size_t end) {
    const std::size_t before = old_end - old_first, now = end - first;
    for (std::size_t i = 0; i < std::min(before, now); ++i) {
      ++(same_tick(old, old_first + i, ticks, first + i) ? result.unchanged : result.corrected);
    }
    if (now > before) result.inserted += static_cast<std::int64_t>(now - before);
    if (now < before) {
      result.corrected += static_cast<std::int64_t>(before - now);
      removed += static_cast<std::int64_t>(before - now);
    }
  }
};

/// Takes runs of ticks in ascending order and writes them as full chunks, each within one partition, none of which
/// divides an instant that fits into one.
class TickWriter::ChunkSink {
 public:
  ChunkSink(TickWriter& writer, std::int64_t series_id) : writer_(writer), series_id_(series_id) {}

  base::Result<void> put(const TickSeries& ticks, std::size_t first, std::size_t last) {
    while (first < last) {
      if (!pending_.empty() && ticks.time[first] > range_.last_time) TRY(flush());
      if (pending_.empty()) range_ = partition_of(PartitionKind::kTick, ticks.time[first]);
      // One more than a chunk holds: the tick behind it tells whether it would divide an instant.
      const std::size_t room = std::min(last - first, kTickChunkRowsMax + 1 - pending_.rows());
      const auto begin = ticks.time.begin() + static_cast<std::ptrdiff_t>(first);
      const auto end = std::upper_bound(begin, begin + static_cast<std::ptrdiff_t>(room), range_.last_time);
      const auto count = static_cast<std::size_t>(end - begin);
      pending_.append(ticks, first, count);
      first += count;
      if (pending_.rows() > kTickChunkRowsMax) TRY(write_full());
    }
    return {};
  }

  /// Ends the run: what comes next does not continue it.
  base::Result<void> flush() {
    if (!pending_.empty()) TRY(write(pending_.rows()));
    pending_ = {};
    ordinal_ = 0;
    return {};
  }

 private:
  base::Result<void> write_full() {
    std::size_t cut = kTickChunkRowsMax;
    while (cut > 0 && pending_.time[cut - 1] == pending_.time[cut]) --cut;
    // An instant that alone is more than a chunk holds.
    const bool divided = cut == 0;
    if (divided) cut = kTickChunkRowsMax;
    TRY(write(cut));
    ordinal_ = divided ? ordinal_ + static_cast<std::int64_t>(cut) : 0;
    pending_ = pending_.slice(cut, pending_.rows() - cut);
    return {};
  }

  base::Result<void> write(std::size_t count) {
    TRY_ASSIGN(const std::int64_t partition, ensure_partition(writer_.connection_, PartitionKind::kTick, range_));
    const EncodedChunk chunk = writer_.encoder_.encode(pending_, 0, count);
    return writer_.connection_.run_later(
        "INSERT INTO tick_chunk (series_id, partition_id, first_time, ordinal, last_time, row_count, codec, checksum, "
        "payload) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        {series_id_, partition, chunk.first_time, ordinal_, chunk.last_time, chunk.row_count, chunk.codec,
         chunk.checksum, chunk.payload});
  }

  TickWriter& writer_;
  std::int64_t series_id_;
  TickSeries pending_;
  std::int64_t ordinal_ = 0;  // of the first pending tick within its instant
  PartitionRange range_;
};

base::Result<AppendResult> TickWriter::append(std::int64_t series_id, const TickSeries& ticks) {
  assert(connection_.in_transaction());
  TRY(check_ticks(ticks));
  TRY_ASSIGN(SeriesCounts counts, load_counts(connection_, PartitionKind::kTick, series_id, SeriesChange::kRows));
  if (ticks.empty()) return AppendResult{};
  TRY(check_not_dropped(connection_, PartitionKind::kTick, ticks.time.front(), ticks.time.back()));

  const bool direct = ticks.rows() >= kDirectTicksMin;
  if (counts.tail_rows > 0 && (direct || static_cast<std::size_t>(counts.tail_rows) + ticks.rows() > kTailTicksMax)) {
    TRY(seal(series_id, counts));
  }
  TRY_ASSIGN(const Outcome outcome, direct ? merge(series_id, ticks) : append_to_tail(series_id, ticks, counts));
  counts.row_count += outcome.result.inserted - outcome.removed;
  counts.corrections += outcome.result.corrected;
  counts.first_time = std::min(counts.first_time.value_or(ticks.time.front()), ticks.time.front());
  counts.last_time = std::max(counts.last_time.value_or(ticks.time.back()), ticks.time.back());
  TRY(save_counts(connection_, series_id, counts, SeriesChange::kRows));
  return outcome.result;
}

base::Result<TickWriter::Outcome> TickWriter::append_to_tail(std::int64_t series_id, const TickSeries& ticks,
                                                             SeriesCounts& counts) {
  TickSeries tail;
  if (counts.tail_rows > 0) {
    TRY_ASSIGN(tail, read_tick_tail(connection_, series_id, ticks.time.front(), ticks.time.back()));
  }
  Outcome outcome;
  TickSeries stored;                       // of the chunks that the ticks have come to
  std::optional<std::int64_t> stored_end;  // nothing is known of chunks after this
  for (std::size_t first = 0; first < ticks.rows();) {
    const std::int64_t time = ticks.time[first];
    const std::size_t end = instant_end(ticks, first);
    const auto part_of = [&](const TickSeries& from) {
      const std::size_t begin = from.lower_bound(base::time_from_nanoseconds(time));
      const bool found = begin < from.rows() && from.time[begin] == time;
      return std::pair(begin, found ? instant_end(from, begin) : begin);
    };
    auto [old_first, old_end] = part_of(tail);
    const std::size_t in_tail = old_end - old_first;
    // Most ticks come in order: nothing that late is stored, and no chunk has to be looked at.
    if (in_tail == 0 && counts.last_time && time <= *counts.last_time && (!stored_end || time > *stored_end)) {
      TRY_ASSIGN(auto around, chunks_around(series_id, time, time));
      std::erase_if(around, [time](const ChunkEntry& chunk) { return chunk.last_time < time; });
      TRY_ASSIGN(stored, load_chunks(series_id, around));
      stored_end = around.empty() ? time : around.back().last_time;
    }
    const TickSeries& old = in_tail > 0 ? tail : stored;
    if (in_tail == 0) std::tie(old_first, old_end) = part_of(stored);
    Outcome instant;
    instant.count(old, old_first, old_end, ticks, first, end);
    const bool is_same = instant.result.inserted == 0 && instant.result.corrected == 0;
    outcome += instant;
    if (!is_same) {
      if (in_tail > 0) {
        TRY(connection_.run_later("DELETE FROM tick_tail WHERE series_id = $1 AND time = $2", {series_id, time}));
      }
      for (std::size_t i = first; i < end; ++i) {
        TRY(put_tick_tail(connection_, series_id, ticks.tick(i), static_cast<std::int64_t>(i - first)));
      }
      counts.tail_rows += static_cast<std::int64_t>(end - first) - static_cast<std::int64_t>(in_tail);
    }
    first = end;
  }
  return outcome;
}

base::Result<void> TickWriter::seal(std::int64_t series_id, SeriesCounts& counts) {
  TRY_ASSIGN(const TickSeries tail, read_tick_tail(connection_, series_id, kTimeMin, kTimeMax));
  if (!tail.empty()) TRY(merge(series_id, tail));
  TRY(connection_.run("DELETE FROM tick_tail WHERE series_id = $1", {series_id}));
  counts.tail_rows = 0;
  return {};
}

/// Chunks that meet [first, last], and the one in front where that is the nearest; in order.
base::Result<std::vector<TickWriter::ChunkEntry>> TickWriter::chunks_around(std::int64_t series_id, std::int64_t first,
                                                                            std::int64_t last) {
  return connection_.query_all(
      std::string("SELECT first_time, last_time, row_count, ordinal FROM tick_chunk ") + kWhereTickChunkMeets,
      {series_id, first, last},
      [](const Row& row) { return ChunkEntry{row.integer(0), row.integer(1), row.integer(2), row.integer(3)}; });
}

base::Result<TickSeries> TickWriter::load_chunks(std::int64_t series_id, const std::vector<ChunkEntry>& run) {
  TickSeries ticks;
  for (const ChunkEntry& entry : run) {
    TRY_ASSIGN(Rows rows, connection_.query(std::string(kSelectTickChunk) + kWhereChunkIs,
                                            {series_id, entry.first_time, entry.ordinal}));
    TRY_ASSIGN(const bool found, rows.next());
    assert(found);
    (void)found;
    const EncodedChunk chunk = chunk_of(*rows);
    auto decoded = decoder_.append_to(ticks, chunk);
    if (decoded) continue;
    if (decoded.error().code != ErrorCode::kDataLoss) return std::unexpected(decoded.error());
    return std::unexpected(damage_error(damaged_chunk(chunk, std::move(decoded).error().message), "ticks"));
  }
  return ticks;
}

/// Goes through the ticks and the chunks around them together, in time order. Chunks that share an instant are one run.
/// Runs that no tick changes stay as they are.
base::Result<TickWriter::Outcome> TickWriter::merge(std::int64_t series_id, const TickSeries& ticks) {
  TRY_ASSIGN(const auto chunks, chunks_around(series_id, ticks.time.front(), ticks.time.back()));
  Outcome outcome;
  ChunkSink sink(*this, series_id);
  std::size_t next = 0;
  const auto position_of = [&](std::int64_t time) { return ticks.lower_bound(base::time_from_nanoseconds(time)); };
  const auto put_new = [&](std::size_t end) -> base::Result<void> {
    TRY(sink.put(ticks, next, end));
    outcome.result.inserted += static_cast<std::int64_t>(end - next);
    next = end;
    return {};
  };

  for (std::size_t i = 0; i < chunks.size();) {
    std::vector<ChunkEntry> run{chunks[i++]};
    assert(run.front().ordinal == 0);  // chunks that begin with one instant are read together
    while (i < chunks.size() && chunks[i].first_time == run.back().last_time) run.push_back(chunks[i++]);
    TRY(put_new(position_of(run.front().first_time)));
    const std::size_t end = run.back().last_time == kTimeMax ? ticks.rows() : position_of(run.back().last_time + 1);
    const bool is_touched = end > next;
    const bool is_filled_up = run.size() == 1 && run.front().row_count < kShortChunkRows && end < ticks.rows() &&
                              ticks.time[end] <= partition_of(PartitionKind::kTick, run.back().last_time).last_time &&
                              (i == chunks.size() || ticks.time[end] < chunks[i].first_time);
    if (!is_touched && !is_filled_up) {
      TRY(sink.flush());
      continue;
    }
    auto loaded = load_chunks(series_id, run);
    if (!loaded) {
      // Beside it, a damaged chunk is no hindrance.
      if (is_touched || loaded.error().code != ErrorCode::kDataLoss) return std::unexpected(loaded.error());
      TRY(sink.flush());
      continue;
    }
    const TickSeries& existing = *loaded;
    TickSeries merged;
    Outcome part;
    std::size_t old = 0;
    while (next < end) {
      const std::size_t instant = instant_end(ticks, next);
      const std::size_t before = existing.lower_bound(base::time_from_nanoseconds(ticks.time[next]));
      const bool is_there = before < existing.rows() && existing.time[before] == ticks.time[next];
      const std::size_t behind = is_there ? instant_end(existing, before) : before;
      part.count(existing, before, behind, ticks, next, instant);
      merged.append(existing, old, before - old);
      merged.append(ticks, next, instant - next);
      old = behind;
      next = instant;
    }
    merged.append(existing, old, existing.rows() - old);
    outcome += part;
    if (!is_filled_up && part.result.inserted == 0 && part.result.corrected == 0) {
      TRY(sink.flush());
      continue;
    }
    for (const ChunkEntry& entry : run) {
      TRY(connection_.run_later(std::string("DELETE FROM tick_chunk ") + kWhereChunkIs,
                                {series_id, entry.first_time, entry.ordinal}));
    }
    TRY(sink.put(merged, 0, merged.rows()));
  }
  TRY(put_new(ticks.rows()));
  TRY(sink.flush());
  return outcome;
}

base::Result<void> TickWriter::seal_within(PartitionRange range) {
  TRY_ASSIGN(const auto with_tail,
             connection_.query_all("SELECT DISTINCT series_id FROM tick_tail WHERE time >= $1 AND time <= $2",
                                   {range.first_time, range.last_time}, [](const Row& row) { return row.integer(0); }));
  for (const std::int64_t series_id : with_tail) {
    TRY_ASSIGN(SeriesCounts counts, load_counts(connection_, PartitionKind::kTick, series_id, SeriesChange::kPlace));
    TRY(seal(series_id, counts));
    TRY(save_counts(connection_, series_id, counts, SeriesChange::kPlace));
  }
  return {};
}

base::Result<std::vector<DamagedChunk>> TickWriter::discard_damaged(std::int64_t series_id) {
  assert(connection_.in_transaction());
  TRY_ASSIGN(const auto chunks,
             connection_.query_all("SELECT first_time, last_time, row_count, ordinal FROM tick_chunk WHERE series_id = "
                                   "$1 ORDER BY first_time, ordinal",
                                   {series_id}, [](const Row& row) {
                                     return ChunkEntry{row.integer(0), row.integer(1), row.integer(2), row.integer(3)};
                                   }));
  std::vector<DamagedChunk> discarded;
  std::optional<std::int64_t> whole_until;  // the end of the last chunk that is not damaged
  // Of the instant with which the chunks at hand begin: what its next chunk is to be numbered with.
  std::optional<std::int64_t> instant;
  std::int64_t ordinal = 0;
  for (const ChunkEntry& entry : chunks) {
    if (instant != entry.first_time) ordinal = 0;
    instant = entry.first_time;
    std::optional<DamagedChunk> damage;
    {
      TRY_ASSIGN(Rows rows, connection_.query(std::string(kSelectTickChunk) + kWhereChunkIs,
                                              {series_id, entry.first_time, entry.ordinal}));
      TRY_ASSIGN(const bool found, rows.next());
      assert(found);
      (void)found;
      TickSeries scratch;
      const EncodedChunk chunk = chunk_of(*rows);
      const auto decoded = decoder_.append_to(scratch, chunk);
      if (!decoded && decoded.error().code != ErrorCode::kDataLoss) return std::unexpected(decoded.error());
      if (!decoded) {
        damage = damaged_chunk(chunk, decoded.error().message);
      } else if (whole_until && chunk.first_time < *whole_until) {
        damage = damaged_chunk(chunk, "overlaps the chunk before it");  // as the reader sees it
      } else {
        whole_until = chunk.last_time;
      }
    }
    if (damage) {
      TRY(connection_.run_later(std::string("DELETE FROM tick_chunk ") + kWhereChunkIs,
                                {series_id, entry.first_time, entry.ordinal}));
      discarded.push_back(std::move(*damage));
      continue;
    }
    // A large instant is divided; what is left of it moves up, so that it begins with 0.
    if (ordinal != entry.ordinal) {
      TRY(connection_.run_later(std::string("UPDATE tick_chunk SET ordinal = $4 ") + kWhereChunkIs,
                                {series_id, entry.first_time, entry.ordinal, ordinal}));
    }
    ordinal += entry.row_count;
  }
  TRY(recount(series_id));
  return discarded;
}

base::Result<void> TickWriter::recount(std::int64_t series_id) {
  TRY_ASSIGN(SeriesCounts counts, load_counts(connection_, PartitionKind::kTick, series_id, SeriesChange::kPlace));
  TRY(seal(series_id, counts));
  TRY(
      connection_.query_first("SELECT coalesce(sum(row_count), 0), min(first_time), max(last_time) FROM tick_chunk "
                              "WHERE series_id = $1",
                              {series_id}, [&](const Row& row) {
                                counts.row_count = row.integer(0);
                                counts.first_time = row.optional_integer(1);
                                counts.last_time = row.optional_integer(2);
                                return 0;
                              }));
  return save_counts(connection_, series_id, counts, SeriesChange::kPlace);
}

}  // namespace tradeassist::store
