// What stands between callers and a source: rate limit, retries, breaker.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <random>
#include <thread>

#include "feed/providers/http_client.hpp"
#include "feed/providers/retry.hpp"
#include "feed/providers/testing/fake_clock.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

TEST(TokenBucket, never_lets_more_through_than_the_rate_and_the_burst_and_never_starves) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    const int per_minute = 1 + static_cast<int>(random() % 600), burst = 1 + static_cast<int>(random() % 20);
    FakeClock clock;
    TokenBucket bucket(clock, per_minute, burst);
    std::vector<double> taken;  // minutes
    for (int i = 0; i < 300; ++i) {
      clock.advance(base::Nanoseconds(static_cast<std::int64_t>(random() % 2'000'000'000)));
      if (bucket.try_take()) taken.push_back(std::chrono::duration<double, std::ratio<60>>(clock.elapsed()).count());
    }
    ASSERT_FALSE(taken.empty());
    for (std::size_t i = 0; i < taken.size(); ++i) {
      for (std::size_t k = i; k < taken.size(); ++k) {
        ASSERT_LE(static_cast<double>(k - i + 1), per_minute * (taken[k] - taken[i]) + burst + 1e-6);
      }
    }
  }
}

TEST(TokenBucket, a_full_bucket_gives_its_burst_at_once_and_then_one_an_interval) {
  FakeClock clock;
  TokenBucket bucket(clock, 60, 3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(bucket.available(), 3 - i);
    EXPECT_TRUE(bucket.try_take());
  }
  EXPECT_EQ(bucket.available(), 0);
  EXPECT_FALSE(bucket.try_take());
  clock.advance(milliseconds(999));
  EXPECT_FALSE(bucket.try_take());
  clock.advance(milliseconds(1));
  EXPECT_TRUE(bucket.try_take());
  EXPECT_TRUE(bucket.take({}));
  EXPECT_EQ(clock.sleeps(), std::vector<base::Nanoseconds>{seconds(1)});
}

TEST(TokenBucket, threads_together_get_no_more_than_one_would) {
  FakeClock clock;
  TokenBucket bucket(clock, 60, 50);
  std::atomic<int> taken = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 1'000; ++i) taken += bucket.try_take() ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(taken, 50);
}

TEST(TokenBucket, a_stopped_wait_gives_its_token_back) {
  FakeClock clock;
  TokenBucket bucket(clock, 60, 1);
  EXPECT_TRUE(bucket.try_take());
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(bucket.take(stop.get_token()).error().code, ErrorCode::kCancelled);
  clock.advance(seconds(1));
  EXPECT_TRUE(bucket.try_take());
}

TEST(CircuitBreaker, opens_after_five_failures_in_a_row_and_a_probe_decides) {
  FakeClock clock;
  CircuitBreaker breaker(clock, 5, seconds(30));
  for (int i = 0; i < 4; ++i) breaker.failed();
  breaker.succeeded();
  for (int i = 0; i < 4; ++i) breaker.failed();
  EXPECT_EQ(breaker.state(), BreakerState::kClosed);
  breaker.failed();
  EXPECT_EQ(breaker.state(), BreakerState::kOpen);
  EXPECT_EQ(breaker.ask(), seconds(30));
  clock.advance(seconds(30));
  EXPECT_EQ(breaker.state(), BreakerState::kHalfOpen);
  EXPECT_EQ(breaker.ask(), std::nullopt);  // the probe
  EXPECT_EQ(breaker.ask(), seconds(1));    // nobody beside it
  breaker.failed();
  EXPECT_EQ(breaker.state(), BreakerState::kOpen);
  clock.advance(seconds(30));
  EXPECT_EQ(breaker.ask(), std::nullopt);
  breaker.succeeded();
  EXPECT_EQ(breaker.state(), BreakerState::kClosed);
  EXPECT_EQ(breaker.failures_in_a_row(), 0);
}

TEST(Backoff, doubles_with_full_jitter_up_to_its_bound_and_repeats_by_seed) {
  RetryPolicy policy{.first_delay = milliseconds(100), .delay_max = seconds(1), .seed = 42};
  Backoff one(policy), two(policy);
  for (int failures = 1; failures < 40; ++failures) {
    const auto bound = std::min<base::Nanoseconds>(milliseconds(100) * (1ll << std::min(failures - 1, 10)), seconds(1));
    const base::Nanoseconds delay = one.delay(failures);
    EXPECT_GE(delay.count(), 0);
    EXPECT_LE(delay, bound);
    EXPECT_EQ(delay, two.delay(failures));
  }
  base::Nanoseconds sum{0};
  for (int i = 0; i < 1'000; ++i) sum += one.delay(10);
  EXPECT_NEAR(std::chrono::duration<double>(sum).count() / 1'000, 0.5, 0.05);
}

class Guard : public testing::Test {
 protected:
  /// Runs calls that fail as scripted, then succeed.
  base::Result<void> run(std::deque<ErrorCode> failures, std::optional<base::Nanoseconds> retry_after = {}) {
    return guard.run(
        [&](Attempt& attempt) -> base::Result<void> {
          ++calls;
          if (failures.empty()) return {};
          const ErrorCode code = failures.front();
          failures.pop_front();
          attempt.retry_after = retry_after;
          return base::failure(code, "no");
        },
        stop.get_token());
  }
  FakeClock clock;
  SourceGuard guard{clock};
  std::stop_source stop;
  int calls = 0;
};

TEST_F(Guard, tries_again_what_may_pass_and_nothing_else) {
  EXPECT_TRUE(run({ErrorCode::kUnavailable, ErrorCode::kUnavailable}));
  EXPECT_EQ(calls, 3);
  calls = 0;
  EXPECT_EQ(run({ErrorCode::kInvalidArgument}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(calls, 1);
}

TEST_F(Guard, gives_up_after_its_attempts_and_says_how_many) {
  const auto done = run(std::deque<ErrorCode>(9, ErrorCode::kUnavailable));
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, HasSubstr("tried 5 times"));
  EXPECT_EQ(calls, 5);
  EXPECT_EQ(guard.breaker().state(), BreakerState::kOpen);
  // The next caller waits for the pause instead of failing with it.
  EXPECT_TRUE(run({}));
  EXPECT_EQ(clock.sleeps().back(), seconds(30));
  EXPECT_EQ(guard.breaker().state(), BreakerState::kClosed);
}

TEST_F(Guard, waits_as_long_as_the_source_asks_but_not_for_ever) {
  EXPECT_TRUE(run({ErrorCode::kUnavailable}, seconds(17)));
  EXPECT_EQ(clock.sleeps().back(), seconds(17));
  const auto done = run({ErrorCode::kUnavailable}, std::chrono::hours(2));
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, HasSubstr("7200 s"));
}

TEST_F(Guard, stops_when_told) {
  stop.request_stop();
  EXPECT_EQ(run({}).error().code, ErrorCode::kCancelled);
  EXPECT_EQ(calls, 0);
}

TEST(HttpResponse, retry_after_is_seconds_or_a_date) {
  const base::Time now = base::parse_time("2015-10-21T07:27:00Z").value();
  const auto read = [&](const std::string& text) {
    HttpResponse response;
    response.headers["retry-after"] = text;
    return response.retry_after(now);
  };
  EXPECT_EQ(read("120"), seconds(120));
  EXPECT_EQ(read("Wed, 21 Oct 2015 07:28:00 GMT"), seconds(60));
  EXPECT_EQ(read("Wed, 21 Oct 2015 07:26:00 GMT"), seconds(0));
  EXPECT_EQ(read("-5"), seconds(0));
  EXPECT_EQ(read("31536000"), std::chrono::days(1));
  for (const char* none : {"", "soon", "99999999999999999999"}) EXPECT_EQ(read(none), std::nullopt) << none;
  EXPECT_EQ(HttpResponse{}.retry_after(now), std::nullopt);
}

TEST(UrlEncoding, what_is_encoded_comes_back) {
  EXPECT_EQ(url_encoded("a b&c=/ES~"), "a%20b%26c%3D%2FES~");
  std::mt19937 random(3);
  for (int i = 0; i < 500; ++i) {
    std::string text;
    for (unsigned n = random() % 20; n > 0; --n) text.push_back(static_cast<char>(random() % 256));
    EXPECT_EQ(url_decoded(url_encoded(text)), text);
  }
  EXPECT_EQ(url_decoded("C0.abc%40+%"), "C0.abc@ %");
}

}  // namespace
}  // namespace tradeassist::feed
