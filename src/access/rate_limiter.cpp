#include "access/rate_limiter.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tradeassist::access {
namespace {

double per_second(const RateLimit& limit) {
  return static_cast<double>(limit.quota) / static_cast<double>(limit.window.count());
}

std::chrono::seconds rounded_up(double seconds) {
  return std::chrono::seconds(static_cast<std::int64_t>(std::ceil(std::max(0.0, seconds))));
}

}  // namespace

std::string_view to_string(LimitClass limit_class) {
  switch (limit_class) {
    case LimitClass::kGeneral: return "general";
    case LimitClass::kOptimisation: return "optimisation";
    case LimitClass::kData: return "data";
    case LimitClass::kExport: return "export";
  }
  return "";
}

RateLimiter::RateLimiter(const RateLimits& limits, SharedBuckets shared, Clock clock)
    : limits_(limits), shared_(std::move(shared)), clock_(std::move(clock)) {}

RateDecision RateLimiter::take(std::string_view caller, LimitClass limit_class) {
  const RateLimit rate = limit(limit_class);
  if (rate.quota <= 0) return {};
  std::string bucket(1, static_cast<char>('0' + static_cast<int>(limit_class)));
  bucket += caller;
  std::optional<BucketLevel> level;
  if (shared_) level = shared_(bucket, rate);
  if (!level) level = take_own(std::move(bucket), rate);
  RateDecision decision;
  decision.allowed = level->taken;
  decision.remaining = static_cast<std::int64_t>(level->tokens);
  const double wanted = decision.remaining > 0 ? static_cast<double>(rate.quota) : 1;
  decision.until_more = rounded_up((wanted - level->tokens) / per_second(rate));
  return decision;
}

BucketLevel RateLimiter::take_own(std::string key, const RateLimit& rate) {
  const auto quota = static_cast<double>(rate.quota);
  const auto now = clock_();
  const std::lock_guard lock(mutex_);
  if (buckets_.size() >= kBucketsMax && !buckets_.contains(key)) drop_full();
  const auto [place, is_new] = buckets_.try_emplace(std::move(key), Bucket{quota, now});
  Bucket& bucket = place->second;
  const std::chrono::duration<double> passed = now - bucket.filled_at;
  bucket.tokens = std::min(quota, bucket.tokens + passed.count() * per_second(rate));
  bucket.filled_at = now;
  const bool taken = bucket.tokens >= 1;
  if (taken) bucket.tokens -= 1;
  return {taken, bucket.tokens};
}

/// Makes room: a bucket that has filled up tells nothing; where none has, all are forgotten.
void RateLimiter::drop_full() {
  const auto now = clock_();
  const auto is_full = [&](const auto& entry) {
    const RateLimit& rate = limits_[static_cast<std::size_t>(entry.first.front() - '0')];
    const std::chrono::duration<double> passed = now - entry.second.filled_at;
    return entry.second.tokens + passed.count() * per_second(rate) >= static_cast<double>(rate.quota);
  };
  if (std::erase_if(buckets_, is_full) == 0) buckets_.clear();
}

}  // namespace tradeassist::access
