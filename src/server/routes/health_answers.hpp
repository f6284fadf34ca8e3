#pragma once

#include <optional>
#include <string>

#include "server/health_sampler.hpp"
#include "server/realtime/live_recorder.hpp"
#include "server/routes/health_models.hpp"

namespace tradeassist::server {

/// What the health routes answer and the channel `system` says, of what was sampled; `sample` is null before the first.
DatabaseHealthResponse database_health(const HealthSample* sample, const store::MarketStoreMetrics& metrics);
PerformanceMetricsResponse performance(const HealthSample* sample, const store::MarketStore& market);
PartitionStatusResponse partition_status(const HealthSample* sample);

/// Of the configured source; no status where it is "none".
LiveHealthResponse live_health(const std::string& source, const std::optional<LiveStatus>& status);

}  // namespace tradeassist::server
