#include "jobs/job_runner.hpp"

#include <exception>
#include <utility>

#include "base/log.hpp"

namespace tradeassist::jobs {
namespace {

constexpr std::chrono::milliseconds kReportEvery{200};
constexpr std::chrono::milliseconds kLookEvery{1'000};
constexpr std::chrono::milliseconds kLookAgain{50};  // while a job that is queued may not start yet

void log_failure(const Job& job, const base::Error& error) {
  base::log(base::LogLevel::kError, "job queue failed", {{"job", job.id}, {"reason", error.message}});
}

}  // namespace

void JobContext::report(double progress, std::string_view phase, std::string_view detail) {
  const auto now = std::chrono::steady_clock::now();
  if (now - last_report_ < kReportEvery && phase == last_phase_) return;
  last_report_ = now;
  last_phase_ = phase;
  if (const auto written = queue_.report(job_.id, progress, phase, detail); !written)
    log_failure(job_, written.error());
  if (listener_ != nullptr) listener_->on_progress(job_, progress, phase, detail);
}

JobRunner::JobRunner(JobQueue& queue, std::map<std::string, JobHandler> handlers, int workers, JobListener* listener,
                     MayStart may_start)
    : queue_(queue), handlers_(std::move(handlers)), listener_(listener), may_start_(std::move(may_start)) {
  for (int i = 0; i < workers; ++i) workers_.emplace_back([this](const std::stop_token& stop) { work(stop); });
}

JobRunner::~JobRunner() { stop(); }

void JobRunner::wake() { changed_.notify_all(); }

void JobRunner::cancel(const std::string& id) {
  const std::lock_guard lock(mutex_);
  if (const auto found = running_.find(id); found != running_.end()) found->second.request_stop();
}

void JobRunner::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (auto& [id, source] : running_) source.request_stop();
  }
  for (std::jthread& worker : workers_) worker.request_stop();
  changed_.notify_all();
  workers_.clear();
}

void JobRunner::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::int64_t passed_over = 0;
    auto job = queue_.take(may_start_, &passed_over);
    if (job && *job) {
      run(**job);
      continue;
    }
    if (!job) base::log(base::LogLevel::kError, "job queue failed", {{"reason", job.error().message}});
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, passed_over > 0 ? kLookAgain : kLookEvery, [&] { return stopping_; });
  }
}

void JobRunner::run(const Job& job) {
  std::stop_source source;
  {
    const std::lock_guard lock(mutex_);
    running_[job.id] = source;
    if (stopping_) source.request_stop();
  }
  base::Result<std::string> result =
      base::failure(base::ErrorCode::kUnsupported, "this program has no handler for jobs of kind " + job.kind);
  if (const auto handler = handlers_.find(job.kind); handler != handlers_.end()) {
    JobContext context(queue_, job, source.get_token(), listener_);
    try {
      result = handler->second(context);
    } catch (const std::exception& exception) { result = base::failure(base::ErrorCode::kInternal, exception.what()); }
  }
  bool stopping = false;
  {
    const std::lock_guard lock(mutex_);
    running_.erase(job.id);
    stopping = stopping_;
  }
  const bool was_cancelled = queue_.is_cancel_requested(job.id).value_or(false);
  const bool has_stopped = !result && result.error().code == base::ErrorCode::kCancelled;
  const JobState state = result                         ? JobState::kCompleted
                         : has_stopped && was_cancelled ? JobState::kCancelled
                         : has_stopped && stopping      ? JobState::kQueued
                                                        : JobState::kFailed;
  const std::string error = state == JobState::kFailed ? result.error().message : "";
  const base::Result<void> ended =
      state == JobState::kQueued ? queue_.put_back(job.id) : queue_.finish(job.id, state, result.value_or(""), error);
  if (!ended) log_failure(job, ended.error());
  if (ended && listener_ != nullptr) listener_->on_end(job, state, error);
}

}  // namespace tradeassist::jobs
