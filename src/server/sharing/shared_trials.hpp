#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "jobs/batch_queue.hpp"
#include "optimize/trial_helpers.hpp"
#include "server/sharing/trial_batch.hpp"

namespace tradeassist::server {

/// Trials of one stretch of bars as batches for the workers of a database. When the queue fails, or no worker lives,
/// the trials come back. What is still out when this ends is void.
class SharedTrials final : public optimize::TrialHelpers {
 public:
  /// A batch is as much as a worker does in this time.
  static constexpr double kBatchSeconds = 0.5;
  static constexpr std::size_t kBatchTrialsMax = 512;
  static constexpr std::size_t kBatchCellsMax = 32'768;  // numbers of all its trials
  static constexpr std::size_t kBatchesAWorker = 2;      // one that it works on, and one more

  /// `queue` outlives this. `taken`: as JobQueue::take() gave the job. `identify` is called once trials are handed out.
  SharedTrials(jobs::BatchQueue& queue, const jobs::Job& taken, std::function<SearchIdentity()> identify,
               backtest::BarRange bars);
  SharedTrials(const SharedTrials&) = delete;
  SharedTrials& operator=(const SharedTrials&) = delete;
  ~SharedTrials() override;

  std::size_t room(double seconds) override;
  void hand_out(std::vector<optimize::Trial> trials, const optimize::Trial& known) override;
  Returned collect() override;
  std::vector<optimize::Trial> take_back() override;

 private:
  using Clock = std::chrono::steady_clock;

  void look_for_workers();
  void move_back(std::int64_t id, std::vector<optimize::Trial>& to);

  jobs::BatchQueue& queue_;
  const jobs::Job taken_;
  const std::function<SearchIdentity()> identify_;
  const backtest::BarRange bars_;
  std::map<std::int64_t, std::vector<optimize::Trial>> out_;  // by batch
  std::vector<optimize::Trial> refused_;                      // by the queue; come back with the next collect()
  std::vector<int> threads_;                                  // of each worker that lives
  Clock::time_point looked_at_{};                             // for workers, last
  Clock::time_point heard_at_{};                              // of the queue, last
  std::size_t batch_trials_ = 1;
};

/// For SearchRequest::helpers of a search that a job makes; its loops run one after the other. `queue` outlives it.
optimize::MakeHelpers share_with_workers(jobs::BatchQueue& queue, const jobs::Job& taken,
                                         const optimize::SearchRequest& request, std::size_t entrant = 0);

}  // namespace tradeassist::server
