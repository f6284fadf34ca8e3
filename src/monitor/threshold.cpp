#include "monitor/threshold.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace tradeassist::monitor {
namespace {

constexpr std::int64_t kMinute = 60;

Threshold above(std::string type, std::string what, std::string unit, double warning, double critical,
                std::int64_t hold_seconds = 0) {
  return {std::move(type), std::move(what), std::move(unit), false, warning, critical, hold_seconds};
}

Threshold below(std::string type, std::string what, std::string unit, double warning, double critical,
                std::int64_t hold_seconds = 0) {
  return {std::move(type), std::move(what), std::move(unit), true, warning, critical, hold_seconds};
}

/// The value 1 is a warning, 2 is critical.
Threshold state(std::string type, std::string what, std::int64_t hold_seconds = 0) {
  return above(std::move(type), std::move(what), "", 1, 2, hold_seconds);
}

base::Result<std::optional<double>> parse_bound(std::string_view text, std::string_view whole) {
  text = base::trim(text);
  if (text.empty()) return std::nullopt;
  if (const auto value = base::parse_number(text); value && *value >= 0) return *value;
  return base::failure(base::ErrorCode::kInvalidArgument, "'" + std::string(whole.substr(0, 80)) +
                                                              "' is not TYPE=WARNING/CRITICAL or TYPE=off; a bound "
                                                              "is a number from 0 on, or nothing");
}

}  // namespace

std::vector<Threshold> default_thresholds() {
  return {
      state("database_unreachable", "a database that does not answer"),
      above("connection_pool", "connections to the database in use", "%", 75, 90, kMinute),
      above("query_time", "time that 95 of 100 statements of the last minute stay below", "ms", 100, 500),
      below("insert_rate", "bars stored in a second of writing, of the last minute", "bars/s", 50, 25),
      above("slow_queries", "statements of the last minute that took long", "per minute", 5, 20),
      above("partition_size", "size of a partition", "MB", 500, 1'000),
      below("free_disk", "free space for the data directory", "GB", 10, 2),
      above("jobs_dead_letter", "jobs of the last 24 hours that failed for good", "jobs", 1, 10),
      above("jobs_waiting", "how long the job waits that waits longest", "s", 1'800, 14'400),
      state("live_feed", "the live source not being live", kMinute),
      below("login_ends", "time until the login of the live source ends", "h", 24, 4),
      state("provider_breaker", "a provider that is not asked since it keeps failing"),
      state("redis_away", "Redis not answering", kMinute),
      above("error_rate", "requests of the last five minutes that failed on the server's side", "%", 1, 5),
      above("memory", "memory in use of what there is", "%", 80, 90, kMinute),
      above("open_files", "open file descriptors of what may be open", "%", 75, 90),
      above("clock_jump", "how far the clock jumped within a minute", "s", 2, 30),
      state("performance_regression", "the database being slower than its baseline"),
  };
}

const Threshold* find_threshold(std::span<const Threshold> thresholds, std::string_view type) {
  const auto found = std::ranges::find(thresholds, type, &Threshold::type);
  return found == thresholds.end() ? nullptr : &*found;
}

base::Result<std::vector<Threshold>> thresholds_with(std::vector<Threshold> defaults, std::string_view changes) {
  while (!base::trim(changes).empty()) {
    const std::string_view one = base::take_until(changes, ',');
    std::string_view value = one;
    const std::string_view name = base::take_until(value, '=');
    const auto threshold = std::ranges::find(defaults, name, &Threshold::type);
    if (threshold == defaults.end()) {
      std::string names;
      for (const Threshold& each : defaults) names += (names.empty() ? "" : ", ") + each.type;
      return base::failure(base::ErrorCode::kInvalidArgument,
                           "there is no alert of type '" + std::string(name.substr(0, 80)) + "'; there are " + names);
    }
    const std::string_view bounds = base::trim(value);
    if (bounds == "off") {
      threshold->warning = threshold->critical = std::nullopt;
      continue;
    }
    const std::size_t slash = bounds.find('/');
    if (slash == std::string_view::npos) TRY(parse_bound("?", one));
    TRY_ASSIGN(threshold->warning, parse_bound(bounds.substr(0, slash), one));
    TRY_ASSIGN(threshold->critical, parse_bound(bounds.substr(slash + 1), one));
    if (!threshold->warning || !threshold->critical) continue;
    const bool is_ordered =
        threshold->is_below ? *threshold->critical <= *threshold->warning : *threshold->warning <= *threshold->critical;
    if (!is_ordered) {
      return base::failure(base::ErrorCode::kInvalidArgument,
                           "'" + std::string(one.substr(0, 80)) + "': the critical bound must lie beyond the warning");
    }
  }
  return defaults;
}

}  // namespace tradeassist::monitor
