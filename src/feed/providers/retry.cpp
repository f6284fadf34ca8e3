#include "feed/providers/retry.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tradeassist::feed {
namespace {

using base::ErrorCode;

base::Error cancelled() { return {ErrorCode::kCancelled, "stopped on request"}; }

double seconds(base::Nanoseconds duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

base::Nanoseconds Backoff::delay(int failures) {
  base::Nanoseconds bound = policy_.first_delay;
  for (int i = 1; i < failures && bound < policy_.delay_max; ++i) bound *= 2;
  bound = std::min(bound, policy_.delay_max);
  const std::lock_guard lock(mutex_);
  // Not std::uniform_int_distribution, whose draws differ between libraries.
  return base::Nanoseconds(static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(bound.count() + 1)));
}

SourceGuard::SourceGuard(Clock& clock, const SourceLimits& limits)
    : clock_(clock),
      limits_(limits),
      bucket_(clock, limits.requests_per_minute, limits.burst),
      breaker_(clock, limits.failures_max, limits.pause),
      backoff_(limits.retry) {}

base::Result<void> SourceGuard::pass_breaker(const std::stop_token& stop, const WaitHook& waits) {
  while (const auto pause = breaker_.ask()) {
    if (waits) waits("the source keeps failing", *pause);
    if (!clock_.sleep(*pause, stop)) return std::unexpected(cancelled());
  }
  return {};
}

base::Result<void> SourceGuard::run(const std::function<base::Result<void>(Attempt&)>& call,
                                    const std::stop_token& stop, const WaitHook& waits) {
  for (int failures = 1;; ++failures) {
    if (stop.stop_requested()) return std::unexpected(cancelled());
    TRY(pass_breaker(stop, waits));
    if (auto taken = bucket_.take(stop); !taken) {
      breaker_.abandoned();
      return taken;
    }
    Attempt attempt{stop, {}};
    auto done = call(attempt);
    ++attempts_;
    if (!done && done.error().code != ErrorCode::kCancelled) ++failures_;
    if (done) {
      breaker_.succeeded();
      return done;
    }
    if (done.error().code != ErrorCode::kUnavailable) {
      // A refusal, too, is an answer, but being stopped tells nothing of the source.
      if (done.error().code == ErrorCode::kCancelled) {
        breaker_.abandoned();
      } else {
        breaker_.succeeded();
      }
      return done;
    }
    breaker_.failed();
    if (failures >= limits_.retry.attempts_max) {
      done.error().message += fmt::format(" (tried {} times)", failures);
      return done;
    }
    base::Nanoseconds pause = backoff_.delay(failures);
    if (attempt.retry_after) {
      if (*attempt.retry_after > limits_.retry.retry_after_max) {
        done.error().message +=
            fmt::format("; it asks for a pause of {:.0f} s, try again then", seconds(*attempt.retry_after));
        return done;
      }
      pause = std::max(pause, *attempt.retry_after);
    }
    if (waits) waits(done.error().message, pause);
    if (!clock_.sleep(pause, stop)) return std::unexpected(cancelled());
  }
}

}  // namespace tradeassist::feed
