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
#include "base/hidden_text.hpp"

namespace tradeassist::base {
namespace {

struct TextSetting {
  std::string Config::* member;
  std::vector<std::string_view> choices = {};         // empty: any text
  Result<void> (*check)(std::string_view) = nullptr;  // of a text that is not empty
  bool is_secret = false;                             // never shown
  bool may_have_password = false;                     // shown without it
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
       TextSetting{&Config::database, {}, nullptr, false, true}},
      {"cache_megabytes", "memory for answers that are kept", NumberSetting{&Config::cache_megabytes, 0, 1'000'000}},
      {"redis", "redis://HOST:PORT that servers of one database share answers through; empty: none",
       TextSetting{&Config::redis, {}, nullptr, false, true}},
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
      {"log_file", "a file for what is logged; empty: standard error", TextSetting{&Config::log_file}},
      {"log_file_megabytes", "MB of the log's file, then another is begun; 0: any",
       NumberSetting{&Config::log_file_megabytes, 0, 1'000'000}},
      {"log_file_hours", "hours that the log's file is written, then another is begun; 0: any",
       NumberSetting{&Config::log_file_hours, 0, 87'600}},
      {"log_files_kept", "older files of the log that are kept", NumberSetting{&Config::log_files_kept, 0, 10'000}},
      {"log_files_megabytes", "MB that older files of the log may have together",
       NumberSetting{&Config::log_files_megabytes, 0, 10'000'000}},
      {"slow_request_ms", "requests that take longer are logged as slow (ms); 0: none",
       NumberSetting{&Config::slow_request_ms, 0, 3'600'000}},
      {"timing_percent", "percent of requests whose time is taken by phases, for profiles; 0: none",
       NumberSetting{&Config::timing_percent, 0, 100}},
      {"sentry_dsn", "DSN of a Sentry project that errors are sent to; empty: none",
       TextSetting{&Config::sentry_dsn, {}, nullptr, true}},
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
      {"max_import_bytes", "largest file that is imported over HTTP, as it is sent and unpacked",
       NumberSetting{&Config::max_import_bytes, 1024, 2ll << 30}},
      {"max_connections", "connections at the same time", NumberSetting{&Config::max_connections, 1, 100'000}},
      {"max_connections_per_address", "the same from one address that is neither this machine nor a trusted proxy",
       NumberSetting{&Config::max_connections_per_address, 1, 100'000}},
      {"max_requests_in_work", "requests being answered at the same time",
       NumberSetting{&Config::max_requests_in_work, 1, 10'000}},
      {"request_timeout_seconds", "time a request may take",
       NumberSetting{&Config::request_timeout_seconds, 1, 86'400}},
      {"shutdown_delay_ms", "time between failing readiness and refusing connections, for balancers to notice (ms)",
       NumberSetting{&Config::shutdown_delay_ms, 0, 600'000}},
      {"shutdown_seconds", "time that requests in work have to end when the server stops",
       NumberSetting{&Config::shutdown_seconds, 0, 3'600}},
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
      {"backup_directory", "folder of backups, best on another disk; empty: none",
       TextSetting{&Config::backup_directory}},
      {"backup_schedule", "when the server makes a backup, as cron says it in UTC: 30 2 * * *; empty: never",
       TextSetting{&Config::backup_schedule}},
      {"backup_drill_schedule", "when the server tries out a restore of the newest backup, the same; empty: never",
       TextSetting{&Config::backup_drill_schedule}},
      {"backup_keep_daily", "days whose newest backup is kept", NumberSetting{&Config::backup_keep_daily, 0, 10'000}},
      {"backup_keep_weekly", "weeks whose newest backup is kept",
       NumberSetting{&Config::backup_keep_weekly, 0, 10'000}},
      {"backup_keep_monthly", "months whose newest backup is kept",
       NumberSetting{&Config::backup_keep_monthly, 0, 10'000}},
      {"backup_key_file",
       "a file that nobody else may read, with the passphrase of encrypted backups; empty: not encrypted",
       TextSetting{&Config::backup_key_file}},
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
      {"research_key", "key of the provider; empty: of ANTHROPIC_API_KEY and the like",
       TextSetting{&Config::research_key, {}, nullptr, true}},
      {"research_answer_tokens", "most tokens of one answer",
       NumberSetting{&Config::research_answer_tokens, 16, 1'000'000}},
      {"research_tokens_per_request", "most tokens of one request, sent and answered",
       NumberSetting{&Config::research_tokens_per_request, 16, 10'000'000}},
      {"research_tokens_per_day", "most tokens a day (UTC), of all processes of the data directory",
       NumberSetting{&Config::research_tokens_per_day, 0, 1'000'000'000}},
      {"research_timeout_seconds", "time that one answer may take",
       NumberSetting{&Config::research_timeout_seconds, 1, 3'600}},
      {"google_credentials_file",
       "key file of the service account for secrets with gsm:; empty: of GOOGLE_APPLICATION_CREDENTIALS",
       TextSetting{&Config::google_credentials_file}},
      {"google_secret_manager_url", "where Google Secret Manager is", TextSetting{&Config::google_secret_manager_url}},
      {"google_timeout_seconds", "time that one request to it may take",
       NumberSetting{&Config::google_timeout_seconds, 1, 300}},
      {"webhook_private_addresses",
       "whether webhooks may lead to this machine and private networks: refused or allowed",
       TextSetting{&Config::webhook_private_addresses, {"refused", "allowed"}}},
      {"webhook_schedule", "tries of a delivery: seconds from each to the next, the first 0",
       TextSetting{&Config::webhook_schedule}},
      {"webhook_disable_days", "days of nothing but failures after which a webhook is disabled",
       NumberSetting{&Config::webhook_disable_days, 1, 365}},
      {"webhook_keep_days", "days that events and their deliveries are kept",
       NumberSetting{&Config::webhook_keep_days, 1, 3'650}},
      {"outgoing_ca_file",
       "certificates to trust instead of the system's, for webhooks, Slack and mail; empty: the system's",
       TextSetting{&Config::outgoing_ca_file}},
      {"slack_url", "URL of an incoming webhook of Slack; empty: no Slack",
       TextSetting{&Config::slack_url, {}, nullptr, true}},
      {"slack_events", "events that Slack gets: names, groups such as job.*, or *", TextSetting{&Config::slack_events}},
      {"slack_severity", "the least severity that Slack gets: info, warning or critical",
       TextSetting{&Config::slack_severity, {"info", "warning", "critical"}}},
      {"smtp_server", "HOST:PORT of the server for mail; empty: no mail", TextSetting{&Config::smtp_server}},
      {"smtp_security", "starttls, tls, or none for a mail server on this machine",
       TextSetting{&Config::smtp_security, {"starttls", "tls", "none"}}},
      {"smtp_user", "user of the mail server; empty: without logging in", TextSetting{&Config::smtp_user}},
      {"smtp_password", "its password; empty: it has none", TextSetting{&Config::smtp_password, {}, nullptr, true}},
      {"email_from", "address that mails are from", TextSetting{&Config::email_from}},
      {"email_to", "addresses that mails go to, with commas between them", TextSetting{&Config::email_to}},
      {"email_events", "events that mails are sent of: names, groups such as job.*, or *",
       TextSetting{&Config::email_events}},
      {"email_severity", "the least severity that a mail is sent of: info, warning or critical",
       TextSetting{&Config::email_severity, {"info", "warning", "critical"}}},
  };
  return kSettings;
}

/// What a running server takes up on SIGHUP (app/reload.cpp).
constexpr std::string_view kReloadable[] = {
    "web_directory",   "rate_limit_general", "rate_limit_data",      "rate_limit_optimisation", "rate_limit_export",
    "log_level",       "log_format",         "shutdown_delay_ms",    "shutdown_seconds",        "jobs_keep_days",
    "export_hours",    "export_files_max",   "export_megabytes_max", "slow_query_ms",           "maintenance_window",
    "disk_warning_gb", "disk_critical_gb",   "retention_bar_years",  "retention_tick_months",   "archive_directory",
};

std::string text_of(const Config& config, const Setting& setting) {
  if (const auto* text = std::get_if<TextSetting>(&setting.kind)) {
    const std::string& value = config.*(text->member);
    if (is_secret_reference(value)) return value;
    return text->is_secret && !value.empty() ? "(set)" : without_url_passwords(value);
  }
  return std::to_string(config.*(std::get<NumberSetting>(setting.kind).member));
}

Result<void> assign(Config& config, const Setting& setting, std::string_view value, const std::string& origin) {
  const auto refuse = [&](const std::string& wanted) {
    return failure(ErrorCode::kInvalidArgument,
                   fmt::format("{}: {} must be {}, is '{}'", origin, setting.name, wanted, value.substr(0, 80)));
  };
  if (const auto* text = std::get_if<TextSetting>(&setting.kind)) {
    if ((text->is_secret || text->may_have_password) && is_secret_reference(value)) {
      config.*(text->member) = value;
      return {};
    }
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

std::string variable_of(std::string_view name) {
  std::string variable = "TRADEASSIST_";
  for (const char c : name) variable += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return variable;
}

const Setting* find_setting(std::string_view name) {
  const auto found = std::ranges::find(settings(), name, &Setting::name);
  return found == settings().end() ? nullptr : &*found;
}

constexpr std::string_view kFileSuffix = "_file";

bool may_be_elsewhere(const Setting& setting) {
  const auto* text = std::get_if<TextSetting>(&setting.kind);
  return text != nullptr && (text->is_secret || text->may_have_password);
}

/// The secret that `NAME_file` gives the file of; null where it is no such name.
const Setting* find_secret_of_file(std::string_view name) {
  if (!name.ends_with(kFileSuffix)) return nullptr;
  const Setting* setting = find_setting(name.substr(0, name.size() - kFileSuffix.size()));
  return setting != nullptr && may_be_elsewhere(*setting) ? setting : nullptr;
}

/// The command line of a process is open to every user of the machine.
Result<void> check_flag(const Setting& setting, const ConfigFlag& flag) {
  const auto* text = std::get_if<TextSetting>(&setting.kind);
  if (text == nullptr || is_secret_reference(flag.value)) return {};
  const bool has_secret =
      text->is_secret || (text->may_have_password && without_url_passwords(flag.value) != flag.value);
  if (!has_secret) return {};
  return failure(
      ErrorCode::kInvalidArgument,
      fmt::format("{}: a secret on the command line can be read by every user of this machine; give it in {}, "
                  "in the configuration file, or as {}{}",
                  flag.flag, variable_of(setting.name), setting.name, kFileSuffix));
}

std::string known_names() {
  std::string names;
  for (const Setting& setting : settings()) names += (names.empty() ? "" : ", ") + std::string(setting.name);
  return names;
}

}  // namespace

bool is_secret_reference(std::string_view value) {
  return value.starts_with("file:") || value.starts_with("credential:") || value.starts_with("gsm:");
}

std::vector<SecretSetting> secret_settings() {
  std::vector<SecretSetting> secrets;
  for (const Setting& setting : settings()) {
    if (!may_be_elsewhere(setting)) continue;
    const auto& text = std::get<TextSetting>(setting.kind);
    secrets.push_back({setting.name, text.member, text.may_have_password});
  }
  return secrets;
}

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
      if (const Setting* secret = find_secret_of_file(key.str()); secret != nullptr && setting == nullptr) {
        const auto text = node.value<std::string_view>();
        if (!node.is_string() || !text) {
          return failure(ErrorCode::kInvalidArgument, fmt::format("{}: {} must be a text", origin, key.str()));
        }
        TRY(set(*secret, "file:" + std::string(*text), origin));
        continue;
      }
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
    const std::string variable = variable_of(setting.name);
    if (const auto value = environment(variable)) TRY(set(setting, *value, variable));
    if (!may_be_elsewhere(setting)) continue;
    const std::string file_variable = variable_of(std::string(setting.name) + std::string(kFileSuffix));
    if (const auto value = environment(file_variable)) {
      if (environment(variable)) {
        return failure(ErrorCode::kInvalidArgument,
                       fmt::format("{} and {} are both set; which one is it?", variable, file_variable));
      }
      TRY(set(setting, "file:" + *value, file_variable));
    }
  }
  for (const ConfigFlag& flag : flags) {
    const Setting* setting = find_setting(flag.setting);
    if (setting == nullptr) {
      return failure(ErrorCode::kInvalidArgument,
                     fmt::format("there is no setting '{}'; there are {}", flag.setting, known_names()));
    }
    TRY(check_flag(*setting, flag));
    TRY(set(*setting, flag.value, flag.flag));
  }
  for (std::size_t i = 0; i < settings().size(); ++i) {
    const Setting& setting = settings()[i];
    loaded.entries.push_back({std::string(setting.name), text_of(loaded.config, setting), origins[i],
                              std::string(setting.help), is_reloadable(setting.name)});
  }
  return loaded;
}

std::vector<std::string> changed_settings(const Config& before, const Config& after) {
  std::vector<std::string> changed;
  for (const Setting& setting : settings()) {
    const bool is_same =
        std::visit([&](const auto& kind) { return before.*(kind.member) == after.*(kind.member); }, setting.kind);
    if (!is_same) changed.emplace_back(setting.name);
  }
  return changed;
}

Config reloaded(const Config& running, const Config& loaded) {
  Config made = running;
  for (const Setting& setting : settings()) {
    if (!is_reloadable(setting.name)) continue;
    std::visit([&](const auto& kind) { made.*(kind.member) = loaded.*(kind.member); }, setting.kind);
  }
  return made;
}

bool is_reloadable(std::string_view setting) {
  return std::ranges::find(kReloadable, setting) != std::end(kReloadable);
}

}  // namespace tradeassist::base
