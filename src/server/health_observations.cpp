#include "server/health_observations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "feed/providers/circuit_breaker.hpp"

namespace tradeassist::server {
namespace {

using monitor::Observation;
using monitor::Reading;

constexpr double kMegabyte = 1e6, kGigabyte = 1e9;
constexpr double kWarning = 1, kCritical = 2;  // of what is yes or no

template <class Value>
double number(Value value) {
  return static_cast<double>(value);
}

class Observations {
 public:
  explicit Observations(const std::string& server) : at_(server.empty() ? "" : "@" + server) {}

  std::string own(const std::string& source) const { return source + at_; }

  void add(std::string type, std::vector<Reading> readings) {
    all_.push_back({std::move(type), true, std::move(readings)});
  }
  /// One reading, where there is a value.
  void add(std::string type, std::string source, std::optional<double> value, std::string detail = "") {
    Observation observation{std::move(type), value.has_value(), {}};
    if (value) observation.readings.push_back({std::move(source), *value, std::move(detail)});
    all_.push_back(std::move(observation));
  }
  void unmeasured(std::string type) { all_.push_back({std::move(type), false, {}}); }
  std::vector<Observation> take() { return std::move(all_); }

 private:
  const std::string at_;
  std::vector<Observation> all_;
};

template <class Value>
std::optional<double> scaled(const std::optional<Value>& value, double by) {
  return value ? std::optional(number(*value) * by) : std::nullopt;
}

std::optional<double> share(std::optional<std::int64_t> of, std::optional<std::int64_t> all) {
  if (!of || !all || *all <= 0) return std::nullopt;
  return 100 * number(*of) / number(*all);
}

double percent_in_use(const store::PoolMetrics& pool) {
  return pool.size_max > 0 ? 100.0 * pool.in_use / pool.size_max : 0;
}

void observe_databases(Observations& out, const HealthSample& sample, const store::MarketStoreMetrics& metrics) {
  std::vector<Reading> reachable{
      {out.own("market database"), sample.is_reachable ? 0 : kCritical, "it does not answer"}};
  if (sample.is_app_reachable)
    reachable.push_back({out.own("app database"), *sample.is_app_reachable ? 0 : kCritical, "it does not answer"});
  out.add("database_unreachable", std::move(reachable));

  std::vector<Reading> pools{{out.own("readers"), percent_in_use(metrics.readers), ""}};
  // The one writer of a file is always used in full while something is written.
  if (metrics.writers.size_max > 1) pools.push_back({out.own("writers"), percent_in_use(metrics.writers), ""});
  out.add("connection_pool", std::move(pools));

  // Where nothing was written or asked, nothing is wrong with how fast that was.
  const auto rate = sample.rows_per_writing_second;
  out.add("insert_rate", rate ? std::vector<Reading>{{out.own("market database"), *rate, ""}} : std::vector<Reading>{});
  const auto query = scaled(sample.query_p95_seconds, 1'000);
  out.add("query_time",
          query ? std::vector<Reading>{{out.own("market database"), *query, ""}} : std::vector<Reading>{});
  out.add("slow_queries", out.own("market database"), scaled(sample.slow_queries_last_minute, 1));

  if (sample.partitions) {
    std::vector<Reading> sizes;
    for (const store::PartitionInfo& each : *sample.partitions) {
      sizes.push_back({fmt::format("{} partition {}", store::to_string(each.kind), each.name()),
                       number(each.payload_bytes) / kMegabyte, ""});
    }
    out.add("partition_size", std::move(sizes));
  } else {
    out.unmeasured("partition_size");
  }

  const boost::json::array* regressions = nullptr;
  if (sample.benchmark) {
    if (const auto* found = sample.benchmark->if_contains("regressions")) regressions = found->if_array();
  }
  std::string names;
  if (regressions != nullptr) {
    for (const auto& name : *regressions)
      names += (names.empty() ? "slower than the baseline: " : ", ") + std::string(name.as_string());
  }
  if (sample.benchmark) {
    out.add("performance_regression", "benchmark of the database", names.empty() ? 0 : kWarning, names);
  } else {
    out.unmeasured("performance_regression");
  }
}

void observe_machine(Observations& out, const HealthSample& sample) {
  std::optional<double> disk;
  if (sample.data_disk) disk = number(sample.data_disk->free_bytes) / kGigabyte;
  out.add("free_disk", out.own("data directory"), disk);
  out.add("memory", out.own("process"), share(sample.process.resident_bytes, sample.memory_limit_bytes));
  out.add("open_files", out.own("process"), share(sample.process.open_files, sample.process.open_files_max));
  out.add("clock_jump", out.own("clock"), sample.clock_jump_seconds);
  const auto errors = scaled(sample.error_share, 100);
  out.add("error_rate", errors ? std::vector<Reading>{{out.own("requests"), *errors, ""}} : std::vector<Reading>{});
}

void observe_jobs(Observations& out, const HealthSample& sample) {
  out.add("jobs_dead_letter", "jobs", scaled(sample.dead_letters_last_day, 1),
          "GET /api/v1/jobs?dead_letter=true lists them");
  if (sample.jobs) {
    out.add("jobs_waiting", "jobs", sample.jobs->oldest_wait_seconds.value_or(0));
  } else {
    out.unmeasured("jobs_waiting");
  }
}

void observe_sources(Observations& out, const HealthParts& parts) {
  std::vector<Reading> live, login;
  const auto status = parts.live_status ? parts.live_status() : std::nullopt;
  if (status) {
    const std::string source = out.own("live source " + parts.live_source);
    // A rehearsal that has come to its end is done; a stream that stopped is not.
    const bool is_bad_end = status->state == feed::LiveState::kStopped && parts.live_source != "replay";
    const bool is_trouble =
        status->state == feed::LiveState::kConnecting || status->state == feed::LiveState::kDegraded;
    live.push_back({source,
                    is_bad_end   ? kCritical
                    : is_trouble ? kWarning
                                 : 0,
                    std::string(feed::to_string(status->state)) + (status->why.empty() ? "" : ": " + status->why)});
    if (status->login && status->login->ends_at) {
      const auto left = std::chrono::duration<double, std::ratio<3600>>(*status->login->ends_at - base::now());
      login.push_back({source, std::max(0.0, left.count()), status->login->message});
    }
  }
  out.add("live_feed", std::move(live));
  out.add("login_ends", std::move(login));

  std::vector<Reading> breakers;
  if (parts.providers) {
    for (const std::string_view name : kProviderNames) {
      const auto access = parts.providers(name);
      if (!access) continue;  // not configured
      const feed::BreakerState state = access->guard->breaker().state();
      breakers.push_back({out.own("provider " + std::string(name)), state == feed::BreakerState::kClosed ? 0 : kWarning,
                          fmt::format("{} failures in a row; it is asked again after a pause",
                                      access->guard->breaker().failures_in_a_row())});
    }
  }
  out.add("provider_breaker", std::move(breakers));

  const auto redis = parts.cache.metrics().redis;
  std::vector<Reading> away;
  if (redis)
    away.push_back({out.own("redis"), redis->is_away ? kWarning : 0, "it does not answer; answers are kept here"});
  out.add("redis_away", std::move(away));
}

}  // namespace

std::vector<Observation> observations_of(const HealthSample& sample, const HealthParts& parts) {
  Observations out(parts.server);
  observe_databases(out, sample, parts.market.metrics());
  observe_machine(out, sample);
  observe_jobs(out, sample);
  observe_sources(out, parts);
  return out.take();
}

std::map<std::string, double> trend_values_of(const HealthSample& sample, const HealthParts& parts) {
  std::map<std::string, double> values;
  const auto put = [&](const char* name, const std::optional<double>& value) {
    if (value) values[name] = *value;
  };
  put("requests_per_second", sample.requests_per_second);
  put("request_p95_milliseconds", scaled(sample.request_p95_seconds, 1'000));
  put("error_rate_percent", scaled(sample.error_share, 100));
  put("query_p95_milliseconds", scaled(sample.query_p95_seconds, 1'000));
  put("slow_queries_per_minute", scaled(sample.slow_queries_last_minute, 1));
  put("pool_readers_percent", percent_in_use(parts.market.metrics().readers));
  put("bars_per_second", sample.bars_per_second_last_minute);
  if (sample.database) put("database_bytes", scaled(sample.database->size_bytes, 1));
  if (sample.data_disk) put("free_disk_bytes", number(sample.data_disk->free_bytes));
  if (sample.jobs) {
    double waiting = 0;
    for (const jobs::JobCount& each : sample.jobs->counts) {
      if (each.state == jobs::JobState::kQueued) waiting += number(each.count);
    }
    put("jobs_waiting", waiting);
  }
  put("cache_hit_percent", scaled(parts.cache.metrics().hit_rate(), 100));
  put("memory_bytes", scaled(sample.process.resident_bytes, 1));
  put("cpu_percent", scaled(sample.cpu_share, 100));
  put("open_files", scaled(sample.process.open_files, 1));
  if (parts.hub != nullptr) put("web_sockets", number(parts.hub->metrics().subscribers));
  return values;
}

}  // namespace tradeassist::server
