#pragma once

#include "jobs/job_runner.hpp"
#include "server/realtime/publisher.hpp"

namespace tradeassist::server {

/// Says on the channel `jobs:ID` how a job goes on: `job_progress`, `job_state` when it stopped to go on later (paused,
/// or queued for another attempt), and `job_complete` when it has ended.
class JobMessages : public jobs::JobListener {
 public:
  explicit JobMessages(Publisher& publisher) : publisher_(publisher) {}
  void on_progress(const jobs::Job& job, double progress, std::string_view phase, std::string_view detail) override;
  void on_end(const jobs::Job& job, jobs::JobState state, std::string_view error) override;

 private:
  Publisher& publisher_;
};

}  // namespace tradeassist::server
