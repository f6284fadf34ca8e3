#include "server/realtime/hub.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "base/json.hpp"

namespace tradeassist::server {
namespace {

using Listener = std::shared_ptr<Hub::Subscriber>;

class HubTest : public testing::Test {
 protected:
  explicit HubTest(const HubLimits& limits = {}) : hub_(limits, [this] { return now_; }) {}

  Listener listen() {
    return hub_.connect([this] { ++wakes_; }).value();
  }

  std::vector<boost::json::object> take(const Listener& listener, std::size_t count = 10'000) {
    std::vector<boost::json::object> messages;
    for (const MessageText& text : hub_.take(*listener, count)) {
      messages.push_back(base::parse_json(*text).value().as_object());
    }
    return messages;
  }
  /// The types, in order; of "count" messages with its number.
  std::vector<std::string> types(const Listener& listener) {
    std::vector<std::string> out;
    for (const auto& message : take(listener)) {
      std::string type(message.at("messageType").as_string());
      if (const auto* n = message.at("data").as_object().if_contains("n")) type += std::to_string(n->as_int64());
      out.push_back(std::move(type));
    }
    return out;
  }
  void publish(const std::string& channel, std::int64_t n, const std::string& type = "count") {
    hub_.publish(channel, type, {{"n", n}});
  }

  base::Time now_ = base::time_from_nanoseconds(1'700'000'000'000'000'000);
  std::atomic<int> wakes_ = 0;
  Hub hub_;
};

using Strings = std::vector<std::string>;

TEST_F(HubTest, those_who_subscribed_get_the_messages_of_a_channel_in_its_envelope) {
  const Listener one = listen(), two = listen();
  ASSERT_TRUE(hub_.subscribe(*one, "jobs:1"));
  publish("jobs:1", 5);
  publish("jobs:2", 6);
  const auto messages = take(one);
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0].at("messageType"), "subscribed");
  const auto& envelope = messages[1];
  EXPECT_EQ(envelope.at("messageType"), "count");
  EXPECT_EQ(envelope.at("version"), "1.0");
  EXPECT_EQ(envelope.at("timestamp"), "2023-11-14T22:13:20Z");
  EXPECT_EQ(envelope.at("channel"), "jobs:1");
  EXPECT_EQ(envelope.at("sequence"), messages[0].at("sequence").as_int64() + 1);
  EXPECT_EQ(envelope.at("data").as_object().at("n"), 5);
  EXPECT_TRUE(take(two).empty());
  EXPECT_EQ(wakes_, 1);  // it had nothing to send only once
}

TEST_F(HubTest, after_unsubscribing_nothing_more_comes) {
  const Listener one = listen();
  ASSERT_TRUE(hub_.subscribe(*one, "a"));
  EXPECT_TRUE(hub_.has_subscribers("a"));
  hub_.unsubscribe(*one, "a");
  publish("a", 1);
  EXPECT_EQ(types(one), (Strings{"subscribed", "unsubscribed"}));
  EXPECT_FALSE(hub_.has_subscribers("a"));
}

TEST_F(HubTest, who_comes_back_gets_what_was_missed) {
  for (int n = 1; n <= 5; ++n) publish("a", n);
  const Listener one = listen();
  ASSERT_TRUE(hub_.subscribe(*one, "a"));
  const std::int64_t newest = take(one).front().at("sequence").as_int64();
  ASSERT_TRUE(hub_.subscribe(*one, "a", newest - 2));
  EXPECT_EQ(types(one), (Strings{"subscribed", "count4", "count5", "replay_complete"}));
  ASSERT_TRUE(hub_.subscribe(*one, "a", newest));
  EXPECT_EQ(types(one), (Strings{"subscribed", "replay_complete"}));
  publish("a", 6);
  EXPECT_EQ(types(one), (Strings{"count6"}));
}

class SmallHub : public HubTest {
 protected:
  SmallHub()
      : HubTest({.channels_max = 3,
                 .subscribers_max = 2,
                 .subscriptions_max = 2,
                 .replay_messages_max = 3,
                 .queued_messages_max = 8,
                 .conflate_from = 2}) {}
};

TEST_F(SmallHub, what_cannot_be_replayed_is_told_as_a_gap) {
  const Listener one = listen();
  ASSERT_TRUE(hub_.subscribe(*one, "a"));
  const std::int64_t first = take(one).front().at("sequence").as_int64();
  for (int n = 1; n <= 5; ++n) publish("a", n);
  take(one);
  ASSERT_TRUE(hub_.subscribe(*one, "a", first + 1));
  const auto messages = take(one);
  ASSERT_EQ(messages.size(), 6u);
  EXPECT_EQ(messages[1].at("messageType"), "gap");
  EXPECT_EQ(messages[1].at("data").as_object().at("from"), first + 2);
  EXPECT_EQ(messages[1].at("data").as_object().at("to"), first + 2);
  EXPECT_EQ(messages[2].at("sequence"), first + 3);
}

TEST_F(SmallHub, a_channel_that_was_dropped_meanwhile_is_a_gap_too) {
  const Listener one = listen();
  ASSERT_TRUE(hub_.subscribe(*one, "a"));
  publish("a", 1);
  const std::int64_t seen = take(one).back().at("sequence").as_int64();
  hub_.unsubscribe(*one, "a");
  for (const char* other : {"b", "c", "d"}) publish(other, 1);
  EXPECT_EQ(hub_.metrics().channels, 3u);
  now_ += std::chrono::seconds(1);
  ASSERT_TRUE(hub_.subscribe(*one, "a", seen));
  EXPECT_EQ(types(one), (Strings{"unsubscribed", "subscribed", "gap", "replay_complete"}));
}

TEST_F(SmallHub, a_clock_that_was_set_back_meanwhile_is_a_gap_too_and_what_is_kept_comes) {
  const Listener one = listen();
  ASSERT_TRUE(hub_.subscribe(*one, "a"));
  publish("a", 1);
  const std::int64_t seen = take(one).back().at("sequence").as_int64();
  hub_.unsubscribe(*one, "a");
  for (const char* other : {"b", "c", "d"}) publish(other, 1);
  now_ -= std::chrono::hours(1);
  publish("a", 2);
  ASSERT_TRUE(hub_.subscribe(*one, "a", seen));
  const auto messages = take(one);
  ASSERT_EQ(messages.size(), 5u);
  EXPECT_EQ(messages[2].at("messageType"), "gap");
  EXPECT_TRUE(messages[2].at("data").as_object().at("from").is_null());
  EXPECT_EQ(messages[2].at("data").as_object().at("to").as_int64() + 1, messages[3].at("sequence").as_int64());
  EXPECT_EQ(messages[3].at("messageType"), "count");
  EXPECT_EQ(messages[4].at("messageType"), "replay_complete");
}

class HubWithLittleMemory : public HubTest {
 protected:
  HubWithLittleMemory() : HubTest({.replay_bytes_total_max = 2'000}) {}
};

TEST_F(HubWithLittleMemory, channels_in_use_keep_messages_and_those_that_are_done_give_way) {
  for (int n = 1; n <= 20; ++n) publish("done", n);
  for (int n = 1; n <= 3; ++n) publish("new", n);
  EXPECT_LE(hub_.metrics().replay_bytes, 2'000u);
  const Listener one = listen();
  ASSERT_TRUE(hub_.subscribe(*one, "new", 0));
  EXPECT_EQ(types(one), (Strings{"subscribed", "gap", "count1", "count2", "count3", "replay_complete"}));
  ASSERT_TRUE(hub_.subscribe(*one, "done", 0));
  EXPECT_EQ(types(one), (Strings{"subscribed", "gap", "replay_complete"}));
}

TEST_F(SmallHub, bounds_are_kept_and_said) {
  const Listener one = listen(), two = listen();
  EXPECT_EQ(hub_.connect([] {}).error().code, base::ErrorCode::kResourceExhausted);
  EXPECT_TRUE(hub_.subscribe(*one, "a"));
  EXPECT_TRUE(hub_.subscribe(*one, "b"));
  EXPECT_TRUE(hub_.subscribe(*one, "b"));
  EXPECT_EQ(hub_.subscribe(*one, "c").error().code, base::ErrorCode::kResourceExhausted);
  EXPECT_TRUE(hub_.subscribe(*two, "c"));
  EXPECT_EQ(hub_.subscribe(*two, "d").error().code, base::ErrorCode::kResourceExhausted);  // all three are listened to
  publish("d", 1);
  EXPECT_EQ(hub_.metrics().unchanneled, 1);
  for (const std::string& name : {std::string(), std::string("a b"), std::string(161, 'a'), std::string("a\nb")}) {
    EXPECT_EQ(hub_.subscribe(*two, name).error().code, base::ErrorCode::kInvalidArgument) << name;
  }
}

TEST_F(SmallHub, of_bars_only_the_newest_waits_for_a_slow_reader) {
  const Listener one = listen();
  ASSERT_TRUE(hub_.subscribe(*one, "bars:SPY:1m"));
  for (int n = 1; n <= 100; ++n) publish("bars:SPY:1m", n, "bar");
  EXPECT_EQ(types(one), (Strings{"subscribed", "bar100"}));
  EXPECT_EQ(hub_.metrics().conflated, 99);
  for (int n = 101; n <= 103; ++n) publish("bars:SPY:1m", n, "bar");
  EXPECT_EQ(types(one), (Strings{"bar101", "bar103"}));
  EXPECT_EQ(hub_.close_reason(*one), CloseReason::kNone);
}

TEST_F(SmallHub, a_newer_bar_does_not_overtake_a_replay) {
  const Listener one = listen();
  ASSERT_TRUE(hub_.subscribe(*one, "a"));
  const std::int64_t first = take(one).front().at("sequence").as_int64();
  publish("a", 1, "bar");
  publish("a", 2, "bar");
  ASSERT_TRUE(hub_.subscribe(*one, "a", first));
  publish("a", 3, "bar");
  EXPECT_EQ(types(one), (Strings{"bar1", "bar2", "subscribed", "bar1", "bar2", "replay_complete", "bar3"}));
}

TEST_F(SmallHub, who_cannot_keep_up_with_all_else_is_closed_and_harms_none) {
  const Listener slow = listen(), quick = listen();
  ASSERT_TRUE(hub_.subscribe(*slow, "a"));
  ASSERT_TRUE(hub_.subscribe(*quick, "a"));
  take(quick);
  for (int n = 1; n <= 20; ++n) {
    publish("a", n);
    EXPECT_EQ(types(quick), (Strings{"count" + std::to_string(n)}));
  }
  EXPECT_EQ(hub_.close_reason(*slow), CloseReason::kTryAgainLater);
  EXPECT_TRUE(take(slow).empty());
  EXPECT_EQ(hub_.close_reason(*quick), CloseReason::kNone);
  EXPECT_EQ(hub_.metrics().overflows, 1);
}

TEST_F(SmallHub, a_large_answer_is_made_at_the_speed_of_its_reader) {
  const Listener one = listen();
  ASSERT_TRUE(hub_.subscribe(*one, "q"));
  take(one);
  std::atomic<int> sent = 0;
  std::jthread publisher([&](const std::stop_token& stop) {
    for (int n = 1; n <= 50; ++n) {
      if (!hub_.publish_when_ready("q", "chunk", {{"n", n}}, stop)) return;
      ++sent;
    }
  });
  int received = 0;
  while (received < 50) {
    const std::size_t count = hub_.take(*one, 1).size();
    received += static_cast<int>(count);
    EXPECT_LE(sent - received, 3);
    if (count == 0) std::this_thread::yield();
  }
  EXPECT_EQ(hub_.close_reason(*one), CloseReason::kNone);
}

TEST_F(SmallHub, waiting_for_a_reader_ends_when_it_leaves_and_when_asked_to_stop) {
  EXPECT_FALSE(hub_.publish_when_ready("q", "chunk", {}, {}));
  for (const bool by_leaving : {true, false}) {
    Listener one = listen();
    ASSERT_TRUE(hub_.subscribe(*one, "q"));
    std::stop_source stop;
    std::atomic<int> sent = 0;
    std::thread publisher([&] {
      while (hub_.publish_when_ready("q", "chunk", {}, stop.get_token())) ++sent;
    });
    while (sent < 1) std::this_thread::yield();
    if (by_leaving)
      hub_.disconnect(*one);
    else
      stop.request_stop();
    publisher.join();
    hub_.disconnect(*one);
  }
}

TEST_F(HubTest, closing_asks_all_to_go_and_those_who_come_later) {
  const Listener one = listen();
  hub_.close_all();
  EXPECT_EQ(hub_.close_reason(*one), CloseReason::kGoingAway);
  EXPECT_EQ(hub_.close_reason(*listen()), CloseReason::kGoingAway);
}

TEST_F(HubTest, listeners_come_and_go_beside_publishers) {
  std::atomic<bool> is_over = false;
  std::vector<std::jthread> threads;
  for (int publisher = 0; publisher < 2; ++publisher) {
    threads.emplace_back([&, publisher] {
      for (std::int64_t n = 0; !is_over; ++n) publish(n % 2 == 0 ? "a" : "b", n, publisher == 0 ? "bar" : "count");
    });
  }
  std::vector<std::jthread> listeners;
  for (int i = 0; i < 3; ++i) {
    listeners.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        const Listener one = hub_.connect([] {}).value();
        EXPECT_TRUE(hub_.subscribe(*one, "a", 0));
        EXPECT_TRUE(hub_.subscribe(*one, "b"));
        std::int64_t last = 0;
        for (const MessageText& text : hub_.take(*one, 5'000)) {
          const auto message = base::parse_json(*text).value().as_object();
          if (message.at("channel") != "a" || !message.at("data").as_object().contains("n")) continue;
          EXPECT_GT(message.at("sequence").as_int64(), last);
          last = message.at("sequence").as_int64();
        }
        hub_.disconnect(*one);
      }
    });
  }
  listeners.clear();
  is_over = true;
}

}  // namespace
}  // namespace tradeassist::server
