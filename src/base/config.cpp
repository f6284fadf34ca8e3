#include "base/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <variant>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "base/daily_window.hpp"

namespace tradeassist::base {
namespace {

struct TextSetting {
  std::string Config::* member;
  std::vector<std::string_view> choices = {};         // empty: any text
  Result<void> (*check)(std::string_view) = nullptr;  // of a text that is not empty
  bool is_secret = false;                             // never shown
};

struct NumberSetting {
  std::int64_t Config::* member;
  std::int64_t minimum, maximum;
};

struct Setting {
  std::string_view name, help;
  std::variant<TextSetting, NumberSetting> kind;
};

Result<void> check_window(std::string_view text) {
  TRY(parse_daily_window(text));
  return {};
}

const std::vector<Setting>& settings() {
  static const std::vector<Setting> kSettings = {
      {"data_directory", "where market.db and app.db are kept", TextSetting{&Config::data_directory, {}}},
      {"database", "postgresql://USER@HOST:PORT/NAME for market data and jobs; empty: SQLite in the data directory",
       TextSetting{&Config::database, {}}},
      {"cache_megabytes", "memory for answers that are kept", NumberSetting{&Config::cache_megabytes, 0, 1'000'000}},
      {"redis", "redis://HOST:PORT that servers of one database share answers through; empty: none",
       TextSetting{&Config::redis}},
      {"listen", "HOST:PORT of the server", TextSetting{&Config::listen, {}}},
      {"tls_certificate", "PEM file of the server's certificate and those it was signed with; empty: in the clear",
       TextSetting{&Config::tls_certificate}},
      {"tls_key", "PEM file of the certificate's key", TextSetting{&Config::tls_key}},
      {"tls_key_passphrase", "of that key; empty: it has none",
       TextSetting{.member = &Config::tls_key_passphrase, .is_secret = true}},
      {"trusted_proxies",
       "addresses and blocks, with commas between them, whose X-Forwarded-For and X-Forwarded-Proto are believed",
       TextSetting{&Config::trusted_proxies}},
      {"cors_origins",
       "pages elsewhere that may call, e.g. https://desk.example, with commas between them; empty: none",
       TextSetting{&Config::cors_origins}},
      {"strategies_directory", "the catalogue's folder; empty: the one beside the program",
       TextSetting{&Config::strategies_directory, {}}},
      {"libraries_directory", "folder of the Pine libraries that scripts import; empty: none",
       TextSetting{&Config::libraries_directory, {}}},
      {"web_directory", "the built web page's folder; empty: the one beside the program",
       TextSetting{&Config::web_directory, {}}},
      {"authentication", "required, or none on a loopback address",
       TextSetting{&Config::authentication, {"required", "none"}}},
      {"rate_limit_general", "requests of one API key in a minute; 0: no limit",
       NumberSetting{&Config::rate_limit_general, 0, 100'000'000}},
      {"rate_limit_data", "the same of requests for bars and indicators",
       NumberSetting{&Config::rate_limit_data, 0, 100'000'000}},
      {"rate_limit_optimisation", "the same of backtests, searches and research",
       NumberSetting{&Config::rate_limit_optimisation, 0, 100'000'000}},
      {"rate_limit_export", "the same of exports", NumberSetting{&Config::rate_limit_export, 0, 100'000'000}},
      {"log_level", "what is logged: debug, info, warning, error or off",
       TextSetting{&Config::log_level, {"debug", "info", "warning", "error", "off"}}},
      {"log_format", "text, or json for one object a line", TextSetting{&Config::log_format, {"text", "json"}}},
      {"metrics_public", "yes: /metrics needs no API key, for scrapers in a private network",
       TextSetting{&Config::metrics_public, {"no", "yes"}}},
      {"health_interval_seconds", "how often the server looks at how it is",
       NumberSetting{&Config::health_interval_seconds, 1, 300}},
      {"alert_thresholds", "bounds of alerts other than the defaults, e.g. query_time=200/1000,slow_queries=off",
       TextSetting{&Config::alert_thresholds}},
      {"alert_cooldown_seconds", "an alert that comes back within it is the same one, and is told of after it",
       NumberSetting{&Config::alert_cooldown_seconds, 0, 86'400}},
      {"alert_clear_seconds", "an alert is resolved when all was good for so long",
       NumberSetting{&Config::alert_clear_seconds, 0, 86'400}},
      {"threads", "threads for computing; 0: one per core", NumberSetting{&Config::threads, 0, 256}},
      {"max_body_bytes", "largest request body", NumberSetting{&Config::max_body_bytes, 1024, 256ll << 20}},
      {"max_connections", "connections at the same time", NumberSetting{&Config::max_connections, 1, 100'000}},
      {"max_connections_per_address", "the same from one address that is neither this machine nor a trusted proxy",
       NumberSetting{&Config::max_connections_per_address, 1, 100'000}},
      {"max_requests_in_work", "requests being answered at the same time",
       NumberSetting{&Config::max_requests_in_work, 1, 10'000}},
      {"request_timeout_seconds", "time a request may take",
       NumberSetting{&Config::request_timeout_seconds, 1, 86'400}},
      {"job_workers", "jobs that run at the same time", NumberSetting{&Config::job_workers, 1, 64}},
      {"jobs_queued_max", "jobs that may wait", NumberSetting{&Config::jobs_queued_max, 1, 1'000'000}},
      {"jobs_keep_days", "days that jobs are kept after their end, with their logs; 0: for ever",
       NumberSetting{&Config::jobs_keep_days, 0, 36'500}},
      {"export_hours", "hours that files of exports are kept", NumberSetting{&Config::export_hours, 1, 8'760}},
      {"export_files_max", "files of exports kept at the same time",
       NumberSetting{&Config::export_files_max, 1, 100'000}},
      {"export_megabytes_max", "MB that all files of exports may have",
       NumberSetting{&Config::export_megabytes_max, 1, 1'000'000}},
      {"slow_query_ms", "Statements of the market database that take longer are counted and shown (ms)",
       NumberSetting{&Config::slow_query_ms, 1, 600'000}},
      {"maintenance_window", "when the server tends its databases, HH:MM-HH:MM in UTC; empty: never",
       TextSetting{&Config::maintenance_window, {}, check_window}},
      {"disk_warning_gb", "free GB under the data directory below which there is a warning; 0: never",
       NumberSetting{&Config::disk_warning_gb, 0, 1'000'000}},
      {"disk_critical_gb", "the same below which it is critical",
       NumberSetting{&Config::disk_critical_gb, 0, 1'000'000}},
      {"retention_bar_years", "years of bars kept in the database; older partitions are archived and dropped; 0: all",
       NumberSetting{&Config::retention_bar_years, 0, 1'000}},
      {"retention_tick_months",
       "months of ticks kept in the database; older partitions are archived and dropped; 0: all",
       NumberSetting{&Config::retention_tick_months, 0, 12'000}},
      {"archive_directory", "where partitions are archived; empty: archive in the data directory",
       TextSetting{&Config::archive_directory}},
      {"live_source", "where live bars come from: none, schwab, or replay of stored ones",
       TextSetting{&Config::live_source, {"none", "schwab", "replay"}}},
      {"live_symbols", "what the live source is asked for, with commas between: SPY,/ESZ25",
       TextSetting{&Config::live_symbols}},
      {"live_timeframe", "timeframe of a replay", TextSetting{&Config::live_timeframe}},
      {"live_replay_bars", "how many of the newest stored bars of each symbol are replayed",
       NumberSetting{&Config::live_replay_bars, 1, 100'000}},
      {"live_replay_speed", "market time by time: 60 plays an hour in a minute; 0: as fast as can be",
       NumberSetting{&Config::live_replay_speed, 0, 1'000'000}},
      {"secret_key", "64 hexadecimal digits that stored tokens are encrypted with; empty: a key file beside them",
       TextSetting{&Config::secret_key, {}, nullptr, true}},
      {"schwab_key", "key of your app at developer.schwab.com", TextSetting{&Config::schwab_key, {}, nullptr, true}},
      {"schwab_secret", "secret of your app at developer.schwab.com",
       TextSetting{&Config::schwab_secret, {}, nullptr, true}},
      {"schwab_callback", "callback of your app, to the letter", TextSetting{&Config::schwab_callback}},
      {"schwab_base_url", "where Schwab's API is", TextSetting{&Config::schwab_base_url}},
      {"schwab_requests_per_minute", "requests a minute to Schwab",
       NumberSetting{&Config::schwab_requests_per_minute, 1, 10'000}},
      {"research_provider", "who is asked for research: none, anthropic, openai, perplexity, or a local ollama",
       TextSetting{&Config::research_provider, {"none", "anthropic", "openai", "perplexity", "ollama"}}},
      {"research_model", "the model that is asked; empty: a small one of the provider",
       TextSetting{&Config::research_model}},
      {"research_base_url", "where the provider's API is; empty: its own address",
       TextSetting{&Config::research_base_url}},
      {"research_key", "key of the provider; empty: of research_key_file, else of ANTHROPIC_API_KEY and the like",
       TextSetting{&Config::research_key, {}, nullptr, true}},
      {"research_key_file", "a file that has the key and that nobody else may read",
       TextSetting{&Config::research_key_file}},
      {"research_answer_tokens", "most tokens of one answer",
       NumberSetting{&Config::research_answer_tokens, 16, 1'000'000}},
      {"research_tokens_per_request", "most tokens of one request, sent and answered",
       NumberSetting{&Config::research_tokens_per_request, 16, 10'000'000}},
      {"research_tokens_per_day", "most tokens a day (UTC), of all processes of the data directory",
       NumberSetting{&Config::research_tokens_per_day, 0, 1'000'000'000}},
      {"research_timeout_seconds", "time that one answer may take",
       NumberSetting{&Config::research_timeout_seconds, 1, 3'600}},
  };
  return kSettings;
}

/// "postgresql://me:***@host/name" of "postgresql://me:secret@host/name", and password=*** in what follows.
std::string without_password(std::string text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string::npos) return text;
  const std::size_t at = text.rfind('@', text.find('/', scheme + 3));
  const std::size_t colon = text.find(':', scheme + 3);
  if (at != std::string::npos && colon < at) text.replace(colon + 1, at - colon - 1, "***");
  if (const std::size_t named = text.find("password="); named != std::string::npos) {
    const std::size_t start = named + std::string_view("password=").size();
    text.replace(start, std::min(text.find('&', start), text.size()) - start, "***");
  }
  return text;
}

std::string text_of(const Config& config, const Setting& setting) {
  if (const auto* text = std::get_if<TextSetting>(&setting.kind)) {
    const std::string& value = config.*(text->member);
    return text->is_secret && !value.empty() ? "(set)" : without_password(value);
  }
  return std::to_string(config.*(std::get<NumberSetting>(setting.kind).member));
}

Result<void> assign(Config& config, const Setting& setting, std::string_view value, const std::string& origin) {
  const auto refuse = [&](const std::string& wanted) {
    return failure(ErrorCode::kInvalidArgument,
                   fmt::format("{}: {} must be {}, is '{}'", origin, setting.name, wanted, value.substr(0, 80)));
  };
  if (const auto* text = std::get_if<TextSetting>(&setting.kind)) {
    if (!text->choices.empty() && std::ranges::find(text->choices, value) == text->choices.end()) {
      return refuse(fmt::format("one of {}", fmt::join(text->choices, ", ")));
    }
    if (text->check != nullptr && !value.empty()) {
      if (const auto checked = text->check(value); !checked) {
        return in_context(fmt::format("{}: {}", origin, setting.name), checked.error());
      }
    }
    config.*(text->member) = value;
    return {};
  }
  const auto& number = std::get<NumberSetting>(setting.kind);
  std::int64_t parsed = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
  if (error != std::errc() || end != value.data() + value.size() || parsed < number.minimum ||
      parsed > number.maximum) {
    return refuse(fmt::format("a whole number from {} to {}", number.minimum, number.maximum));
  }
  config.*(number.member) = parsed;
  return {};
}

const Setting* find_setting(std::string_view name) {
  const auto found = std::ranges::find(settings(), name, &Setting::name);
  return found == settings().end() ? nullptr : &*found;
}

std::string known_names() {
  std::string names;
  for (const Setting& setting : settings()) names += (names.empty() ? "" : ", ") + std::string(setting.name);
  return names;
}

}  // namespace

Result<LoadedConfig> load_config(const std::optional<std::string>& file, const EnvironmentLookup& environment,
                                 const std::vector<ConfigFlag>& flags) {
  LoadedConfig loaded;
  std::vector<std::string> origins(settings().size(), "default");
  const auto set = [&](const Setting& setting, std::string_view value, const std::string& origin) -> Result<void> {
    TRY(assign(loaded.config, setting, value, origin));
    origins[static_cast<std::size_t>(&setting - settings().data())] = origin;
    return {};
  };

  if (file) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(*file, error)) {
      return failure(ErrorCode::kNotFound, *file + ": there is no such configuration file");
    }
    const toml::parse_result parsed = toml::parse_file(*file);
    if (!parsed) {
      return failure(ErrorCode::kInvalidArgument,
                     fmt::format("{}:{}: {}", *file, parsed.error().source().begin.line, parsed.error().description()));
    }
    for (const auto& [key, node] : parsed.table()) {
      const std::string origin = fmt::format("{}:{}", *file, node.source().begin.line);
      const Setting* setting = find_setting(key.str());
      if (setting == nullptr) {
        return failure(ErrorCode::kInvalidArgument,
                       fmt::format("{}: there is no setting '{}'; there are {}", origin, key.str(), known_names()));
      }
      if (const auto text = node.value<std::string_view>(); node.is_string() && text) {
        TRY(set(*setting, *text, origin));
      } else if (const auto number = node.value<std::int64_t>(); node.is_integer() && number) {
        TRY(set(*setting, std::to_string(*number), origin));
      } else {
        return failure(ErrorCode::kInvalidArgument,
                       fmt::format("{}: {} must be a text or a whole number", origin, key.str()));
      }
    }
  }
  for (const Setting& setting : settings()) {
    std::string variable = "TRADEASSIST_";
    for (const char c : setting.name) variable += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    if (const auto value = environment(variable)) TRY(set(setting, *value, variable));
  }
  for (const ConfigFlag& flag : flags) {
    const Setting* setting = find_setting(flag.setting);
    if (setting == nullptr) {
      return failure(ErrorCode::kInvalidArgument,
                     fmt::format("there is no setting '{}'; there are {}", flag.setting, known_names()));
    }
    TRY(set(*setting, flag.value, flag.flag));
  }
  for (std::size_t i = 0; i < settings().size(); ++i) {
    const Setting& setting = settings()[i];
    loaded.entries.push_back(
        {std::string(setting.name), text_of(loaded.config, setting), origins[i], std::string(setting.help)});
  }
  return loaded;
}

}  // namespace tradeassist::base
