#include "base/config.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

namespace tradeassist::base {
namespace {

class ConfigTest : public ::testing::Test {
 protected:
  std::string file(const std::string& text) {
    const auto path = std::filesystem::path(::testing::TempDir()) / "tradeassist_config_test.toml";
    std::ofstream(path) << text;
    return path.string();
  }
  Result<LoadedConfig> load(const std::optional<std::string>& path, std::map<std::string, std::string> variables = {},
                            const std::vector<ConfigFlag>& flags = {}) {
    return load_config(
        path,
        [variables](const std::string& name) -> std::optional<std::string> {
          const auto found = variables.find(name);
          return found == variables.end() ? std::nullopt : std::optional(found->second);
        },
        flags);
  }
  static std::string origin(const LoadedConfig& loaded, const std::string& name) {
    for (const ConfigEntry& entry : loaded.entries) {
      if (entry.name == name) return entry.origin;
    }
    return "";
  }
};

TEST_F(ConfigTest, flags_beat_variables_beat_the_file_beats_defaults_and_each_value_knows_its_origin) {
  const std::string path = file("# comment\ndata_directory = \"one\"\nthreads = 3\nlog_level = \"info\"\n");
  const auto loaded = load(path, {{"TRADEASSIST_THREADS", "4"}, {"TRADEASSIST_LOG_LEVEL", "error"}},
                           {{"log_level", "--log-level", "debug"}});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->config.data_directory, "one");
  EXPECT_EQ(loaded->config.threads, 4);
  EXPECT_EQ(loaded->config.log_level, "debug");
  EXPECT_EQ(origin(*loaded, "data_directory"), path + ":2");
  EXPECT_EQ(origin(*loaded, "threads"), "TRADEASSIST_THREADS");
  EXPECT_EQ(origin(*loaded, "log_level"), "--log-level");
  EXPECT_EQ(origin(*loaded, "listen"), "default");
}

TEST_F(ConfigTest, a_maintenance_window_is_a_part_of_the_day_or_empty) {
  EXPECT_EQ(load({}, {{"TRADEASSIST_MAINTENANCE_WINDOW", "23:00-01:00"}})->config.maintenance_window, "23:00-01:00");
  EXPECT_EQ(load({}, {{"TRADEASSIST_MAINTENANCE_WINDOW", ""}})->config.maintenance_window, "");
  const auto refused = load(file("\nmaintenance_window = \"nights\"\n"));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find(":2: maintenance_window: 'nights' is not a part of the day"),
            std::string::npos)
      << refused.error().message;
}

TEST_F(ConfigTest, a_password_is_used_but_not_shown) {
  const auto shown = [&](const std::string& url) {
    const auto loaded = load({}, {{"TRADEASSIST_DATABASE", url}});
    EXPECT_EQ(loaded->config.database, url);
    return std::ranges::find(loaded->entries, "database", &ConfigEntry::name)->value;
  };
  EXPECT_EQ(shown("postgresql://me:a:b@host:5432/x?sslmode=require"),
            "postgresql://me:***@host:5432/x?sslmode=require");
  EXPECT_EQ(shown("postgresql://me@host:5432/x?password=abc&a=b"), "postgresql://me@host:5432/x?password=***&a=b");
  EXPECT_EQ(shown("postgresql://host:5432/x"), "postgresql://host:5432/x");
  EXPECT_EQ(shown(""), "");
}

TEST_F(ConfigTest, secrets_are_read_and_never_shown) {
  const auto loaded = load({}, {{"TRADEASSIST_SCHWAB_SECRET", "hush"}});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->config.schwab_secret, "hush");
  for (const ConfigEntry& entry : loaded->entries) {
    EXPECT_EQ(entry.value.find("hush"), std::string::npos);
    if (entry.name == "schwab_secret") { EXPECT_EQ(entry.value, "(set)"); }
    if (entry.name == "secret_key") { EXPECT_EQ(entry.value, ""); }
  }
}

TEST_F(ConfigTest, a_secret_may_say_where_it_is_instead) {
  const auto shown = [](const LoadedConfig& loaded, const std::string& name) {
    return std::ranges::find(loaded.entries, name, &ConfigEntry::name)->value;
  };
  const auto loaded = load(file("schwab_secret_file = \"/run/secret\"\nresearch_key = \"credential:model\"\n"),
                           {{"TRADEASSIST_DATABASE_FILE", "/run/url"}});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->config.schwab_secret, "file:/run/secret");
  EXPECT_EQ(shown(*loaded, "schwab_secret"), "file:/run/secret");
  EXPECT_EQ(shown(*loaded, "research_key"), "credential:model");
  EXPECT_EQ(loaded->config.database, "file:/run/url");
  EXPECT_EQ(origin(*loaded, "database"), "TRADEASSIST_DATABASE_FILE");
  const auto both = load({}, {{"TRADEASSIST_SCHWAB_SECRET", "hush"}, {"TRADEASSIST_SCHWAB_SECRET_FILE", "/a"}});
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().message,
            "TRADEASSIST_SCHWAB_SECRET and TRADEASSIST_SCHWAB_SECRET_FILE are both set; which one is it?");
  EXPECT_FALSE(load(file("threads_file = \"/a\"\n"))) << "what is no secret comes from no file";
}

TEST_F(ConfigTest, a_secret_on_the_command_line_is_refused_unless_it_says_where) {
  const auto refused = load({}, {}, {{"database", "--database", "postgresql://me:hush1234@host/x"}});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("--database: a secret on the command line"), std::string::npos);
  EXPECT_NE(refused.error().message.find("TRADEASSIST_DATABASE"), std::string::npos);
  EXPECT_EQ(refused.error().message.find("hush1234"), std::string::npos);
  EXPECT_TRUE(load({}, {}, {{"database", "--database", "postgresql://me@host/x"}}));
  EXPECT_TRUE(load({}, {}, {{"database", "--database", "file:/run/url"}}));
}

TEST_F(ConfigTest, what_is_wrong_is_told_with_its_place) {
  const auto message = [](const Result<LoadedConfig>& loaded) { return loaded ? "" : loaded.error().message; };
  EXPECT_NE(message(load(file("\nthreds = 1\n"))).find(":2: there is no setting 'threds'"), std::string::npos);
  EXPECT_NE(message(load(file("threads = 1000\n"))).find("from 0 to 256"), std::string::npos);
  EXPECT_NE(message(load(file("threads = true\n"))).find("whole number"), std::string::npos);
  EXPECT_NE(message(load(file("threads = \n"))).find(".toml:1"), std::string::npos);
  EXPECT_NE(message(load({}, {{"TRADEASSIST_LOG_FORMAT", "xml"}})).find("one of text, json"), std::string::npos);
  EXPECT_EQ(load("/nowhere.toml").error().code, ErrorCode::kNotFound);
}

TEST_F(ConfigTest, a_reload_takes_up_what_a_running_server_can_and_names_the_rest) {
  Config running;
  Config loaded;
  loaded.log_level = "debug";
  loaded.rate_limit_data = 7;
  loaded.listen = "127.0.0.1:9";
  EXPECT_EQ(changed_settings(running, loaded), (std::vector<std::string>{"listen", "rate_limit_data", "log_level"}));
  const Config made = reloaded(running, loaded);
  EXPECT_EQ(changed_settings(made, loaded), std::vector<std::string>{"listen"});
  EXPECT_FALSE(is_reloadable("listen"));
  EXPECT_TRUE(is_reloadable("rate_limit_data"));
  const auto defaults = load(std::nullopt);
  for (const ConfigEntry& entry : defaults->entries)
    EXPECT_EQ(entry.is_reloadable, is_reloadable(entry.name)) << entry.name;
}

}  // namespace
}  // namespace tradeassist::base
