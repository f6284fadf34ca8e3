#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tradeassist::access {

/// What a request counts as: each class has a limit of its own.
enum class LimitClass : std::uint8_t { kGeneral, kOptimisation, kData, kExport };
constexpr std::size_t kLimitClasses = 4;
std::string_view to_string(LimitClass limit_class);  // "general"

/// So many requests in so long, at most: a bucket of `quota` tokens that fills up evenly. No quota: no limit.
struct RateLimit {
  std::int64_t quota = 0;
  std::chrono::seconds window{60};
};
using RateLimits = std::array<RateLimit, kLimitClasses>;  // by class

/// What became of one request.
struct RateDecision {
  bool allowed = true;
  std::int64_t remaining = 0;          // requests that would be allowed now
  std::chrono::seconds until_more{0};  // until one is again where none remains, else until all are; rounded up
};

/// What is in a bucket after a token was taken from it, where there was one.
struct BucketLevel {
  bool taken = false;
  double tokens = 0;
};
/// Takes a token of a bucket that several servers share. Nothing when that cannot be done at the moment.
using SharedBuckets = std::function<std::optional<BucketLevel>(const std::string& bucket, const RateLimit& limit)>;

/// Counts the requests of each caller: in buckets that servers share, or, without them, in this process. Every method
/// may be called from any thread.
class RateLimiter {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  static constexpr std::size_t kBucketsMax = 100'000;  // then those that have filled up go

  explicit RateLimiter(const RateLimits& limits, SharedBuckets shared = {},
                       Clock clock = std::chrono::steady_clock::now);

  RateLimit limit(LimitClass limit_class) const {
    const std::lock_guard lock(mutex_);
    return limits_[static_cast<std::size_t>(limit_class)];
  }
  /// From now on; nobody has more tokens than the new quota.
  void set_limits(const RateLimits& limits) {
    const std::lock_guard lock(mutex_);
    limits_ = limits;
  }
  /// Takes a token of the caller's bucket of this class, if there is one.
  RateDecision take(std::string_view caller, LimitClass limit_class);

 private:
  struct Bucket {
    double tokens = 0;
    std::chrono::steady_clock::time_point filled_at;
  };
  BucketLevel take_own(std::string bucket, const RateLimit& rate);
  void drop_full();  // while mutex_ is held

  RateLimits limits_;
  const SharedBuckets shared_;
  const Clock clock_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;  // by class and caller
};

}  // namespace tradeassist::access
