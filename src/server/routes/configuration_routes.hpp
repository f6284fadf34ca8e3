#pragma once

#include <boost/describe.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "server/router.hpp"

namespace tradeassist::server {

/// One setting of the server.
struct SettingModel {
  std::string name;
  std::optional<std::string> value;      // in force; none of a secret
  std::optional<std::string> otherwise;  // what holds where nothing is said; none of a secret
  bool is_set = false;                   // it is not empty
  bool is_secret = false;
  std::string origin;       // "default", "FILE:LINE", "TRADEASSIST_NAME", "--name"
  std::string origin_kind;  // default, file, environment, flag
  bool is_reloadable = false;
  bool waits_for_restart = false;  // it was changed since the start, and the change does not hold yet
  std::string help;
};
BOOST_DESCRIBE_STRUCT(SettingModel, (),
                      (name, value, otherwise, is_set, is_secret, origin, origin_kind, is_reloadable, waits_for_restart,
                       help))

struct ConfigurationModel {
  std::vector<SettingModel> settings;  // in the order of docs/configuration.md
};
BOOST_DESCRIBE_STRUCT(ConfigurationModel, (), (settings))

/// What `entries` say, without a secret.
ConfigurationModel configuration_of(const std::vector<base::ConfigEntry>& entries);

/// The same after a reload that read `entries`: what a running server takes up is as they say; of the rest, those in
/// `changed` wait for a restart.
ConfigurationModel reloaded(const ConfigurationModel& running, const std::vector<base::ConfigEntry>& entries,
                            const std::vector<std::string>& changed);

/// `configuration` is called from any thread.
void add_configuration_routes(std::vector<Route>& routes, std::function<ConfigurationModel()> configuration);

}  // namespace tradeassist::server
