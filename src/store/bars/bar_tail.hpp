#pragma once

#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "market/series.hpp"
#include "store/bars/chunk_rows.hpp"
#include "store/codec/chunk_codec.hpp"
#include "store/database/connection.hpp"

namespace tradeassist::store {

/// The newest rows and corrections of a series, which win over its chunks: a short log of entries, each the bars that
/// one append brought, uncompressed. Of two entries with the same time the later wins. Sealing makes chunks of it.

/// Bars [from, to) of the tail, ascending. kDataLoss names an entry that cannot be read; where `damaged` is given, such
/// entries are left out and listed there.
base::Result<market::Series> read_tail(Connection& connection, ChunkDecoder& decoder, std::int64_t series_id,
                                       std::int64_t from, std::int64_t to,
                                       std::vector<DamagedChunk>* damaged = nullptr);

/// Adds an entry. `entry` counts up from 0 in each series.
base::Result<void> put_tail(Connection& connection, ChunkEncoder& encoder, std::int64_t series_id, std::int64_t entry,
                            const market::Series& bars);

base::Result<void> clear_tail(Connection& connection, std::int64_t series_id);

}  // namespace tradeassist::store
