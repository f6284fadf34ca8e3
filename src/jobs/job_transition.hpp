#pragma once

#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "jobs/job.hpp"

namespace tradeassist::jobs {

/// What a job becomes, and the line that its log gets. Pure: the queue stores it.
struct Transition {
  Job job;
  std::string line;
  JobLogLevel level = JobLogLevel::kInfo;
};

// Of a job that runs.

/// Its handler has a result.
Transition completed(Job job, base::Time now);
/// Its handler failed: again later when that may pass (kUnavailable, kResourceExhausted) and it was not tried
/// kAttemptsMax times, else failed; cancelled or paused where that was asked for.
Transition failed(Job job, const base::Error& error, base::Time now);
/// Its handler stopped because it was asked to: cancelled, paused, or queued where only the server ends.
Transition stopped(Job job, base::Time now);
/// Its process has ended, or was not heard of for the time of its lease: cancelled or paused where that was asked for,
/// failed when it was tried kAttemptsMax times, else queued.
Transition interrupted(Job job, base::Time now);

// What may be asked of a job; kFailedPrecondition where its state does not allow it.

base::Result<Transition> cancelled(Job job, base::Time now);
base::Result<Transition> paused(Job job, base::Time now);
base::Result<Transition> resumed(Job job, base::Time now);

}  // namespace tradeassist::jobs
