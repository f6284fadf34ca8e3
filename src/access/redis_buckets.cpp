#include "access/redis_buckets.hpp"

#include <fmt/format.h>

namespace tradeassist::access {
namespace {

/// One step for Redis, so that no two servers take the same token. A bucket that has filled up need not be kept.
constexpr std::string_view kTake = R"(
local quota, per_second = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'filled_at')
local tokens = quota
if kept[1] then tokens = math.min(quota, kept[1] + math.max(0, now - kept[2]) * per_second) end
local taken = 0
if tokens >= 1 then tokens = tokens - 1; taken = 1 end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens), 'filled_at', string.format('%.6f', now))
redis.call('EXPIRE', KEYS[1], math.ceil(quota / per_second) + 1)
return {taken, math.floor(tokens * 1000000)}
)";

}  // namespace

SharedBuckets redis_buckets(store::RedisClient& redis) {
  return [&redis](const std::string& bucket, const RateLimit& limit) -> std::optional<BucketLevel> {
    const double per_second = static_cast<double>(limit.quota) / static_cast<double>(limit.window.count());
    const auto answer = redis.eval(kTake, "tradeassist:limit:" + bucket,
                                   {std::to_string(limit.quota), fmt::format("{:.9f}", per_second)});
    if (!answer || answer->size() != 2) return std::nullopt;
    return BucketLevel{(*answer)[0] == 1, static_cast<double>((*answer)[1]) / 1e6};
  };
}

}  // namespace tradeassist::access
