#include "jobs/job_transition.hpp"

#include <utility>

namespace tradeassist::jobs {
namespace {

/// Failures of the world around a job, which another attempt may not meet.
bool may_pass(base::ErrorCode code) {
  return code == base::ErrorCode::kUnavailable || code == base::ErrorCode::kResourceExhausted;
}

/// "resumed from its last checkpoint after a pause".
std::string goes_on_after(const Job& job, std::string_view what) {
  return (job.has_checkpoint ? "resumed from its last checkpoint after " : "restarted from the beginning after ") +
         std::string(what);
}

Transition end(Job job, JobState state, base::Time now, std::string line, JobLogLevel level = JobLogLevel::kInfo) {
  job.state = state;
  job.finished_at = now;
  job.pause_requested = false;
  return {std::move(job), std::move(line), level};
}

Transition pause(Job job) {
  job.state = JobState::kPaused;
  job.pause_requested = false;
  return {std::move(job), "paused"};
}

base::Error not_allowed(const Job& job, const char* what) {
  return {base::ErrorCode::kFailedPrecondition,
          "the job is " + std::string(to_string(job.state)) + " and cannot be " + what};
}

}  // namespace

Transition completed(Job job, base::Time now) {
  job.progress = 1;
  return end(std::move(job), JobState::kCompleted, now, "completed");
}

Transition failed(Job job, const base::Error& error, base::Time now) {
  if (job.cancel_requested) return end(std::move(job), JobState::kCancelled, now, "cancelled");
  if (!may_pass(error.code) || job.attempts >= kAttemptsMax) {
    job.error = error.message;
    job.is_dead_letter = may_pass(error.code);
    std::string line = job.is_dead_letter ? "failed for good: " : "failed: ";
    return end(std::move(job), JobState::kFailed, now, line + error.message, JobLogLevel::kError);
  }
  const auto delay = retry_delay(job.id, job.attempts);
  job.not_before = now + delay;
  job.note = "attempt " + std::to_string(job.attempts) + " of " + std::to_string(kAttemptsMax) +
             " failed and is repeated: " + error.message;
  std::string line = "attempt " + std::to_string(job.attempts) + " failed, the next is in " +
                     std::to_string(std::chrono::duration_cast<std::chrono::seconds>(delay).count()) +
                     " s: " + error.message;
  if (job.pause_requested) return pause(std::move(job));
  job.state = JobState::kQueued;
  return {std::move(job), std::move(line), JobLogLevel::kWarning};
}

Transition stopped(Job job, base::Time now) {
  if (job.cancel_requested) return end(std::move(job), JobState::kCancelled, now, "cancelled");
  --job.attempts;
  if (job.pause_requested) return pause(std::move(job));
  job.state = JobState::kQueued;
  job.note = goes_on_after(job, "a restart of the server");
  return {std::move(job), "put back, to go on later"};
}

Transition interrupted(Job job, base::Time now) {
  if (job.cancel_requested) return end(std::move(job), JobState::kCancelled, now, "cancelled");
  if (job.attempts >= kAttemptsMax) {
    job.error = "the server ended " + std::to_string(job.attempts) + " times while it ran";
    job.is_dead_letter = true;
    std::string line = "failed for good: " + job.error;
    return end(std::move(job), JobState::kFailed, now, std::move(line), JobLogLevel::kError);
  }
  if (job.pause_requested) return pause(std::move(job));
  job.state = JobState::kQueued;
  job.note = goes_on_after(job, "a restart of the server");
  std::string line = "taken from " + (job.lease_owner.empty() ? "a server" : job.lease_owner) +
                     ", which ended or was not heard of";
  return {std::move(job), std::move(line), JobLogLevel::kWarning};
}

base::Result<Transition> cancelled(Job job, base::Time now) {
  if (has_ended(job.state)) return std::unexpected(not_allowed(job, "cancelled"));
  const bool is_running = job.state == JobState::kRunning;
  job.cancel_requested = true;
  if (is_running) return Transition{std::move(job), "cancellation requested"};
  return end(std::move(job), JobState::kCancelled, now, "cancelled");
}

base::Result<Transition> paused(Job job, base::Time) {
  if (has_ended(job.state)) return std::unexpected(not_allowed(job, "paused"));
  if (job.cancel_requested) {
    return base::failure(base::ErrorCode::kFailedPrecondition, "the job is being cancelled and cannot be paused");
  }
  if (job.state != JobState::kRunning) return pause(std::move(job));
  job.pause_requested = true;
  return Transition{std::move(job), "pause requested"};
}

base::Result<Transition> resumed(Job job, base::Time) {
  if (job.state == JobState::kRunning && job.pause_requested) {
    job.pause_requested = false;
    return Transition{std::move(job), "the pause was taken back"};
  }
  if (job.state != JobState::kPaused) return std::unexpected(not_allowed(job, "resumed; only a paused one can"));
  job.state = JobState::kQueued;
  if (job.started_at) job.note = goes_on_after(job, "a pause");
  return Transition{std::move(job), "resumed"};
}

}  // namespace tradeassist::jobs
