#include "app/backup_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/archive_folder.hpp"
#include "app/command.hpp"
#include "base/text.hpp"
#include "feed/providers/schwab/private_file.hpp"

namespace tradeassist::app {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::failure;

constexpr std::size_t kFilesMax = 100'000;

bool lies_in(const fs::path& inner, const fs::path& outer) {
  std::error_code error;
  const fs::path a = fs::weakly_canonical(inner, error), b = fs::weakly_canonical(outer, error);
  return std::ranges::mismatch(b, a).in1 == b.end();
}

/// The regular files below a folder, under `name` in the backup; those that are being written are left out.
base::Result<void> add_folder(const fs::path& folder, const std::string& name, bool is_private,
                              std::vector<backup::SourceFile>& files) {
  std::error_code error;
  if (!fs::exists(folder, error)) return {};
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (!entry->is_regular_file() || entry->is_symlink()) continue;
    const fs::path& path = entry->path();
    if (path.extension() == ".part" || path.extension() == ".lock") continue;
    if (files.size() >= kFilesMax)
      return failure(ErrorCode::kResourceExhausted,
                     fmt::format("{}: has more than {} files", folder.string(), kFilesMax));
    files.push_back({path, (fs::path(name) / path.lexically_relative(folder)).string(), is_private});
  }
  if (!error) return {};
  return failure(ErrorCode::kIo, folder.string() + ": cannot be read: " + error.message());
}

base::Result<std::vector<backup::SourceFile>> source_files(const base::Config& config, bool is_encrypted) {
  std::vector<backup::SourceFile> files;
  const fs::path data = config.data_directory;
  TRY(add_folder(archive_folder(config), "archive", false, files));
  TRY(add_folder(data / "research", "research", false, files));
  if (!config.strategies_directory.empty()) TRY(add_folder(config.strategies_directory, "strategies", false, files));
  if (!config.libraries_directory.empty()) TRY(add_folder(config.libraries_directory, "libraries", false, files));
  if (is_encrypted) TRY(add_folder(data / "secrets", "secrets", true, files));
  return files;
}

}  // namespace

base::Result<fs::path> backup_folder(const base::Config& config) {
  if (config.backup_directory.empty()) {
    return failure(ErrorCode::kFailedPrecondition,
                   "there is no folder for backups: pass --backups DIR, or set backup_directory");
  }
  if (lies_in(config.backup_directory, config.data_directory)) {
    return failure(
        ErrorCode::kFailedPrecondition,
        fmt::format("{}: lies in the data directory, which a restore replaces; choose another folder, best on "
                    "another disk",
                    config.backup_directory));
  }
  return config.backup_directory;
}

base::Result<std::string> backup_passphrase(const base::Config& config) {
  if (config.backup_key_file.empty()) return "";
  TRY_ASSIGN(const auto text, feed::read_private_file(config.backup_key_file));
  if (!text) return failure(ErrorCode::kNotFound, config.backup_key_file + ": there is no such file (backup_key_file)");
  std::string passphrase(base::trim(*text));
  if (passphrase.empty())
    return failure(ErrorCode::kInvalidArgument, config.backup_key_file + ": is empty; write a passphrase into it");
  return passphrase;
}

base::Result<backup::Repository> open_backups(const base::Config& config) {
  TRY_ASSIGN(const fs::path folder, backup_folder(config));
  TRY_ASSIGN(const std::string passphrase, backup_passphrase(config));
  return backup::Repository::open(folder, passphrase);
}

base::Result<backup::Repository> make_backups(const base::Config& config) {
  TRY_ASSIGN(const fs::path folder, backup_folder(config));
  TRY_ASSIGN(const std::string passphrase, backup_passphrase(config));
  return backup::Repository::open_or_create(folder, passphrase);
}

backup::BackupPlan backup_plan(const base::Config& config, bool is_encrypted) {
  backup::BackupPlan plan;
  plan.databases = {{"market", market_address(config)}, {"app", app_address(config)}};
  plan.program_version = TRADEASSIST_VERSION;
  plan.list_files = [config, is_encrypted] { return source_files(config, is_encrypted); };
  std::error_code error;
  if (!is_encrypted && fs::exists(fs::path(config.data_directory) / "secrets", error)) {
    plan.left_out.emplace_back(
        "secrets: tokens of providers are only in encrypted backups; log in again after a restore");
  }
  plan.left_out.emplace_back("exports: files of exports expire, and can be made again");
  plan.left_out.emplace_back("the configuration file, the environment and certificates");
  return plan;
}

backup::Retention backup_retention(const base::Config& config) {
  return {
      .daily = config.backup_keep_daily, .weekly = config.backup_keep_weekly, .monthly = config.backup_keep_monthly};
}

}  // namespace tradeassist::app
