#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "market/ticks.hpp"
#include "store/codec/tick_codec.hpp"
#include "store/database/connection.hpp"

namespace tradeassist::store {

struct TickReadOptions {
  std::int64_t rows_max = 50'000'000;  // a range that holds more is kResourceExhausted
};

/// Reads ticks over one connection, each call within one snapshot: chunks, overlaid with the tail instant by instant.
class TickReader {
 public:
  explicit TickReader(Connection& connection) : connection_(connection) {}

  /// Ticks with from <= time < to. kDataLoss says which are damaged.
  base::Result<market::TickSeries> read(std::int64_t series_id, std::int64_t from, std::int64_t to,
                                        const TickReadOptions& options);

 private:
  base::Result<market::TickSeries> read_chunks(std::int64_t series_id, std::int64_t from, std::int64_t last,
                                               const TickReadOptions& options);

  Connection& connection_;
  TickDecoder decoder_;
};

}  // namespace tradeassist::store
