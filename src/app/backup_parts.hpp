#pragma once

#include <string>

#include "backup/make_backup.hpp"
#include "backup/prune.hpp"
#include "base/config.hpp"

namespace tradeassist::app {

/// The folder of backups that the configuration names. kFailedPrecondition when it names none, or one inside the data
/// directory, which a restore replaces.
base::Result<std::filesystem::path> backup_folder(const base::Config& config);

/// What backup_key_file holds, without blanks at its ends; empty where there is no such setting. kFailedPrecondition
/// when others may read it; kInvalidArgument when it is empty.
base::Result<std::string> backup_passphrase(const base::Config& config);

/// The backups that the configuration names, opened.
base::Result<backup::Repository> open_backups(const base::Config& config);
/// The same, made where there are none.
base::Result<backup::Repository> make_backups(const base::Config& config);

/// What a backup holds here: both databases, archives of partitions, the user's own strategies and libraries, what
/// models were asked; tokens and their key only where it is encrypted.
backup::BackupPlan backup_plan(const base::Config& config, bool is_encrypted);

backup::Retention backup_retention(const base::Config& config);

}  // namespace tradeassist::app
