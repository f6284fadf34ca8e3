#include "server/routes/health_overview.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

#include "feed/providers/circuit_breaker.hpp"

namespace tradeassist::server {
namespace {

constexpr std::chrono::seconds kWaitMax{10};    // for a sample; longer, and the database is taken to be away
constexpr std::chrono::seconds kSampleAge{60};  // the least after which a sample tells nothing of now

constexpr const char* kNotSampled = "it was not sampled yet";

/// Which alerts are about which component.
struct AlertsOf {
  std::string_view component;
  std::array<std::string_view, 6> types;
};
constexpr AlertsOf kAlertsOf[] = {
    {"database",
     {"database_unreachable", "connection_pool", "query_time", "slow_queries", "insert_rate",
      "performance_regression"}},
    {"partitions", {"partition_size"}},
    {"disk", {"free_disk"}},
    {"jobs", {"jobs_dead_letter", "jobs_waiting"}},
    {"live", {"live_feed", "login_ends"}},
    {"providers", {"provider_breaker"}},
    {"redis", {"redis_away"}},
    {"process", {"memory", "open_files", "error_rate"}},
    {"clock", {"clock_jump"}},
};

using OpenTypes = std::map<std::pair<std::string, monitor::Severity>, std::int64_t>;

ComponentHealth component(std::string name) {
  ComponentHealth made;
  made.name = std::move(name);
  made.status = "ok";
  return made;
}

template <class Value>
void put(ComponentHealth& of, const char* name, const std::optional<Value>& value, const char* why_not) {
  if (value) {
    of.values[name] = static_cast<double>(*value);
  } else {
    of.unmeasured[name] = why_not;
  }
}

/// Nothing was found out about it.
void unknown(ComponentHealth& of, std::string why) {
  of.status = "unknown";
  of.message = std::move(why);
}

ComponentHealth database_component(const HealthSample* sample, const Services& services) {
  ComponentHealth of = component("database");
  if (sample == nullptr) {
    unknown(of, kNotSampled);
    return of;
  }
  if (!sample->is_reachable || services.health.waiting() > kWaitMax) {
    of.status = "unavailable";
    of.message = "the market database does not answer";
  }
  if (sample->database) {
    put(of, "size_bytes", sample->database->size_bytes, "it could not be read");
    put(of, "schema_version", std::optional(sample->database->schema_version), "");
  }
  const store::MarketStoreMetrics metrics = services.market.metrics();
  of.values["readers_in_use"] = metrics.readers.in_use;
  of.values["readers_max"] = metrics.readers.size_max;
  of.values["writers_in_use"] = metrics.writers.in_use;
  of.values["writers_max"] = metrics.writers.size_max;
  put(of, "query_p95_seconds", sample->query_p95_seconds, "hardly anything was asked in the last minute");
  put(of, "slow_queries_last_minute", sample->slow_queries_last_minute, "the server runs for less than a minute");
  put(of, "rows_per_writing_second", sample->rows_per_writing_second, "hardly anything was written in the last minute");
  return of;
}

ComponentHealth app_database_component(const HealthSample* sample) {
  ComponentHealth of = component("app_database");
  if (sample == nullptr || !sample->is_app_reachable) {
    unknown(of, kNotSampled);
  } else if (!*sample->is_app_reachable) {
    of.status = "unavailable";
    of.message = "the database of jobs and keys does not answer";
  }
  return of;
}

ComponentHealth partitions_component(const HealthSample* sample) {
  ComponentHealth of = component("partitions");
  if (sample == nullptr || !sample->partitions) {
    unknown(of, sample == nullptr ? kNotSampled : "the partitions could not be listed");
    return of;
  }
  double largest = 0, dropped = 0;
  for (const store::PartitionInfo& each : *sample->partitions) {
    largest = std::max(largest, static_cast<double>(each.payload_bytes));
    if (each.state == store::PartitionState::kDropped) ++dropped;
  }
  of.values = {{"partitions", static_cast<double>(sample->partitions->size())},
               {"in_archive_only", dropped},
               {"largest_bytes", largest}};
  return of;
}

ComponentHealth disk_component(const HealthSample* sample) {
  ComponentHealth of = component("disk");
  if (sample == nullptr || !sample->data_disk) {
    unknown(of, sample == nullptr ? kNotSampled : "the free space could not be read");
    return of;
  }
  of.values = {{"free_bytes", static_cast<double>(sample->data_disk->free_bytes)},
               {"size_bytes", static_cast<double>(sample->data_disk->total_bytes)}};
  return of;
}

ComponentHealth jobs_component(const HealthSample* sample) {
  ComponentHealth of = component("jobs");
  if (sample == nullptr || !sample->jobs) {
    unknown(of, sample == nullptr ? kNotSampled : "the jobs could not be read");
    return of;
  }
  for (const jobs::JobCount& each : sample->jobs->counts)
    of.values[std::string(jobs::to_string(each.state))] += static_cast<double>(each.count);
  of.values["dead_letters"] = static_cast<double>(sample->jobs->dead_letters);
  put(of, "dead_letters_last_day", sample->dead_letters_last_day, "they could not be listed");
  put(of, "oldest_wait_seconds", sample->jobs->oldest_wait_seconds, "no job waits");
  return of;
}

ComponentHealth live_component(const Services& services) {
  ComponentHealth of = component("live");
  const auto status = services.live_status ? services.live_status() : std::nullopt;
  if (!status) {
    of.status = "off";
    of.message = "no live source is configured (live_source)";
    return of;
  }
  if (status->state != feed::LiveState::kLive) {
    of.message = fmt::format("{}: {}{}{}", services.live_source, feed::to_string(status->state),
                             status->why.empty() ? "" : ": ", status->why);
  }
  of.values = {{"series", static_cast<double>(status->series.size())},
               {"holes", static_cast<double>(status->holes_count)}};
  return of;
}

ComponentHealth providers_component(const Services& services) {
  ComponentHealth of = component("providers");
  bool is_any = false;
  for (const std::string_view name : kProviderNames) {
    const auto access = services.providers ? services.providers(name) : base::Result<ProviderAccess>();
    if (!access || access->guard == nullptr) continue;
    is_any = true;
    const auto& breaker = access->guard->breaker();
    of.values[std::string(name) + "_failures_in_a_row"] = breaker.failures_in_a_row();
    of.values[std::string(name) + "_calls_now"] = access->guard->calls_now();
    if (breaker.state() != feed::BreakerState::kClosed)
      of.message = fmt::format("{} keeps failing; its breaker is {}", name, feed::to_string(breaker.state()));
  }
  if (!is_any) {
    of.status = "off";
    of.message = "no provider is configured";
  }
  return of;
}

ComponentHealth cache_component(const store::SeriesCacheMetrics& cache) {
  ComponentHealth of = component("cache");
  of.values = {{"bytes", static_cast<double>(cache.bytes)},
               {"bytes_max", static_cast<double>(cache.bytes_max)},
               {"entries", static_cast<double>(cache.entries)}};
  put(of, "hit_rate", cache.hit_rate(), "nothing was asked yet");
  return of;
}

ComponentHealth redis_component(const store::SeriesCacheMetrics& cache) {
  ComponentHealth of = component("redis");
  if (!cache.redis) {
    of.status = "off";
    of.message = "no Redis is configured (redis)";
    return of;
  }
  of.values = {{"commands", static_cast<double>(cache.redis->commands)},
               {"failures", static_cast<double>(cache.redis->failures)}};
  if (cache.redis->is_away) of.message = "it does not answer; the server works without it";
  return of;
}

ComponentHealth keys_component(const HealthSample* sample) {
  ComponentHealth of = component("keys");
  if (sample == nullptr || !sample->keys) {
    unknown(of, sample == nullptr ? kNotSampled : "the keys could not be read");
    return of;
  }
  of.values = {{"valid", static_cast<double>(sample->keys->valid)},
               {"expired", static_cast<double>(sample->keys->expired)},
               {"revoked", static_cast<double>(sample->keys->revoked)},
               {"expire_within_a_week", static_cast<double>(sample->keys->expire_soon)}};
  return of;
}

ComponentHealth backups_component(const Services& services) {
  ComponentHealth of = component("backups");
  const auto last = services.last_backup ? services.last_backup() : std::nullopt;
  if (last) {
    of.values["age_seconds"] = std::chrono::duration<double>(base::now() - *last).count();
  } else {
    unknown(of, "the server knows of none");
  }
  return of;
}

ComponentHealth process_component(const HealthSample* sample) {
  ComponentHealth of = component("process");
  if (sample == nullptr) {
    unknown(of, kNotSampled);
    return of;
  }
  const char* why = "the system does not tell";
  put(of, "resident_bytes", sample->process.resident_bytes, why);
  put(of, "memory_limit_bytes", sample->memory_limit_bytes, why);
  put(of, "open_files", sample->process.open_files, why);
  put(of, "open_files_max", sample->process.open_files_max, why);
  put(of, "threads", sample->process.threads, why);
  put(of, "cpu_share", sample->cpu_share, "the server has just started");
  put(of, "requests_per_second", sample->requests_per_second, "the server has just started");
  put(of, "request_p95_seconds", sample->request_p95_seconds, "nothing was asked in the last minute");
  put(of, "error_share", sample->error_share, "there were hardly any requests in the last five minutes");
  return of;
}

ComponentHealth clock_component(const HealthSample* sample) {
  ComponentHealth of = component("clock");
  if (sample == nullptr) {
    unknown(of, kNotSampled);
    return of;
  }
  put(of, "jump_seconds", sample->clock_jump_seconds, "the server has just started");
  if (!sample->clock) {
    of.unmeasured["error_max_seconds"] = "the system does not tell";
    return of;
  }
  of.values["error_max_seconds"] = sample->clock->error_max_seconds;
  of.values["is_synchronised"] = sample->clock->is_synchronised ? 1 : 0;
  if (!sample->clock->is_synchronised)
    of.message = "nobody keeps the machine's clock (NTP), as far as the kernel knows";
  return of;
}

void add_alerts(ComponentHealth& of, const OpenTypes& open) {
  const auto alerts = std::ranges::find(kAlertsOf, of.name, &AlertsOf::component);
  if (alerts == std::end(kAlertsOf)) return;
  for (const std::string_view type : alerts->types) {
    const auto count = [&](monitor::Severity severity) {
      const auto found = open.find({std::string(type), severity});
      return found == open.end() ? 0 : found->second;
    };
    if (type.empty() || count(monitor::Severity::kWarning) + count(monitor::Severity::kCritical) == 0) continue;
    of.alerts.emplace_back(type);
    if (of.status == "ok") of.status = "degraded";
  }
}

std::string worst(const std::vector<ComponentHealth>& components) {
  const auto any = [&](std::string_view status, auto... names) {
    return std::ranges::any_of(components, [&](const ComponentHealth& each) {
      return each.status == status && (sizeof...(names) == 0 || ((each.name == names) || ...));
    });
  };
  if (any("unavailable")) return "unavailable";
  if (any("unknown", "database", "app_database")) return "unknown";
  return any("degraded") ? "degraded" : "ok";
}

std::string_view to_string(ServerPhase phase) {
  switch (phase) {
    case ServerPhase::kStarting: return "starting";
    case ServerPhase::kServing: return "serving";
    case ServerPhase::kStopping: return "stopping";
  }
  return "";
}

}  // namespace

ServerPhase phase_of(const Services& services) {
  return services.phase != nullptr ? services.phase->load() : ServerPhase::kServing;
}

ReadinessAnswer readiness(const Services& services) {
  const auto sample = services.health.latest();
  const bool is_late = services.health.waiting() > kWaitMax;
  const auto age_max = std::max<std::chrono::milliseconds>(kSampleAge, 3 * services.health.interval());
  const bool is_old = services.health.age() > age_max;
  const auto check = [&](std::optional<bool> is_reachable) {
    if (sample == nullptr || !is_reachable) return "unknown";
    return *is_reachable && !is_late && !is_old ? "ok" : "failed";
  };
  ReadinessAnswer answer;
  answer.checks["market_database"] = check(sample ? std::optional(sample->is_reachable) : std::nullopt);
  answer.checks["app_database"] = check(sample ? sample->is_app_reachable : std::nullopt);
  const ServerPhase phase = phase_of(services);
  answer.checks["server"] = phase == ServerPhase::kServing ? "ok" : std::string(to_string(phase));
  const bool is_ready = std::ranges::all_of(answer.checks, [](const auto& each) { return each.second == "ok"; });
  answer.status = is_ready ? "ok" : "unavailable";
  if (phase != ServerPhase::kServing) answer.status = to_string(phase);
  return answer;
}

DetailedHealthResponse detailed_health(const Services& services) {
  const auto latest = services.health.latest();
  const HealthSample* sample = latest.get();
  const store::SeriesCacheMetrics cache = services.cache.metrics();
  DetailedHealthResponse body;
  body.version = services.version;
  body.phase = to_string(phase_of(services));
  if (sample != nullptr) {
    body.sampled_at = sample->sampled_at;
    body.started_at = sample->process.started_at;
  }
  if (body.started_at) body.uptime_seconds = std::chrono::duration<double>(base::now() - *body.started_at).count();
  body.components = {database_component(sample, services),
                     app_database_component(sample),
                     partitions_component(sample),
                     disk_component(sample),
                     jobs_component(sample),
                     live_component(services),
                     providers_component(services),
                     cache_component(cache),
                     redis_component(cache),
                     keys_component(sample),
                     backups_component(services),
                     process_component(sample),
                     clock_component(sample)};
  if (services.alerts != nullptr) {
    const auto counts = services.alerts->open_counts();
    body.alerts = OpenAlerts{counts.warning, counts.critical};
    const auto open = services.alerts->open_by_type();
    for (ComponentHealth& each : body.components) add_alerts(each, open);
  }
  body.status = worst(body.components);
  return body;
}

HealthResponse brief(const DetailedHealthResponse& detailed) {
  HealthResponse body{detailed.status,         detailed.version,    detailed.phase,  detailed.started_at,
                      detailed.uptime_seconds, detailed.sampled_at, detailed.alerts, {}};
  for (const ComponentHealth& each : detailed.components) body.components[each.name] = each.status;
  return body;
}

Lane health_lane(const Request& request) {
  if (request.method != Method::kGet && request.method != Method::kHead) return Lane::kCompute;
  constexpr std::string_view kProbes[] = {"/livez", "/readyz", "/startupz"};
  constexpr std::string_view kHealth[] = {"",       "/detailed", "/database", "/performance", "/partitions",
                                          "/cache", "/live"};
  const std::string_view path = request.path;
  if (std::ranges::find(kProbes, path) != std::end(kProbes)) return Lane::kProbe;
  if (path == "/metrics") return Lane::kSampled;
  for (const std::string_view prefix : {"/api/v1/health", "/api/health"}) {
    if (!path.starts_with(prefix)) continue;
    const bool is_sampled = std::ranges::find(kHealth, path.substr(prefix.size())) != std::end(kHealth);
    return is_sampled ? Lane::kSampled : Lane::kCompute;
  }
  return Lane::kCompute;
}

}  // namespace tradeassist::server
