#include "server/server_metrics.hpp"

#include <map>
#include <string>
#include <tuple>

#include "feed/providers/circuit_breaker.hpp"

namespace tradeassist::server {
namespace {

template <class Value>
double number(Value value) {
  return static_cast<double>(value);
}

double seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

void collect_pool(base::MetricSink& sink, const char* name, const store::PoolMetrics& pool) {
  const base::MetricLabels labels{{"pool", name}};
  sink.gauge("tradeassist_database_pool_size", "Connections that a pool may have.", number(pool.size_max), labels);
  sink.gauge("tradeassist_database_pool_open", "Connections that a pool has.", number(pool.open), labels);
  sink.gauge("tradeassist_database_pool_in_use", "Connections in use.", number(pool.in_use), labels);
  sink.counter("tradeassist_database_transactions_total", "Uses of a connection, each a transaction or some.",
               number(pool.uses), labels);
  sink.counter("tradeassist_database_pool_waits_total", "Uses that found no connection free.", number(pool.waits),
               labels);
  sink.counter("tradeassist_database_pool_wait_seconds_total", "How long they waited together.",
               seconds(pool.wait_time), labels);
  sink.counter("tradeassist_database_pool_timeouts_total", "Uses that waited in vain.", number(pool.timeouts), labels);
  sink.counter("tradeassist_database_retries_total", "Uses that ran again, as after the loss of a server.",
               number(pool.retries), labels);
}

void collect_database(base::MetricSink& sink, const HealthSample& sample) {
  sink.gauge("tradeassist_database_up", "Whether a database answered when it was asked last.",
             sample.is_reachable ? 1 : 0, {{"database", "market"}});
  if (sample.is_app_reachable) {
    sink.gauge("tradeassist_database_up", "", *sample.is_app_reachable ? 1 : 0, {{"database", "app"}});
  }
  if (sample.database && sample.database->size_bytes)
    sink.gauge("tradeassist_database_size_bytes", "Size of the market database.", number(*sample.database->size_bytes));
  if (sample.database && sample.database->wal_bytes)
    sink.gauge("tradeassist_database_wal_bytes", "Size of its write-ahead log.", number(*sample.database->wal_bytes));
  if (!sample.partitions) return;
  std::map<std::pair<std::string, std::string>, std::tuple<double, double, double>> partitions;
  for (const store::PartitionInfo& each : *sample.partitions) {
    auto& [count, rows, bytes] =
        partitions[{std::string(store::to_string(each.kind)), std::string(store::to_string(each.state))}];
    count += 1;
    rows += number(each.row_count);
    bytes += number(each.payload_bytes);
  }
  for (const auto& [key, sums] : partitions) {
    const base::MetricLabels labels{{"kind", key.first}, {"state", key.second}};
    sink.gauge("tradeassist_partitions", "Partitions of market data.", std::get<0>(sums), labels);
    sink.gauge("tradeassist_partition_rows", "Bars or ticks in partitions.", std::get<1>(sums), labels);
    sink.gauge("tradeassist_partition_bytes", "Size of what is in partitions.", std::get<2>(sums), labels);
  }
}

void collect_jobs(base::MetricSink& sink, const HealthSample& sample) {
  if (!sample.jobs) return;
  double waiting = 0;
  for (const jobs::JobCount& each : sample.jobs->counts) {
    sink.gauge("tradeassist_jobs", "Jobs that are kept, of all servers, by what state they are in.", number(each.count),
               {{"kind", each.kind}, {"state", std::string(jobs::to_string(each.state))}});
    if (each.state == jobs::JobState::kQueued) waiting += number(each.count);
  }
  sink.gauge("tradeassist_job_queue_depth", "Jobs that wait.", waiting);
  sink.gauge("tradeassist_job_oldest_wait_seconds", "How long the job waits that waits longest.",
             sample.jobs->oldest_wait_seconds.value_or(0));
  sink.gauge("tradeassist_job_dead_letters", "Jobs that failed for good and are kept.",
             number(sample.jobs->dead_letters));
  if (sample.dead_letters_last_day) {
    sink.gauge("tradeassist_job_dead_letters_last_day", "Those of the last 24 hours, up to 100.",
               number(*sample.dead_letters_last_day));
  }
}

}  // namespace

void collect_build(base::MetricSink& sink, std::string_view version) {
  sink.gauge("tradeassist_build_info", "The program: always 1.", 1, {{"version", std::string(version)}});
}

void collect_http(base::MetricSink& sink, const HttpServerMetrics& http) {
  sink.gauge("tradeassist_http_connections", "Connections that are open, WebSockets among them.",
             number(http.connections));
  sink.gauge("tradeassist_http_requests_in_work", "Requests that are being answered.", number(http.in_work));
  sink.counter("tradeassist_http_connections_accepted_total", "Connections that were accepted.", number(http.accepted));
  const auto refused = [&](const char* reason, std::int64_t count) {
    sink.counter("tradeassist_http_requests_refused_total",
                 "Requests that came to no route: too many in work, or not what the server takes.", number(count),
                 {{"reason", reason}});
  };
  refused("busy", http.refused_busy);
  refused("malformed", http.refused_malformed);
}

void collect_realtime(base::MetricSink& sink, const HubMetrics& hub) {
  sink.gauge("tradeassist_websocket_clients", "WebSocket clients.", number(hub.subscribers));
  sink.gauge("tradeassist_websocket_channels", "Channels that are kept.", number(hub.channels));
  sink.gauge("tradeassist_websocket_replay_bytes", "Messages that are kept for those who come back.",
             number(hub.replay_bytes));
  sink.counter("tradeassist_websocket_messages_published_total", "Messages that were published.",
               number(hub.published));
  sink.counter("tradeassist_websocket_messages_sent_total", "Messages that were sent, each to one client.",
               number(hub.delivered));
  sink.counter("tradeassist_websocket_messages_conflated_total", "Messages whose place a newer one took.",
               number(hub.conflated));
  sink.counter("tradeassist_websocket_messages_dropped_total", "Messages of channels for which there was no room.",
               number(hub.unchanneled));
  sink.counter("tradeassist_websocket_closed_slow_total", "Clients that were too slow and were closed.",
               number(hub.overflows));
}

void collect_store(base::MetricSink& sink, const store::MarketStore& market) {
  const store::MarketStoreMetrics metrics = market.metrics();
  collect_pool(sink, "readers", metrics.readers);
  collect_pool(sink, "writers", metrics.writers);
  sink.histogram("tradeassist_database_statement_seconds", "How long statements of the market database took.",
                 market.slow_queries().durations());
  sink.counter("tradeassist_database_slow_queries_total", "Statements that took longer than slow_query_ms.",
               number(market.slow_queries().count()));
  sink.counter("tradeassist_bars_stored_total", "Bars that this server inserted or corrected.",
               number(metrics.bars_stored));
  sink.counter("tradeassist_ticks_stored_total", "Ticks that this server stored.", number(metrics.ticks_stored));
  sink.counter("tradeassist_append_failures_total", "Appends of bars or ticks that failed.",
               number(metrics.append_failures));
  sink.counter("tradeassist_append_seconds_total", "How long appends took together.", seconds(metrics.append_time));
}

void collect_cache(base::MetricSink& sink, const store::SeriesCacheMetrics& cache) {
  const auto answers = [&](const char* from, std::int64_t count) {
    sink.counter("tradeassist_cache_answers_total", "Questions for bars, by where the answer came from.", number(count),
                 {{"from", from}});
  };
  answers("memory", cache.hits);
  answers("redis", cache.shared_hits);
  answers("joined", cache.joined);
  answers("database", cache.loads);
  answers("failed", cache.failures);
  const auto gone = [&](const char* reason, std::int64_t count) {
    sink.counter("tradeassist_cache_removed_total", "Answers that are not kept any more, by why.", number(count),
                 {{"reason", reason}});
  };
  gone("evicted", cache.evictions);
  gone("invalidated", cache.invalidations);
  gone("expired", cache.expirations);
  sink.gauge("tradeassist_cache_bytes", "Memory of the answers that are kept.", number(cache.bytes));
  sink.gauge("tradeassist_cache_size_bytes", "Memory that they may take.", number(cache.bytes_max));
  sink.gauge("tradeassist_cache_entries", "Answers that are kept.", number(cache.entries));
  if (!cache.redis) return;
  sink.gauge("tradeassist_redis_up", "Whether Redis answered last.", cache.redis->is_away ? 0 : 1);
  sink.counter("tradeassist_redis_commands_total", "Commands that Redis answered.", number(cache.redis->commands));
  sink.counter("tradeassist_redis_errors_total", "Commands that it did not answer, or not in time.",
               number(cache.redis->failures));
  sink.counter("tradeassist_redis_skipped_total", "Commands that were not tried.", number(cache.redis->skipped));
}

void collect_sources(base::MetricSink& sink, const HealthParts& parts) {
  if (parts.providers) {
    for (const std::string_view name : kProviderNames) {
      const auto access = parts.providers(name);
      if (!access) continue;  // not configured
      const base::MetricLabels labels{{"provider", std::string(name)}};
      const feed::BreakerState state = access->guard->breaker().state();
      sink.gauge("tradeassist_provider_breaker_open", "Whether a provider is not asked since it keeps failing.",
                 state == feed::BreakerState::kClosed ? 0 : 1, labels);
      sink.counter("tradeassist_provider_requests_total", "Attempts to get something from a provider.",
                   number(access->guard->attempts()), labels);
      sink.counter("tradeassist_provider_failures_total", "Attempts that failed.", number(access->guard->failures()),
                   labels);
    }
  }
  const auto live = parts.live_status ? parts.live_status() : std::nullopt;
  if (!live) return;
  const base::MetricLabels source{{"source", parts.live_source}};
  sink.gauge("tradeassist_live_up", "Whether the live source is live.", live->state == feed::LiveState::kLive ? 1 : 0,
             source);
  double bars = 0, failures = 0;
  std::optional<base::Time> newest;
  for (const LiveSeriesStatus& each : live->series) {
    bars += number(each.bars);
    failures += number(each.failures);
    if (each.last_bar && (!newest || *each.last_bar > *newest)) newest = each.last_bar;
  }
  sink.counter("tradeassist_live_bars_total", "Bars that the live source gave.", bars, source);
  sink.counter("tradeassist_live_failures_total", "Bars of it that could not be stored.", failures, source);
  sink.counter("tradeassist_live_holes_total", "Stretches of time whose bars did not come.", number(live->holes_count),
               source);
  if (newest) {
    sink.gauge("tradeassist_live_newest_bar_seconds", "Start of its newest bar, in seconds since 1970.",
               seconds(newest->time_since_epoch()), source);
  }
  if (live->login && live->login->ends_at) {
    sink.gauge("tradeassist_live_login_ends_seconds", "When its login ends, in seconds since 1970.",
               seconds(live->login->ends_at->time_since_epoch()), source);
  }
}

void collect_health(base::MetricSink& sink, const HealthSample* sample) {
  if (sample == nullptr) return;
  sink.gauge("tradeassist_health_sampled_seconds", "When health was sampled last, in seconds since 1970.",
             seconds(sample->sampled_at.time_since_epoch()));
  collect_database(sink, *sample);
  collect_jobs(sink, *sample);
  if (sample->data_disk) {
    sink.gauge("tradeassist_data_disk_free_bytes", "Free space for the data directory.",
               number(sample->data_disk->free_bytes));
    sink.gauge("tradeassist_data_disk_size_bytes", "Size of its file system.", number(sample->data_disk->total_bytes));
  }
  if (sample->keys) {
    const auto keys = [&](const char* state, std::int64_t count) {
      sink.gauge("tradeassist_api_keys", "API keys.", number(count), {{"state", state}});
    };
    keys("valid", sample->keys->valid);
    keys("expired", sample->keys->expired);
    keys("revoked", sample->keys->revoked);
  }
  if (sample->clock) {
    sink.gauge("tradeassist_clock_synchronised", "Whether somebody keeps the machine's clock.",
               sample->clock->is_synchronised ? 1 : 0);
  }
}

void collect_alerts(base::MetricSink& sink, const monitor::AlertEngine& alerts) {
  for (const auto& [key, count] : alerts.open_by_type()) {
    sink.gauge("tradeassist_alerts_open", "The server's own alerts that are open.", number(count),
               {{"type", key.first}, {"severity", std::string(monitor::to_string(key.second))}});
  }
}

}  // namespace tradeassist::server
