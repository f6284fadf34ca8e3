#pragma once

#include <chrono>

#include "base/periodic_task.hpp"
#include "monitor/alert.hpp"
#include "server/health_sampler.hpp"
#include "server/realtime/publisher.hpp"
#include "store/cache/series_cache.hpp"

namespace tradeassist::server {

/// Says on the channel `system`, every so often, how the server is: `database_performance`, `partition_status` and
/// `cache_performance`, with what the health routes answer. Everything given must outlive the task.
base::PeriodicTask say_how_the_system_is(Publisher& publisher, const HealthSampler& health, store::SeriesCache& cache,
                                         std::chrono::milliseconds every);

/// Says on the same channel, as `performance_alert`, what happened to an alert.
void say_alert(Publisher& publisher, const monitor::AlertEvent& event);

}  // namespace tradeassist::server
