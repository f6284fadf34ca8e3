#pragma once

#include <filesystem>
#include <functional>

#include "backup/repository.hpp"
#include "backup/snapshot.hpp"

namespace tradeassist::backup {

/// What was put back.
struct Loaded {
  std::int64_t tables = 0, rows = 0, files = 0, bytes = 0;
};

/// Fills a new, empty database with what a backup has of it, whichever kind of database it was made from: makes the
/// schema of the backup's version, inserts the rows, and reads all of them back to compare their SHA-256 with the
/// manifest's. kDataLoss says which table is damaged; kFailedPrecondition when the backup is of a newer program.
/// `goes_on`, where there is one, is asked at each block; false: kCancelled.
base::Result<void> load_schema(const Repository& repository, const BackedUpSchema& schema,
                               const store::DatabaseAddress& address, const std::function<bool()>& goes_on,
                               Loaded& loaded);

/// Writes the files of a backup into a folder.
base::Result<void> load_files(const Repository& repository, const Manifest& manifest,
                              const std::filesystem::path& folder, const std::function<bool()>& goes_on,
                              Loaded& loaded);

}  // namespace tradeassist::backup
