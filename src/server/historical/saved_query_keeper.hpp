#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>

#include "base/periodic_task.hpp"
#include "base/time.hpp"
#include "jobs/job_queue.hpp"
#include "jobs/job_runner.hpp"
#include "store/cache/series_cache.hpp"

namespace tradeassist::server {

struct SavedQueryKeeperParts {
  store::SeriesCache& cache;
  jobs::JobQueue& queue;
  jobs::JobRunner& runner;
};

/// Starts, in the background, the saved queries whose time has come: how many. One whose last run has not ended waits
/// for its next time. Of several servers of one database, one runs it. What was missed while no server ran is run once.
/// A run that could not be started, or that a killed process lost between its claim and its start, is logged or lost,
/// and the next one comes at its time.
std::int64_t run_due_saved_queries(const SavedQueryKeeperParts& parts, base::Time now);

/// Brings next runs that lie later than their schedule says back to it: the clock was set back since. How many.
std::int64_t bring_back_saved_query_runs(store::MarketStore& store, base::Time now);

/// Reads what saved queries ask for, favourites first, then those that are asked most, so that their answers are in the
/// cache. Fetches nothing from providers.
store::WarmReport warm_saved_queries(store::SeriesCache& cache, base::Time now, const std::stop_token& stop);

/// Looks for runs every `every`; brings back runs and warms at first and every `warm_every`.
base::PeriodicTask keep_saved_queries(const SavedQueryKeeperParts& parts, std::chrono::milliseconds every,
                                      std::chrono::milliseconds warm_every);

}  // namespace tradeassist::server
