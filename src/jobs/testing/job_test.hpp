#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "jobs/job_queue.hpp"
#include "store/testing/test_database.hpp"

namespace tradeassist::jobs {

// What INSTANTIATE_ON_BOTH_DATABASES names.
using store::Dialect;
using store::dialect_name;
using store::test_server_url;

/// Tests of a queue of their own, on each database.
class JobTest : public testing::TestWithParam<store::Dialect> {
 protected:
  /// The queue as the server `owner` sees it.
  std::unique_ptr<JobQueue> open(JobQueueOptions options = {.taker = "server"}) {
    auto queue = JobQueue::open(database_.address(), std::move(options));
    EXPECT_TRUE(queue) << queue.error().message;
    return std::move(*queue);
  }

  std::unique_ptr<store::Connection> connect() { return store::open_connection(database_.address()).value(); }

  /// As if the jobs' times lay `by` farther in the past.
  void age(std::chrono::nanoseconds by) {
    const auto changed = connect()->run(
        "UPDATE job SET created_at = created_at - $1, rank = rank - $1, not_before = not_before - $1, lease_until = "
        "lease_until - $1, started_at = started_at - $1, finished_at = finished_at - $1",
        {by.count()});
    EXPECT_TRUE(changed) << changed.error().message;
  }

  static Job take(JobQueue& queue) {
    auto job = queue.take();
    EXPECT_TRUE(job && *job) << (job ? "nothing to take" : job.error().message);
    return job && *job ? std::move(**job) : Job();
  }

  template <class Until>
  static Job wait(JobQueue& queue, const std::string& id, Until until) {
    for (int i = 0; i < 2'000; ++i) {
      Job job = queue.get(id).value();
      if (until(job)) return job;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    Job job = queue.get(id).value();
    ADD_FAILURE() << "the job does not get there: it is " << to_string(job.state) << ", " << job.error << job.note;
    return job;
  }

  static Job wait_for(JobQueue& queue, const std::string& id, JobState state) {
    return wait(queue, id, [&](const Job& job) { return job.state == state; });
  }

  store::TestDatabase database_{GetParam()};
};

}  // namespace tradeassist::jobs
