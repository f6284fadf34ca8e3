#include "access/rate_limiter.hpp"

#include <gtest/gtest.h>

namespace tradeassist::access {
namespace {

class RateLimiterTest : public testing::Test {
 protected:
  static RateLimits limits(std::int64_t general, std::int64_t optimisation) {
    RateLimits made;
    made[0].quota = general;
    made[1].quota = optimisation;
    return made;
  }
  std::chrono::steady_clock::time_point now_{};
  RateLimiter limiter_{limits(6, 2), {}, [this] { return now_; }};
};

TEST_F(RateLimiterTest, a_bucket_empties_and_fills_up_evenly) {
  for (int left = 5; left >= 0; --left) {
    const RateDecision decision = limiter_.take("ann", LimitClass::kGeneral);
    EXPECT_TRUE(decision.allowed);
    EXPECT_EQ(decision.remaining, left);
    EXPECT_EQ(decision.until_more.count(), left > 0 ? (6 - left) * 10 : 10);
  }
  RateDecision refused = limiter_.take("ann", LimitClass::kGeneral);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.until_more.count(), 10);
  now_ += std::chrono::milliseconds(9'500);
  refused = limiter_.take("ann", LimitClass::kGeneral);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.until_more.count(), 1);
  now_ += std::chrono::seconds(1);
  EXPECT_TRUE(limiter_.take("ann", LimitClass::kGeneral).allowed);
  now_ += std::chrono::hours(1);  // no more than full
  EXPECT_EQ(limiter_.take("ann", LimitClass::kGeneral).remaining, 5);
}

TEST_F(RateLimiterTest, callers_and_classes_have_buckets_of_their_own) {
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(limiter_.take("ann", LimitClass::kOptimisation).allowed);
  EXPECT_FALSE(limiter_.take("ann", LimitClass::kOptimisation).allowed);
  EXPECT_TRUE(limiter_.take("ann", LimitClass::kGeneral).allowed);
  EXPECT_TRUE(limiter_.take("bob", LimitClass::kOptimisation).allowed);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limiter_.take("ann", LimitClass::kData).allowed);  // no quota
}

TEST_F(RateLimiterTest, many_callers_do_not_make_it_grow_without_bound) {
  for (std::size_t i = 0; i < RateLimiter::kBucketsMax + 10; ++i) {
    EXPECT_TRUE(limiter_.take("caller " + std::to_string(i), LimitClass::kGeneral).allowed);
  }
}

}  // namespace
}  // namespace tradeassist::access
