#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "jobs/job.hpp"
#include "store/database/connection_pool.hpp"

namespace tradeassist::jobs {

/// A process that does batches of running jobs.
struct Worker {
  std::string name;  // one process at a time
  std::string host, version;
  int threads = 0;
  // Set by the queue.
  base::Time started_at, seen_at;
  bool is_alive = false;                 // was seen within the time of a lease
  std::int64_t batches = 0, trials = 0;  // done since it started
};

/// A part of a running job, as a worker has it. The task is a text of the job's own making.
struct Batch {
  std::int64_t id = 0, fence = 0;
  std::string job_id, task;
};

/// A batch that no worker has any more. An empty result: no worker could do it.
struct EndedBatch {
  std::int64_t id = 0;
  std::string result;
};

struct CollectedBatches {
  std::vector<EndedBatch> ended;
  std::vector<std::int64_t> unended;  // ids of those that are open or taken
};

/// What a batch is a part of.
struct BatchJob {
  std::string kind, request;
};

struct BatchQueueOptions {
  std::string version = {};  // of the program: batches are done by workers of the same one
  /// For how long a worker is alive, and keeps its batches, without a word from it.
  std::chrono::milliseconds lease{10'000};
  std::chrono::milliseconds outage_timeout{30'000};  // as of store::ConnectionOptions
};

/// Parts of running jobs that other processes do, in the app database on PostgreSQL: durable when a call returns. A
/// batch belongs to one taking of its job (id and fence). It is void when that ends: with the job, with a pause, and
/// when another server takes the job. Each batch that is not void ends once, for whoever collects it: what a worker
/// writes that has lost it is refused. Any number of processes may have the queue open; every method may be called from
/// any thread. On a server that is lost, calls wait and repeat as long as outage_timeout, then fail with kUnavailable.
class BatchQueue {
 public:
  static constexpr std::size_t kTextBytesMax = 4 << 20;  // of a task, and of a result
  static constexpr int kTakingsMax = 3;  // so many workers are lost over a batch before its server does it itself
  static constexpr std::chrono::hours kWorkersKept{24};  // that are not seen any more
  static constexpr std::int64_t kWorkersMax = 1'000;     // of a list

  /// kUnsupported for a SQLite file; kFailedPrecondition when the app schema has another version than this program's.
  static base::Result<std::unique_ptr<BatchQueue>> open(const store::DatabaseAddress& address,
                                                        BatchQueueOptions options);

  const std::string& version() const { return options_.version; }
  std::chrono::milliseconds lease() const { return options_.lease; }

  /// All that were seen in the last kWorkersKept, the oldest first.
  base::Result<std::vector<Worker>> workers();

  // For the server that runs a job. `taken`: as JobQueue::take() gave it.

  /// The threads of each worker that is alive and of this version.
  base::Result<std::vector<int>> helping_threads();
  /// The id of a new batch. kFailedPrecondition when the taking of the job does not hold any more; kInvalidArgument for
  /// a task that is too long.
  base::Result<std::int64_t> offer(const Job& taken, std::string_view task);
  /// Those that have ended since the last call, each told once, and those that have not.
  base::Result<CollectedBatches> collect(const Job& taken);
  /// Takes back one batch that no worker has; nothing when there is none.
  base::Result<std::optional<std::int64_t>> withdraw(const Job& taken);
  /// Makes all batches of the taking void.
  base::Result<void> withdraw_all(const Job& taken);

  // For a worker.

  /// Makes it known. What ran under its name is open again, since that process has ended.
  base::Result<void> sign_on(const Worker& worker);
  /// Keeps it alive and renews the leases of its batches; id and fence of those that it still has.
  base::Result<std::vector<std::pair<std::int64_t, std::int64_t>>> renew(const Worker& worker);
  /// Its batches are open again.
  base::Result<void> sign_off(const Worker& worker);
  /// The first open batch of a job that runs and is not asked to stop, now the worker's; nothing when there is none.
  /// Jobs in `left_out` are left to others.
  base::Result<std::optional<Batch>> take(const Worker& worker, const std::vector<std::string>& left_out);
  /// kNotFound when there is no such job any more.
  base::Result<BatchJob> job(std::string_view id);
  /// Versions of the program whose batches wait for a worker, other than this one's.
  base::Result<std::vector<std::string>> other_versions();

  // The end of a batch: kFailedPrecondition when it is void, or another worker has it.

  /// `trials`: how many the worker did with it. kInvalidArgument for a result that is too long.
  base::Result<void> finish(const Worker& worker, const Batch& batch, std::string_view result, std::int64_t trials);
  /// Opens it again, for another worker.
  base::Result<void> give_back(const Batch& batch);
  /// To its server, since no worker can do it.
  base::Result<void> give_up(const Batch& batch);

 private:
  struct Session {
    explicit Session(std::unique_ptr<store::Connection> opened) : connection(std::move(opened)) {}
    std::unique_ptr<store::Connection> connection;
  };

  BatchQueue(const store::DatabaseAddress& address, const store::ConnectionOptions& connection_options,
             BatchQueueOptions options);

  /// In a transaction of its own, which is rolled back where it fails; again while the database says that this may
  /// succeed.
  template <class Work>
  auto write(Work work) {
    return pool_.use([&](Session& session) -> std::invoke_result_t<Work, store::Connection&> {
      TRY_ASSIGN(auto transaction, store::Transaction::begin(*session.connection, store::TransactionKind::kWrite));
      auto result = work(*session.connection);
      if (!result) return result;
      TRY(transaction.commit());
      return result;
    });
  }

  base::Result<void> end(const Batch& batch, const char* change);

  const BatchQueueOptions options_;
  store::ConnectionPool<Session> pool_;
};

}  // namespace tradeassist::jobs
