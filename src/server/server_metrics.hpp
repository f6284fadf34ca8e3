#pragma once

#include <string_view>

#include "base/metrics.hpp"
#include "monitor/alert_engine.hpp"
#include "server/health_observations.hpp"
#include "server/http_server.hpp"

namespace tradeassist::server {

/// The numbers that others keep, as metrics. None of it asks a database.
void collect_build(base::MetricSink& sink, std::string_view version);
void collect_http(base::MetricSink& sink, const HttpServerMetrics& http);
void collect_realtime(base::MetricSink& sink, const HubMetrics& hub);
void collect_store(base::MetricSink& sink, const store::MarketStore& market);
void collect_cache(base::MetricSink& sink, const store::SeriesCacheMetrics& cache);
void collect_sources(base::MetricSink& sink, const HealthParts& parts);
/// Of what was sampled; null before the first sample.
void collect_health(base::MetricSink& sink, const HealthSample* sample);
void collect_alerts(base::MetricSink& sink, const monitor::AlertEngine& alerts);

}  // namespace tradeassist::server
