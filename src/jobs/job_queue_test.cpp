#include "jobs/job_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "jobs/job_log.hpp"
#include "jobs/testing/job_test.hpp"
#include "store/schema/migrations.hpp"

namespace tradeassist::jobs {
namespace {

using namespace std::chrono_literals;
using base::ErrorCode;

class JobQueueTest : public JobTest {
 protected:
  static std::vector<std::string> log_of(JobQueue& queue, const std::string& id) {
    const auto lines = queue.log(id);
    EXPECT_TRUE(lines) << lines.error().message;
    std::vector<std::string> texts;
    for (const JobLogLine& line : *lines) texts.push_back(line.text);
    return texts;
  }
};

INSTANTIATE_ON_BOTH_DATABASES(JobQueueTest);

TEST_P(JobQueueTest, the_queue_is_bounded_and_listed_in_pages_newest_first) {
  const auto queue = open({.taker = "server", .queued_max = 5});
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(queue->submit("x", std::to_string(i)).value());
  ASSERT_TRUE(queue->request_pause(ids[0]));  // waits too
  EXPECT_EQ(queue->submit("x", "").error().code, ErrorCode::kResourceExhausted);
  JobFilter filter;
  filter.limit = 2;
  std::vector<std::string> seen;
  do {
    const JobPage page = queue->list(filter).value();
    for (const Job& job : page.jobs) seen.push_back(job.id);
    filter.cursor = page.next_cursor;
  } while (!filter.cursor.empty());
  std::ranges::reverse(ids);
  EXPECT_EQ(seen, ids);
  filter.cursor = "x1";
  EXPECT_FALSE(queue->list(filter));
}

TEST_P(JobQueueTest, a_state_is_told_without_the_long_texts) {
  const auto queue = open();
  const std::string id = queue->submit("x", "request", "", {.owner = "ann"}).value();
  ASSERT_TRUE(queue->complete(take(*queue), "result"));
  const auto state = queue->get_state(id, "ann");
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_EQ(state->state, JobState::kCompleted);
  EXPECT_EQ(state->owner, "ann");
  EXPECT_EQ(state->request + state->result + state->checkpoint, "");
  EXPECT_EQ(queue->get_state(id, "bob").error().code, base::ErrorCode::kNotFound);
  EXPECT_EQ(queue->get_state("none").error().code, base::ErrorCode::kNotFound);
}

TEST_P(JobQueueTest, lists_are_of_a_kind_and_a_state) {
  const auto queue = open();
  const std::string paused = queue->submit("a", "1").value();
  const std::string waiting = queue->submit("a", "2").value();
  queue->submit("b", "3").value();
  ASSERT_TRUE(queue->request_pause(paused));
  JobFilter filter;
  filter.kind = "a";
  EXPECT_EQ(queue->list(filter)->jobs.size(), 2u);
  filter.state = JobState::kPaused;
  const JobPage page = queue->list(filter).value();
  ASSERT_EQ(page.jobs.size(), 1u);
  EXPECT_EQ(page.jobs[0].id, paused);
  EXPECT_EQ(page.jobs[0].request, "1");
}

TEST_P(JobQueueTest, a_job_is_taken_once_however_many_ask) {
  const auto first = open({.taker = "first"});
  const auto second = open({.taker = "second"});
  constexpr int kJobs = 40;
  for (int i = 0; i < kJobs; ++i) ASSERT_TRUE(first->submit("x", ""));
  std::vector<std::string> by_first, by_second;
  const auto take_all = [](JobQueue& queue, std::vector<std::string>& ids) {
    for (auto job = queue.take(); job && *job; job = queue.take()) ids.push_back((*job)->id);
  };
  {
    const std::jthread other([&] { take_all(*second, by_second); });
    take_all(*first, by_first);
  }
  std::set<std::string> all(by_first.begin(), by_first.end());
  all.insert(by_second.begin(), by_second.end());
  EXPECT_EQ(all.size(), static_cast<std::size_t>(kJobs));
  EXPECT_EQ(by_first.size() + by_second.size(), static_cast<std::size_t>(kJobs));
  EXPECT_EQ(first->running()->size(), by_first.size());
}

TEST_P(JobQueueTest, a_job_that_may_not_start_is_passed_over_and_stays) {
  const auto queue = open();
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(queue->submit("later", std::to_string(i)));
  const std::string other = queue->submit("now", "").value();
  std::int64_t passed_over = 0;
  const auto job = queue->take([](const Job& each) { return each.kind == "now"; }, &passed_over);
  ASSERT_TRUE(job && *job);
  EXPECT_EQ((*job)->id, other);
  EXPECT_EQ(passed_over, 20);
  JobFilter queued;
  queued.state = JobState::kQueued;
  EXPECT_EQ(queue->list(queued)->jobs.size(), 20u);
}

TEST_P(JobQueueTest, a_lease_that_ran_out_puts_the_job_back_and_its_holder_may_write_no_more) {
  const auto first = open({.taker = "first"});
  const auto second = open({.taker = "second"});
  const std::string id = first->submit("x", "").value();
  const Job lost = take(*first);
  ASSERT_TRUE(first->checkpoint(lost, "half"));
  EXPECT_EQ(second->take().value(), std::nullopt);
  age(29s);
  EXPECT_EQ(second->take().value(), std::nullopt);
  ASSERT_TRUE(first->renew(lost));
  age(29s);
  EXPECT_EQ(second->take().value(), std::nullopt);
  age(2s);
  const Job taken = take(*second);
  EXPECT_EQ(taken.id, id);
  EXPECT_GT(taken.fence, lost.fence);
  EXPECT_EQ(taken.checkpoint, "half");
  EXPECT_EQ(taken.note, "resumed from its last checkpoint after a restart of the server");

  EXPECT_EQ(first->renew(lost).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(first->report(lost, 0.9, "late", "late").error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(first->checkpoint(lost, "late").error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(first->complete(lost, "late").error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(first->fail(lost, {ErrorCode::kInternal, "late"}).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(first->stopped(lost).error().code, ErrorCode::kFailedPrecondition);
  const Job now = second->get(id).value();
  EXPECT_EQ(now.state, JobState::kRunning);
  EXPECT_EQ(now.checkpoint, "half");
  EXPECT_EQ(now.phase, "initializing");
  ASSERT_TRUE(second->complete(taken, "mine"));
  EXPECT_EQ(first->complete(lost, "late").error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(first->get(id)->result, "mine");
}

TEST_P(JobQueueTest, a_clock_that_is_set_forward_takes_no_job_from_who_works_on_it) {
  const auto queue = open({.taker = "first"});
  const std::string id = queue->submit("x", "").value();
  const Job taken = take(*queue);
  age(2h);
  EXPECT_EQ(queue->take().value(), std::nullopt);
  ASSERT_TRUE(queue->renew(taken));
  age(2h);
  EXPECT_EQ(queue->take().value(), std::nullopt);
  ASSERT_TRUE(queue->complete(taken, "once"));
  EXPECT_EQ(queue->get(id)->attempts, 1);
  EXPECT_EQ(queue->get(id)->result, "once");
}

TEST_P(JobQueueTest, a_job_whose_end_could_not_be_stored_is_taken_up_after_its_lease) {
  const auto queue = open({.taker = "first", .lease = 1ms});
  const std::string id = queue->submit("x", "").value();
  take(*queue);
  std::this_thread::sleep_for(2ms);
  EXPECT_EQ(take(*queue).id, id);
}

TEST_P(JobQueueTest, a_clock_that_is_set_back_makes_no_attempt_wait_longer) {
  const auto queue = open();
  queue->submit("x", "").value();
  ASSERT_TRUE(queue->fail(take(*queue), {ErrorCode::kUnavailable, "away"}));
  EXPECT_EQ(queue->take().value(), std::nullopt);
  age(-2h);
  EXPECT_EQ(take(*queue).attempts, 2);
}

TEST_P(JobQueueTest, opening_takes_up_the_jobs_of_the_same_owner_only) {
  const std::string mine = open({.taker = "first"})->submit("x", "").value();
  take(*open({.taker = "first"}));
  const auto other = open({.taker = "second"});
  EXPECT_EQ(other->get(mine)->state, JobState::kRunning);
  EXPECT_EQ(open({})->get(mine)->state, JobState::kRunning);
  EXPECT_EQ(open({.taker = "first"})->get(mine)->state, JobState::kQueued);
  EXPECT_EQ(other->get(mine)->note, "restarted from the beginning after a restart of the server");
}

TEST_P(JobQueueTest, what_waits_rises_by_a_priority_for_each_ten_minutes) {
  const auto queue = open();
  const std::string low = queue->submit("x", "", "", {.priority = 0}).value();
  age(29min);
  const std::string high = queue->submit("x", "", "", {.priority = 3}).value();
  const Job first = take(*queue);
  EXPECT_EQ(first.id, high);
  ASSERT_TRUE(queue->complete(first, ""));
  age(2min);
  const std::string late = queue->submit("x", "", "", {.priority = 3}).value();
  EXPECT_EQ(take(*queue).id, low);
  EXPECT_EQ(take(*queue).id, late);
  for (const int priority : {-1, 4}) {
    EXPECT_EQ(queue->submit("x", "", "", {.priority = priority}).error().code, ErrorCode::kInvalidArgument);
  }
}

TEST_P(JobQueueTest, a_paused_job_is_not_taken_and_can_be_resumed_or_cancelled) {
  const auto queue = open();
  const std::string id = queue->submit("x", "").value();
  EXPECT_EQ(queue->resume(id).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(queue->request_pause(id)->state, JobState::kPaused);
  EXPECT_EQ(queue->request_pause(id)->state, JobState::kPaused);
  EXPECT_EQ(queue->take().value(), std::nullopt);
  EXPECT_EQ(queue->resume(id)->state, JobState::kQueued);
  EXPECT_EQ(queue->get(id)->note, "");  // it never ran
  EXPECT_EQ(queue->request_pause(id)->state, JobState::kPaused);
  EXPECT_EQ(queue->request_cancel(id)->state, JobState::kCancelled);
  EXPECT_EQ(queue->resume(id).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(queue->request_pause(id).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(queue->request_pause("none").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(log_of(*queue, id),
            (std::vector<std::string>{"submitted, priority 1", "paused", "resumed", "paused", "cancelled"}));
}

TEST_P(JobQueueTest, requests_to_a_running_job_are_seen_by_its_owner_and_can_be_taken_back) {
  const auto queue = open();
  const std::string id = queue->submit("x", "").value();
  const Job taken = take(*queue);
  ASSERT_TRUE(queue->request_pause(id));
  EXPECT_TRUE(queue->running()->at(0).pause_requested);
  ASSERT_TRUE(queue->resume(id));
  EXPECT_FALSE(queue->running()->at(0).pause_requested);
  ASSERT_TRUE(queue->request_cancel(id));
  EXPECT_TRUE(queue->running()->at(0).cancel_requested);
  EXPECT_EQ(queue->request_pause(id).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(queue->stopped(taken), JobState::kCancelled);
  EXPECT_TRUE(queue->running()->empty());
}

TEST_P(JobQueueTest, a_failure_is_repeated_only_when_it_may_pass) {
  const auto queue = open();
  const auto after = [&](ErrorCode code) {
    queue->submit("x", "").value();
    return queue->fail(take(*queue), {code, "why"}).value();
  };
  EXPECT_EQ(after(ErrorCode::kUnavailable), JobState::kQueued);
  EXPECT_EQ(after(ErrorCode::kResourceExhausted), JobState::kQueued);
  for (const ErrorCode code : {ErrorCode::kInvalidArgument, ErrorCode::kNotFound, ErrorCode::kFailedPrecondition,
                               ErrorCode::kDataLoss, ErrorCode::kIo, ErrorCode::kInternal, ErrorCode::kUnsupported}) {
    EXPECT_EQ(after(code), JobState::kFailed);
  }
}

TEST(JobRetries, the_delay_doubles_and_differs_between_jobs) {
  EXPECT_GE(retry_delay("a", 1), 10s);
  EXPECT_LE(retry_delay("a", 1), 12'500ms);
  EXPECT_EQ(retry_delay("a", 3), 4 * retry_delay("a", 1));
  EXPECT_NE(retry_delay("a", 1), retry_delay("b", 1));
  for (const char* id : {"a", "b", "c", "d"}) EXPECT_LT(retry_delay(id, kAttemptsMax), kRetryDelayMax);
  EXPECT_EQ(retry_delay("a", 1), retry_delay("a", 1));
}

TEST_P(JobQueueTest, a_retry_is_a_new_job_that_names_the_old_one) {
  const auto queue = open();
  const std::string old = queue->submit("x", "what", "", {.priority = 2}).value();
  EXPECT_EQ(queue->retry(old).error().code, ErrorCode::kFailedPrecondition);
  ASSERT_TRUE(queue->fail(take(*queue), {ErrorCode::kInvalidArgument, "bad"}));
  const Job fresh = queue->retry(old).value();
  EXPECT_NE(fresh.id, old);
  EXPECT_EQ(fresh.state, JobState::kQueued);
  EXPECT_EQ(fresh.request, "what");
  EXPECT_EQ(fresh.priority, 2);
  EXPECT_EQ(fresh.retry_of, old);
  EXPECT_EQ(queue->get(old)->state, JobState::kFailed);
  EXPECT_EQ(log_of(*queue, old).back(), "retried as job " + fresh.id);
  EXPECT_EQ(queue->retry("none").error().code, ErrorCode::kNotFound);
}

TEST_P(JobQueueTest, the_log_tells_a_job_s_life) {
  const auto queue = open({.taker = "server"});
  const std::string id = queue->submit("x", "").value();
  const Job first = take(*queue);
  ASSERT_TRUE(queue->report(first, 0.1, "reading", ""));
  ASSERT_TRUE(queue->report(first, 0.2, "reading", ""));
  ASSERT_TRUE(queue->checkpoint(first, "12"));
  ASSERT_TRUE(queue->checkpoint(first, "1234"));  // takes the other's line
  ASSERT_TRUE(queue->report(first, 0.5, "writing", ""));
  ASSERT_TRUE(queue->fail(first, {ErrorCode::kUnavailable, "no \xFF answer"}));
  age(1min);
  ASSERT_TRUE(queue->complete(take(*queue), "{}"));
  const auto lines = queue->log(id).value();
  std::vector<std::string> texts = log_of(*queue, id);
  ASSERT_EQ(texts.size(), 8u);
  EXPECT_TRUE(texts[5].starts_with("attempt 1 failed, the next is in 1") && texts[5].ends_with("s: no ? answer"));
  EXPECT_EQ(lines[5].level, JobLogLevel::kWarning);
  texts.erase(texts.begin() + 5);
  EXPECT_EQ(texts, (std::vector<std::string>{"submitted, priority 1", "taken by server, attempt 1", "phase reading",
                                             "checkpoint of 4 bytes", "phase writing", "taken by server, attempt 2",
                                             "completed"}));
  EXPECT_TRUE(std::ranges::is_sorted(lines, {}, &JobLogLine::at));
  EXPECT_EQ(queue->log(id, lines[6].number)->size(), 1u);
  EXPECT_EQ(queue->log(id, 0, 3)->size(), 3u);
  EXPECT_EQ(queue->log("none").error().code, ErrorCode::kNotFound);
}

TEST_P(JobQueueTest, a_long_log_loses_its_oldest_lines) {
  const std::string id = open()->submit("x", "").value();
  const auto connection = connect();
  auto transaction = store::Transaction::begin(*connection, store::TransactionKind::kWrite);
  for (std::int64_t i = 0; i < kLogLinesMax + 10; ++i) {
    ASSERT_TRUE(append_log(*connection, id, i, JobLogLevel::kInfo, std::to_string(i)));
  }
  ASSERT_TRUE(transaction->commit());
  const auto lines = open()->log(id).value();
  ASSERT_EQ(lines.size(), static_cast<std::size_t>(kLogLinesMax));
  EXPECT_EQ(lines.front().text, "10");
  EXPECT_EQ(lines.back().text, std::to_string(kLogLinesMax + 9));
}

TEST_P(JobQueueTest, one_key_makes_one_job_for_a_day) {
  const auto queue = open();
  const auto other = open({.taker = "second"});
  const std::string id = queue->submit("x", "{}", "", {.key = "k1"}).value();
  EXPECT_EQ(other->submit("x", "{}", "", {.key = "k1"}), id);
  for (const auto& again :
       {queue->submit("x", "{\"a\":1}", "", {.key = "k1"}), queue->submit("y", "{}", "", {.key = "k1"}),
        queue->submit("x", "{}", "", {.priority = 2, .key = "k1"})}) {
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::kAlreadyExists);
  }
  EXPECT_NE(queue->submit("x", "{}", "", {.key = "k2"}), id);
  EXPECT_NE(queue->submit("x", "{}"), id);
  EXPECT_EQ(queue->submit("x", "{}", "", {.key = std::string(256, 'k')}).error().code, ErrorCode::kInvalidArgument);
  ASSERT_TRUE(connect()->run("UPDATE job_key SET created_at = created_at - $1",
                             {std::chrono::nanoseconds(JobQueue::kKeyKept).count() + 1}));
  const auto later = queue->submit("x", "{\"a\":1}", "", {.key = "k1"});
  ASSERT_TRUE(later) << later.error().message;
  EXPECT_NE(*later, id);
}

TEST_P(JobQueueTest, many_who_submit_with_one_key_at_once_get_one_job) {
  std::vector<std::string> ids(8);
  {
    std::vector<std::jthread> threads;
    for (std::string& id : ids) {
      threads.emplace_back([&] { id = open({})->submit("x", "{}", "", {.key = "k"}).value_or("none"); });
    }
  }
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 1u);
  EXPECT_EQ(open()->list({})->jobs.size(), 1u);
}

TEST_P(JobQueueTest, old_ended_jobs_are_removed_with_what_belongs_to_them) {
  const auto queue = open();
  const std::string done = queue->submit("x", "", "", {.key = "k"}).value();
  ASSERT_TRUE(queue->complete(take(*queue), ""));
  const std::string waiting = queue->submit("x", "").value();
  age(std::chrono::days(10));
  const std::string fresh = queue->submit("x", "", "", {.priority = 3}).value();
  ASSERT_TRUE(queue->request_cancel(fresh));
  EXPECT_EQ(queue->remove_ended(base::now() - std::chrono::days(11)), 0);
  EXPECT_EQ(queue->remove_ended(base::now() - std::chrono::days(9)), 1);
  EXPECT_EQ(queue->get(done).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(queue->get(waiting));
  EXPECT_TRUE(queue->get(fresh));
  const auto connection = connect();
  EXPECT_EQ(connection->query_integer("SELECT count(*) FROM job_log WHERE job_id = $1", {done}), 0);
  EXPECT_EQ(connection->query_integer("SELECT count(*) FROM job_key"), 0);
}

TEST_P(JobQueueTest, statistics_count_by_kind_and_state_and_measure_waiting_and_running) {
  const auto queue = open();
  EXPECT_EQ(queue->statistics()->oldest_wait_seconds, std::nullopt);
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(queue->submit("a", ""));
  ASSERT_TRUE(queue->submit("b", ""));
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(queue->complete(take(*queue), ""));
  ASSERT_TRUE(connect()->run(
      "UPDATE job SET created_at = started_at - 2000000000, finished_at = started_at + 5000000000 * sequence WHERE "
      "state = 'completed'"));
  age(1min);
  const JobStatistics statistics = queue->statistics().value();
  std::vector<std::string> counts;
  for (const JobCount& each : statistics.counts) {
    counts.push_back(each.kind + " " + std::string(to_string(each.state)) + " " + std::to_string(each.count));
  }
  EXPECT_EQ(counts, (std::vector<std::string>{"a completed 2", "a queued 2", "b queued 1"}));
  ASSERT_EQ(statistics.times.size(), 1u);
  const JobTimes& times = statistics.times[0];
  EXPECT_EQ(times.kind, "a");
  EXPECT_EQ(times.jobs, 2);
  EXPECT_EQ(times.wait_median, 2);
  EXPECT_EQ(times.wait_max, 2);
  EXPECT_EQ(times.run_median, 5);
  EXPECT_EQ(times.run_p95, 10);
  EXPECT_EQ(times.run_max, 10);
  EXPECT_GE(statistics.oldest_wait_seconds, 60);
  EXPECT_EQ(statistics.dead_letters, 0);
}

TEST_P(JobQueueTest, an_owner_sees_and_changes_what_is_its_own) {
  const auto queue = open();
  const std::string of_ann = queue->submit("a", "{}", "", {.key = "k", .owner = "ann"}).value();
  const std::string of_bob = queue->submit("b", "{}", "", {.key = "k", .owner = "bob"}).value();
  EXPECT_NE(of_ann, of_bob);  // though the idempotency key is the same
  EXPECT_EQ(queue->submit("a", "{}", "", {.key = "k", .owner = "ann"}).value(), of_ann);
  EXPECT_EQ(queue->get(of_ann, "ann").value().owner, "ann");
  EXPECT_EQ(queue->get(of_ann).value().owner, "ann");
  for (const auto& refused :
       {queue->get(of_ann, "bob"), queue->request_cancel(of_ann, "bob"), queue->request_pause(of_ann, "bob"),
        queue->resume(of_ann, "bob"), queue->retry(of_ann, "bob")}) {
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kNotFound);
  }
  EXPECT_EQ(queue->log(of_ann, 0, 10, "bob").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(queue->log(of_ann, 0, 10, "ann").value().size(), 1u);
  EXPECT_EQ(queue->get(of_ann).value().state, JobState::kQueued);
  JobFilter filter;
  filter.owner = "bob";
  const JobPage page = queue->list(filter).value();
  ASSERT_EQ(page.jobs.size(), 1u);
  EXPECT_EQ(page.jobs[0].id, of_bob);
  EXPECT_EQ(queue->statistics("ann").value().counts.size(), 1u);
  EXPECT_EQ(queue->statistics().value().counts.size(), 2u);
  ASSERT_TRUE(queue->request_cancel(of_ann, "ann"));
  EXPECT_EQ(queue->get(queue->retry(of_ann, "ann").value().id).value().owner, "ann");
}

TEST_P(JobQueueTest, jobs_of_the_first_schema_go_on) {
  const auto connection = connect();
  ASSERT_TRUE(store::migrate(*connection, store::app_migrations(), 1));
  ASSERT_TRUE(
      connection->run_script("INSERT INTO job (job_id, kind, state, request, checkpoint, created_at, attempts) VALUES "
                             "('old', 'x', 'running', 'r', 'half', 5, 1), ('older', 'x', 'queued', 'q', '', 4, 0)"));
  const auto queue = open();
  EXPECT_EQ(take(*queue).id, "older");
  const Job job = take(*queue);
  EXPECT_EQ(job.id, "old");
  EXPECT_EQ(job.checkpoint, "half");
  EXPECT_EQ(job.attempts, 2);
}

}  // namespace
}  // namespace tradeassist::jobs
