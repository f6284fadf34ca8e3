#include "server/health_sampler.hpp"

#include <utility>

#include "base/log.hpp"
#include "report/benchmark_report.hpp"

namespace tradeassist::server {
namespace {

constexpr std::chrono::seconds kMinute{60};
constexpr std::int64_t kTrendRuns = 20;

/// The value, or nothing and a line in the log.
template <class T>
std::optional<T> or_log(base::Result<T> result, const char* what) {
  if (result) return std::move(*result);
  base::log(base::LogLevel::kWarning, "health could not be sampled",
            {{"of", what}, {"reason", result.error().message}});
  return std::nullopt;
}

double rate(std::int64_t count, base::Nanoseconds time) {
  return static_cast<double>(count) / std::chrono::duration<double>(time).count();
}

}  // namespace

HealthSampler::HealthSampler(store::MarketStore& market, Clock clock)
    : market_(market), clock_(std::move(clock)), first_(count()), history_{first_} {}

HealthSampler::~HealthSampler() = default;

void HealthSampler::start(std::chrono::milliseconds every) {
  sample();
  thread_ = std::jthread([this, every](const std::stop_token& stop) {
    std::unique_lock lock(pause_);
    while (!woken_.wait_for(lock, stop, every, [&] { return stop.stop_requested(); })) {
      if (stop.stop_requested()) return;
      sample();
    }
  });
}

void HealthSampler::sample() {
  const std::lock_guard lock(sampling_);
  auto sample = std::make_shared<HealthSample>();
  sample->database = or_log(market_.database_status(), "database");
  sample->is_reachable = sample->database.has_value();
  // One that does not answer is not asked three times more.
  if (sample->is_reachable) {
    sample->partitions = or_log(market_.list_partitions(), "partitions");
    auto runs = or_log(market_.list_benchmark_runs(kTrendRuns), "benchmark");
    auto baseline = or_log(market_.benchmark_baseline(), "baseline");
    if (runs && baseline) sample->benchmark = report::benchmark_json(*runs, *baseline);
  }
  const Counts now = count();
  sample->sampled_at = now.at;
  add_rates(now, *sample);
  const std::lock_guard publish(mutex_);
  latest_ = std::move(sample);
}

std::shared_ptr<const HealthSample> HealthSampler::latest() const {
  const std::lock_guard lock(mutex_);
  return latest_;
}

HealthSampler::Counts HealthSampler::count() const {
  return {clock_(), market_.metrics().bars_stored, market_.slow_queries().count()};
}

void HealthSampler::add_rates(const Counts& now, HealthSample& sample) {
  sample.bars_stored = now.bars;
  if (now.at > first_.at) sample.bars_per_second = rate(now.bars - first_.bars, now.at - first_.at);
  while (history_.size() >= 2 && now.at - history_[1].at >= kMinute) history_.pop_front();
  const Counts& before = history_.front();
  if (now.at - before.at >= kMinute) {
    sample.bars_per_second_last_minute = rate(now.bars - before.bars, now.at - before.at);
    sample.slow_queries_last_minute = now.slow_queries - before.slow_queries;
  }
  history_.push_back(now);
}

}  // namespace tradeassist::server
