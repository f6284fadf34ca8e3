#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "market/series.hpp"
#include "store/bars/chunk_rows.hpp"
#include "store/codec/chunk_codec.hpp"
#include "store/database/connection.hpp"

namespace tradeassist::store {

struct BarReadOptions {
  std::int64_t rows_max = 10'000'000;            // a range that holds more is kResourceExhausted
  std::vector<DamagedChunk>* damaged = nullptr;  // where given, damaged chunks are left out and listed here
};

/// Reads bars over one connection, each call within one snapshot: chunks, overlaid with the tail.
class BarReader {
 public:
  explicit BarReader(Connection& connection) : connection_(connection) {}

  /// Bars with from <= time < to.
  base::Result<market::Series> read(std::int64_t series_id, std::int64_t from, std::int64_t to,
                                    const BarReadOptions& options);

  /// The newest `count` bars, oldest first.
  base::Result<market::Series> read_last(std::int64_t series_id, std::int64_t count, const BarReadOptions& options);

 private:
  base::Result<std::int64_t> tail_rows(std::int64_t series_id);
  base::Result<std::int64_t> start_of_last(std::int64_t series_id, std::int64_t count);
  base::Result<market::Series> read_snapshot(std::int64_t series_id, std::int64_t from, std::int64_t to,
                                             const BarReadOptions& options);
  base::Result<void> read_chunk(const EncodedChunk& chunk, std::int64_t from, std::int64_t to,
                                const BarReadOptions& options, market::Series& bars);

  Connection& connection_;
  ChunkDecoder decoder_;
  market::Series scratch_;
};

}  // namespace tradeassist::store
