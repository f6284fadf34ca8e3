#include "access/redis_buckets.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <thread>
#include <vector>

#include "base/random_id.hpp"

namespace tradeassist::access {
namespace {

RateLimits limits(std::int64_t quota) {
  RateLimits made;
  made[0] = {quota, std::chrono::hours(1)};
  return made;
}

TEST(RedisBuckets, servers_share_what_a_key_may_do) {
  const char* url = std::getenv("TRADEASSIST_TEST_REDIS");
  if (url == nullptr) GTEST_SKIP() << "TRADEASSIST_TEST_REDIS names no server";
  const std::string caller = base::random_hex(6).value();
  const auto one = store::RedisClient::create({.url = url}).value(),
             other = store::RedisClient::create({.url = url}).value();
  RateLimiter first(limits(40), redis_buckets(*one)), second(limits(40), redis_buckets(*other));
  std::atomic<int> allowed = 0;
  {
    std::vector<std::jthread> threads;
    for (RateLimiter* limiter : {&first, &second}) {
      threads.emplace_back([&, limiter] {
        for (int i = 0; i < 40; ++i) allowed += limiter->take(caller, LimitClass::kGeneral).allowed;
      });
    }
  }
  EXPECT_EQ(allowed, 40);
  const RateDecision refused = second.take(caller, LimitClass::kGeneral);
  EXPECT_FALSE(refused.allowed);
  EXPECT_GE(refused.until_more.count(), 1);
  EXPECT_LE(refused.until_more.count(), 90);
  EXPECT_EQ(first.take(caller + "x", LimitClass::kGeneral).remaining, 39);
}

TEST(RedisBuckets, a_server_counts_by_itself_while_redis_is_away) {
  const auto nobody = store::RedisClient::create({.url = "redis://127.0.0.1:1"}).value();
  RateLimiter limiter(limits(2), redis_buckets(*nobody));
  EXPECT_TRUE(limiter.take("ann", LimitClass::kGeneral).allowed);
  EXPECT_TRUE(limiter.take("ann", LimitClass::kGeneral).allowed);
  EXPECT_FALSE(limiter.take("ann", LimitClass::kGeneral).allowed);
}

}  // namespace
}  // namespace tradeassist::access
