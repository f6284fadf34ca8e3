#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "store/database/connection.hpp"
#include "store/partitions/partition.hpp"

namespace tradeassist::store {

/// The id of the partition, made when it is new: its row, and on PostgreSQL its part of the chunks' table. Inside the
/// caller's write transaction.
base::Result<std::int64_t> ensure_partition(Connection& connection, PartitionKind kind, PartitionRange range);

/// The chunks' table of one partition on PostgreSQL: "bar_chunk_2024".
std::string partition_table(PartitionKind kind, PartitionRange range);

}  // namespace tradeassist::store
