#pragma once

#include <chrono>

#include "base/periodic_task.hpp"
#include "server/health_sampler.hpp"
#include "server/realtime/publisher.hpp"
#include "store/cache/series_cache.hpp"

namespace tradeassist::server {

/// Says on the channel `system`, every so often, how the server is: `database_performance`, `partition_status` and
/// `cache_performance`, with what the health routes answer. Everything given must outlive the task.
base::PeriodicTask say_how_the_system_is(Publisher& publisher, const HealthSampler& health, store::SeriesCache& cache,
                                         std::chrono::milliseconds every);

}  // namespace tradeassist::server
