#include "server/health_sampler.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/log.hpp"
#include "report/benchmark_report.hpp"

namespace tradeassist::server {
namespace {

constexpr std::chrono::seconds kMinute{60}, kLongTime{300};
constexpr std::int64_t kTrendRuns = 20;
// Fewer tell nothing.
constexpr std::chrono::milliseconds kWritingMin{1'000};
constexpr std::uint64_t kStatementsMin = 20, kRequestsMin = 20;
constexpr int kDeadLettersMax = 100;

/// The value, or nothing and a line in the log.
template <class T>
std::optional<T> or_log(base::Result<T> result, const char* what) {
  if (result) return std::move(*result);
  base::log(base::LogLevel::kWarning, "health could not be sampled",
            {{"of", what}, {"reason", result.error().message}});
  return std::nullopt;
}

double seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

double rate(std::int64_t count, std::chrono::nanoseconds time) { return static_cast<double>(count) / seconds(time); }

/// Forgets what lies further back than `time`, but for one. By the steady clock: the other may be set back by days.
template <class Counts>
void forget(std::deque<Counts>& history, std::chrono::steady_clock::time_point now, std::chrono::seconds time) {
  while (history.size() >= 2 && now - history[1].steady_at >= time) history.pop_front();
}

KeyCounts count_keys(const std::vector<access::ApiKey>& keys, base::Time now) {
  KeyCounts counts;
  for (const access::ApiKey& key : keys) {
    const bool is_valid = key.is_valid(now);
    ++(key.revoked_at ? counts.revoked : is_valid ? counts.valid : counts.expired);
    if (is_valid && key.expires_at && *key.expires_at < now + std::chrono::days(7)) ++counts.expire_soon;
  }
  return counts;
}

}  // namespace

HealthSampler::HealthSampler(store::MarketStore& market, Clock clock, HealthSources sources, SteadyClock steady_clock)
    : market_(market),
      clock_(std::move(clock)),
      sources_(std::move(sources)),
      steady_clock_(std::move(steady_clock)),
      first_(count()),
      history_{first_},
      long_history_{first_} {}

HealthSampler::~HealthSampler() = default;

void HealthSampler::start(std::chrono::milliseconds every) {
  every_ = every;
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
  sampling_since_ = std::chrono::steady_clock::now().time_since_epoch().count();
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
  add_sources(*sample);
  const Counts now = count();
  sample->sampled_at = now.at;
  sample->steady_at = now.steady_at;
  add_rates(now, *sample);
  sampling_since_ = 0;
  const std::lock_guard publish(mutex_);
  latest_ = std::move(sample);
}

std::shared_ptr<const HealthSample> HealthSampler::latest() const {
  const std::lock_guard lock(mutex_);
  return latest_;
}

std::chrono::steady_clock::duration HealthSampler::age() const {
  const auto sample = latest();
  return sample != nullptr ? steady_clock_() - sample->steady_at : std::chrono::steady_clock::duration::zero();
}

std::chrono::milliseconds HealthSampler::waiting() const {
  const std::int64_t since = sampling_since_;
  if (since == 0) return {};
  const std::chrono::steady_clock::duration started(since);
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch() -
                                                               started);
}

HealthSampler::Counts HealthSampler::count() const {
  const store::MarketStoreMetrics metrics = market_.metrics();
  Counts counts{clock_(),
                steady_clock_(),
                metrics.bars_stored,
                metrics.bars_stored + metrics.ticks_stored,
                market_.slow_queries().count(),
                metrics.append_time,
                market_.slow_queries().durations(),
                {},
                {}};
  if (sources_.requests) counts.requests = sources_.requests();
  counts.cpu_seconds = base::read_process_status().cpu_seconds;
  return counts;
}

void HealthSampler::add_sources(HealthSample& sample) {
  sample.process = base::read_process_status();
  sample.memory_limit_bytes = base::memory_limit_bytes();
  sample.clock = base::read_clock_status();
  if (!sources_.data_directory.empty()) sample.data_disk = or_log(base::disk_space(sources_.data_directory), "disk");
  if (sources_.queue == nullptr) return;
  sample.jobs = or_log(sources_.queue->statistics(), "jobs");
  sample.is_app_reachable = sample.jobs.has_value();
  if (!sample.jobs) return;
  jobs::JobFilter dead;
  dead.is_dead_letter = true;
  dead.limit = kDeadLettersMax;
  if (const auto page = or_log(sources_.queue->list(dead), "dead letters")) {
    const base::Time day_ago = clock_() - std::chrono::hours(24);
    sample.dead_letters_last_day = std::ranges::count_if(
        page->jobs, [&](const jobs::Job& job) { return job.finished_at && *job.finished_at > day_ago; });
  }
  if (sources_.keys == nullptr) return;
  if (const auto keys = or_log(sources_.keys->list(), "keys")) sample.keys = count_keys(*keys, clock_());
}

void HealthSampler::add_rates(const Counts& now, HealthSample& sample) {
  sample.bars_stored = market_.metrics().bars_stored;
  if (now.steady_at > first_.steady_at)
    sample.bars_per_second = rate(now.bars - first_.bars, now.steady_at - first_.steady_at);
  forget(history_, now.steady_at, kMinute);
  forget(long_history_, now.steady_at, kLongTime);
  const Counts& before = history_.front();
  const auto really = now.steady_at - before.steady_at;
  if (really >= kMinute) {
    sample.bars_per_second_last_minute = rate(now.bars - before.bars, really);
    sample.slow_queries_last_minute = now.slow_queries - before.slow_queries;
  }
  const auto wrote = now.append_time - before.append_time;
  if (wrote >= kWritingMin) sample.rows_per_writing_second = rate(now.rows - before.rows, wrote);
  const base::HistogramValues statements = now.statements.since(before.statements);
  if (statements.count() >= kStatementsMin) sample.query_p95_seconds = statements.quantile(0.95);
  if (really > std::chrono::steady_clock::duration::zero()) {
    sample.clock_jump_seconds = std::abs(seconds(now.at - before.at) - seconds(really));
    if (now.cpu_seconds && before.cpu_seconds)
      sample.cpu_share = (*now.cpu_seconds - *before.cpu_seconds) / seconds(really);
    if (sources_.requests) {
      const auto requests = now.requests.answered - before.requests.answered;
      sample.requests_per_second = rate(static_cast<std::int64_t>(requests), really);
      sample.request_p95_seconds = now.requests.seconds.since(before.requests.seconds).quantile(0.95);
    }
  }
  const Counts& long_before = long_history_.front();
  const std::uint64_t answered = now.requests.answered - long_before.requests.answered;
  if (answered >= kRequestsMin) {
    sample.error_share = static_cast<double>(now.requests.server_errors - long_before.requests.server_errors) /
                         static_cast<double>(answered);
  }
  history_.push_back(now);
  long_history_.push_back(now);
}

}  // namespace tradeassist::server
