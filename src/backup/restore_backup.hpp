#pragma once

#include <filesystem>
#include <string>

#include "backup/load_backup.hpp"

namespace tradeassist::backup {

/// Where a backup is restored to.
struct RestoreTarget {
  std::filesystem::path directory;  // the data directory
  std::string url{};                // of a PostgreSQL server that gets the databases; empty: files in `directory`
  bool replaces = false;            // what is there is kept aside; else there must be nothing
  std::function<bool()> goes_on{};  // asked now and then; false: kCancelled, and the target is as it was
};

struct Restored {
  Loaded loaded;
  std::string kept_directory;             // where what was in the directory is now; empty: there was nothing
  std::vector<std::string> kept_schemas;  // the same of a server
};

/// Restores beside the target, checks all of it, and only then puts it in the target's place, in one step for a data
/// directory and in one transaction for a server's schemas; what was there is kept under another name. Killed before,
/// the target is as it was. kFailedPrecondition: a server runs there, or something is there and `replaces` is false.
base::Result<Restored> restore_backup(const Repository& repository, const Manifest& manifest,
                                      const RestoreTarget& target);

}  // namespace tradeassist::backup
