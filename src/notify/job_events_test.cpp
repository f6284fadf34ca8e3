#include "notify/job_events.hpp"

#include <boost/json/object.hpp>

#include "base/json.hpp"
#include "jobs/testing/job_test.hpp"
#include "notify/outbox.hpp"
#include "notify/webhook_store.hpp"

namespace tradeassist::jobs {
namespace {

class JobEvents : public JobTest {
 protected:
  void SetUp() override {
    notify::WebhookStoreOptions options;
    webhooks_ = notify::WebhookStore::open(database_.address(), options).value();
    webhook_ = webhooks_->create({"ann", "https://hooks.example.com/", "", {"*"}})->webhook;
    outbox_ = notify::Outbox::open(database_.address(), {}).value();
    queue_ = open({.taker = "server", .on_end = notify::job_events({})});
  }

  std::vector<notify::Delivery> deliveries() {
    auto page = outbox_->list({.target = webhook_.id}).value();
    std::ranges::reverse(page.deliveries);  // the oldest first
    return page.deliveries;
  }

  static boost::json::object data_of(const notify::Delivery& delivery) {
    return base::parse_json(delivery.body).value().at("data").as_object();
  }

  static std::string text_of(const notify::Delivery& delivery, const char* name) {
    return base::json_text(data_of(delivery).at(name));
  }

  std::string submit(std::string_view kind = "x", std::string_view owner = "ann") {
    return queue_->submit(kind, "{}", "", {.owner = owner}).value();
  }

  std::unique_ptr<notify::WebhookStore> webhooks_;
  notify::Webhook webhook_;
  std::unique_ptr<notify::Outbox> outbox_;
  std::unique_ptr<JobQueue> queue_;
};

INSTANTIATE_ON_BOTH_DATABASES(JobEvents);

TEST_P(JobEvents, each_end_of_a_job_is_told_to_its_owner_once) {
  const std::string done = submit(), waiting = submit(), broken = submit();
  submit("x", "bob");
  ASSERT_TRUE(queue_->request_cancel(waiting));
  ASSERT_TRUE(queue_->complete(take(*queue_), "{}"));
  EXPECT_EQ(queue_->fail(take(*queue_), {base::ErrorCode::kInvalidArgument, "no such symbol"}), JobState::kFailed);
  ASSERT_TRUE(queue_->complete(take(*queue_), "{}"));
  const auto told = deliveries();
  ASSERT_EQ(told.size(), 3u);
  EXPECT_EQ(told[0].event_type, "job.cancelled");
  EXPECT_EQ(text_of(told[0], "job_id"), '"' + waiting + '"');
  EXPECT_EQ(told[1].event_type, "job.completed");
  EXPECT_EQ(text_of(told[1], "job_id"), '"' + done + '"');
  EXPECT_EQ(told[2].event_type, "job.failed");
  EXPECT_EQ(told[2].severity, notify::Severity::kWarning);
  EXPECT_EQ(text_of(told[2], "job_id"), '"' + broken + '"');
  EXPECT_EQ(text_of(told[2], "error"), "\"no such symbol\"");
  EXPECT_EQ(text_of(told[2], "dead_letter"), "false");
}

TEST_P(JobEvents, a_job_that_outlives_its_attempts_is_told_as_a_dead_letter) {
  submit();
  for (int i = 0; i < kAttemptsMax; ++i) {
    EXPECT_TRUE(deliveries().empty());
    queue_->fail(take(*queue_), {base::ErrorCode::kUnavailable, "away"}).value();
    age(std::chrono::hours(1));
  }
  ASSERT_EQ(deliveries().size(), 1u);
  EXPECT_EQ(text_of(deliveries()[0], "dead_letter"), "true");
}

TEST_P(JobEvents, a_query_also_tells_what_it_fetched_and_what_is_missing) {
  submit("historical_data");
  ASSERT_TRUE(queue_->complete(
      take(*queue_),
      R"({"symbols":[{"symbol":"SPY","status":"ok","bars":390,"bars_missing":0},)"
      R"({"symbol":"QQQ","status":"ok","bars":380,"bars_missing":10,"first_time":"2026-01-05T14:30:00Z"},)"
      R"({"symbol":"GONE","status":"error","bars":null}]})"));
  const auto told = deliveries();
  ASSERT_EQ(told.size(), 3u);
  EXPECT_EQ(told[1].event_type, "data.fetched");
  EXPECT_EQ(data_of(told[1]).at("symbols").as_array().size(), 3u);
  EXPECT_EQ(told[2].event_type, "data.gap_found");
  EXPECT_EQ(text_of(told[2], "symbol"), "\"QQQ\"");
  EXPECT_EQ(text_of(told[2], "bars_missing"), "10");
}

}  // namespace
}  // namespace tradeassist::jobs
