#pragma once

#include <cstdint>

namespace tradeassist::store {

/// The stretch of time that is archived and dropped as a whole: a calendar year in UTC. Both ends are inclusive, so
/// that the last instant there is belongs to one too.
struct PartitionRange {
  std::int64_t first_time = 0;  // nanoseconds UTC
  std::int64_t last_time = 0;

  bool operator==(const PartitionRange&) const = default;
};

PartitionRange partition_of(std::int64_t time);

}  // namespace tradeassist::store
