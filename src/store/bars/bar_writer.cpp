#include "store/bars/bar_writer.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <string>

#include "store/bars/bar_tail.hpp"
#include "store/partitions/partition_registry.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;
using market::Series;

// A chunk beside new bars that holds fewer rows than this is filled up instead of leaving it short: many small appends
// must not end in many small chunks.
constexpr std::int64_t kShortChunkRows = static_cast<std::int64_t>(kChunkRowsMax) * 3 / 4;

constexpr const char* kWhereChunkIs = "WHERE series_id = $1 AND first_time = $2";
constexpr const char* kDeleteChunk = "DELETE FROM bar_chunk WHERE series_id = $1 AND first_time = $2";

constexpr std::int64_t kTimeMax = std::numeric_limits<std::int64_t>::max();

base::Result<void> check_bars(const Series& bars) {
  bool same_lengths = true;
  market::for_each_value_column(
      bars, [&](market::ValueColumn column) { same_lengths &= (bars.*column).size() == bars.size(); });
  if (!same_lengths) {
    return base::failure(ErrorCode::kInvalidArgument, "append: the columns have different lengths");
  }
  const auto wrong = std::ranges::adjacent_find(bars.time, std::greater_equal<>());
  if (wrong != bars.time.end()) {
    return base::failure(ErrorCode::kInvalidArgument, "append: times must ascend strictly, but " +
                                                          range_text(*wrong, *(wrong + 1)) + " do not (row " +
                                                          std::to_string(wrong - bars.time.begin() + 1) +
                                                          "): sort the bars and drop repeated ones");
  }
  // Ranges are half-open, so no range could ever reach it.
  if (!bars.empty() && bars.time.back() == kTimeMax) {
    return base::failure(ErrorCode::kInvalidArgument, "append: the last bar's time is the end of time itself");
  }
  return {};
}

/// Merges bars [first, last) of `update` into `existing`, newest value wins.
AppendResult merge_rows(const Series& existing, const Series& update, std::size_t first, std::size_t last,
                        Series& merged) {
  AppendResult result;
  std::size_t next = 0;
  for (std::size_t i = first; i < last; ++i) {
    const std::size_t before = next;
    while (next < existing.size() && existing.time[next] < update.time[i]) ++next;
    append_rows(merged, existing, before, next);
    append_rows(merged, update, i, i + 1);
    if (next < existing.size() && existing.time[next] == update.time[i]) {
      ++(same_values(existing, next, update, i) ? result.unchanged : result.corrected);
      ++next;
    } else {
      ++result.inserted;
    }
  }
  append_rows(merged, existing, next, existing.size());
  return result;
}

std::size_t position_of(const Series& bars, std::int64_t time) {
  return bars.lower_bound(base::time_from_nanoseconds(time));
}

}  // namespace

struct BarWriter::ChunkEntry {
  std::int64_t first_time, last_time, row_count;
};

/// Takes runs of bars in ascending order and writes them as full chunks, each within one partition. Copies only what
/// does not fill a chunk by itself.
class BarWriter::ChunkSink {
 public:
  ChunkSink(BarWriter& writer, std::int64_t series_id) : writer_(writer), series_id_(series_id) {}

  base::Result<void> put(const Series& bars, std::size_t first, std::size_t last) {
    while (first < last) {
      if (pending_.empty()) {
        range_ = partition_of(PartitionKind::kBar, bars.time[first]);
      } else if (bars.time[first] > range_.last_time) {
        TRY(flush());
        continue;
      }
      const std::size_t room = std::min(last, first + kChunkRowsMax - pending_.size());
      const auto begin = bars.time.begin();
      const auto end = std::upper_bound(begin + static_cast<std::ptrdiff_t>(first),
                                        begin + static_cast<std::ptrdiff_t>(room), range_.last_time);
      const auto stop = static_cast<std::size_t>(end - begin);
      if (pending_.empty() && stop - first == kChunkRowsMax) {
        TRY(write(bars, first, kChunkRowsMax));
      } else {
        append_rows(pending_, bars, first, stop);
        if (pending_.size() == kChunkRowsMax) TRY(flush());
      }
      first = stop;
    }
    return {};
  }

  /// Whether bars are waiting for company that `time` could be.
  bool could_take(std::int64_t time) const { return !pending_.empty() && time <= range_.last_time; }

  /// Ends the run: what comes next does not continue it.
  base::Result<void> flush() {
    if (!pending_.empty()) TRY(write(pending_, 0, pending_.size()));
    pending_.resize(0);
    return {};
  }

 private:
  base::Result<void> write(const Series& bars, std::size_t first, std::size_t count) {
    TRY_ASSIGN(const std::int64_t partition, ensure_partition(writer_.connection_, PartitionKind::kBar, range_));
    const EncodedChunk chunk = writer_.encoder_.encode(bars, first, count);
    TRY(writer_.connection_.run_later(
        "INSERT INTO bar_chunk (series_id, partition_id, first_time, last_time, row_count, codec, checksum, "
        "payload) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        {series_id_, partition, chunk.first_time, chunk.last_time, chunk.row_count, chunk.codec, chunk.checksum,
         chunk.payload}));
    return {};
  }

  BarWriter& writer_;
  std::int64_t series_id_;
  Series pending_;
  PartitionRange range_;
};

base::Result<AppendResult> BarWriter::append(std::int64_t series_id, const Series& bars) {
  assert(connection_.in_transaction());
  TRY(check_bars(bars));
  TRY_ASSIGN(SeriesCounts counts, load_counts(connection_, PartitionKind::kBar, series_id, SeriesChange::kRows));
  if (bars.empty()) return AppendResult{};
  TRY(check_not_dropped(connection_, PartitionKind::kBar, bars.time.front(), bars.time.back()));

  const bool direct = bars.size() >= kDirectRowsMin;
  if (counts.tail_rows > 0 && (direct || static_cast<std::size_t>(counts.tail_rows) + bars.size() > kTailRowsMax)) {
    TRY(seal(series_id, counts));
  }
  TRY_ASSIGN(const AppendResult result,
             direct ? merge(series_id, bars, nullptr) : append_to_tail(series_id, bars, counts));
  counts.row_count += result.inserted;
  counts.corrections += result.corrected;
  counts.first_time = std::min(counts.first_time.value_or(bars.time.front()), bars.time.front());
  counts.last_time = std::max(counts.last_time.value_or(bars.time.back()), bars.time.back());
  TRY(save_counts(connection_, series_id, counts, SeriesChange::kRows));
  return result;
}

base::Result<AppendResult> BarWriter::append_to_tail(std::int64_t series_id, const Series& bars, SeriesCounts& counts) {
  // Sealing leaves rows in the tail only where they lie in damaged chunks.
  if (static_cast<std::size_t>(counts.tail_rows) + bars.size() > kTailRowsMax) {
    return base::failure(ErrorCode::kDataLoss, "series " + std::to_string(series_id) +
                                                   " has too many corrections of damaged chunks: discard the damaged "
                                                   "chunks and import their ranges again");
  }
  // Most bars come in order: nothing that late is stored, and nothing has to be looked at.
  if (!counts.last_time || bars.time.front() > *counts.last_time) {
    TRY(add_entry(series_id, bars, counts));
    return AppendResult{.inserted = static_cast<std::int64_t>(bars.size())};
  }
  Series tail;
  if (counts.tail_rows > 0) {
    TRY_ASSIGN(tail, read_tail(connection_, decoder_, series_id, bars.time.front(), kTimeMax));
  }

  AppendResult result;
  Series changed;
  Series chunk;                           // the one that the bars have come to
  std::optional<std::int64_t> chunk_end;  // nothing is known about times after this
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const std::int64_t time = bars.time[i];
    const std::size_t in_tail = position_of(tail, time);
    const bool is_in_tail = in_tail < tail.size() && tail.time[in_tail] == time;
    if (!is_in_tail && time <= *counts.last_time && (!chunk_end || time > *chunk_end)) {
      chunk.resize(0);
      chunk_end = time;
      TRY_ASSIGN(const auto covering,
                 connection_.query_first(
                     "SELECT first_time, last_time FROM bar_chunk WHERE series_id = $1 AND first_time <= $2 "
                     "ORDER BY first_time DESC LIMIT 1",
                     {series_id, time}, [](const Row& row) { return std::pair(row.integer(0), row.integer(1)); }));
      if (covering && covering->second >= time) {
        TRY(load_chunk(series_id, covering->first, chunk));
        chunk_end = covering->second;
      }
    }
    const std::size_t in_chunk = position_of(chunk, time);
    const bool is_in_chunk = in_chunk < chunk.size() && chunk.time[in_chunk] == time;
    if (is_in_tail || is_in_chunk) {
      if (is_in_tail ? same_values(tail, in_tail, bars, i) : same_values(chunk, in_chunk, bars, i)) {
        ++result.unchanged;
        continue;
      }
      ++result.corrected;
    } else {
      ++result.inserted;
    }
    append_rows(changed, bars, i, i + 1);
  }
  TRY(add_entry(series_id, changed, counts));
  return result;
}

base::Result<void> BarWriter::add_entry(std::int64_t series_id, const Series& bars, SeriesCounts& counts) {
  if (bars.empty()) return {};
  counts.tail_rows += static_cast<std::int64_t>(bars.size());
  return put_tail(connection_, encoder_, series_id, counts.tail_entries++, bars);
}

base::Result<void> BarWriter::seal(std::int64_t series_id, SeriesCounts& counts) {
  TRY_ASSIGN(const Series tail,
             read_tail(connection_, decoder_, series_id, std::numeric_limits<std::int64_t>::min(), kTimeMax));
  Series left_out;
  if (!tail.empty()) TRY(merge(series_id, tail, &left_out));
  TRY(clear_tail(connection_, series_id));
  counts.tail_rows = counts.tail_entries = 0;
  return add_entry(series_id, left_out, counts);
}

base::Result<std::vector<BarWriter::ChunkEntry>> BarWriter::chunks_around(std::int64_t series_id, const Series& bars) {
  const std::int64_t first = bars.time.front();
  const std::int64_t last = bars.time.back();
  const auto entry = [](const Row& row) { return ChunkEntry{row.integer(0), row.integer(1), row.integer(2)}; };
  TRY_ASSIGN(auto chunks,
             connection_.query_all("SELECT first_time, last_time, row_count FROM bar_chunk WHERE series_id = $1 "
                                   "AND first_time <= $3 AND first_time >= coalesce((SELECT max(first_time) FROM "
                                   "bar_chunk WHERE series_id = $1 AND first_time <= $2), $2) ORDER BY first_time",
                                   {series_id, first, last}, entry));
  TRY_ASSIGN(const auto next,
             connection_.query_first("SELECT first_time, last_time, row_count FROM bar_chunk WHERE series_id = $1 "
                                     "AND first_time > $2 ORDER BY first_time LIMIT 1",
                                     {series_id, last}, entry));
  if (next) chunks.push_back(*next);
  return chunks;
}

base::Result<void> BarWriter::load_chunk(std::int64_t series_id, std::int64_t first_time, Series& bars) {
  TRY_ASSIGN(Rows rows, connection_.query(std::string(kSelectChunk) + kWhereChunkIs, {series_id, first_time}));
  TRY_ASSIGN(const bool found, rows.next());
  assert(found);
  (void)found;
  const EncodedChunk chunk = chunk_of(*rows);
  auto decoded = decoder_.append_to(bars, chunk);
  if (decoded || decoded.error().code != ErrorCode::kDataLoss) return decoded;
  return std::unexpected(damage_error(damaged_chunk(chunk, std::move(decoded).error().message)));
}

/// Goes through the bars and the chunks around them together, in time order. Chunks that no bar changes stay as they
/// are. Bars in damaged chunks are an error, or are put into `left_out` where that is given.
base::Result<AppendResult> BarWriter::merge(std::int64_t series_id, const Series& bars, Series* left_out) {
  TRY_ASSIGN(const auto chunks, chunks_around(series_id, bars));
  AppendResult total;
  ChunkSink sink(*this, series_id);
  Series existing, merged;
  std::size_t next = 0;
  const auto put_new = [&](std::size_t end) -> base::Result<void> {
    TRY(sink.put(bars, next, end));
    total.inserted += static_cast<std::int64_t>(end - next);
    next = end;
    return {};
  };

  for (std::size_t i = 0; i < chunks.size(); ++i) {
    const ChunkEntry& chunk = chunks[i];
    TRY(put_new(position_of(bars, chunk.first_time)));
    const std::size_t end = chunk.last_time == kTimeMax ? bars.size() : position_of(bars, chunk.last_time + 1);
    const bool is_touched = end > next;
    const bool is_followed = end < bars.size() &&
                             bars.time[end] <= partition_of(PartitionKind::kBar, chunk.last_time).last_time &&
                             (i + 1 == chunks.size() || bars.time[end] < chunks[i + 1].first_time);
    const bool is_filled_up = chunk.row_count < kShortChunkRows && (is_followed || sink.could_take(chunk.first_time));
    if (!is_touched && !is_filled_up) {
      TRY(sink.flush());
      continue;
    }
    existing.resize(0);
    const auto loaded = load_chunk(series_id, chunk.first_time, existing);
    if (!loaded) {
      if (loaded.error().code != ErrorCode::kDataLoss) return std::unexpected(loaded.error());
      if (is_touched && left_out == nullptr) return std::unexpected(loaded.error());
      if (is_touched) append_rows(*left_out, bars, next, end);
      next = end;
      TRY(sink.flush());
      continue;
    }
    merged.resize(0);
    const AppendResult part = merge_rows(existing, bars, next, end, merged);
    total += part;
    next = end;
    if (!is_filled_up && part.inserted == 0 && part.corrected == 0) {
      TRY(sink.flush());
      continue;
    }
    TRY(connection_.run_later(kDeleteChunk, {series_id, chunk.first_time}));
    TRY(sink.put(merged, 0, merged.size()));
  }
  TRY(put_new(bars.size()));
  TRY(sink.flush());
  return total;
}

/// Seals the tail that there is, whatever the series row says of it. Entries that cannot be read are an error, or are
/// removed and listed in `damaged` where that is given.
base::Result<void> BarWriter::seal_all(std::int64_t series_id, SeriesCounts& counts,
                                       std::vector<DamagedChunk>* damaged) {
  TRY_ASSIGN(const Series tail,
             read_tail(connection_, decoder_, series_id, std::numeric_limits<std::int64_t>::min(), kTimeMax, damaged));
  if (damaged != nullptr && !damaged->empty()) {
    TRY(clear_tail(connection_, series_id));
    counts.tail_rows = counts.tail_entries = 0;
    TRY(add_entry(series_id, tail, counts));
  }
  return seal(series_id, counts);
}

base::Result<std::vector<DamagedChunk>> BarWriter::discard_damaged(std::int64_t series_id) {
  assert(connection_.in_transaction());
  TRY_ASSIGN(SeriesCounts counts, load_counts(connection_, PartitionKind::kBar, series_id, SeriesChange::kPlace));
  std::vector<DamagedChunk> discarded;
  // First, so that no row is both in the tail and in a chunk when they are counted again below.
  TRY(seal_all(series_id, counts, &discarded));

  TRY_ASSIGN(const auto chunks,
             connection_.query_all("SELECT first_time, last_time, row_count FROM bar_chunk WHERE series_id = $1 "
                                   "ORDER BY first_time, last_time, row_count",
                                   {series_id}, [](const Row& row) {
                                     return ChunkEntry{row.integer(0), row.integer(1), row.integer(2)};
                                   }));
  Series scratch;
  std::optional<std::int64_t> whole_until;  // the end of the last chunk that is not damaged
  // Not by the first time alone: of two chunks with the same, only one is to go.
  constexpr const char* kWhereExactly =
      "WHERE series_id = $1 AND first_time = $2 AND last_time = $3 AND row_count = $4";
  for (const ChunkEntry& entry : chunks) {
    const Parameters exactly{series_id, entry.first_time, entry.last_time, entry.row_count};
    std::optional<DamagedChunk> damage;
    {
      TRY_ASSIGN(Rows rows, connection_.query(std::string(kSelectChunk) + kWhereExactly, exactly));
      TRY_ASSIGN(const bool found, rows.next());
      assert(found);
      (void)found;
      scratch.resize(0);
      const EncodedChunk chunk = chunk_of(*rows);
      const auto decoded = decoder_.append_to(scratch, chunk);
      if (!decoded && decoded.error().code != ErrorCode::kDataLoss) return std::unexpected(decoded.error());
      if (!decoded) {
        damage = damaged_chunk(chunk, decoded.error().message);
      } else if (whole_until && chunk.first_time <= *whole_until) {
        damage = damaged_chunk(chunk, "overlaps the chunk before it");  // as the reader sees it
      } else {
        whole_until = chunk.last_time;
      }
    }
    if (!damage) continue;
    TRY(connection_.run_later(std::string("DELETE FROM bar_chunk ") + kWhereExactly, exactly));
    discarded.push_back(std::move(*damage));
  }
  TRY(count_rows(series_id, counts));
  TRY(save_counts(connection_, series_id, counts, SeriesChange::kPlace));
  return discarded;
}

base::Result<void> BarWriter::count_rows(std::int64_t series_id, SeriesCounts& counts) {
  TRY(
      connection_.query_first("SELECT count(*), min(first_time), max(last_time), coalesce(sum(row_count), 0) FROM ("
                              "SELECT first_time, last_time, row_count FROM bar_chunk WHERE series_id = $1 UNION ALL "
                              "SELECT first_time, last_time, row_count FROM bar_tail WHERE series_id = $1) AS rows",
                              {series_id}, [&](const Row& row) {
                                counts.first_time = row.optional_integer(1);
                                counts.last_time = row.optional_integer(2);
                                counts.row_count = row.integer(3);
                                return 0;
                              }));
  return {};
}

base::Result<void> BarWriter::recount(std::int64_t series_id) {
  TRY_ASSIGN(SeriesCounts counts, load_counts(connection_, PartitionKind::kBar, series_id, SeriesChange::kPlace));
  TRY(seal_all(series_id, counts, nullptr));
  TRY(count_rows(series_id, counts));
  return save_counts(connection_, series_id, counts, SeriesChange::kPlace);
}

base::Result<void> BarWriter::seal_within(PartitionRange range) {
  TRY_ASSIGN(const auto with_tail,
             connection_.query_all("SELECT DISTINCT series_id FROM bar_tail WHERE last_time >= $1 AND first_time <= $2",
                                   {range.first_time, range.last_time}, [](const Row& row) { return row.integer(0); }));
  for (const std::int64_t series_id : with_tail) {
    TRY_ASSIGN(SeriesCounts counts, load_counts(connection_, PartitionKind::kBar, series_id, SeriesChange::kPlace));
    TRY(seal(series_id, counts));
    TRY(save_counts(connection_, series_id, counts, SeriesChange::kPlace));
  }
  return {};
}

}  // namespace tradeassist::store
