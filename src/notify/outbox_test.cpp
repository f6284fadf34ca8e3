#include "notify/outbox.hpp"

#include <gtest/gtest.h>

#include <barrier>
#include <thread>

#include "notify/webhook_store.hpp"
#include "store/testing/test_database.hpp"

namespace tradeassist::notify {
namespace {

using namespace std::chrono_literals;
using base::ErrorCode;
using store::Dialect;
using store::dialect_name;
using store::test_server_url;

class OutboxTest : public testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override {
    WebhookStoreOptions options;
    options.key.fill(7);
    webhooks_ = WebhookStore::open(database_.address(), options).value();
    outbox_ = open("one");
  }

  std::unique_ptr<Outbox> open(std::string taker, std::vector<ChannelRule> channels = {}) {
    OutboxOptions options;
    options.taker = std::move(taker);
    options.channels = std::move(channels);
    options.clock = [this] { return now_; };
    auto opened = Outbox::open(database_.address(), std::move(options));
    EXPECT_TRUE(opened) << opened.error().message;
    return *std::move(opened);
  }

  Webhook webhook(std::string owner, std::vector<std::string> events) {
    auto made = webhooks_->create({std::move(owner), "https://hooks.example.com/in", "", std::move(events)});
    EXPECT_TRUE(made) << made.error().message;
    return made->webhook;
  }

  static Event event(std::string type, std::string owner = "ann") {
    Event made;
    made.type = std::move(type);
    made.owner = std::move(owner);
    made.data = {{"job_id", "a"}};
    return made;
  }

  int publish(const Event& each) {
    const auto made = outbox_->publish(each);
    EXPECT_TRUE(made) << made.error().message;
    return made.value_or(-1);
  }

  static std::vector<Delivery> take(Outbox& outbox, const TakeLimits& limits = {}) {
    auto taken = outbox.take(limits);
    EXPECT_TRUE(taken) << taken.error().message;
    return taken ? *std::move(taken) : std::vector<Delivery>();
  }

  Outcome outcome(int status) {
    Outcome made;
    made.attempt.at = now_;
    made.attempt.status = status;
    made.is_delivered = status / 100 == 2;
    made.is_gone = status == 410;
    if (!made.is_delivered) made.attempt.error = "the answer is " + std::to_string(status);
    return made;
  }

  void finish(const Delivery& taken, const Outcome& with) {
    const auto done = outbox_->finish(taken, with);
    EXPECT_TRUE(done) << done.error().message;
  }

  /// So many more deliveries wait, of the event of one that is there.
  void let_wait(std::int64_t count) {
    const auto connection = store::open_connection(database_.address()).value();
    ASSERT_TRUE(connection->run(
        "INSERT INTO delivery (id, event_id, target, state, is_replay, next_at, created_at) WITH RECURSIVE n(i) AS "
        "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT 'x' || i, event_id, target, 'pending', 0, "
        "next_at, 0 FROM n, (SELECT event_id, target, next_at FROM delivery LIMIT 1) AS one",
        {count}));
  }

  std::vector<Delivery> all(const Webhook& of) { return outbox_->list({.target = of.id})->deliveries; }

  store::TestDatabase database_{GetParam()};
  base::Time now_{std::chrono::seconds(1'800'000'000)};
  std::unique_ptr<WebhookStore> webhooks_;
  std::unique_ptr<Outbox> outbox_;
};

INSTANTIATE_ON_BOTH_DATABASES(OutboxTest);

TEST_P(OutboxTest, an_event_goes_to_the_webhooks_of_its_owner_that_ask_for_it) {
  const Webhook mine = webhook("ann", {"job.*"}), others = webhook("bob", {"*"}), deaf = webhook("ann", {"alert.*"});
  EXPECT_EQ(publish(event("job.completed")), 1);
  const auto taken = take(*outbox_);
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken[0].target, mine.id);
  EXPECT_EQ(taken[0].url, mine.url);
  EXPECT_EQ(taken[0].owner, "ann");
  EXPECT_TRUE(taken[0].event_id.starts_with("msg_"));
  EXPECT_EQ(taken[0].body, R"({"type":"job.completed","timestamp":"2027-01-15T08:00:00Z","data":{"job_id":"a"}})");
  EXPECT_TRUE(all(others).empty());
  EXPECT_TRUE(all(deaf).empty());
}

TEST_P(OutboxTest, events_of_the_system_go_to_all_who_ask_for_them) {
  webhook("ann", {"system.*"}), webhook("bob", {"*"}), webhook("cat", {"job.*"});
  EXPECT_EQ(publish(event("system.started", "")), 2);
}

TEST_P(OutboxTest, channels_get_what_is_urgent_enough_and_named) {
  outbox_ = open("one", {{std::string(kSlackTarget), {"alert.*"}, Severity::kWarning},
                         {std::string(kEmailTarget), {"*"}, Severity::kCritical}});
  Event alert = event("alert.raised", "");
  alert.severity = Severity::kInfo;
  EXPECT_EQ(publish(alert), 0);
  alert.severity = Severity::kWarning;
  EXPECT_EQ(publish(alert), 1);
  alert.severity = Severity::kCritical;
  EXPECT_EQ(publish(alert), 2);
  EXPECT_EQ(take(*outbox_, {.left_out = {std::string(kSlackTarget)}}).size(), 1u);
  EXPECT_EQ(take(*outbox_).size(), 2u);
}

TEST_P(OutboxTest, what_waits_for_a_channel_that_is_configured_no_more_costs_nothing_and_goes_with_its_event) {
  outbox_ = open("one", {{std::string(kSlackTarget), {"*"}, Severity::kInfo}});
  EXPECT_EQ(publish(event("job.completed")), 1);
  outbox_ = open("one");
  const TakeLimits limits{.left_out = {std::string(kSlackTarget), std::string(kEmailTarget)}};
  {
    // While another writes, whoever begins to take waits, and gives up.
    const auto other = store::open_connection(database_.address()).value();
    const auto writing = store::Transaction::begin(*other, store::TransactionKind::kWrite);
    ASSERT_TRUE(writing);
    if (GetParam() == Dialect::kPostgres) {
      ASSERT_TRUE(other->query("SELECT pg_advisory_xact_lock(hashtext('tradeassist deliveries'))"));
    }
    EXPECT_TRUE(take(*outbox_, limits).empty());
  }
  const Webhook to = webhook("ann", {"job.failed"});
  publish(event("job.failed"));
  EXPECT_EQ(take(*outbox_, limits).size(), 1u);
  now_ += 24h;
  EXPECT_EQ(outbox_->remove_before(now_), 1);
  EXPECT_EQ(outbox_->list({.target = std::string(kSlackTarget)})->deliveries.size(), 0u);
  EXPECT_EQ(all(to).size(), 1u);
}

TEST_P(OutboxTest, an_event_that_is_none_or_too_large_is_refused) {
  webhook("ann", {"*"});
  EXPECT_EQ(outbox_->publish(event("job.exploded")).error().code, ErrorCode::kInvalidArgument);
  Event large = event("job.completed");
  large.data["text"] = std::string(kDataBytesMax, 'x');
  EXPECT_EQ(outbox_->publish(large).error().code, ErrorCode::kInvalidArgument);
}

TEST_P(OutboxTest, a_delivery_that_fails_is_tried_ten_times_over_three_days_and_its_webhook_stays_enabled) {
  const Webhook to = webhook("ann", {"*"});
  publish(event("job.completed"));
  const std::chrono::milliseconds waits[] = {5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h};
  const base::Time began = now_;
  for (int tries = 1; tries <= 10; ++tries) {
    const auto taken = take(*outbox_);
    ASSERT_EQ(taken.size(), 1u) << tries;
    EXPECT_EQ(taken[0].attempts, tries - 1);
    finish(taken[0], outcome(500));
    const Delivery after = all(to).front();
    EXPECT_EQ(after.attempts, tries);
    EXPECT_EQ(after.last_status, 500);
    if (tries == 10) {
      EXPECT_EQ(after.state, DeliveryState::kFailed);
      EXPECT_EQ(after.finished_at, now_);
      break;
    }
    EXPECT_EQ(after.state, DeliveryState::kPending);
    const auto wait = after.next_at - now_;
    EXPECT_GE(wait, waits[tries - 1]);
    EXPECT_LE(wait, waits[tries - 1] + waits[tries - 1] / 10);
    now_ = after.next_at - 1ms;
    EXPECT_TRUE(take(*outbox_).empty());
    now_ += 1ms;
  }
  EXPECT_GE(now_ - began, 75h);
  EXPECT_TRUE(take(*outbox_).empty());
  EXPECT_TRUE(webhooks_->get(to.id, "ann")->is_enabled);
  EXPECT_EQ(outbox_->attempts(all(to).front().number)->size(), 10u);
}

TEST_P(OutboxTest, a_receiver_may_ask_for_more_time_up_to_a_day) {
  const Webhook to = webhook("ann", {"*"});
  publish(event("job.completed"));
  Outcome busy = outcome(429);
  busy.retry_after = 600s;
  finish(take(*outbox_)[0], busy);
  EXPECT_EQ(all(to)[0].next_at, now_ + 600s);
  now_ += 600s;
  busy.retry_after = std::chrono::seconds(std::chrono::days(365));
  finish(take(*outbox_)[0], busy);
  EXPECT_EQ(all(to)[0].next_at, now_ + 24h);
}

TEST_P(OutboxTest, a_clock_that_is_set_back_makes_no_delivery_wait_longer) {
  const Webhook to = webhook("ann", {"*"});
  publish(event("job.completed"));
  finish(take(*outbox_)[0], outcome(500));
  const base::Nanoseconds wait = all(to)[0].next_at - now_;
  EXPECT_GE(wait, 5s);
  EXPECT_TRUE(take(*outbox_).empty());
  now_ -= 2h;
  EXPECT_TRUE(take(*outbox_).empty());
  EXPECT_LE(all(to)[0].next_at - now_, wait);
  now_ += wait;
  EXPECT_EQ(take(*outbox_).size(), 1u);
}

TEST_P(OutboxTest, a_webhook_that_is_gone_is_disabled_and_what_waits_is_given_up) {
  const Webhook to = webhook("ann", {"job.*"}), watcher = webhook("ann", {"webhook.*"});
  for (int i = 0; i < 3; ++i) publish(event("job.completed"));
  const auto taken = take(*outbox_);
  ASSERT_EQ(taken.size(), 2u);
  finish(taken[0], outcome(410));
  const Webhook after = webhooks_->get(to.id, "ann").value();
  EXPECT_FALSE(after.is_enabled);
  EXPECT_EQ(after.disabled_reason, "its receiver answered 410 Gone");
  const auto deliveries = all(to);
  EXPECT_EQ(deliveries[2].state, DeliveryState::kFailed);
  EXPECT_EQ(deliveries[0].state, DeliveryState::kCancelled);
  EXPECT_EQ(all(watcher).at(0).event_type, "webhook.disabled");
  EXPECT_TRUE(outbox_->put_back(taken[1], 0ms));  // it was on its way meanwhile
  const auto rest = take(*outbox_);
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].target, watcher.id);
  EXPECT_EQ(all(to)[1].state, DeliveryState::kCancelled);
  EXPECT_EQ(publish(event("job.completed")), 0);
  EXPECT_EQ(outbox_->test(after).error().code, ErrorCode::kFailedPrecondition);
}

TEST_P(OutboxTest, five_days_of_nothing_but_failures_disable_a_webhook_and_one_success_starts_them_anew) {
  const Webhook to = webhook("ann", {"*"});
  const auto fail_one = [&](int status) {
    const std::string id = outbox_->test(webhooks_->get(to.id, "ann").value())->id;
    const auto taken = outbox_->take_one(id);
    ASSERT_TRUE(taken && *taken);
    finish(**taken, outcome(status));
  };
  fail_one(500);
  now_ += 100h;
  fail_one(200);
  EXPECT_FALSE(webhooks_->get(to.id, "ann")->failing_since);
  fail_one(500);
  now_ += 119h;
  fail_one(500);
  EXPECT_TRUE(webhooks_->get(to.id, "ann")->is_enabled);
  now_ += 1h;
  fail_one(500);
  const Webhook after = webhooks_->get(to.id, "ann").value();
  EXPECT_FALSE(after.is_enabled);
  EXPECT_TRUE(after.disabled_reason.starts_with("nothing could be delivered since 2027-01-19T12:00:00Z"))
      << after.disabled_reason;
  EXPECT_FALSE(webhooks_->update(to.id, "ann", {.is_enabled = true})->failing_since);
}

TEST_P(OutboxTest, servers_share_deliveries_without_doubling_any) {
  webhook("ann", {"*"}), webhook("ann", {"*"});
  for (int i = 0; i < 10; ++i) publish(event("job.completed"));
  const auto other = open("two");
  std::set<std::int64_t> seen;
  for (int round = 0; round < 10; ++round) {
    auto mine = take(*outbox_, {.deliveries_max = 1}), theirs = take(*other, {.deliveries_max = 1});
    for (const auto& some : {mine, theirs}) {
      for (const Delivery& each : some) EXPECT_TRUE(seen.insert(each.number).second) << each.number;
    }
    for (const Delivery& each : mine) finish(each, outcome(200));
    for (const Delivery& each : theirs) EXPECT_TRUE(other->finish(each, outcome(200)));
  }
  EXPECT_EQ(seen.size(), 20u);
}

TEST_P(OutboxTest, no_receiver_gets_more_than_its_places_and_a_busy_one_hides_no_other) {
  const Webhook dead = webhook("ann", {"job.completed"}), alive = webhook("ann", {"job.failed"});
  for (int i = 0; i < 20; ++i) publish(event("job.completed"));
  now_ += 1s;
  publish(event("job.failed"));
  const TakeLimits limits{.deliveries_max = 3, .of_target_max = 2};
  const auto first = take(*outbox_, limits);
  ASSERT_EQ(first.size(), 3u);
  EXPECT_EQ(std::ranges::count(first, dead.id, &Delivery::target), 2);
  EXPECT_EQ(std::ranges::count(first, alive.id, &Delivery::target), 1);
  EXPECT_TRUE(take(*outbox_, limits).empty());
  EXPECT_TRUE(take(*open("two"), limits).empty());
}

TEST_P(OutboxTest, servers_that_look_at_the_same_moment_take_no_more_than_its_places) {
  const Webhook to = webhook("ann", {"*"});
  for (int i = 0; i < 20; ++i) publish(event("job.completed"));
  const std::unique_ptr<Outbox> servers[] = {open("two"), open("three"), open("four")};
  for (int round = 0; round < 20; ++round) {
    std::vector<Delivery> taken[std::size(servers)];
    std::barrier together(std::ssize(servers));
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < std::size(servers); ++i) {
        threads.emplace_back([&, i] {
          together.arrive_and_wait();
          taken[i] = take(*servers[i]);
        });
      }
    }
    std::size_t count = 0;
    for (std::size_t i = 0; i < std::size(servers); ++i) {
      count += taken[i].size();
      for (const Delivery& each : taken[i]) ASSERT_TRUE(servers[i]->put_back(each, 0ms));
    }
    ASSERT_EQ(count, 2u) << round;
  }
  EXPECT_EQ(all(to).size(), 20u);
}

TEST_P(OutboxTest, what_a_killed_server_had_in_work_goes_on_at_its_restart_or_when_its_lease_is_over) {
  webhook("ann", {"*"});
  publish(event("job.completed")), publish(event("job.failed"));
  const auto lost = take(*outbox_);
  ASSERT_EQ(lost.size(), 2u);
  const auto other = open("two");
  EXPECT_TRUE(take(*other).empty());
  now_ += 61s;
  const auto again = take(*other);
  ASSERT_EQ(again.size(), 2u);
  EXPECT_EQ(again[0].event_id, lost[0].event_id);
  const auto late = outbox_->finish(lost[0], outcome(200));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_TRUE(outbox_->attempts(lost[0].number)->empty());
  EXPECT_EQ(take(*open("two")).size(), 2u);  // a restart of the same server needs no lease to end
}

TEST_P(OutboxTest, a_delivery_that_is_over_can_be_sent_again_and_a_range_of_time_too) {
  const Webhook to = webhook("ann", {"job.*"});
  const base::Time began = now_;
  for (int i = 0; i < 4; ++i) {
    publish(event("job.completed"));
    now_ += 1h;
  }
  publish(event("job.completed", "bob"));
  const auto first = take(*outbox_);
  EXPECT_EQ(outbox_->replay(to, first[0].id).error().code, ErrorCode::kFailedPrecondition);
  finish(first[0], outcome(200));
  const auto again = outbox_->replay(to, first[0].id);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(again->is_replay);
  EXPECT_EQ(again->event_id, first[0].event_id);
  EXPECT_NE(again->id, first[0].id);
  EXPECT_EQ(outbox_->replay(to, "dlv_none").error().code, ErrorCode::kNotFound);

  // Disabled, it misses what comes; enabled again, its owner asks for what was not delivered.
  ASSERT_TRUE(webhooks_->update(to.id, "ann", {.is_enabled = false}));
  EXPECT_EQ(publish(event("job.failed")), 0);
  EXPECT_EQ(outbox_->replay(webhooks_->get(to.id, "ann").value(), began, now_ + 1h, false).error().code,
            ErrorCode::kFailedPrecondition);
  ASSERT_TRUE(webhooks_->update(to.id, "ann", {.is_enabled = true}));
  finish(first[1], outcome(500));
  EXPECT_EQ(outbox_->replay(to, began, now_ + 1h, false), 3);  // of five one was delivered, and one is tried again
  EXPECT_EQ(outbox_->replay(to, began, began + 1h, true), 1);
  EXPECT_EQ(outbox_->replay(to, began + 100h, began + 200h, true), 0);
}

TEST_P(OutboxTest, the_log_has_pages_and_filters_and_bounded_texts) {
  const Webhook to = webhook("ann", {"*"});
  for (int i = 0; i < 5; ++i) publish(event(i % 2 == 0 ? "job.completed" : "job.failed"));
  const auto page = outbox_->list({.target = to.id, .limit = 2});
  ASSERT_EQ(page->deliveries.size(), 2u);
  const auto next = outbox_->list({.target = to.id, .cursor = page->next_cursor, .limit = 10});
  EXPECT_EQ(next->deliveries.size(), 3u);
  EXPECT_EQ(next->next_cursor, "");
  EXPECT_EQ(outbox_->list({.target = to.id, .event_type = "job.failed"})->deliveries.size(), 2u);
  EXPECT_EQ(outbox_->list({.target = to.id, .cursor = "x"}).error().code, ErrorCode::kInvalidArgument);
  Outcome large = outcome(500);
  large.attempt.received_body = std::string("\0\xff", 2) + std::string(100'000, 'x');
  large.attempt.received_headers = std::string(100'000, 'y');
  const auto taken = take(*outbox_);
  finish(taken[0], large);
  const auto attempts = outbox_->attempts(taken[0].number);
  EXPECT_TRUE(attempts->at(0).received_body.starts_with("??x"));
  EXPECT_LE(attempts->at(0).received_body.size(), 4'096u);
  EXPECT_LE(attempts->at(0).received_headers.size(), 8'192u);
  EXPECT_EQ(outbox_->list({.target = to.id, .state = DeliveryState::kDelivering})->deliveries.size(), 1u);
  EXPECT_EQ(outbox_->get("wh_other", taken[0].id).error().code, ErrorCode::kNotFound);
}

TEST_P(OutboxTest, old_events_are_removed_but_for_what_still_waits) {
  const Webhook to = webhook("ann", {"*"});
  publish(event("job.completed"));
  finish(take(*outbox_)[0], outcome(200));
  publish(event("job.failed"));
  now_ += 24h;
  publish(event("job.cancelled"));
  EXPECT_EQ(outbox_->remove_before(now_), 1);
  EXPECT_EQ(all(to).size(), 2u);
  ASSERT_TRUE(webhooks_->remove(to.id, "ann"));
  EXPECT_EQ(outbox_->remove_before(now_ + 1h), 2);
}

TEST_P(OutboxTest, a_range_is_sent_again_up_to_a_thousand_of_what_the_webhook_asks_for) {
  const Webhook to = webhook("ann", {"job.failed", "data.*"});
  const base::Time began = now_;
  const auto connection = store::open_connection(database_.address()).value();
  ASSERT_TRUE(connection->run(
      "INSERT INTO outgoing_event (id, owner, type, severity, at, body) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
      "SELECT i + 1 FROM n WHERE i < 3000) SELECT 'e' || i, 'ann', CASE i % 3 WHEN 0 THEN 'job.failed' WHEN 1 THEN "
      "'data.fetched' ELSE 'job.completed' END, 'info', CAST($1 AS BIGINT) + i, '{}' FROM n",
      {base::to_nanoseconds(began)}));
  EXPECT_EQ(outbox_->replay(to, began, began + 1s, false), Outbox::kReplayedMax);
  EXPECT_EQ(outbox_->replay(to, began, began + 1s, false), 1'000);
  EXPECT_EQ(outbox_->replay(to, began, began + 1s, false), 0);
  const auto page = outbox_->list({.target = to.id, .limit = 1'000}).value();
  for (const Delivery& each : page.deliveries) ASSERT_NE(each.event_type, "job.completed");
}

TEST_P(OutboxTest, a_target_that_has_too_much_waiting_loses_what_comes) {
  webhook("ann", {"*"});
  publish(event("job.completed"));
  let_wait(kPendingMax - 1);
  EXPECT_EQ(publish(event("job.completed")), 0);
  finish(take(*outbox_)[0], outcome(200));
  EXPECT_EQ(publish(event("job.completed")), 1);
}

TEST_P(OutboxTest, what_is_asked_for_again_counts_as_waiting_too) {
  const Webhook to = webhook("ann", {"*"});
  publish(event("job.completed"));
  const Delivery sent = take(*outbox_)[0];
  finish(sent, outcome(200));
  let_wait(kPendingMax - 1);
  ASSERT_TRUE(outbox_->test(to));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(publish(event("job.failed")), 0);
  const auto replay_all = [&] { return outbox_->replay(to, now_ - 1h, now_ + 1h, false); };
  EXPECT_EQ(outbox_->test(to).error().code, ErrorCode::kResourceExhausted);
  EXPECT_EQ(outbox_->replay(to, sent.id).error().code, ErrorCode::kResourceExhausted);
  EXPECT_EQ(replay_all().error().code, ErrorCode::kResourceExhausted);
  const auto taken = take(*outbox_);
  ASSERT_EQ(taken.size(), 2u);
  finish(taken[0], outcome(200));
  ASSERT_TRUE(outbox_->put_back(taken[1], 0ms));
  EXPECT_EQ(replay_all(), 1);  // of the two that were lost as many as have room
  EXPECT_EQ(outbox_->replay(to, sent.id).error().code, ErrorCode::kResourceExhausted);
}

}  // namespace
}  // namespace tradeassist::notify
