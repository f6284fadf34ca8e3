#include "server/historical/saved_query_keeper.hpp"

#include <gmock/gmock.h>

#include <thread>

#include "server/historical/historical_job.hpp"
#include "server/historical/saved_query.hpp"
#include "server/realtime/testing/recording_publisher.hpp"
#include "store/testing/market_store_fixture.hpp"

namespace tradeassist::server {
namespace {

using testing::HasSubstr;

base::Time time(const char* text) { return base::parse_time(text).value(); }

class SavedQueryKeeper : public store::MarketStoreTest {
 protected:
  void SetUp() override {
    MarketStoreTest::SetUp();
    append(minutes(0, 100));
    cache_ = store::SeriesCache::create(*store_).value();
    queue_ = jobs::JobQueue::open(store::database_address(directory(), "", "app"), {.taker = "server"}).value();
    start(0);
  }

  void start(int workers) {
    runner_.reset();
    const ProviderSource providers = [](std::string_view) -> base::Result<ProviderAccess> {
      return base::failure(base::ErrorCode::kFailedPrecondition, "no provider");
    };
    runner_ = std::make_unique<jobs::JobRunner>(
        *queue_,
        std::map<std::string, jobs::JobHandler>{{kHistoricalJob, historical_handler({*cache_, providers, publisher_})}},
        workers);
  }

  SavedQueryKeeperParts parts() { return {*cache_, *queue_, *runner_}; }

  store::SavedQuery save(std::string name, const char* created, const char* extra = "",
                         std::string_view owner = base::kLocalOwner) {
    SavedQueryBody body;
    body.name = std::move(name);
    body.request =
        base::parse_json(R"({"symbols":["SPY"],"frequency":"5m","last":5)" + std::string(extra) + "}").value();
    body.schedule = QuerySchedule{.every_minutes = 15};
    return store_->create_saved_query(fields_of(body, time(created)), owner).value();
  }

  store::SavedQuery read(const store::SavedQuery& query) { return store_->saved_query(query.id).value(); }

  std::unique_ptr<store::SeriesCache> cache_;
  std::unique_ptr<jobs::JobQueue> queue_;
  RecordingPublisher publisher_;
  std::unique_ptr<jobs::JobRunner> runner_;
};

TEST_F(SavedQueryKeeper, runs_what_is_due_once_and_counts_it) {
  const auto query = save("Bars", "2024-03-08T10:07:00Z", R"(,"background":true,"stream":true)");
  EXPECT_EQ(run_due_saved_queries(parts(), time("2024-03-08T10:14:59Z")), 0);
  EXPECT_EQ(run_due_saved_queries(parts(), time("2024-03-08T10:15:00Z")), 1);
  EXPECT_EQ(run_due_saved_queries(parts(), time("2024-03-08T10:15:00Z")), 0);
  EXPECT_EQ(base::format_time(*read(query).next_run_at), "2024-03-08T10:30:00Z");

  start(1);
  for (int i = 0; i < 2'000 && read(query).execute_count == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  runner_->stop();
  const store::SavedQuery done = read(query);
  EXPECT_EQ(done.execute_count, 1);
  const jobs::Job job = queue_->get(done.last_job_id).value();
  EXPECT_EQ(job.state, jobs::JobState::kCompleted) << job.error;
  EXPECT_THAT(job.result, HasSubstr(R"("bars":5)"));
}

TEST_F(SavedQueryKeeper, runs_are_jobs_of_whoever_the_query_belongs_to) {
  const auto query = save("Bars", "2024-03-08T10:07:00Z", "", "ann");
  ASSERT_EQ(run_due_saved_queries(parts(), time("2024-03-08T10:15:00Z")), 1);
  const std::string job = read(query).last_job_id;
  EXPECT_TRUE(queue_->get(job, "ann"));
  EXPECT_FALSE(queue_->get(job, base::kLocalOwner));
}

TEST_F(SavedQueryKeeper, makes_up_for_what_was_missed_with_one_run) {
  const auto query = save("Bars", "2024-03-08T10:07:00Z");
  EXPECT_EQ(run_due_saved_queries(parts(), time("2024-03-09T03:00:00Z")), 1);
  EXPECT_EQ(run_due_saved_queries(parts(), time("2024-03-09T03:00:01Z")), 0);
  EXPECT_EQ(base::format_time(*read(query).next_run_at), "2024-03-09T03:15:00Z");
}

TEST_F(SavedQueryKeeper, leaves_out_a_run_while_the_last_one_is_at_work) {
  const auto query = save("Bars", "2024-03-08T10:07:00Z");
  EXPECT_EQ(run_due_saved_queries(parts(), time("2024-03-08T10:15:00Z")), 1);  // it waits: there is no worker
  const std::string first = read(query).last_job_id;
  EXPECT_EQ(run_due_saved_queries(parts(), time("2024-03-08T10:30:00Z")), 0);
  EXPECT_EQ(read(query).last_job_id, first);
  EXPECT_EQ(base::format_time(*read(query).next_run_at), "2024-03-08T10:45:00Z");
  ASSERT_TRUE(queue_->request_cancel(first));
  EXPECT_EQ(run_due_saved_queries(parts(), time("2024-03-08T10:45:00Z")), 1);
}

TEST_F(SavedQueryKeeper, goes_on_when_the_clock_was_set_back) {
  const auto query = save("Bars", "2024-03-08T10:07:00Z");
  EXPECT_EQ(bring_back_saved_query_runs(*store_, time("2024-03-08T10:10:00Z")), 0);
  EXPECT_EQ(bring_back_saved_query_runs(*store_, time("2024-03-07T09:00:00Z")), 1);
  EXPECT_EQ(base::format_time(*read(query).next_run_at), "2024-03-07T09:15:00Z");
}

TEST_F(SavedQueryKeeper, goes_on_past_one_that_cannot_be_run) {
  store::SavedQueryFields broken = save("Broken", "2024-03-08T10:00:00Z");
  broken.name = "Of another program";
  broken.request = R"({"colour":1})";
  ASSERT_TRUE(store_->create_saved_query(broken));
  EXPECT_EQ(run_due_saved_queries(parts(), time("2024-03-08T10:15:00Z")), 1);
  EXPECT_EQ(run_due_saved_queries(parts(), time("2024-03-08T10:16:00Z")), 0);  // it is not tried again and again
}

TEST_F(SavedQueryKeeper, warms_the_cache_with_what_is_asked) {
  save("Bars", "2024-03-08T10:07:00Z");
  const store::WarmReport report = warm_saved_queries(*cache_, base::now(), {});
  EXPECT_EQ(report.warmed, 1);
  EXPECT_EQ(report.failed, 0);
  const std::string id = queue_->submit(kHistoricalJob, R"({"symbols":["SPY"],"frequency":"5m","last":5})").value();
  const auto before = cache_->metrics();
  start(1);
  for (int i = 0; i < 2'000 && queue_->get(id)->state != jobs::JobState::kCompleted; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(cache_->metrics().loads, before.loads);
  EXPECT_EQ(cache_->metrics().hits, before.hits + 1);
}

}  // namespace
}  // namespace tradeassist::server
