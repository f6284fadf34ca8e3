#pragma once

#include "access/rate_limiter.hpp"
#include "store/cache/redis_client.hpp"

namespace tradeassist::access {

/// Buckets in a Redis server, the same for all servers that use it; its clock fills them. While it is away there are
/// none. `redis` outlives them; any thread may take from them.
SharedBuckets redis_buckets(store::RedisClient& redis);

}  // namespace tradeassist::access
