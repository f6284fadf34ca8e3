#include "app/command.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/log.hpp"
#include "base/time.hpp"
#include "market/tick_bars.hpp"
#include "market/timeframe.hpp"
#include "secrets/secret_source.hpp"

namespace tradeassist::app {
namespace {

/// Once: a command may load its configuration several times.
base::Result<void> start_log(const base::Config& config) {
  static bool is_started = false;
  if (std::exchange(is_started, true)) return {};
  TRY_ASSIGN(const base::LogLevel level, base::parse_log_level(config.log_level));
  const auto format = config.log_format == "json" ? base::LogFormat::kJson : base::LogFormat::kText;
  if (config.log_file.empty()) return base::configure_log(level, format);
  return base::configure_log(level, format,
                             base::LogFileOptions{.path = config.log_file,
                                                  .bytes_max = config.log_file_megabytes << 20,
                                                  .age_max = std::chrono::hours(config.log_file_hours),
                                                  .kept_max = static_cast<std::size_t>(config.log_files_kept),
                                                  .kept_bytes_max = config.log_files_megabytes << 20});
}

}  // namespace

void CommonOptions::add_to(CLI::App& command, bool with_data) {
  command.add_option("--config", config_file, "Configuration file (TOML)")->type_name("FILE");
  if (with_data) {
    command.add_option("--data", data_directory, "Data directory")->type_name("DIR");
    command
        .add_option("--database", database,
                    "PostgreSQL server for market data and jobs: postgresql://USER@HOST:PORT/NAME")
        ->type_name("URL");
  }
  command.add_option("--strategies", strategies_directory, "Folder of the strategy catalogue")->type_name("DIR");
  command.add_option("--libraries", libraries_directory, "Folder of the Pine libraries that scripts import")
      ->type_name("DIR");
  command.add_option("--log-level", log_level, "debug, info, warning, error or off")->type_name("LEVEL");
}

base::Result<base::LoadedConfig> CommonOptions::read(bool with_secrets) const {
  std::vector<base::ConfigFlag> flags;
  const auto flag = [&](const char* setting, const char* name, const std::optional<std::string>& value) {
    if (value) flags.push_back({setting, name, *value});
  };
  flag("data_directory", "--data", data_directory);
  flag("database", "--database", database);
  flag("listen", "--listen", listen);
  flag("strategies_directory", "--strategies", strategies_directory);
  flag("libraries_directory", "--libraries", libraries_directory);
  flag("web_directory", "--web", web_directory);
  flag("log_level", "--log-level", log_level);
  if (no_authentication) flags.push_back({"authentication", "--no-authentication", "none"});
  const auto environment = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
  TRY_ASSIGN(base::LoadedConfig loaded, base::load_config(config_file, environment, flags));
  if (with_secrets) TRY(secrets::resolve(loaded.config, environment));
  return loaded;
}

base::Result<base::LoadedConfig> CommonOptions::load(bool with_secrets) const {
  TRY_ASSIGN(base::LoadedConfig loaded, read(with_secrets));
  TRY(start_log(loaded.config));
  return loaded;
}

base::Result<void> change_log(const base::Config& config) {
  TRY_ASSIGN(const base::LogLevel level, base::parse_log_level(config.log_level));
  base::change_log(level, config.log_format == "json" ? base::LogFormat::kJson : base::LogFormat::kText);
  base::reopen_log();
  return {};
}

store::DatabaseAddress market_address(const base::Config& config) {
  return store::database_address(config.data_directory, config.database, "market");
}

store::DatabaseAddress app_address(const base::Config& config) {
  return store::database_address(config.data_directory, config.database, "app");
}

base::Result<std::unique_ptr<store::MarketStore>> open_market(const base::Config& config) {
  store::MarketStoreOptions options;
  options.slow_query_threshold = std::chrono::milliseconds(config.slow_query_ms);
  return store::MarketStore::open(market_address(config), options);
}

base::Result<store::DatabaseAddress> existing_market(const base::Config& config) {
  auto address = store::database_address(config.data_directory, config.database, "market");
  std::error_code error;
  if (address.is_server() || std::filesystem::exists(address.file, error)) return address;
  return base::failure(base::ErrorCode::kNotFound,
                       address.file.string() + ": there is no market data; is --data the right directory?");
}

namespace {

/// A validator of CLI11 from a parser: an empty text when the value can be read, else what is wrong with it.
template <class Parse>
CLI::Validator validator(Parse parse) {
  return CLI::Validator(
      [parse](std::string& text) {
        const auto parsed = parse(text);
        return parsed ? std::string() : parsed.error().message;
      },
      "");
}

}  // namespace

const CLI::Validator& is_timeframe() {
  static const CLI::Validator made = validator(market::parse_timeframe);
  return made;
}

const CLI::Validator& is_tick_bar_rule() {
  static const CLI::Validator made = validator(market::parse_tick_bar_rule);
  return made;
}

const CLI::Validator& is_time() {
  static const CLI::Validator made = validator([](const std::string& text) { return base::parse_time(text); });
  return made;
}

const CLI::Validator& is_assignment() {
  static const CLI::Validator made(
      [](std::string& text) {
        const std::size_t equals = text.find('=');
        return equals == 0 || equals == std::string::npos ? "'" + text + "' is not NAME=VALUE" : std::string();
      },
      "");
  return made;
}

base::Result<void> write_file(const std::string& path, const std::string& text) {
  const auto refuse = [&](const char* what) {
    const auto code = errno == ENOSPC ? base::ErrorCode::kResourceExhausted : base::ErrorCode::kIo;
    return base::failure(code, (path == "-" ? "standard output" : path) + ": " + what + ": " + std::strerror(errno));
  };
  if (path == "-") {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
      return refuse("cannot be written");
    return {};
  }
  // A pipe or a device is written as it is; a file appears whole or not at all.
  std::error_code error;
  const bool special = std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error);
  const std::string temporary = special ? path : path + ".part";
  std::FILE* file = std::fopen(temporary.c_str(), "wb");
  if (file == nullptr) return refuse("cannot be created");
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const int saved = errno;
  const bool closed = std::fclose(file) == 0;
  if (!written || !closed || (!special && std::rename(temporary.c_str(), path.c_str()) != 0)) {
    if (!written) errno = saved;
    auto failure = refuse("cannot be written");
    if (!special) std::remove(temporary.c_str());
    return failure;
  }
  return {};
}

std::string who() {
  const char* user = std::getenv("USER");
  return user == nullptr || *user == '\0' ? "command line" : fmt::format("command line ({})", user);
}

bool is_terminal() { return ::isatty(STDERR_FILENO) == 1; }

}  // namespace tradeassist::app
