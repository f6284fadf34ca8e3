#include "server/job_metrics.hpp"

#include <algorithm>
#include <chrono>
#include <string>

namespace tradeassist::server {

void JobMetrics::on_end(const jobs::Job& job, jobs::JobState state, std::string_view error) {
  const auto seconds = [](base::Nanoseconds time) {
    return std::max(0.0, std::chrono::duration<double>(time).count());
  };
  const base::MetricLabels kind{{"kind", job.kind}};
  registry_
      .counter("tradeassist_jobs_ended_total",
               "Runs of jobs on this server by how they ended; queued: to be tried again, or to go on later.",
               {{"kind", job.kind}, {"state", std::string(jobs::to_string(state))}})
      .add();
  if (job.started_at) {
    registry_
        .histogram("tradeassist_job_wait_seconds", "How long jobs waited for their start.", base::long_run_bounds(),
                   kind)
        .observe(seconds(*job.started_at - job.created_at));
    registry_.histogram("tradeassist_job_run_seconds", "How long jobs ran.", base::long_run_bounds(), kind)
        .observe(seconds(base::now() - *job.started_at));
  }
  next_.on_end(job, state, error);
}

}  // namespace tradeassist::server
