#include "backup/restore_backup.hpp"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <optional>
#include <utility>

#include "base/durable_file.hpp"
#include "base/folder_lock.hpp"
#include "base/time.hpp"

namespace tradeassist::backup {
namespace {

using base::ErrorCode;
using base::failure;
namespace fs = std::filesystem;

constexpr std::string_view kLockFile = "server.lock";  // of base::FolderLock

std::string stamp() {
  const auto now = std::chrono::floor<std::chrono::seconds>(base::now());
  return fmt::format("{:%Y%m%dt%H%M%Sz}", fmt::gmtime(now.time_since_epoch().count()));
}

base::Result<bool> holds_nothing(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(folder, error)) return true;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().filename() != kLockFile) return false;
  }
  if (error) return failure(ErrorCode::kIo, folder.string() + ": cannot be read: " + error.message());
  return true;
}

base::Error rename_error(const fs::path& from, const fs::path& to) {
  const int why = errno;
  return {ErrorCode::kIo, fmt::format("{}: cannot become {}: {}{}", from.string(), to.string(), std::strerror(why),
                                      why == EXDEV || why == EBUSY ? "; a mount point cannot be replaced: restore into "
                                                                     "a folder below it"
                                                                   : "")};
}

/// A data directory that is being made beside the one that it replaces.
class StagedDirectory {
 public:
  static base::Result<StagedDirectory> prepare(const fs::path& target, bool replaces) {
    StagedDirectory staged;
    std::error_code error;
    staged.target_ = fs::absolute(target, error).lexically_normal();
    if (!staged.target_.has_filename()) staged.target_ = staged.target_.parent_path();
    if (fs::exists(staged.target_, error)) {
      TRY_ASSIGN(auto lock, base::FolderLock::take(staged.target_));
      staged.target_lock_.emplace(std::move(lock));
    }
    TRY_ASSIGN(const bool empty, holds_nothing(staged.target_));
    if (!empty && !replaces) {
      return failure(
          ErrorCode::kFailedPrecondition,
          target.string() + ": is not empty; with --force what is there is kept beside it under another name");
    }
    fs::path folder = staged.target_;
    folder += ".restoring";
    // The rests of a restore that was killed; one that runs has the lock.
    TRY_ASSIGN(auto lock, base::FolderLock::take(folder));
    staged.lock_.emplace(std::move(lock));
    staged.folder_ = std::move(folder);  // from here on it is removed where this fails
    for (const auto& entry : fs::directory_iterator(staged.folder_, error)) {
      if (entry.path().filename() != kLockFile) fs::remove_all(entry.path(), error);
    }
    fs::permissions(staged.folder_, fs::perms::owner_all, error);
    if (error) return failure(ErrorCode::kIo, staged.folder_.string() + ": " + error.message());
    return staged;
  }

  StagedDirectory(StagedDirectory&&) = default;
  ~StagedDirectory() {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }

  const fs::path& folder() const { return folder_; }

  /// Gives where what was there before is now.
  base::Result<std::string> put_in_place() {
    const int opened = ::open(folder_.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = opened >= 0 && ::syncfs(opened) == 0;
    if (opened >= 0) ::close(opened);
    if (!synced) return failure(ErrorCode::kIo, folder_.string() + ": cannot be synced: " + std::strerror(errno));
    std::string kept;
    std::error_code error;
    if (!fs::exists(target_, error)) {
      if (::rename(folder_.c_str(), target_.c_str()) != 0) return std::unexpected(rename_error(folder_, target_));
    } else {
      if (!target_lock_) {  // it was not there before
        TRY_ASSIGN(auto lock, base::FolderLock::take(target_));
        target_lock_.emplace(std::move(lock));
      }
      TRY_ASSIGN(was_empty_, holds_nothing(target_));  // what came meanwhile is kept, too
      if (!was_empty_) { TRY_ASSIGN(kept, take_kept_name()); }
      // Both names have a whole directory at every moment, and what was there is never under a name that is cleared.
      if (::renameat2(AT_FDCWD, folder_.c_str(), AT_FDCWD, target_.c_str(), RENAME_EXCHANGE) != 0)
        return std::unexpected(rename_error(folder_, target_));
      if (was_empty_) fs::remove_all(folder_, error);
    }
    folder_.clear();
    TRY(base::sync(target_.parent_path()));
    return kept;
  }

 private:
  StagedDirectory() = default;

  /// Gives the staged folder the name that the old one is to have, for the two to be exchanged in one step.
  base::Result<std::string> take_kept_name() {
    constexpr int kNamesMax = 1'000;
    const std::string stem = fmt::format("{}.before-{}", target_.string(), stamp());
    for (int i = 1; i <= kNamesMax; ++i) {
      std::string name = i == 1 ? stem : fmt::format("{}-{}", stem, i);
      if (::renameat2(AT_FDCWD, folder_.c_str(), AT_FDCWD, name.c_str(), RENAME_NOREPLACE) == 0) {
        folder_ = name;
        return name;
      }
      if (errno != EEXIST) return std::unexpected(rename_error(folder_, name));
    }
    return failure(ErrorCode::kAlreadyExists, stem + " and its like are there already; remove some");
  }

  fs::path target_, folder_;
  std::optional<base::FolderLock> target_lock_, lock_;
  bool was_empty_ = true;
};

/// The schemas of a server that are being made beside those that they replace.
class StagedSchemas {
 public:
  static base::Result<StagedSchemas> prepare(const std::string& url, const Manifest& manifest, bool replaces) {
    StagedSchemas staged;
    staged.url_ = url;
    for (const BackedUpSchema& schema : manifest.schemas) staged.names_.push_back(schema.name);
    TRY_ASSIGN(staged.connection_, store::open_connection({.url = url, .schema = "public"}));
    TRY(staged.check_unused("application_name LIKE 'tradeassist %'"));
    for (const std::string& name : staged.names_) {
      TRY_ASSIGN(const std::int64_t tables, staged.tables_in(name));
      if (tables > 0 && !replaces) {
        return failure(ErrorCode::kFailedPrecondition,
                       fmt::format("{}: the schema {} is not empty; with --force it is kept under another name",
                                   staged.connection_->name(), name));
      }
      TRY(staged.connection_->run_script(fmt::format("DROP SCHEMA IF EXISTS {} CASCADE", staged_name(name))));
    }
    return staged;
  }

  StagedSchemas(StagedSchemas&&) = default;
  ~StagedSchemas() {
    if (connection_ == nullptr || is_done_) return;
    for (const std::string& name : names_)
      (void)connection_->run_script(fmt::format("DROP SCHEMA IF EXISTS {} CASCADE", staged_name(name)));
  }

  store::DatabaseAddress address(const std::string& name) const { return {.url = url_, .schema = staged_name(name)}; }

  base::Result<std::vector<std::string>> put_in_place() {
    // Who came since the beginning; the loading's own connections are to the staged schemas.
    TRY(check_unused("application_name IN ('tradeassist market', 'tradeassist app')"));
    std::vector<std::string> kept;
    std::string script = "BEGIN;";
    const std::string suffix = "_before_" + stamp();
    for (const std::string& name : names_) {
      TRY_ASSIGN(const std::int64_t exists,
                 connection_->query_integer("SELECT count(*) FROM pg_namespace WHERE nspname = $1", {name}));
      TRY_ASSIGN(const std::int64_t tables, tables_in(name));
      if (tables > 0) {
        kept.push_back(name + suffix);
        script += fmt::format("ALTER SCHEMA {} RENAME TO {};", name, kept.back());
      } else if (exists > 0) {
        script += fmt::format("DROP SCHEMA {};", name);
      }
      script += fmt::format("ALTER SCHEMA {} RENAME TO {};", staged_name(name), name);
    }
    TRY(connection_->run_script(script + "COMMIT"));
    is_done_ = true;
    return kept;
  }

 private:
  StagedSchemas() = default;

  base::Result<void> check_unused(const std::string& by_whom) {
    TRY_ASSIGN(const std::int64_t others,
               connection_->query_integer("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                                          "AND pid <> pg_backend_pid() AND " +
                                          by_whom));
    if (others == 0) return {};
    return failure(
        ErrorCode::kFailedPrecondition,
        fmt::format("{}: {} connections of TradeAssist are open; stop the servers, workers and commands that "
                    "use this database",
                    connection_->name(), others));
  }
  static std::string staged_name(const std::string& name) { return name + "_restoring"; }
  base::Result<std::int64_t> tables_in(const std::string& name) {
    return connection_->query_integer(
        "SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace($1) AND relkind IN ('r', 'p')", {name});
  }

  std::string url_;
  std::vector<std::string> names_;
  std::unique_ptr<store::Connection> connection_;
  bool is_done_ = false;
};

base::Result<void> load_databases(const Repository& repository, const Manifest& manifest,
                                  const std::function<store::DatabaseAddress(const std::string&)>& address,
                                  const std::function<bool()>& goes_on, Loaded& loaded) {
  for (const BackedUpSchema& schema : manifest.schemas) {
    if (schema.name != "market" && schema.name != "app")
      return failure(ErrorCode::kFailedPrecondition,
                     "the backup has a database '" + schema.name + "' that this program does not know");
    TRY(load_schema(repository, schema, address(schema.name), goes_on, loaded));
  }
  return {};
}

}  // namespace

base::Result<Restored> restore_backup(const Repository& repository, const Manifest& manifest,
                                      const RestoreTarget& target) {
  Restored restored;
  std::optional<StagedSchemas> schemas;
  std::optional<StagedDirectory> directory;
  if (!target.url.empty()) {
    TRY_ASSIGN(auto staged, StagedSchemas::prepare(target.url, manifest, target.replaces));
    schemas.emplace(std::move(staged));
  }
  // What a server's databases do not have: archives and the like. Without such files the directory stays as it is.
  if (target.url.empty() || !manifest.files.empty()) {
    TRY_ASSIGN(auto staged, StagedDirectory::prepare(target.directory, target.replaces));
    directory.emplace(std::move(staged));
  }
  TRY(load_databases(
      repository, manifest,
      [&](const std::string& name) {
        return schemas ? schemas->address(name) : store::database_address(directory->folder(), "", name);
      },
      target.goes_on, restored.loaded));
  if (directory) TRY(load_files(repository, manifest, directory->folder(), target.goes_on, restored.loaded));
  if (schemas) { TRY_ASSIGN(restored.kept_schemas, schemas->put_in_place()); }
  if (directory) { TRY_ASSIGN(restored.kept_directory, directory->put_in_place()); }
  return restored;
}

}  // namespace tradeassist::backup
