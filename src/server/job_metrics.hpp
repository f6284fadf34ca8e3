#pragma once

#include <string_view>

#include "base/metrics.hpp"
#include "jobs/job_runner.hpp"

namespace tradeassist::server {

/// Counts how jobs end here, and how long they waited and ran, and passes on what it hears. Kinds of jobs are few.
class JobMetrics : public jobs::JobListener {
 public:
  /// Both outlive it.
  JobMetrics(base::MetricRegistry& registry, jobs::JobListener& next) : registry_(registry), next_(next) {}

  void on_progress(const jobs::Job& job, double progress, std::string_view phase, std::string_view detail) override {
    next_.on_progress(job, progress, phase, detail);
  }
  void on_end(const jobs::Job& job, jobs::JobState state, std::string_view error) override;

 private:
  base::MetricRegistry& registry_;
  jobs::JobListener& next_;
};

}  // namespace tradeassist::server
