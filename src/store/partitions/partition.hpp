#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tradeassist::store {

/// What lies in a partition. Bars are partitioned by calendar years in UTC, ticks by calendar months.
enum class PartitionKind { kBar, kTick };
std::string_view to_string(PartitionKind kind);  // "bar"
std::optional<PartitionKind> parse_partition_kind(std::string_view text);
/// The table of its chunks: "bar_chunk".
std::string_view chunk_table(PartitionKind kind);

/// The stretch of time that is archived and dropped as a whole. Both ends are inclusive, so that the last instant there
/// is belongs to one too.
struct PartitionRange {
  std::int64_t first_time = 0;  // nanoseconds UTC
  std::int64_t last_time = 0;

  bool operator==(const PartitionRange&) const = default;
};

PartitionRange partition_of(PartitionKind kind, std::int64_t time);

/// "2024" or "2024-02".
std::string partition_name(PartitionKind kind, PartitionRange range);
/// The inverse; kInvalidArgument says what to write.
base::Result<PartitionRange> parse_partition_name(PartitionKind kind, std::string_view name);

}  // namespace tradeassist::store
