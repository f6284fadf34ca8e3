#include "jobs/job_runner.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/hidden_text.hpp"
#include "base/log.hpp"
#include "base/log_context.hpp"
#include "base/thread_priority.hpp"

namespace tradeassist::jobs {
namespace {

constexpr std::chrono::milliseconds kReportEvery{200};
constexpr std::chrono::milliseconds kLookEvery{1'000};
constexpr std::chrono::milliseconds kLookAgain{50};  // while a job that is queued may not start yet
constexpr std::chrono::milliseconds kWatchEvery{1'000};
constexpr int kRenewalsPerLease = 3;
constexpr int kStepsBehindRequests = 5;  // a search takes what others leave
constexpr int kStoreTriesMax = 5;        // of a job's end, where the database is busy

void log_failure(const Job& job, const base::Error& error) {
  base::log(base::LogLevel::kError, "job queue failed", {{"job", job.id}, {"reason", error.message}});
}

}  // namespace

void JobContext::report(double progress, std::string_view phase, std::string_view detail) {
  const auto now = std::chrono::steady_clock::now();
  if (now - last_report_ < kReportEvery && phase == last_phase_) return;
  last_report_ = now;
  last_phase_ = phase;
  if (const auto written = queue_.report(job_, progress, phase, detail); !written) log_failure(job_, written.error());
  if (listener_ != nullptr) listener_->on_progress(job_, progress, phase, detail);
}

JobRunner::JobRunner(JobQueue& queue, std::map<std::string, JobHandler> handlers, int workers, JobListener* listener,
                     MayStart may_start)
    : queue_(queue), handlers_(std::move(handlers)), listener_(listener), may_start_(std::move(may_start)) {
  for (int i = 0; i < workers; ++i) workers_.emplace_back([this](const std::stop_token& stop) { work(stop); });
  watcher_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
}

JobRunner::~JobRunner() { stop(); }

void JobRunner::wake() {
  {
    const std::lock_guard lock(mutex_);
    ++wakes_;
  }
  changed_.notify_all();
}

void JobRunner::interrupt(const std::string& id) {
  const std::lock_guard lock(mutex_);
  for (auto& [key, run] : running_) {
    if (key.first == id) run.stop.request_stop();
  }
}

void JobRunner::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (auto& [key, run] : running_) run.stop.request_stop();
  }
  for (std::jthread& worker : workers_) worker.request_stop();
  changed_.notify_all();
  workers_.clear();
  // Last: handlers that take their time keep their leases.
  watcher_ = {};
}

void JobRunner::work(const std::stop_token& stop) {
  base::give_way(kStepsBehindRequests);
  while (!stop.stop_requested()) {
    std::uint64_t woken = 0;  // before the look: what is submitted during it is looked for again
    {
      const std::lock_guard lock(mutex_);
      woken = wakes_;
    }
    std::int64_t passed_over = 0;
    auto job = queue_.take(may_start_, &passed_over);
    if (job && *job) {
      run(**job);
      continue;
    }
    if (!job) base::log(base::LogLevel::kError, "job queue failed", {{"reason", job.error().message}});
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, passed_over > 0 ? kLookAgain : kLookEvery,
                      [&] { return stopping_ || wakes_ != woken; });
  }
}

void JobRunner::run(const Job& job) {
  const RunKey key(job.id, job.fence);
  std::stop_source stop;
  {
    const std::lock_guard lock(mutex_);
    running_[key] = {job, stop};
    if (stopping_) stop.request_stop();
  }
  base::LogContext context;
  context.job_id = job.id;
  const base::LogScope scope(std::move(context));
  const base::Result<std::string> result = call_handler(job, stop.get_token());
  const auto ended = store_end(job, result, stop.stop_requested());
  {
    const std::lock_guard lock(mutex_);
    running_.erase(key);
  }
  if (!ended && ended.error().code == base::ErrorCode::kFailedPrecondition) {
    return base::log(base::LogLevel::kWarning, "another server has this job now", {{"job", job.id}});
  }
  if (!ended) return log_failure(job, ended.error());
  if (*ended == JobState::kFailed) {
    base::log(base::LogLevel::kError, "job failed",
              {{"where", "job " + job.kind},
               {"attempt", std::to_string(job.attempts)},
               {"reason", result ? "" : result.error().message}});
  }
  if (listener_ != nullptr) listener_->on_end(job, *ended, *ended == JobState::kFailed ? result.error().message : "");
}

base::Result<std::string> JobRunner::call_handler(const Job& job, const std::stop_token& stop) {
  const auto handler = handlers_.find(job.kind);
  if (handler == handlers_.end()) {
    return base::failure(base::ErrorCode::kUnsupported, "this program has no handler for jobs of kind " + job.kind);
  }
  JobContext context(queue_, job, stop, listener_);
  try {
    return handler->second(context);
  } catch (const std::exception& exception) { return base::failure(base::ErrorCode::kInternal, exception.what()); }
}

/// `was_stopped`: the handler was asked to.
base::Result<JobState> JobRunner::store_end(const Job& job, const base::Result<std::string>& result, bool was_stopped) {
  const auto once = [&]() -> base::Result<JobState> {
    if (result) {
      TRY(queue_.complete(job, *result));
      return JobState::kCompleted;
    }
    if (was_stopped && result.error().code == base::ErrorCode::kCancelled) return queue_.stopped(job);
    base::Error error = result.error();
    error.message = base::without_secrets(std::move(error.message));
    return queue_.fail(job, error);
  };
  auto stored = once();
  for (int tries = 1; tries < kStoreTriesMax; ++tries) {
    if (stored || stored.error().code != base::ErrorCode::kUnavailable) break;
    stored = once();
  }
  return stored;
}

void JobRunner::watch(const std::stop_token& stop) {
  const auto renew_every = queue_.lease() / kRenewalsPerLease;
  auto renewed_at = std::chrono::steady_clock::now();
  while (true) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, stop, std::min(renew_every, kWatchEvery), [] { return false; });
      if (stop.stop_requested()) return;
      if (running_.empty()) continue;
    }
    pass_on_requests();
    if (std::chrono::steady_clock::now() - renewed_at < renew_every) continue;
    renewed_at = std::chrono::steady_clock::now();
    renew_leases();
  }
}

/// Stops the handlers of jobs that are to end or to pause, and of those that another has now.
void JobRunner::pass_on_requests() {
  std::vector<RunKey> runs;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, run] : running_) runs.push_back(key);
  }
  const auto running = queue_.running();
  if (!running) return;  // the database is away; what is to be asked is still there when it is back
  for (const RunKey& key : runs) {
    const auto found = std::ranges::find_if(
        *running, [&](const RunningJob& each) { return each.id == key.first && each.fence == key.second; });
    if (found != running->end() && !found->cancel_requested && !found->pause_requested) continue;
    const std::lock_guard lock(mutex_);
    if (const auto run = running_.find(key); run != running_.end()) run->second.stop.request_stop();
  }
}

void JobRunner::renew_leases() {
  std::vector<Job> jobs;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, run] : running_) jobs.push_back(run.job);
  }
  for (const Job& job : jobs) {
    const auto renewed = queue_.renew(job);
    if (!renewed && renewed.error().code != base::ErrorCode::kFailedPrecondition) log_failure(job, renewed.error());
  }
}

}  // namespace tradeassist::jobs
