#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "jobs/batch_queue.hpp"
#include "pine/catalogue.hpp"
#include "server/sharing/trial_batch.hpp"
#include "store/cache/series_cache.hpp"

namespace tradeassist::server {

/// Evaluates batches of trials with the bars and scripts of this machine. Keeps what it prepared for the last searches,
/// so that the next batch of one costs its trials only. Every method may be called from any thread.
class BatchEvaluator {
 public:
  static constexpr std::size_t kSearchesKept = 2;
  static constexpr std::size_t kStretchesKept = 1;  // of bars, of one search; columns on them take up to half a GiB

  /// Both outlive this. `threads`: for one batch; 0: one a core.
  BatchEvaluator(store::SeriesCache& cache, const pine::Catalogue& catalogue, int threads);
  ~BatchEvaluator();

  /// The evaluated trials. kFailedPrecondition: this machine has other bars or another script, or found other figures
  /// for the known trial (says which): no batch of the job can be done here. kCancelled when stopped; kUnavailable when
  /// the database is away. What else fails would fail everywhere.
  base::Result<std::vector<optimize::Trial>> evaluate(const jobs::BatchJob& job, const TrialBatch& batch,
                                                      const std::stop_token& stop);

 private:
  struct Search;

  base::Result<std::shared_ptr<Search>> find_search(const jobs::BatchJob& job, const SearchIdentity& identity);
  base::Result<std::shared_ptr<Search>> prepare(const jobs::BatchJob& job, const SearchIdentity& identity) const;

  store::SeriesCache& cache_;
  const pine::Catalogue& catalogue_;
  const int threads_;
  std::mutex mutex_;                              // guards the rest
  std::deque<std::shared_ptr<Search>> searches_;  // the last one used first
};

}  // namespace tradeassist::server
