#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "market/series.hpp"
#include "market/ticks.hpp"
#include "store/codec/chunk_codec.hpp"
#include "store/codec/tick_codec.hpp"
#include "store/database/connection.hpp"
#include "store/integrity/doctor.hpp"
#include "store/partitions/partition.hpp"

namespace tradeassist::store {

/// A series as findings name it.
struct ExaminedSeries {
  std::int64_t id = 0;
  std::string symbol, timeframe, source;
};

/// Examines the bars or ticks of one series after another; what it finds goes to `examination`.
class SeriesExaminer {
 public:
  SeriesExaminer(Connection& connection, const ExaminationOptions& options, Examination& examination)
      : connection_(connection), options_(options), examination_(examination) {}

  /// In one snapshot. `progress` is told of the rows, with what its caller knows of the series.
  base::Result<void> examine(const ExaminedSeries& series, ExaminationProgress& progress);

 private:
  struct SeriesRow;
  struct Chunks;

  base::Result<void> read_partitions();
  base::Result<void> examine_tail(const SeriesRow& row, Chunks& chunks);
  base::Result<void> examine_tick_tail(const SeriesRow& row);
  base::Result<void> examine_chunks(ExaminationProgress& progress, Chunks& chunks);
  void examine_chunk(const EncodedChunk& chunk, std::int64_t partition_id, Chunks& chunks);
  void report_chunk(const EncodedChunk& chunk, Remedy remedy, std::string reason, std::string advice);
  void report_unreadable(const EncodedChunk& chunk, const base::Error& error, Chunks& chunks);
  base::Result<void> decode(const EncodedChunk& chunk);
  bool is_bar() const { return kind_ == PartitionKind::kBar; }
  const char* row_name() const { return is_bar() ? "bar" : "tick"; }
  void examine_counts(const SeriesRow& row, const Chunks& chunks);
  void add(Finding finding);

  Connection& connection_;
  const ExaminationOptions& options_;
  Examination& examination_;
  ChunkDecoder decoder_;
  TickDecoder tick_decoder_;
  ExaminedSeries series_;
  PartitionKind kind_ = PartitionKind::kBar;           // of series_
  std::map<std::int64_t, PartitionRange> partitions_;  // by id
  std::vector<std::int64_t> tail_times_;               // ascending; of bars each once
  market::Series scratch_;
  market::TickSeries tick_scratch_;
  std::vector<std::int64_t> times_;  // of the chunk that decode() read
};

}  // namespace tradeassist::store
