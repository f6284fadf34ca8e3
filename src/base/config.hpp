#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace tradeassist::base {

/// What the program can be told, with its defaults. Directories are relative to the working directory.
struct Config {
  std::string data_directory = "data";
  std::string database;  // URL of a PostgreSQL server for market data and jobs; empty: SQLite in the data directory
  std::int64_t cache_megabytes = 256;  // of answers for bars, in memory
  std::string redis;                   // redis://HOST:PORT, shared by several servers; empty: none
  std::string listen = "127.0.0.1:8080";
  std::string tls_certificate, tls_key;  // PEM files; empty: in the clear
  std::string tls_key_passphrase;
  std::string trusted_proxies;  // addresses and blocks, with commas between them, whose X-Forwarded-For is believed
  std::string cors_origins;     // of pages elsewhere that may call, with commas between them
  std::string strategies_directory;         // empty: the catalogue beside the program
  std::string libraries_directory;          // Pine libraries that scripts import; empty: none
  std::string web_directory;                // empty: the page beside the program
  std::string authentication = "required";  // required | none (loopback only)
  // Requests of one key in a minute; 0: no limit.
  std::int64_t rate_limit_general = 1'200, rate_limit_data = 600, rate_limit_optimisation = 60, rate_limit_export = 60;
  std::string log_level = "warning";                              // debug | info | warning | error | off
  std::string log_format = "text";                                // text | json
  std::string log_file;                                           // empty: standard error
  std::int64_t log_file_megabytes = 100, log_file_hours = 24;     // then it is set aside; 0: never
  std::int64_t log_files_kept = 14, log_files_megabytes = 1'000;  // of those set aside
  std::int64_t slow_request_ms = 2'000;                           // requests that take longer are logged
  std::int64_t timing_percent = 0;                                // of requests, whose time is taken by phases
  std::string sentry_dsn;                                         // where errors are sent; empty: nowhere
  std::int64_t threads = 0;                                       // for computing; 0 = one per core
  std::string metrics_public = "no";                              // yes: /metrics needs no key
  std::int64_t health_interval_seconds = 10;                      // between two looks at how the server is
  std::string alert_thresholds;               // TYPE=WARNING/CRITICAL or TYPE=off, with commas between; empty: defaults
  std::int64_t alert_cooldown_seconds = 300;  // an alert that comes back within it is the same, and told of after it
  std::int64_t alert_clear_seconds = 60;      // it is resolved when all was good for so long
  std::int64_t max_body_bytes = 4 * 1024 * 1024;
  std::int64_t max_import_bytes = 256 * 1024 * 1024;  // of a file that is imported over HTTP
  std::int64_t max_connections = 256;
  std::int64_t max_connections_per_address = 128;  // not of this machine or trusted proxies
  std::int64_t max_requests_in_work = 256;
  std::int64_t request_timeout_seconds = 60;
  std::int64_t shutdown_delay_ms = 0;  // between failing readiness and refusing connections, for balancers to notice
  std::int64_t shutdown_seconds = 10;  // that requests in work have to end when the server stops
  std::int64_t job_workers = 1;
  std::int64_t jobs_queued_max = 1'000;
  std::int64_t jobs_keep_days = 90;  // jobs that ended earlier are removed with their logs; 0: none
  std::int64_t export_hours = 24;    // that files of exports are kept
  std::int64_t export_files_max = 200;
  std::int64_t export_megabytes_max = 1'024;  // of all of them
  std::int64_t slow_query_ms = 100;  // statements of the market database that take longer are counted and shown
  std::string maintenance_window = "02:00-04:00";  // UTC; empty: never by itself
  std::int64_t disk_warning_gb = 10;               // free under the data directory
  std::int64_t disk_critical_gb = 2;
  std::int64_t retention_bar_years = 0;     // older partitions are archived and dropped; 0: none
  std::int64_t retention_tick_months = 24;  // the same
  std::string archive_directory;            // of partitions; empty: archive in the data directory
  std::string backup_directory;             // folder of backups; empty: none by itself
  std::string backup_schedule;              // of the server, five fields of cron (UTC); empty: never
  std::string backup_drill_schedule;        // of trial restores, the same
  std::int64_t backup_keep_daily = 7, backup_keep_weekly = 4, backup_keep_monthly = 12;
  std::string backup_key_file;            // has the passphrase of encrypted backups; empty: not encrypted
  std::string live_source = "none";       // none | schwab | replay
  std::string live_symbols;               // with commas between them
  std::string live_timeframe = "1m";      // of a replay
  std::int64_t live_replay_bars = 1'000;  // the newest so many of each symbol
  std::int64_t live_replay_speed = 60;    // market time by time; 0: as fast as can be
  std::string secret_key;  // 64 hexadecimal digits that stored tokens are encrypted with; empty: a key file beside them
  std::string schwab_key, schwab_secret;  // of the app registered with Schwab
  std::string schwab_callback = "https://127.0.0.1";
  std::string schwab_base_url = "https://api.schwabapi.com";
  std::int64_t schwab_requests_per_minute = 120;
  std::string research_provider = "none";             // none | anthropic | openai | perplexity | ollama
  std::string research_model;                         // empty: the provider's small one
  std::string research_base_url;                      // empty: the provider's
  std::string research_key;                           // empty: of the provider's own variable
  std::int64_t research_answer_tokens = 4'096;        // of one answer
  std::int64_t research_tokens_per_request = 50'000;  // sent and answered
  std::int64_t research_tokens_per_day = 200'000;     // UTC; of all processes of a data directory
  std::int64_t research_timeout_seconds = 300;        // of one answer
  // Where secrets with `gsm:` come from.
  std::string google_credentials_file;  // of a service account; empty: GOOGLE_APPLICATION_CREDENTIALS
  std::string google_secret_manager_url = "https://secretmanager.googleapis.com";
  std::int64_t google_timeout_seconds = 10;                                          // of one request
  std::string webhook_private_addresses = "refused";                                 // refused | allowed
  std::string webhook_schedule = "0 5 300 1800 7200 18000 36000 50400 72000 86400";  // seconds from try to try
  std::int64_t webhook_disable_days = 5;  // of nothing but failures, after which a webhook is disabled
  std::int64_t webhook_keep_days = 30;    // events and their deliveries
  std::string outgoing_ca_file;           // of certificates to trust instead of the system's; empty: those
  std::string slack_url;                  // of an incoming webhook; empty: no Slack
  std::string slack_events = "alert.* system.*";
  std::string slack_severity = "warning";  // info | warning | critical
  std::string smtp_server;                 // HOST:PORT; empty: no e-mail
  std::string smtp_security = "starttls";  // starttls | tls | none (a server on this machine only)
  std::string smtp_user, smtp_password;
  std::string email_from, email_to;  // several recipients with commas between them
  std::string email_events = "alert.* system.*";
  std::string email_severity = "critical";
};

/// One setting as `tradeassist config` shows it: its value (without a password), where that came from, and what it is
/// for.
struct ConfigEntry {
  // origin: "default", "FILE:LINE", "TRADEASSIST_NAME", "--name"; the value of a secret is "(set)", or empty
  std::string name, value, origin, help;
  bool is_reloadable = false;  // a running server takes up a change on SIGHUP; else at its next start
};

struct LoadedConfig {
  Config config;
  std::vector<ConfigEntry> entries;  // in the order of the members above
};

/// Whether a value says where the secret is, `file:…`, `credential:…` or `gsm:…`, instead of the secret.
bool is_secret_reference(std::string_view value);

/// A setting that is a secret, or has a password in it, and may say where it is instead (see secrets::resolve).
struct SecretSetting {
  std::string_view name;
  std::string Config::* member;
  bool is_address = false;  // with a password in it, perhaps
};
std::vector<SecretSetting> secret_settings();

/// The value of an environment variable, or nothing.
using EnvironmentLookup = std::function<std::optional<std::string>(const std::string& name)>;

/// A setting given on the command line.
struct ConfigFlag {
  std::string setting, flag, value;  // e.g. data_directory, --data, /srv/data
};

/// Defaults, overridden by the TOML file (if any), by TRADEASSIST_* variables, by flags: each stronger than the one
/// before. A secret may be given as NAME_file, the file that has it. kInvalidArgument with the place for unknown names,
/// wrong types, values out of bounds, and secrets in flags, which every user of the machine can read; kNotFound for a
/// file that is not there.
Result<LoadedConfig> load_config(const std::optional<std::string>& file, const EnvironmentLookup& environment,
                                 const std::vector<ConfigFlag>& flags);

/// The settings in which two configurations differ, in their order.
std::vector<std::string> changed_settings(const Config& before, const Config& after);

/// The running configuration with what `loaded` says of the settings that a running server takes up.
Config reloaded(const Config& running, const Config& loaded);

/// Whether a running server takes up a change of it.
bool is_reloadable(std::string_view setting);

}  // namespace tradeassist::base
