#include "jobs/batch_queue.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "jobs/testing/job_test.hpp"

namespace tradeassist::jobs {
namespace {

using namespace std::chrono_literals;
using base::ErrorCode;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

/// A job that runs on a PostgreSQL server, and its batches.
class BatchQueueTest : public testing::Test {
 protected:
  void SetUp() override {
    if (store::test_server_url().empty()) GTEST_SKIP() << "TRADEASSIST_TEST_POSTGRES names no server";
    jobs_ = JobQueue::open(database_.address(), {.taker = "server"}).value();
    queue_ = open();
    job_ = start();
  }

  std::unique_ptr<BatchQueue> open(BatchQueueOptions options = {.version = "1"}) {
    auto queue = BatchQueue::open(database_.address(), std::move(options));
    EXPECT_TRUE(queue) << queue.error().message;
    return std::move(*queue);
  }

  Job start() {
    EXPECT_TRUE(jobs_->submit("count", "a request"));
    return jobs_->take().value().value();
  }

  static Worker worker(std::string name = "desk", int threads = 2) {
    Worker worker;
    worker.name = std::move(name);
    worker.host = "desk";
    worker.version = "1";
    worker.threads = threads;
    return worker;
  }

  std::int64_t offer(std::string_view task) { return queue_->offer(job_, task).value(); }
  std::optional<Batch> take(const Worker& by, const std::vector<std::string>& left_out = {}) {
    auto batch = queue_->take(by, left_out);
    EXPECT_TRUE(batch) << batch.error().message;
    return batch.value_or(std::nullopt);
  }

  /// Results of what has ended, by id; of those without one "none".
  std::map<std::int64_t, std::string> collect() {
    std::map<std::int64_t, std::string> results;
    const CollectedBatches collected = queue_->collect(job_).value();
    for (const EndedBatch& batch : collected.ended) results[batch.id] = batch.result.empty() ? "none" : batch.result;
    return results;
  }

  /// As if nobody had been heard of for so long.
  void age(std::chrono::nanoseconds by) {
    const auto connection = store::open_connection(database_.address()).value();
    ASSERT_TRUE(connection->run("UPDATE job_batch SET lease_until = lease_until - $1", {by.count()}));
    ASSERT_TRUE(connection->run("UPDATE job_worker SET seen_at = seen_at - $1", {by.count()}));
  }

  static void expect_lost(const base::Result<void>& result) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::kFailedPrecondition);
  }

  store::TestDatabase database_{store::Dialect::kPostgres};
  std::unique_ptr<JobQueue> jobs_;
  std::unique_ptr<BatchQueue> queue_;
  Job job_;
};

TEST_F(BatchQueueTest, a_batch_is_taken_done_and_collected_once) {
  const Worker desk = worker(), lap = worker("lap");
  ASSERT_TRUE(queue_->sign_on(desk));
  const std::int64_t first = offer("task 1"), second = offer("task 2");
  const auto one = take(desk), two = take(lap);
  ASSERT_TRUE(one && two);
  EXPECT_EQ(one->id, first);
  EXPECT_EQ(one->task, "task 1");
  EXPECT_EQ(one->job_id, job_.id);
  EXPECT_EQ(two->id, second);
  EXPECT_FALSE(take(desk));
  EXPECT_EQ(queue_->job(job_.id)->request, "a request");
  EXPECT_THAT(collect(), IsEmpty());
  EXPECT_EQ(queue_->collect(job_)->unended.size(), 2u);
  ASSERT_TRUE(queue_->finish(desk, *one, "result 1", 7));
  expect_lost(queue_->finish(desk, *one, "again", 7));
  EXPECT_THAT(collect(), ElementsAre(Pair(first, "result 1")));
  EXPECT_THAT(collect(), IsEmpty());
  ASSERT_TRUE(queue_->give_up(*two));
  EXPECT_THAT(collect(), ElementsAre(Pair(second, "none")));
  const auto workers = queue_->workers().value();
  ASSERT_EQ(workers.size(), 1u);
  EXPECT_EQ(workers[0].batches, 1);
  EXPECT_EQ(workers[0].trials, 7);
}

TEST_F(BatchQueueTest, a_batch_whose_worker_is_not_heard_of_goes_to_another_and_the_first_is_refused) {
  const Worker desk = worker(), lap = worker("lap");
  offer("task");
  const Batch lost = take(desk).value();
  EXPECT_FALSE(take(lap));
  age(9s);
  ASSERT_EQ(queue_->renew(desk)->size(), 1u);
  age(9s);
  EXPECT_FALSE(take(lap));
  age(2s);
  const auto found = take(lap);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, lost.id);
  EXPECT_GT(found->fence, lost.fence);
  EXPECT_THAT(queue_->renew(desk).value(), IsEmpty());
  expect_lost(queue_->finish(desk, lost, "late", 1));
  expect_lost(queue_->give_back(lost));
  ASSERT_TRUE(queue_->finish(lap, *found, "result", 1));
  EXPECT_THAT(collect(), ElementsAre(Pair(lost.id, "result")));
}

TEST_F(BatchQueueTest, a_batch_that_several_workers_did_not_survive_is_left_to_the_server) {
  const std::int64_t id = offer("task");
  for (int i = 0; i < BatchQueue::kTakingsMax; ++i) {
    ASSERT_TRUE(take(worker())) << i;
    EXPECT_THAT(collect(), IsEmpty());
    if (i % 2 == 0) age(11s);
    if (i % 2 == 1) { ASSERT_TRUE(queue_->sign_on(worker())); }  // started again
  }
  EXPECT_FALSE(take(worker()));
  EXPECT_THAT(collect(), ElementsAre(Pair(id, "none")));
}

TEST_F(BatchQueueTest, an_orderly_end_of_a_worker_opens_its_batches_again_and_counts_for_nothing) {
  const Worker desk = worker();
  ASSERT_TRUE(queue_->sign_on(desk));
  offer("task");
  for (int i = 0; i < 2 * BatchQueue::kTakingsMax; ++i) ASSERT_TRUE(queue_->give_back(take(desk).value()));
  ASSERT_TRUE(take(desk));
  ASSERT_TRUE(queue_->sign_off(desk));
  EXPECT_THAT(queue_->workers().value(), IsEmpty());
  EXPECT_TRUE(take(worker("lap")));
}

TEST_F(BatchQueueTest, the_server_takes_back_what_nobody_has) {
  const std::int64_t first = offer("task 1"), second = offer("task 2"), third = offer("task 3");
  EXPECT_EQ(take(worker())->id, first);
  EXPECT_EQ(queue_->withdraw(job_).value(), third);  // the one that would have been taken last
  EXPECT_EQ(queue_->withdraw(job_).value(), second);
  EXPECT_EQ(queue_->withdraw(job_).value(), std::nullopt);
  age(11s);
  EXPECT_EQ(queue_->withdraw(job_).value(), first);
  EXPECT_THAT(queue_->collect(job_)->unended, IsEmpty());
}

TEST_F(BatchQueueTest, batches_are_void_when_their_job_does_not_run_any_more) {
  const auto ends = {
      +[](JobQueue& jobs, const Job& job) { ASSERT_TRUE(jobs.complete(job, "result")); },
      +[](JobQueue& jobs, const Job& job) { ASSERT_TRUE(jobs.fail(job, {ErrorCode::kInvalidArgument, "no"})); },
      +[](JobQueue& jobs, const Job& job) {
        ASSERT_TRUE(jobs.request_pause(job.id));
        ASSERT_TRUE(jobs.stopped(job));
      },
      +[](JobQueue& jobs, const Job& job) {
        ASSERT_TRUE(jobs.request_cancel(job.id));
        ASSERT_TRUE(jobs.stopped(job));
      },
  };
  for (const auto end : ends) {
    offer("task 1");
    offer("task 2");
    const Batch taken = take(worker()).value();
    end(*jobs_, job_);
    EXPECT_FALSE(take(worker()));
    EXPECT_THAT(queue_->renew(worker()).value(), IsEmpty());
    expect_lost(queue_->finish(worker(), taken, "late", 1));
    EXPECT_THAT(queue_->collect(job_)->unended, IsEmpty());
    const auto late = queue_->offer(job_, "late");
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, ErrorCode::kFailedPrecondition);
    job_ = start();
  }
}

TEST_F(BatchQueueTest, batches_are_void_when_another_server_has_their_job) {
  offer("task");
  const Batch taken = take(worker()).value();
  jobs_ = JobQueue::open(database_.address(), {.taker = "server"}).value();  // started again
  EXPECT_FALSE(take(worker("lap")));
  const Job again = jobs_->take().value().value();
  EXPECT_EQ(again.id, job_.id);
  expect_lost(queue_->finish(worker(), taken, "late", 1));
  ASSERT_FALSE(queue_->offer(job_, "late"));
  job_ = again;
  offer("task of the second taking");
  EXPECT_EQ(take(worker())->task, "task of the second taking");
}

TEST_F(BatchQueueTest, what_is_asked_to_stop_and_what_a_worker_cannot_do_is_passed_over) {
  offer("task");
  EXPECT_FALSE(take(worker(), {job_.id}));
  EXPECT_FALSE(take(worker(), {"other", job_.id, "another"}));
  ASSERT_TRUE(jobs_->request_pause(job_.id));
  EXPECT_FALSE(take(worker()));
  ASSERT_TRUE(jobs_->resume(job_.id));
  ASSERT_TRUE(queue_->give_back(take(worker(), {"other"}).value()));
  ASSERT_TRUE(jobs_->request_cancel(job_.id));
  EXPECT_FALSE(take(worker()));
}

TEST_F(BatchQueueTest, versions_do_not_mix) {
  const auto newer = open({.version = "2"});
  offer("task");
  EXPECT_FALSE(newer->take(worker(), {}).value());
  EXPECT_THAT(newer->other_versions().value(), ElementsAre("1"));
  EXPECT_THAT(queue_->other_versions().value(), IsEmpty());
  ASSERT_TRUE(queue_->sign_on(worker("desk", 8)));
  EXPECT_THAT(queue_->helping_threads().value(), ElementsAre(8));
  EXPECT_THAT(newer->helping_threads().value(), IsEmpty());
}

TEST_F(BatchQueueTest, a_worker_is_alive_while_it_renews_and_known_for_a_day) {
  ASSERT_TRUE(queue_->sign_on(worker("desk", 4)));
  ASSERT_TRUE(queue_->sign_on(worker("lap", 2)));
  age(9s);
  ASSERT_TRUE(queue_->renew(worker("lap", 2)));
  age(2s);
  EXPECT_THAT(queue_->helping_threads().value(), ElementsAre(2));
  auto workers = queue_->workers().value();
  ASSERT_EQ(workers.size(), 2u);
  EXPECT_EQ(workers[0].name, "desk");
  EXPECT_FALSE(workers[0].is_alive);
  EXPECT_TRUE(workers[1].is_alive);
  age(24h);
  EXPECT_THAT(queue_->workers().value(), IsEmpty());
  ASSERT_TRUE(queue_->renew(worker("lap", 2)));
  EXPECT_EQ(queue_->workers()->size(), 1u);
}

TEST_F(BatchQueueTest, what_is_too_long_is_refused) {
  const std::string text(BatchQueue::kTextBytesMax + 1, 'x');
  const auto offered = queue_->offer(job_, text);
  ASSERT_FALSE(offered);
  EXPECT_EQ(offered.error().code, ErrorCode::kInvalidArgument);
  offer("task");
  const auto finished = queue_->finish(worker(), take(worker()).value(), text, 1);
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().code, ErrorCode::kInvalidArgument);
}

TEST_F(BatchQueueTest, a_file_and_a_schema_of_another_version_are_refused) {
  const store::TestDatabase file(store::Dialect::kSqlite);
  const auto refused = BatchQueue::open(file.address(), {.version = "1"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
  const store::TestDatabase fresh(store::Dialect::kPostgres);
  const auto empty = BatchQueue::open(fresh.address(), {.version = "1"});
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_THAT(empty.error().message, HasSubstr("start a server on it first"));
}

/// Workers at random moments finish, give back, give up, fall silent or come back too late; a server offers, collects
/// and takes back. Each batch comes back exactly once, with its own result.
TEST_F(BatchQueueTest, whatever_workers_do_each_batch_comes_back_once) {
  constexpr int kBatches = 300;
  std::atomic<bool> ended = false;
  std::vector<std::jthread> workers;
  for (unsigned i = 0; i < 3; ++i) {
    workers.emplace_back([&, i] {
      const auto queue = open({.version = "1", .lease = 60ms});
      const Worker self = worker("worker" + std::to_string(i));
      std::minstd_rand random(i + 1);
      std::optional<Batch> silent;
      while (!ended) {
        const auto taken = queue->take(self, {});
        ASSERT_TRUE(taken) << taken.error().message;
        if (!*taken) {
          std::this_thread::sleep_for(2ms);
          continue;
        }
        const Batch& batch = **taken;
        switch (random() % 8) {
          case 0: (void)queue->give_back(batch); break;
          case 1: (void)queue->give_up(batch); break;
          case 2:
            if (silent)
              (void)queue->finish(self, *silent, "result of " + silent->task, 1);  // long lost, or just in time
            silent = batch;
            break;
          case 3: (void)queue->sign_on(self); break;
          case 4: (void)queue->renew(self); [[fallthrough]];
          default: (void)queue->finish(self, batch, "result of " + batch.task, 1);
        }
      }
    });
  }
  std::minstd_rand random(99);
  std::map<std::int64_t, std::string> out;
  int offered = 0, done = 0, undone = 0;
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (offered < kBatches || !out.empty()) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << out.size() << " are out";
    while (offered < kBatches && out.size() < 8) {
      const std::string task = "task " + std::to_string(++offered);
      ASSERT_TRUE(out.emplace(offer(task), task).second);
    }
    if (random() % 4 == 0) {
      const auto id = queue_->withdraw(job_).value();
      if (id) {
        ASSERT_EQ(out.erase(*id), 1u);
        ++undone;
      }
    }
    const CollectedBatches collected = queue_->collect(job_).value();
    for (const EndedBatch& batch : collected.ended) {
      const auto found = out.find(batch.id);
      ASSERT_NE(found, out.end()) << "batch " << batch.id << " came twice";
      if (batch.result.empty()) {
        ++undone;
      } else {
        EXPECT_EQ(batch.result, "result of " + found->second);
        ++done;
      }
      out.erase(found);
    }
    EXPECT_EQ(collected.unended.size(), out.size());
  }
  ended = true;
  EXPECT_EQ(done + undone, kBatches);
  EXPECT_GT(done, kBatches / 4);
}

}  // namespace
}  // namespace tradeassist::jobs
