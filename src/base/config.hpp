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
  std::string log_level = "warning";          // debug | info | warning | error | off
  std::string log_format = "text";            // text | json
  std::string metrics_public = "no";          // yes: /metrics needs no key
  std::int64_t health_interval_seconds = 10;  // between two looks at how the server is
  std::string alert_thresholds;               // TYPE=WARNING/CRITICAL or TYPE=off, with commas between; empty: defaults
  std::int64_t alert_cooldown_seconds = 300;  // an alert that comes back within it is the same, and told of after it
  std::int64_t alert_clear_seconds = 60;      // it is resolved when all was good for so long
  std::int64_t threads = 0;                   // for computing; 0 = one per core
  std::int64_t max_body_bytes = 4 * 1024 * 1024;
  std::int64_t max_connections = 256;
  std::int64_t max_connections_per_address = 128;  // not of this machine or trusted proxies
  std::int64_t max_requests_in_work = 64;
  std::int64_t request_timeout_seconds = 60;
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
  std::string live_source = "none";         // none | schwab | replay
  std::string live_symbols;                 // with commas between them
  std::string live_timeframe = "1m";        // of a replay
  std::int64_t live_replay_bars = 1'000;    // the newest so many of each symbol
  std::int64_t live_replay_speed = 60;      // market time by time; 0: as fast as can be
  std::string secret_key;  // 64 hexadecimal digits that stored tokens are encrypted with; empty: a key file beside them
  std::string schwab_key, schwab_secret;  // of the app registered with Schwab
  std::string schwab_callback = "https://127.0.0.1";
  std::string schwab_base_url = "https://api.schwabapi.com";
  std::int64_t schwab_requests_per_minute = 120;
  std::string research_provider = "none";  // none | anthropic | openai | perplexity | ollama
  std::string research_model;              // empty: the provider's small one
  std::string research_base_url;           // empty: the provider's
  std::string research_key;                // empty: of the file below, or of the provider's own variable
  std::string research_key_file;
  std::int64_t research_answer_tokens = 4'096;        // of one answer
  std::int64_t research_tokens_per_request = 50'000;  // sent and answered
  std::int64_t research_tokens_per_day = 200'000;     // UTC; of all processes of a data directory
  std::int64_t research_timeout_seconds = 300;        // of one answer
};

/// One setting as `tradeassist config` shows it: its value (without a password), where that came from, and what it is
/// for.
struct ConfigEntry {
  // origin: "default", "FILE:LINE", "TRADEASSIST_NAME", "--name"; the value of a secret is "(set)", or empty
  std::string name, value, origin, help;
};

struct LoadedConfig {
  Config config;
  std::vector<ConfigEntry> entries;  // in the order of the members above
};

/// The value of an environment variable, or nothing.
using EnvironmentLookup = std::function<std::optional<std::string>(const std::string& name)>;

/// A setting given on the command line.
struct ConfigFlag {
  std::string setting, flag, value;  // e.g. data_directory, --data, /srv/data
};

/// Defaults, overridden by the TOML file (if any), by TRADEASSIST_* variables, by flags: each stronger than the one
/// before. kInvalidArgument with the place for unknown names, wrong types and values out
/// of bounds; kNotFound for a file that is not there.
Result<LoadedConfig> load_config(const std::optional<std::string>& file, const EnvironmentLookup& environment,
                                 const std::vector<ConfigFlag>& flags);

}  // namespace tradeassist::base
