#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"

namespace tradeassist::app {

enum class CheckSeverity {
  kGood,
  kNote,    // worth knowing
  kBroken,  // something does not work, or will not
};
BOOST_DESCRIBE_ENUM(CheckSeverity, kGood, kNote, kBroken)

/// What was looked at, what was found, what that means and what to do; the last two are empty where all is well.
struct SystemCheck {
  std::string check;  // "disk space"
  CheckSeverity severity = CheckSeverity::kGood;
  std::string found, means, advice;
};
BOOST_DESCRIBE_STRUCT(SystemCheck, (), (check, severity, found, means, advice))

/// Looks at everything around the stored bars: settings, permissions, disk, clock, both databases, keys, provider,
/// backups, the port. Changes nothing, needs no server and may be run while one runs. Takes less than a second but for
/// the disk's and the database's own time. `config_file`: where the settings come from, if from a file.
std::vector<SystemCheck> check_system(const base::LoadedConfig& loaded, const std::optional<std::string>& config_file);

}  // namespace tradeassist::app
