#include "server/routes/configuration_routes.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/json.hpp"
#include "server/routes/parameters.hpp"

namespace tradeassist::server {
namespace {

bool is_secret(std::string_view name) {
  return std::ranges::any_of(base::secret_settings(), [&](const base::SecretSetting& secret) {
    return secret.name == name && !secret.is_address;
  });
}

std::string kind_of(const std::string& origin) {
  if (origin == "default") return "default";
  if (origin.starts_with("--")) return "flag";
  return origin.starts_with("TRADEASSIST_") && origin.find(':') == std::string::npos ? "environment" : "file";
}

/// By name; of a program that nobody has told anything.
std::map<std::string, std::string> defaults() {
  std::map<std::string, std::string> values;
  const auto loaded = base::load_config(std::nullopt, [](const std::string&) { return std::nullopt; }, {});
  if (!loaded) return values;
  for (const base::ConfigEntry& entry : loaded->entries) values[entry.name] = entry.value;
  return values;
}

}  // namespace

ConfigurationModel configuration_of(const std::vector<base::ConfigEntry>& entries) {
  ConfigurationModel configuration;
  std::map<std::string, std::string> otherwise = defaults();
  for (const base::ConfigEntry& entry : entries) {
    SettingModel setting;
    setting.name = entry.name;
    setting.is_secret = is_secret(entry.name);
    setting.is_set = !entry.value.empty();
    if (!setting.is_secret) {
      setting.value = entry.value;
      setting.otherwise = otherwise[entry.name];
    }
    setting.origin = entry.origin;
    setting.origin_kind = kind_of(entry.origin);
    setting.is_reloadable = entry.is_reloadable;
    setting.help = entry.help;
    configuration.settings.push_back(std::move(setting));
  }
  return configuration;
}

ConfigurationModel reloaded(const ConfigurationModel& running, const std::vector<base::ConfigEntry>& entries,
                            const std::vector<std::string>& changed) {
  ConfigurationModel now = configuration_of(entries);
  for (SettingModel& setting : now.settings) {
    if (setting.is_reloadable) continue;
    const auto before = std::ranges::find(running.settings, setting.name, &SettingModel::name);
    if (before != running.settings.end()) setting = *before;
    setting.waits_for_restart = std::ranges::find(changed, setting.name) != changed.end();
  }
  return now;
}

void add_configuration_routes(std::vector<Route>& routes, std::function<ConfigurationModel()> configuration) {
  routes.push_back({Method::kGet, "/api/v1/admin/configuration", "The server's settings, and where they come from",
                    [configuration = std::move(configuration)](const Request& request) -> HandlerResult {
                      QueryReader query(request, {});
                      if (query.failed()) return query.problem();
                      return json_response(base::to_json(configuration()));
                    },
                    describe("get_configuration", "Administration")
                        .say("Of a secret only whether it is set.")
                        .answers<ConfigurationModel>()});
}

}  // namespace tradeassist::server
