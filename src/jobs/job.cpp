#include "jobs/job.hpp"

#include <algorithm>
#include <array>

namespace tradeassist::jobs {
namespace {

constexpr std::array kStates = {JobState::kQueued,    JobState::kRunning, JobState::kPaused,
                                JobState::kCompleted, JobState::kFailed,  JobState::kCancelled};

/// FNV-1a, 64 bits: the same everywhere, unlike std::hash.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 14'695'981'039'346'656'037u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211u;
  return hash;
}

}  // namespace

std::string_view to_string(JobState state) {
  switch (state) {
    case JobState::kQueued: return "queued";
    case JobState::kRunning: return "running";
    case JobState::kPaused: return "paused";
    case JobState::kCompleted: return "completed";
    case JobState::kFailed: return "failed";
    case JobState::kCancelled: return "cancelled";
  }
  return "failed";
}

base::Result<JobState> parse_job_state(std::string_view text) {
  for (const JobState state : kStates) {
    if (to_string(state) == text) return state;
  }
  return base::failure(
      base::ErrorCode::kInvalidArgument,
      "'" + std::string(text.substr(0, 40)) + "' is not one of queued, running, paused, completed, failed, cancelled");
}

bool has_ended(JobState state) {
  return state == JobState::kCompleted || state == JobState::kFailed || state == JobState::kCancelled;
}

std::string_view to_string(JobLogLevel level) {
  switch (level) {
    case JobLogLevel::kInfo: return "info";
    case JobLogLevel::kWarning: return "warning";
    case JobLogLevel::kError: return "error";
  }
  return "info";
}

std::chrono::milliseconds retry_delay(std::string_view id, int attempts) {
  const std::chrono::milliseconds delay{10'000ll << std::clamp(attempts - 1, 0, 10)};
  constexpr int kSteps = 1'000;
  return delay + delay / 4 * static_cast<std::int64_t>(hash_of(id) % kSteps) / kSteps;
}

}  // namespace tradeassist::jobs
