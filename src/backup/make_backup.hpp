#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "backup/repository.hpp"
#include "backup/snapshot.hpp"

namespace tradeassist::backup {

/// A file that goes into a backup.
struct SourceFile {
  std::filesystem::path from;
  std::string path;         // in the data directory that a restore makes
  bool is_private = false;  // nobody but its owner may read it
};

struct BackupPlan {
  std::vector<NamedDatabase> databases;
  /// Asked when the databases have been read: a partition that they say is in an archive only is among the files.
  std::function<base::Result<std::vector<SourceFile>>()> list_files{};
  std::vector<std::string> left_out;  // for the manifest
  std::string program_version;
  std::function<bool()> goes_on{};  // asked now and then; false: stop
};

/// Backs up all of the data at one moment while others go on writing, the databases first and then the files. What
/// earlier backups in the repository have is not written again. When it fails, what it wrote is removed. Memory: some
/// blocks, and about 100 bytes a block of the repository. kUnavailable while another backup is made; kCancelled;
/// kResourceExhausted when the disk is full; kDataLoss when the database cannot be read.
base::Result<Manifest> make_backup(Repository& repository, const BackupPlan& plan);

}  // namespace tradeassist::backup
