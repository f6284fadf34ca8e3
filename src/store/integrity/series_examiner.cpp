#include "store/integrity/series_examiner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

#include "market/timeframe.hpp"
#include "store/bars/bar_writer.hpp"
#include "store/bars/chunk_rows.hpp"
#include "store/ticks/tick_rows.hpp"
#include "store/ticks/tick_writer.hpp"

namespace tradeassist::store {
namespace {

using base::ErrorCode;

// A server sends a page as a whole; a chunk takes up to 200 kB.
constexpr std::int64_t kPageChunks = 32;

constexpr const char* kDiscardAndImport =
    "discard it with --repair --discard-damaged and import this range again, or restore a backup; other {}s are whole";

constexpr const char* kCountAgain = "count again with --repair";

std::string time_text(std::optional<std::int64_t> time) {
  return time ? base::format_time(base::time_from_nanoseconds(*time)) : "none";
}

}  // namespace

struct SeriesExaminer::SeriesRow {
  std::int64_t row_count = 0, tail_rows = 0, tail_entries = 0;
  std::optional<std::int64_t> first_time, last_time;
};

/// What the chunks of a series come to.
struct SeriesExaminer::Chunks {
  std::int64_t rows = 0;      // of whole ones
  std::int64_t replaced = 0;  // of these, those at times that the tail has too
  bool any_damaged = false;
  std::optional<std::int64_t> first_time, last_time;  // of whole ones
};

void SeriesExaminer::add(Finding finding) {
  finding.series_id = series_.id;
  finding.symbol = series_.symbol;
  finding.timeframe = series_.timeframe;
  finding.source = series_.source;
  examination_.add(std::move(finding), options_.findings_max);
}

base::Result<void> SeriesExaminer::read_partitions() {
  TRY_ASSIGN(const auto rows, connection_.query_all("SELECT id, first_time, last_time FROM partition WHERE kind = $1",
                                                    {to_string(kind_)}, [](const Row& row) {
                                                      return std::pair(row.integer(0),
                                                                       PartitionRange{row.integer(1), row.integer(2)});
                                                    }));
  partitions_ = {rows.begin(), rows.end()};
  return {};
}

base::Result<void> SeriesExaminer::examine(const ExaminedSeries& series, ExaminationProgress& progress) {
  series_ = series;
  kind_ = series.timeframe == market::to_string(market::kTickTimeframe) ? PartitionKind::kTick : PartitionKind::kBar;
  TRY_ASSIGN(Transaction snapshot, Transaction::begin(connection_, Transaction::Kind::kRead));
  TRY_ASSIGN(const auto row,
             connection_.query_first(
                 "SELECT row_count, tail_rows, tail_entries, first_time, last_time FROM series WHERE id = $1",
                 {series.id}, [](const Row& found) {
                   return SeriesRow{found.integer(0), found.integer(1), found.integer(2), found.optional_integer(3),
                                    found.optional_integer(4)};
                 }));
  if (!row) return {};
  TRY(read_partitions());  // in this snapshot, since an import makes new ones
  Chunks chunks;
  TRY(is_bar() ? examine_tail(*row, chunks) : examine_tick_tail(*row));
  TRY(examine_chunks(progress, chunks));
  examine_counts(*row, chunks);
  examination_.bars += chunks.rows + static_cast<std::int64_t>(tail_times_.size()) - chunks.replaced;
  ++examination_.series;
  return {};
}

base::Result<void> SeriesExaminer::examine_tail(const SeriesRow& row, Chunks& chunks) {
  TRY_ASSIGN(Rows entries,
             connection_.query("SELECT first_time, last_time, row_count, codec, checksum, payload, entry FROM bar_tail "
                               "WHERE series_id = $1 ORDER BY entry",
                               {series_.id}));
  std::int64_t rows = 0, next_entry = 0;
  scratch_.resize(0);
  while (true) {
    TRY_ASSIGN(const bool more, entries.next());
    if (!more) break;
    const EncodedChunk entry = chunk_of(*entries);
    rows += entry.row_count;
    next_entry = entries->integer(6) + 1;
    const auto decoded = decoder_.append_to(scratch_, entry);
    if (!decoded) report_unreadable(entry, decoded.error(), chunks);
  }
  if (rows != row.tail_rows || next_entry != row.tail_entries) {
    add({.remedy = Remedy::kRecount,
         .reason = fmt::format("the series row says {} rows in {} entries of the tail, and there are {} in {}",
                               row.tail_rows, row.tail_entries, rows, next_entry),
         .advice = kCountAgain});
  }
  if (rows > static_cast<std::int64_t>(kTailRowsMax)) {
    add({.remedy = Remedy::kRecount,
         .reason = fmt::format("the tail has {} rows, and {} are the most that it may have", rows, kTailRowsMax),
         .advice = "bring them into chunks with --repair"});
  }
  tail_times_ = scratch_.time;
  std::ranges::sort(tail_times_);
  tail_times_.erase(std::ranges::unique(tail_times_).begin(), tail_times_.end());
  return {};
}

base::Result<void> SeriesExaminer::examine_tick_tail(const SeriesRow& row) {
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min(), kMax = std::numeric_limits<std::int64_t>::max();
  TRY_ASSIGN(market::TickSeries tail, read_tick_tail(connection_, series_.id, kMin, kMax));
  const auto rows = static_cast<std::int64_t>(tail.rows());
  if (rows != row.tail_rows) {
    add({.remedy = Remedy::kRecount,
         .reason = fmt::format("the series row says {} ticks in the tail, and there are {}", row.tail_rows, rows),
         .advice = kCountAgain});
  }
  if (rows > static_cast<std::int64_t>(kTailTicksMax)) {
    add({.remedy = Remedy::kRecount,
         .reason = fmt::format("the tail has {} ticks, and {} are the most that it may have", rows, kTailTicksMax),
         .advice = "bring them into chunks with --repair"});
  }
  tail_times_ = std::move(tail.time);
  return {};
}

/// Row by row in the order of the index; also of chunks that begin together, none is passed over.
base::Result<void> SeriesExaminer::examine_chunks(ExaminationProgress& progress, Chunks& chunks) {
  constexpr auto kStart = std::numeric_limits<std::int64_t>::min();
  std::tuple<std::int64_t, std::int64_t, std::int64_t> after{kStart, kStart, kStart};
  // Beside the first time, what tells apart chunks that begin together.
  const std::string key = is_bar() ? "last_time, row_count" : "ordinal, last_time";
  const std::string sql = fmt::format(
      "SELECT first_time, last_time, row_count, codec, checksum, payload, partition_id, {1} FROM {0} WHERE series_id = "
      "$1 AND first_time >= $2 AND (first_time, {1}) > ($2, $3, $4) ORDER BY first_time, {1} LIMIT $5",
      chunk_table(kind_), key);
  while (true) {
    const std::int64_t rows_before = chunks.rows;
    std::int64_t count = 0;
    {
      TRY_ASSIGN(Rows page, connection_.query(sql, {series_.id, std::get<0>(after), std::get<1>(after),
                                                    std::get<2>(after), kPageChunks}));
      for (;; ++count) {
        TRY_ASSIGN(const bool more, page.next());
        if (!more) break;
        const EncodedChunk chunk = chunk_of(*page);
        after = {chunk.first_time, page->integer(7), page->integer(8)};
        examine_chunk(chunk, page->integer(6), chunks);
      }
    }
    progress.bars += chunks.rows - rows_before;
    if (options_.progress) options_.progress(progress);
    if (count < kPageChunks) return {};
  }
}

void SeriesExaminer::report_chunk(const EncodedChunk& chunk, Remedy remedy, std::string reason, std::string advice) {
  add({.remedy = remedy,
       .first_time = base::time_from_nanoseconds(chunk.first_time),
       .last_time = base::time_from_nanoseconds(chunk.last_time),
       .reason = std::move(reason),
       .advice = std::move(advice)});
}

/// Of a chunk or an entry of the tail.
void SeriesExaminer::report_unreadable(const EncodedChunk& chunk, const base::Error& error, Chunks& chunks) {
  chunks.any_damaged = true;
  if (error.code == ErrorCode::kUnsupported) {
    return report_chunk(chunk, Remedy::kNone, error.message, "use the newer program");
  }
  report_chunk(chunk, Remedy::kDiscard,
               fmt::format("{} {}s cannot be read: {}", chunk.row_count, row_name(), error.message),
               fmt::format(kDiscardAndImport, row_name()));
}

/// Its times come to times_.
base::Result<void> SeriesExaminer::decode(const EncodedChunk& chunk) {
  if (is_bar()) {
    scratch_.resize(0);
    TRY(decoder_.append_to(scratch_, chunk));
    times_ = scratch_.time;
    return {};
  }
  tick_scratch_ = {};
  TRY(tick_decoder_.append_to(tick_scratch_, chunk));
  times_ = tick_scratch_.time;
  return {};
}

void SeriesExaminer::examine_chunk(const EncodedChunk& chunk, std::int64_t partition_id, Chunks& chunks) {
  ++examination_.chunks;
  const auto report = [&](Remedy remedy, std::string reason, std::string advice) {
    report_chunk(chunk, remedy, std::move(reason), std::move(advice));
  };
  const auto decoded = decode(chunk);
  if (!decoded) return report_unreadable(chunk, decoded.error(), chunks);
  // Ticks may have one time, and a chunk of them may go on with the instant that the one before ended with.
  const bool ascends = is_bar() ? std::ranges::adjacent_find(times_, std::greater_equal<>()) == times_.end()
                                : std::ranges::is_sorted(times_);
  if (!ascends) {
    chunks.any_damaged = true;
    return report(Remedy::kNone, "its times do not ascend", "import this range again, or restore a backup");
  }
  if (chunks.last_time &&
      (chunk.first_time < *chunks.last_time || (is_bar() && chunk.first_time == *chunks.last_time))) {
    return report_unreadable(chunk, {ErrorCode::kDataLoss, "overlaps the chunk before it"}, chunks);
  }

  const PartitionRange its = partition_of(kind_, chunk.first_time);
  const auto partition = partitions_.find(partition_id);
  if (chunk.last_time > its.last_time) {
    report(Remedy::kNone, "the chunk goes beyond its partition",
           "restore a backup, or delete the series and import it");
  } else if (partition == partitions_.end() || partition->second != its) {
    report(Remedy::kMove,
           fmt::format("the chunk is listed in {}, and belongs to partition {}",
                       partition == partitions_.end() ? "a partition that is not there"
                                                      : "partition " + partition_name(kind_, partition->second),
                       partition_name(kind_, its)),
           "list it where it belongs with --repair");
  }

  chunks.rows += chunk.row_count;
  if (!chunks.first_time) chunks.first_time = chunk.first_time;
  chunks.last_time = chunk.last_time;
  const auto first = std::ranges::lower_bound(tail_times_, chunk.first_time);
  if (first == tail_times_.end() || *first > chunk.last_time) return;
  chunks.replaced +=
      std::ranges::count_if(times_, [&](std::int64_t time) { return std::ranges::binary_search(tail_times_, time); });
}

void SeriesExaminer::examine_counts(const SeriesRow& row, const Chunks& chunks) {
  // What a damaged chunk held, nobody knows; discarding it counts again.
  if (chunks.any_damaged) return;
  const auto wrong = [&](std::string reason) {
    add({.remedy = Remedy::kRecount, .reason = std::move(reason), .advice = kCountAgain});
  };
  const std::int64_t rows = chunks.rows + static_cast<std::int64_t>(tail_times_.size()) - chunks.replaced;
  std::optional<std::int64_t> first = chunks.first_time, last = chunks.last_time;
  if (!tail_times_.empty()) {
    first = std::min(first.value_or(tail_times_.front()), tail_times_.front());
    last = std::max(last.value_or(tail_times_.back()), tail_times_.back());
  }
  if (row.row_count != rows) {
    wrong(fmt::format("the series row says {} {}s, and there are {}", row.row_count, row_name(), rows));
  }
  if (row.first_time != first) {
    wrong(fmt::format("the series row says that the first {} is {}, and it is {}", row_name(),
                      time_text(row.first_time), time_text(first)));
  }
  if (row.last_time != last) {
    wrong(fmt::format("the series row says that the last {} is {}, and it is {}", row_name(), time_text(row.last_time),
                      time_text(last)));
  }
}

}  // namespace tradeassist::store
