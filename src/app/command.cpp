#include "app/command.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/log.hpp"

namespace tradeassist::app {

void CommonOptions::add_to(CLI::App& command, bool with_data) {
  command.add_option("--config", config_file, "Configuration file (TOML)")->type_name("FILE");
  if (with_data) command.add_option("--data", data_directory, "Data directory")->type_name("DIR");
  command.add_option("--strategies", strategies_directory, "Folder of the strategy catalogue")->type_name("DIR");
  command.add_option("--log-level", log_level, "debug, info, warning, error or off")->type_name("LEVEL");
}

base::Result<base::LoadedConfig> CommonOptions::load() const {
  std::vector<std::pair<std::string, std::string>> flags;
  const auto flag = [&](const char* name, const std::optional<std::string>& value) {
    if (value) flags.emplace_back(name, *value);
  };
  flag("data_directory", data_directory);
  flag("listen", listen);
  flag("strategies_directory", strategies_directory);
  flag("web_directory", web_directory);
  flag("log_level", log_level);
  if (no_authentication) flags.emplace_back("authentication", "none");
  const auto environment = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
  TRY_ASSIGN(base::LoadedConfig loaded, base::load_config(config_file, environment, flags));
  TRY_ASSIGN(const base::LogLevel level, base::parse_log_level(loaded.config.log_level));
  base::configure_log(level, loaded.config.log_format == "json" ? base::LogFormat::kJson : base::LogFormat::kText);
  return loaded;
}

base::Result<void> write_file(const std::string& path, const std::string& text) {
  const auto refuse = [&](const char* what) {
    const auto code = errno == ENOSPC ? base::ErrorCode::kResourceExhausted : base::ErrorCode::kIo;
    return base::failure(code, path + ": " + what + ": " + std::strerror(errno));
  };
  if (path == "-") {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) return refuse("cannot be written");
    return {};
  }
  const std::string temporary = path + ".part";
  std::FILE* file = std::fopen(temporary.c_str(), "wb");
  if (file == nullptr) return refuse("cannot be created");
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const int saved = errno;
  const bool closed = std::fclose(file) == 0;
  if (!written || !closed || std::rename(temporary.c_str(), path.c_str()) != 0) {
    if (!written) errno = saved;
    auto failure = refuse("cannot be written");
    std::remove(temporary.c_str());
    return failure;
  }
  return {};
}

bool is_terminal() { return ::isatty(STDERR_FILENO) == 1; }

}  // namespace tradeassist::app
