#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "base/time.hpp"
#include "notify/event.hpp"
#include "store/partitions/partition.hpp"

namespace tradeassist::server {

/// How files are imported over HTTP.
struct ImportRules {
  std::int64_t bytes_max = 256 << 20;  // of a file, as it is sent and unpacked
  /// The first instant whose rows are kept in the database; none: all. Empty: all.
  std::function<std::optional<base::Time>(store::PartitionKind)> kept_from = {};
  std::function<void(const notify::Event&)> tell = {};  // empty: nobody is told
};

}  // namespace tradeassist::server
