#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "jobs/batch_queue.hpp"
#include "server/sharing/batch_evaluator.hpp"

namespace tradeassist::server {

/// Does batches of trials for the servers of a database, until it is stopped.
class TrialWorker {
 public:
  /// Both outlive this.
  TrialWorker(jobs::BatchQueue& queue, BatchEvaluator& evaluator, jobs::Worker identity);

  /// Makes it known; before run().
  base::Result<void> sign_on();
  /// Returns when stopped: what it has in work is given back. A database that is away is waited for all the while.
  void run(const std::stop_token& stop);

 private:
  using BatchKey = std::pair<std::int64_t, std::int64_t>;  // id and fence

  void work(const std::stop_token& stop);
  void do_batch(const jobs::Batch& batch, const std::stop_token& stop);
  base::Result<std::vector<optimize::Trial>> evaluate(const jobs::Batch& batch, const std::stop_token& stop);
  void leave_out(const std::string& job_id, const std::string& why);
  void renew();
  void tell_of_other_versions();

  jobs::BatchQueue& queue_;
  BatchEvaluator& evaluator_;
  const jobs::Worker identity_;
  std::vector<std::string> told_versions_;  // of the renewals' thread alone
  std::mutex mutex_;                        // guards the rest
  std::map<BatchKey, std::stop_source> in_work_;
  std::map<std::string, jobs::BatchJob> jobs_;  // by id, of the last few
  std::vector<std::string> left_out_;           // jobs that are left to others
};

}  // namespace tradeassist::server
