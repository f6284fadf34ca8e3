#pragma once

#include <memory>

#include "base/config.hpp"
#include "base/periodic_task.hpp"
#include "base/result.hpp"
#include "jobs/batch_queue.hpp"
#include "jobs/job_queue.hpp"
#include "jobs/job_runner.hpp"

namespace tradeassist::app {

/// The jobs of this data directory's server; those that were kept here before they went to the database server follow
/// once. Call while the folder's lock is held.
base::Result<std::unique_ptr<jobs::JobQueue>> open_jobs(const base::Config& config);

/// What workers share; null where jobs are in a file.
base::Result<std::unique_ptr<jobs::BatchQueue>> open_batches(const base::Config& config);

/// Submits the jobs of schedules that are due, while it lives.
std::unique_ptr<base::PeriodicTask> keep_schedules(jobs::JobQueue& queue, jobs::JobRunner& runner);

}  // namespace tradeassist::app
