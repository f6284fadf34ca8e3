#include "jobs/job_schedule.hpp"

#include <gtest/gtest.h>

#include "jobs/testing/job_test.hpp"

namespace tradeassist::jobs {
namespace {

using namespace std::chrono_literals;
using base::ErrorCode;

class JobScheduleTest : public JobTest {
 protected:
  static JobSchedule nightly() {
    JobSchedule schedule;
    schedule.name = "nightly";
    schedule.cron = "0 2 * * *";
    schedule.time_zone = "America/New_York";
    schedule.kind = "x";
    schedule.request = "{}";
    schedule.priority = 2;
    return schedule;
  }

  void make_due() {
    const auto changed = connect()->run("UPDATE job_schedule SET next_at = 1");
    EXPECT_TRUE(changed) << changed.error().message;
  }
};

INSTANTIATE_ON_BOTH_DATABASES(JobScheduleTest);

TEST_P(JobScheduleTest, a_schedule_is_its_owners_and_so_are_its_jobs) {
  const auto queue = open();
  JobSchedule of_ann = nightly();
  of_ann.owner = "ann";
  EXPECT_EQ(queue->put_schedule(of_ann)->owner, "ann");
  JobSchedule of_bob = nightly();
  of_bob.owner = "bob";
  EXPECT_EQ(queue->put_schedule(of_bob).error().code, base::ErrorCode::kAlreadyExists);
  EXPECT_EQ(queue->get_schedule("nightly", "bob").error().code, base::ErrorCode::kNotFound);
  EXPECT_TRUE(queue->list_schedules("bob")->empty());
  EXPECT_EQ(queue->remove_schedule("nightly", "bob").error().code, base::ErrorCode::kNotFound);
  make_due();
  EXPECT_EQ(queue->submit_due(), 1);
  const std::string job = queue->get_schedule("nightly", "ann")->last_job_id;
  EXPECT_EQ(queue->get(job)->owner, "ann");
  EXPECT_TRUE(queue->remove_schedule("nightly", "ann"));
}

TEST_P(JobScheduleTest, a_schedule_is_kept_replaced_and_removed) {
  const auto queue = open();
  const JobSchedule made = queue->put_schedule(nightly()).value();
  ASSERT_TRUE(made.next_at);
  EXPECT_GT(*made.next_at, base::now());
  EXPECT_EQ(next_due(nightly(), base::parse_time("2026-07-27T00:00:00Z").value()).value(),
            base::parse_time("2026-07-27T06:00:00Z").value());
  EXPECT_EQ(queue->get_schedule("nightly")->priority, 2);
  make_due();
  EXPECT_EQ(queue->submit_due(), 1);
  JobSchedule changed = nightly();
  changed.cron = "0 3 * * *";
  changed.is_enabled = false;
  EXPECT_EQ(queue->put_schedule(changed)->next_at, std::nullopt);
  const auto all = queue->list_schedules().value();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].cron, "0 3 * * *");
  EXPECT_EQ(all[0].created_at, made.created_at);
  EXPECT_FALSE(all[0].last_job_id.empty());
  make_due();
  EXPECT_EQ(queue->submit_due(), 0);  // it is not enabled
  ASSERT_TRUE(queue->remove_schedule("nightly"));
  EXPECT_EQ(queue->remove_schedule("nightly").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(queue->get_schedule("nightly").error().code, ErrorCode::kNotFound);
}

TEST_P(JobScheduleTest, what_is_wrong_is_refused) {
  const auto queue = open();
  const auto refused = [&](auto change) {
    JobSchedule schedule = nightly();
    change(schedule);
    const auto put = queue->put_schedule(schedule);
    return !put && put.error().code == ErrorCode::kInvalidArgument;
  };
  EXPECT_TRUE(refused([](JobSchedule& schedule) { schedule.name = "a b"; }));
  EXPECT_TRUE(refused([](JobSchedule& schedule) { schedule.name = ""; }));
  EXPECT_TRUE(refused([](JobSchedule& schedule) { schedule.cron = "hourly"; }));
  EXPECT_TRUE(refused([](JobSchedule& schedule) { schedule.cron = "0 0 31 2 *"; }));
  EXPECT_TRUE(refused([](JobSchedule& schedule) { schedule.time_zone = "Mars/Olympus"; }));
  EXPECT_TRUE(refused([](JobSchedule& schedule) { schedule.priority = 4; }));
}

TEST_P(JobScheduleTest, a_due_time_submits_one_job_whatever_was_missed) {
  const auto queue = open();
  ASSERT_TRUE(queue->put_schedule(nightly()));
  EXPECT_EQ(queue->submit_due(), 0);
  make_due();  // decades ago
  EXPECT_EQ(queue->submit_due(), 1);
  EXPECT_EQ(queue->submit_due(), 0);
  const JobSchedule schedule = queue->get_schedule("nightly").value();
  EXPECT_GT(*schedule.next_at, base::now());
  EXPECT_TRUE(schedule.last_at);
  const Job job = take(*queue);
  EXPECT_EQ(job.id, schedule.last_job_id);
  EXPECT_EQ(job.kind, "x");
  EXPECT_EQ(job.priority, 2);
  EXPECT_EQ(queue->log(job.id)->front().text, "submitted, priority 2, by schedule nightly");

  make_due();
  EXPECT_EQ(queue->submit_due(), 0);  // the one before runs
  EXPECT_GT(*queue->get_schedule("nightly")->next_at, base::now());
  ASSERT_TRUE(queue->complete(job, ""));
  make_due();
  EXPECT_EQ(queue->submit_due(), 1);
}

TEST_P(JobScheduleTest, a_clock_that_was_set_back_far_is_followed_and_no_time_comes_twice_else) {
  JobSchedule schedule = nightly();
  schedule.cron = "* * * * *";
  schedule.time_zone = "UTC";
  ASSERT_TRUE(open()->put_schedule(schedule));
  const auto ahead = [&](std::chrono::hours by) {
    const base::Time next = std::chrono::floor<std::chrono::minutes>(base::now() + by);
    EXPECT_TRUE(connect()->run("UPDATE job_schedule SET next_at = $1", {base::to_nanoseconds(next)}));
    const auto queue = open();
    EXPECT_EQ(queue->submit_due(), 0);
    return *queue->get_schedule("nightly")->next_at - base::now();
  };
  EXPECT_GT(ahead(2h), 118min);
  EXPECT_LE(ahead(5h), 1min);
  EXPECT_LE(ahead(24h * 365), 1min);
}

TEST_P(JobScheduleTest, many_servers_submit_each_due_time_once) {
  constexpr int kSchedules = 10;
  for (int i = 0; i < kSchedules; ++i) {
    JobSchedule schedule = nightly();
    schedule.name += std::to_string(i);
    ASSERT_TRUE(open()->put_schedule(schedule));
  }
  make_due();
  {
    std::vector<std::jthread> servers;
    for (int i = 0; i < 4; ++i) {
      servers.emplace_back([&] {
        const auto queue = open({});
        while (queue->submit_due().value() > 0) {}
      });
    }
  }
  EXPECT_EQ(open()->submit_due(), 0);
  EXPECT_EQ(open()->list({})->jobs.size(), static_cast<std::size_t>(kSchedules));
}

TEST_P(JobScheduleTest, a_full_queue_puts_a_due_job_off) {
  const auto queue = open({.taker = "server", .queued_max = 1});
  ASSERT_TRUE(queue->put_schedule(nightly()));
  ASSERT_TRUE(queue->submit("y", ""));
  make_due();
  EXPECT_EQ(queue->submit_due().error().code, ErrorCode::kResourceExhausted);
  take(*queue);
  EXPECT_EQ(queue->submit_due(), 1);
}

}  // namespace
}  // namespace tradeassist::jobs
