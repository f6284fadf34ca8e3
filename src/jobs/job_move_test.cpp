#include "jobs/job_move.hpp"

#include <gtest/gtest.h>

#include "jobs/testing/job_test.hpp"

namespace tradeassist::jobs {
namespace {

class JobMoveTest : public JobTest {};

INSTANTIATE_ON_BOTH_DATABASES(JobMoveTest);

TEST_P(JobMoveTest, jobs_come_over_once_with_their_logs_and_go_on_there) {
  const store::TestDatabase old(store::Dialect::kSqlite);
  const auto before = JobQueue::open(old.address(), {.taker = "old"}).value();
  const std::string done = before->submit("x", "{}", "", {.priority = 3}).value();
  ASSERT_TRUE(before->complete(take(*before), "result"));
  const std::string running = before->submit("x", "half").value();
  ASSERT_TRUE(before->checkpoint(take(*before), "so far"));
  const std::string waiting = before->submit("y", "").value();

  const auto queue = open();
  const std::string other = queue->submit("z", "").value();
  const auto from = store::open_connection(old.address()).value();
  const auto to = connect();
  EXPECT_EQ(copy_jobs(*from, *to), 3);
  EXPECT_EQ(queue->get(done)->result, "result");
  EXPECT_EQ(queue->get(done)->priority, 3);
  EXPECT_TRUE(queue->get(done)->finished_at);
  EXPECT_EQ(queue->log(done)->size(), 3u);
  EXPECT_FALSE(queue->get(waiting)->started_at);

  const Job job = take(*queue);
  EXPECT_EQ(job.id, running);
  EXPECT_EQ(job.checkpoint, "so far");
  EXPECT_EQ(job.attempts, 2);
  ASSERT_TRUE(queue->complete(job, ""));
  EXPECT_EQ(copy_jobs(*from, *to), 0);
  EXPECT_EQ(queue->get(running)->state, JobState::kCompleted);
  EXPECT_EQ(take(*queue).id, waiting);
  EXPECT_EQ(take(*queue).id, other);
}

}  // namespace
}  // namespace tradeassist::jobs
