#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "backup/repository.hpp"
#include "base/time.hpp"

namespace tradeassist::backup {

/// Whether a backup can be restored, tried out.
struct Drill {
  std::string backup;
  base::Time at{};
  bool succeeded = false;
  std::int64_t tables = 0, rows = 0, files = 0, bytes = 0;
  std::int64_t series = 0;  // whose counts and fingerprints were compared
  std::int64_t chunks = 0;  // that the examination decoded
  double restore_seconds = 0, examine_seconds = 0;
  std::vector<std::string> problems;
};
BOOST_DESCRIBE_STRUCT(Drill, (),
                      (backup, at, succeeded, tables, rows, files, bytes, series, chunks, restore_seconds,
                       examine_seconds, problems))

/// Restores a backup into a new folder in `workspace`, as SQLite files whatever it was made from; examines the restored
/// market data as doctor does; compares every series with the backup's fingerprints, and the archives with what the
/// database says of them; removes the folder. What is wrong with the backup is a problem in the result, not an error.
/// `goes_on` is asked now and then while it restores; false: kCancelled.
base::Result<Drill> run_drill(const Repository& repository, const std::string& id,
                              const std::filesystem::path& workspace, const std::function<bool()>& goes_on = {});

/// How the last backup and the last drill went, for those who look later.
struct RepositoryStatus {
  std::optional<base::Time> failed_at;  // of the last scheduled backup, where it failed
  std::string failure;
  std::optional<Drill> drill;
};
BOOST_DESCRIBE_STRUCT(RepositoryStatus, (), (failed_at, failure, drill))

/// An empty one where there is none yet, or it is damaged.
RepositoryStatus read_status(const std::filesystem::path& folder);
base::Result<void> write_status(const std::filesystem::path& folder, const RepositoryStatus& status);

}  // namespace tradeassist::backup
