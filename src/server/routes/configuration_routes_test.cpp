#include "server/routes/configuration_routes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace tradeassist::server {
namespace {

std::vector<base::ConfigEntry> load(std::map<std::string, std::string> environment) {
  const auto loaded =
      base::load_config(std::nullopt,
                        [&](const std::string& name) -> std::optional<std::string> {
                          const auto found = environment.find(name);
                          return found == environment.end() ? std::nullopt : std::optional(found->second);
                        },
                        {{"listen", "--listen", "127.0.0.1:9"}});
  EXPECT_TRUE(loaded) << loaded.error().message;
  return loaded->entries;
}

const SettingModel& find(const ConfigurationModel& configuration, const std::string& name) {
  return *std::ranges::find(configuration.settings, name, &SettingModel::name);
}

TEST(Configuration, tells_values_and_where_they_come_from) {
  const ConfigurationModel made = configuration_of(load({{"TRADEASSIST_SLOW_QUERY_MS", "7"}}));
  const SettingModel& slow = find(made, "slow_query_ms");
  EXPECT_EQ(slow.value, "7");
  EXPECT_EQ(slow.otherwise, "100");
  EXPECT_EQ(slow.origin, "TRADEASSIST_SLOW_QUERY_MS");
  EXPECT_EQ(slow.origin_kind, "environment");
  EXPECT_TRUE(slow.is_reloadable);
  EXPECT_EQ(find(made, "listen").origin_kind, "flag");
  EXPECT_EQ(find(made, "threads").origin_kind, "default");
}

TEST(Configuration, tells_no_secret) {
  const ConfigurationModel made = configuration_of(load({{"TRADEASSIST_SCHWAB_SECRET", "hush"},
                                                         {"TRADEASSIST_SMTP_PASSWORD_FILE", "/run/hush"},
                                                         {"TRADEASSIST_DATABASE", "postgresql://u:hush@h/d"}}));
  EXPECT_FALSE(find(made, "schwab_secret").value);
  EXPECT_TRUE(find(made, "schwab_secret").is_set);
  EXPECT_FALSE(find(made, "schwab_key").is_set);
  EXPECT_FALSE(find(made, "smtp_password").value);
  EXPECT_TRUE(find(made, "smtp_password").is_set);
  for (const SettingModel& each : made.settings)
    EXPECT_EQ(each.value.value_or("").find("hush"), std::string::npos) << each.name;
}

TEST(Configuration, a_reload_takes_up_what_it_can_and_tells_what_waits) {
  const ConfigurationModel running = configuration_of(load({}));
  const auto entries = load({{"TRADEASSIST_SLOW_QUERY_MS", "7"}, {"TRADEASSIST_THREADS", "3"}});
  const ConfigurationModel now = reloaded(running, entries, {"slow_query_ms", "threads"});
  EXPECT_EQ(find(now, "slow_query_ms").value, "7");
  EXPECT_FALSE(find(now, "slow_query_ms").waits_for_restart);
  EXPECT_EQ(find(now, "threads").value, "0");
  EXPECT_TRUE(find(now, "threads").waits_for_restart);
  EXPECT_FALSE(find(reloaded(now, load({}), {}), "threads").waits_for_restart);
}

}  // namespace
}  // namespace tradeassist::server
