#pragma once

#include <vector>

#include "jobs/job_queue.hpp"
#include "notify/record_event.hpp"

namespace tradeassist::notify {

/// For JobQueueOptions::on_end: records job.completed, job.failed or job.cancelled for the job's owner in the
/// transaction that ends it, so that the one is there exactly when the other is; of a query for historical data also
/// data.fetched and data.gap_found.
jobs::JobEnd job_events(std::vector<ChannelRule> channels);

}  // namespace tradeassist::notify
