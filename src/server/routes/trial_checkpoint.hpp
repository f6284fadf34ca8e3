#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "jobs/job_runner.hpp"
#include "optimize/trial_loop.hpp"

namespace tradeassist::server {

/// The trials of a search as the checkpoint of its job: after a restart they are not made again. Not thread-safe.
class TrialCheckpoint {
 public:
  static constexpr std::size_t kTrialsMax = 50'000;  // a search with more keeps only the first so many

  /// `fingerprint` tells the bars of the search: what was kept of others is of no use.
  TrialCheckpoint(jobs::JobContext& context, std::string fingerprint);

  /// What an earlier run of the job kept.
  std::vector<optimize::Trial> take_kept() { return std::move(kept_); }

  /// Trials as they complete; written every two seconds, and when the job is to stop. A failure to write is logged.
  void add(const std::vector<optimize::Trial>& trials);

 private:
  void append(const std::vector<optimize::Trial>& trials);

  jobs::JobContext& context_;
  std::string fingerprint_;
  std::vector<optimize::Trial> kept_;
  std::string rows_;  // JSON, joined as they come
  std::size_t count_ = 0;
  std::chrono::steady_clock::time_point written_at_ = std::chrono::steady_clock::now();
};

}  // namespace tradeassist::server
