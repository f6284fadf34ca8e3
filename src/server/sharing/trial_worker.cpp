#include "server/sharing/trial_worker.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <thread>

#include "base/log.hpp"
#include "base/pause.hpp"
#include "base/periodic_task.hpp"

namespace tradeassist::server {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLanes = 2;  // batches at a time: while one is fetched or sent, or has fewer trials than threads left
constexpr std::chrono::milliseconds kRenewEvery{1'000};
constexpr std::chrono::milliseconds kLookEvery{250};
constexpr std::chrono::milliseconds kLookAgain{20};  // soon after there was something to do
constexpr std::chrono::seconds kSoon{2};
constexpr std::chrono::milliseconds kAfterFailure{1'000};
constexpr std::size_t kJobsKept = 16;
constexpr std::size_t kLeftOutMax = 1'000;

void log_failure(const char* what, const base::Error& error) {
  base::log(base::LogLevel::kWarning, what, {{"reason", error.message}});
}

}  // namespace

TrialWorker::TrialWorker(jobs::BatchQueue& queue, BatchEvaluator& evaluator, jobs::Worker identity)
    : queue_(queue), evaluator_(evaluator), identity_(std::move(identity)) {}

base::Result<void> TrialWorker::sign_on() { return queue_.sign_on(identity_); }

void TrialWorker::run(const std::stop_token& stop) {
  base::log(base::LogLevel::kInfo, "worker begins", {{"worker", identity_.name}});
  {
    const base::PeriodicTask renewals(kRenewEvery, [this](const std::stop_token&) { renew(); });
    std::vector<std::jthread> lanes;
    for (int i = 0; i < kLanes; ++i) lanes.emplace_back([&] { work(stop); });
  }
  if (const auto signed_off = queue_.sign_off(identity_); !signed_off)
    log_failure("the worker was not signed off", signed_off.error());
  base::log(base::LogLevel::kInfo, "worker ends", {{"worker", identity_.name}});
}

void TrialWorker::work(const std::stop_token& stop) {
  Clock::time_point last_batch{};
  while (!stop.stop_requested()) {
    std::vector<std::string> left_out;
    {
      const std::lock_guard lock(mutex_);
      left_out = left_out_;
    }
    const auto batch = queue_.take(identity_, left_out);
    if (!batch) {
      log_failure("no batch was taken", batch.error());
      base::pause(stop, kAfterFailure);
    } else if (*batch) {
      do_batch(**batch, stop);
      last_batch = Clock::now();
    } else {
      base::pause(stop, Clock::now() - last_batch < kSoon ? kLookAgain : kLookEvery);
    }
  }
}

void TrialWorker::do_batch(const jobs::Batch& batch, const std::stop_token& stop) {
  std::stop_source own;
  const std::stop_callback pass_on(stop, [&] { own.request_stop(); });
  const BatchKey key(batch.id, batch.fence);
  {
    const std::lock_guard lock(mutex_);
    in_work_.emplace(key, own);
  }
  const auto trials = evaluate(batch, own.get_token());
  {
    const std::lock_guard lock(mutex_);
    in_work_.erase(key);
  }
  base::Result<void> ended;
  if (trials) {
    ended = queue_.finish(identity_, batch, trials_text(*trials), static_cast<std::int64_t>(trials->size()));
  } else {
    switch (trials.error().code) {
      case base::ErrorCode::kFailedPrecondition:
        leave_out(batch.job_id, trials.error().message);
        ended = queue_.give_up(batch);
        break;
      case base::ErrorCode::kCancelled: ended = queue_.give_back(batch); break;
      case base::ErrorCode::kUnavailable:
        log_failure("a batch was given back", trials.error());
        ended = queue_.give_back(batch);
        base::pause(stop, kAfterFailure);
        break;
      default:
        base::log(base::LogLevel::kWarning, "a batch failed, its server does it itself",
                  {{"job", batch.job_id}, {"reason", trials.error().message}});
        ended = queue_.give_up(batch);
    }
  }
  // Void by now, as those of a cancelled job are: nobody waits for it.
  if (!ended && ended.error().code != base::ErrorCode::kFailedPrecondition)
    log_failure("the end of a batch was not written", ended.error());
}

base::Result<std::vector<optimize::Trial>> TrialWorker::evaluate(const jobs::Batch& batch,
                                                                 const std::stop_token& stop) {
  jobs::BatchJob job;
  bool is_known = false;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = jobs_.find(batch.job_id); found != jobs_.end()) {
      job = found->second;
      is_known = true;
    }
  }
  if (!is_known) {
    TRY_ASSIGN(job, queue_.job(batch.job_id));
    const std::lock_guard lock(mutex_);
    if (jobs_.size() >= kJobsKept) jobs_.clear();
    jobs_.emplace(batch.job_id, job);
  }
  TRY_ASSIGN(const TrialBatch task, read_batch(batch.task));
  try {
    return evaluator_.evaluate(job, task, stop);
  } catch (const std::exception& exception) { return base::failure(base::ErrorCode::kInternal, exception.what()); }
}

void TrialWorker::leave_out(const std::string& job_id, const std::string& why) {
  const std::lock_guard lock(mutex_);
  if (std::ranges::find(left_out_, job_id) != left_out_.end()) return;
  if (left_out_.size() >= kLeftOutMax) left_out_.erase(left_out_.begin());
  left_out_.push_back(job_id);
  base::log(base::LogLevel::kWarning, "a job is left to others", {{"job", job_id}, {"reason", why}});
}

/// Keeps the leases, and stops what is void.
void TrialWorker::renew() {
  std::map<BatchKey, std::stop_source> in_work;  // what is taken while the queue answers is not in its answer
  {
    const std::lock_guard lock(mutex_);
    in_work = in_work_;
  }
  const auto held = queue_.renew(identity_);
  if (!held) return log_failure("leases were not renewed", held.error());
  for (auto& [key, stop] : in_work) {
    if (std::ranges::find(*held, key) == held->end()) stop.request_stop();
  }
  tell_of_other_versions();
}

void TrialWorker::tell_of_other_versions() {
  const auto versions = queue_.other_versions();
  if (!versions) return;
  for (const std::string& version : *versions) {
    if (std::ranges::find(told_versions_, version) != told_versions_.end()) continue;
    told_versions_.push_back(version);
    base::log(base::LogLevel::kWarning, "batches of another version of the program wait, and are left to others",
              {{"version", version}, {"own", queue_.version()}});
  }
}

}  // namespace tradeassist::server
