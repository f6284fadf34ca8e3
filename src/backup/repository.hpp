#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "backup/manifest.hpp"
#include "backup/sealing.hpp"
#include "base/result.hpp"

namespace tradeassist::backup {

/// That nobody else writes to a repository, or that nobody removes from it; ends with the process, however that ends.
class RepositoryLock {
 public:
  RepositoryLock(RepositoryLock&& other) noexcept;
  RepositoryLock& operator=(RepositoryLock&&) = delete;
  ~RepositoryLock();

 private:
  friend class Repository;
  explicit RepositoryLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

/// A folder of backups:
///
///   repository.json   how it is sealed
///   blocks/ab/ab12…   contents, each under the name that its content gives it, so that equal ones are there once
///   backups/ID        manifests; what has none here is no backup
///   status.json       how the last backup and the last drill went
///
/// A backup writes its blocks, has the system bring them to the disk, and only then publishes its manifest. One that is
/// killed before leaves blocks that no manifest names, which the next one does not trust and prune removes.
/// Used by one thread at a time.
class Repository {
 public:
  /// Makes it where there is none; with a passphrase, an encrypted one. kFailedPrecondition: the folder holds something
  /// else, or is not encrypted and a passphrase was given, or the other way round; kInvalidArgument: the passphrase is
  /// wrong; kDataLoss: repository.json is damaged.
  static base::Result<Repository> open_or_create(const std::filesystem::path& folder, const std::string& passphrase);
  /// kNotFound where there is none.
  static base::Result<Repository> open(const std::filesystem::path& folder, const std::string& passphrase);

  const std::filesystem::path& folder() const { return folder_; }
  bool is_encrypted() const { return sealer_.encrypts(); }

  /// For adding to it and for removing from it; kUnavailable while another process reads or writes.
  base::Result<RepositoryLock> lock_to_write() const { return lock(true); }
  /// For reading blocks; several at once. kUnavailable while another process writes.
  base::Result<RepositoryLock> lock_to_read() const { return lock(false); }

  /// Ids of the backups there are, oldest first.
  base::Result<std::vector<std::string>> list() const;
  /// kNotFound; kDataLoss.
  base::Result<Manifest> read(const std::string& id) const;
  /// The newest for "latest".
  base::Result<Manifest> find(const std::string& id_or_latest) const;
  /// Brings all that was put to the disk, then makes the backup known.
  base::Result<void> publish(const Manifest& manifest);
  base::Result<void> remove(const std::string& id);

  /// Blocks that put() need not write again: those that complete backups name.
  void trust(std::string_view name) { trusted_.emplace(name); }
  /// Keeps a content; gives the 32 bytes of its name. kResourceExhausted when the disk is full.
  base::Result<std::string> put(std::string_view content);
  /// kDataLoss names the block that is missing, damaged, or was tampered with.
  base::Result<std::string> get(std::string_view name) const;
  /// Removes what put() wrote since it was opened, for a backup that fails.
  void take_back();
  /// Removes blocks that are not among `wanted`, and rests of killed processes; gives how many and how large.
  base::Result<std::pair<std::int64_t, std::int64_t>> sweep(const std::unordered_set<std::string>& wanted);

  std::int64_t new_bytes() const { return new_bytes_; }        // that put() wrote
  std::int64_t stored_bytes() const { return stored_bytes_; }  // that these took

 private:
  Repository(std::filesystem::path folder, Sealer sealer);
  base::Result<RepositoryLock> lock(bool exclusive) const;
  std::filesystem::path path_of(std::string_view name) const;

  std::filesystem::path folder_;
  Sealer sealer_;
  std::unordered_set<std::string> trusted_;
  std::vector<std::filesystem::path> written_;
  std::array<bool, 256> has_folder_{};
  std::int64_t new_bytes_ = 0, stored_bytes_ = 0;
};

/// When the backup with this id was made, to the second.
base::Time backup_time(std::string_view id);

/// Whether a text may be the id of a backup: it is a file's name.
bool is_backup_id(std::string_view text);

}  // namespace tradeassist::backup
