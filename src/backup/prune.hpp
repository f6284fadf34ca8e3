#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "backup/repository.hpp"

namespace tradeassist::backup {

/// How many backups are kept: the newest of each of so many days, ISO weeks and months (UTC) that have one. The newest
/// of all always is.
struct Retention {
  std::int64_t daily = 7, weekly = 4, monthly = 12;
};

/// Of ids, oldest first, those that retention keeps, oldest first.
std::vector<std::string> kept_backups(const std::vector<std::string>& ids, const Retention& retention);

struct Pruned {
  std::vector<std::string> kept, removed;
  std::int64_t blocks = 0, bytes = 0;  // that were removed from the disk
};
BOOST_DESCRIBE_STRUCT(Pruned, (), (kept, removed, blocks, bytes))

/// Removes the backups that retention does not keep, then the blocks that no backup names any more. kUnavailable while
/// another process reads or makes backups. kDataLoss, with no block removed, when a manifest that stays cannot be read.
base::Result<Pruned> prune(Repository& repository, const Retention& retention);

}  // namespace tradeassist::backup
