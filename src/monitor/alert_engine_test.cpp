#include "monitor/alert_engine.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "store/testing/test_database.hpp"

namespace tradeassist::monitor {
namespace {

using namespace std::chrono_literals;
using store::Dialect;
using store::dialect_name;
using store::test_server_url;

class Alerts : public testing::TestWithParam<store::Dialect> {
 protected:
  struct Server {
    std::unique_ptr<AlertStore> store;
    std::unique_ptr<AlertEngine> engine;
    std::vector<std::string> told, heard, told_unkept;  // "raised warning"
  };

  std::unique_ptr<Server> start(const char* name = "one") {
    auto server = std::make_unique<Server>();
    auto opened = AlertStore::open(database_.address());
    EXPECT_TRUE(opened) << opened.error().message;
    server->store = std::move(opened).value();
    AlertEngineOptions options;
    options.server = name;
    options.clock = [this] { return now_; };
    const auto note = [](std::vector<std::string>& where) {
      return [&where](const AlertEvent& event) {
        where.push_back(std::string(to_string(event.kind)) + " " + std::string(to_string(event.severity)));
      };
    };
    options.on_event = note(server->told);
    options.on_change = note(server->heard);
    options.on_unkept_event = note(server->told_unkept);
    auto engine = AlertEngine::create(*server->store, std::move(options));
    EXPECT_TRUE(engine) << engine.error().message;
    server->engine = std::move(engine).value();
    return server;
  }

  void observe(Server& server, std::vector<Observation> observations) {
    const auto observed = server.engine->observe(observations);
    EXPECT_TRUE(observed) << observed.error().message;
  }
  /// Slow queries of the last minute, a warning from 5, critical from 20.
  void see(Server& server, double value, const char* source = "market database") {
    observe(server, {{"slow_queries", true, {{source, value, ""}}}});
  }
  void pass(std::chrono::seconds time) { now_ += time; }
  /// Good for as long as it takes to be over.
  void recover(Server& server) {
    see(server, 0);
    pass(60s);
    see(server, 0);
  }
  std::vector<Alert> list(Server& server, const char* state = "") {
    auto listed = server.store->list({.state = state, .severity = "", .type = "", .source = ""});
    EXPECT_TRUE(listed) << listed.error().message;
    return std::move(listed).value();
  }

  store::TestDatabase database_{GetParam()};
  base::Time now_ = base::now();
};
INSTANTIATE_ON_BOTH_DATABASES(Alerts);

TEST_P(Alerts, are_raised_once_told_once_and_resolved_when_it_was_good_for_a_minute) {
  const auto server = start();
  see(*server, 4);
  EXPECT_TRUE(list(*server).empty());
  for (int i = 0; i < 3; ++i) see(*server, 6), pass(10s);
  const auto open = list(*server, "open");
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open[0].type, "slow_queries");
  EXPECT_EQ(open[0].message,
            "market database: statements of the last minute that took long: 6 per minute (warning from 5 per minute)");
  EXPECT_EQ(open[0].threshold, 5);
  EXPECT_EQ(server->engine->open_counts().warning, 1);
  see(*server, 0);
  pass(59s);
  see(*server, 0);
  EXPECT_EQ(list(*server, "open").size(), 1u);
  pass(1s);
  see(*server, 0);
  EXPECT_TRUE(list(*server, "open").empty());
  EXPECT_EQ(list(*server, "resolved").at(0).resolved_at, now_);
  EXPECT_EQ(server->told, (std::vector<std::string>{"raised warning", "resolved warning"}));
  EXPECT_EQ(server->engine->open_counts().warning, 0);
}

TEST_P(Alerts, are_resolved_though_the_clock_was_set_back_meanwhile) {
  const auto server = start();
  see(*server, 6);
  ASSERT_EQ(list(*server, "open").size(), 1u);
  see(*server, 0);
  pass(-2h);
  see(*server, 0);
  EXPECT_EQ(list(*server, "open").size(), 1u);
  pass(60s);
  see(*server, 0);
  EXPECT_TRUE(list(*server, "open").empty());
  EXPECT_EQ(server->told, (std::vector<std::string>{"raised warning", "resolved warning"}));
}

TEST_P(Alerts, get_worse_at_once_and_better_only_beyond_the_margin) {
  const auto server = start();
  see(*server, 6);
  see(*server, 20);
  EXPECT_EQ(list(*server).at(0).severity, Severity::kCritical);
  see(*server, 18.5);  // less than the bound, but not by a tenth
  EXPECT_EQ(list(*server).at(0).severity, Severity::kCritical);
  see(*server, 17);
  EXPECT_EQ(list(*server).at(0).severity, Severity::kWarning);
  for (int i = 0; i < 10; ++i) see(*server, 4.6), pass(60s);
  EXPECT_EQ(list(*server, "open").size(), 1u);
  EXPECT_EQ(server->told, (std::vector<std::string>{"raised warning", "escalated critical", "deescalated warning"}));
}

TEST_P(Alerts, that_come_back_within_the_cool_down_are_the_same_and_told_of_after_it) {
  const auto server = start();
  see(*server, 6);
  recover(*server);
  pass(10s);
  see(*server, 7);
  auto open = list(*server, "open");
  ASSERT_EQ(list(*server).size(), 1u);
  EXPECT_EQ(open.at(0).occurrences, 2);
  EXPECT_EQ(server->told, (std::vector<std::string>{"raised warning", "resolved warning"}));
  pass(300s);
  see(*server, 7);
  see(*server, 7);
  EXPECT_EQ(server->told, (std::vector<std::string>{"raised warning", "resolved warning", "raised warning"}));
  EXPECT_EQ(server->heard,
            (std::vector<std::string>{"raised warning", "resolved warning", "reopened warning", "raised warning"}));
}

TEST_P(Alerts, that_come_back_worse_are_told_of_at_once) {
  const auto server = start();
  see(*server, 6);
  recover(*server);
  see(*server, 30);
  EXPECT_EQ(server->told, (std::vector<std::string>{"raised warning", "resolved warning", "reopened critical"}));
}

TEST_P(Alerts, that_come_back_after_the_cool_down_are_others) {
  const auto server = start();
  see(*server, 6);
  recover(*server);
  pass(301s);
  see(*server, 6);
  EXPECT_EQ(list(*server).size(), 2u);
  EXPECT_EQ(server->told, (std::vector<std::string>{"raised warning", "resolved warning", "raised warning"}));
}

TEST_P(Alerts, that_have_to_last_are_not_raised_by_a_peak) {
  const auto server = start();
  const auto use = [&](double percent) {
    observe(*server, {{"connection_pool", true, {{"readers", percent, ""}}}});
    pass(10s);
  };
  for (int i = 0; i < 5; ++i) use(100);
  use(10);
  for (int i = 0; i < 6; ++i) use(80);
  EXPECT_TRUE(list(*server).empty());
  use(100);  // a warning for a minute, critical for a moment
  EXPECT_EQ(list(*server).at(0).severity, Severity::kWarning);
  for (int i = 0; i < 6; ++i) use(100);
  EXPECT_EQ(list(*server).at(0).severity, Severity::kCritical);
}

TEST_P(Alerts, can_be_acknowledged_until_they_get_worse) {
  const auto server = start();
  see(*server, 6);
  const std::int64_t id = list(*server).at(0).id;
  const auto acknowledged = server->engine->acknowledge(id, "ann");
  ASSERT_TRUE(acknowledged) << acknowledged.error().message;
  EXPECT_EQ(acknowledged->state, AlertState::kAcknowledged);
  EXPECT_EQ(acknowledged->acknowledged_by, "ann");
  ASSERT_TRUE(server->engine->acknowledge(id, "bob"));
  EXPECT_EQ(list(*server, "acknowledged").at(0).acknowledged_by, "ann");
  see(*server, 25);
  EXPECT_EQ(list(*server).at(0).state, AlertState::kRaised);
  EXPECT_EQ(server->told, (std::vector<std::string>{"raised warning", "acknowledged warning", "escalated critical"}));
  recover(*server);
  EXPECT_EQ(server->engine->acknowledge(id, "ann").error().code, base::ErrorCode::kFailedPrecondition);
  EXPECT_EQ(server->engine->acknowledge(12'345, "ann").error().code, base::ErrorCode::kNotFound);
}

TEST_P(Alerts, that_are_muted_say_nothing_until_then_and_once_afterwards) {
  const auto server = start();
  see(*server, 6);
  const std::int64_t id = list(*server).at(0).id;
  EXPECT_FALSE(server->engine->mute(id, now_ - 1s, "ann"));
  EXPECT_FALSE(server->engine->mute(id, now_ + 24h * 400, "ann"));
  ASSERT_TRUE(server->engine->mute(id, now_ + 1h, "ann"));
  see(*server, 30);
  see(*server, 6);
  EXPECT_EQ(server->told, (std::vector<std::string>{"raised warning", "muted warning"}));
  EXPECT_EQ(server->heard.size(), 4u);  // raised, muted, escalated, deescalated
  pass(3'600s);
  see(*server, 6);
  see(*server, 6);
  EXPECT_EQ(server->told, (std::vector<std::string>{"raised warning", "muted warning", "raised warning"}));
  ASSERT_TRUE(server->engine->mute(id, now_ + 1h, "ann"));
  EXPECT_EQ(list(*server, "muted").size(), list(*server, "open").size());
  ASSERT_TRUE(server->engine->unmute(id, "ann"));
  EXPECT_FALSE(list(*server).at(0).muted_until);
}

TEST_P(Alerts, that_somebody_acknowledged_are_told_to_be_over_after_a_mute) {
  const auto server = start();
  see(*server, 6);
  const std::int64_t id = list(*server).at(0).id;
  ASSERT_TRUE(server->engine->acknowledge(id, "ann"));
  ASSERT_TRUE(server->engine->mute(id, now_ + 1h, "ann"));
  pass(3'601s);
  see(*server, 6);
  recover(*server);
  EXPECT_EQ(server->told,
            (std::vector<std::string>{"raised warning", "acknowledged warning", "muted warning", "resolved warning"}));
}

TEST_P(Alerts, that_come_back_while_muted_stay_muted) {
  const auto server = start();
  see(*server, 6);
  ASSERT_TRUE(server->engine->mute(list(*server).at(0).id, now_ + 24h, "ann"));
  recover(*server);
  pass(400s);
  see(*server, 30);
  EXPECT_EQ(list(*server).size(), 2u);
  EXPECT_EQ(list(*server).at(0).muted_by, "ann");
  EXPECT_EQ(server->told, (std::vector<std::string>{"raised warning", "muted warning"}));
}

TEST_P(Alerts, survive_a_restart_and_are_not_told_of_again) {
  auto server = start();
  see(*server, 6);
  ASSERT_TRUE(server->engine->acknowledge(list(*server).at(0).id, "ann"));
  server = start();
  EXPECT_EQ(server->engine->open_counts().warning, 1);
  see(*server, 6);
  EXPECT_TRUE(server->told.empty());
  EXPECT_EQ(list(*server, "acknowledged").size(), 1u);
  const auto history = server->store->history(list(*server).at(0).id, INT64_MAX, 100);
  ASSERT_TRUE(history) << history.error().message;
  ASSERT_EQ(history->size(), 2u);
  EXPECT_EQ(history->at(0).kind, AlertEventKind::kAcknowledged);
  EXPECT_EQ(history->at(0).actor, "ann");
  EXPECT_FALSE(server->store->history(999, INT64_MAX, 100));
}

TEST_P(Alerts, of_what_is_not_there_any_more_are_resolved_and_of_what_cannot_be_measured_stay) {
  const auto server = start();
  const auto partitions = [&](bool is_measured, std::vector<Reading> readings) {
    observe(*server, {{"partition_size", is_measured, std::move(readings)}});
    pass(60s);
  };
  partitions(true, {{"bars of 2024", 600, ""}, {"bars of 2025", 700, ""}});
  partitions(false, {});
  partitions(false, {});
  EXPECT_EQ(list(*server, "open").size(), 2u);
  partitions(true, {{"bars of 2025", 700, ""}});
  partitions(true, {{"bars of 2025", 700, ""}});
  ASSERT_EQ(list(*server, "open").size(), 1u);
  EXPECT_EQ(list(*server, "open").at(0).source, "bars of 2025");
}

TEST_P(Alerts, of_several_servers_are_raised_and_told_of_once) {
  const auto one = start("one"), two = start("two");
  {
    std::jthread first([&] { see(*one, 6); });
    std::jthread second([&] { see(*two, 6); });
  }
  observe(*one, {});
  observe(*two, {});
  EXPECT_EQ(list(*one).size(), 1u);
  EXPECT_EQ(one->told.size() + two->told.size(), 1u);
  EXPECT_EQ(one->heard, (std::vector<std::string>{"raised warning"}));
  EXPECT_EQ(two->heard, (std::vector<std::string>{"raised warning"}));
  // What somebody does on one of them, the other hears of.
  ASSERT_TRUE(one->engine->acknowledge(list(*one).at(0).id, "ann"));
  see(*two, 6);
  EXPECT_EQ(two->heard.back(), "acknowledged warning");
  EXPECT_EQ(one->told.size() + two->told.size(), 2u);
}

TEST_P(Alerts, of_another_server_alone_are_left_to_it_until_it_is_gone_for_long) {
  auto one = start("one");
  const auto two = start("two");
  see(*one, 6, "readers@one");
  for (int i = 0; i < 3; ++i) see(*two, 0, "readers@two"), pass(60s);
  EXPECT_EQ(list(*two, "open").size(), 1u);
  one.reset();
  pass(900s);
  see(*two, 0, "readers@two");
  ASSERT_EQ(list(*two, "resolved").size(), 1u);
  EXPECT_EQ(list(*two, "resolved").at(0).message, "readers@one: is not measured any more");
}

TEST_P(Alerts, that_somebody_changes_elsewhere_are_told_of_with_the_next_look) {
  const auto server = start();
  see(*server, 6);
  const auto elsewhere = AlertStore::open(database_.address()).value();
  ASSERT_TRUE(acknowledge(*elsewhere, list(*server).at(0).id, "command line (ann)", now_));
  see(*server, 6);
  EXPECT_EQ(server->told, (std::vector<std::string>{"raised warning", "acknowledged warning"}));
}

TEST_P(Alerts, are_listed_by_what_is_asked_for_page_by_page) {
  const auto server = start();
  observe(*server, {{"slow_queries", true, {{"a", 6, ""}, {"b", 30, ""}}}, {"redis_away", true, {{"redis", 0, ""}}}});
  const auto ids = [&](AlertFilter filter) {
    std::vector<std::string> sources;
    const auto listed = server->store->list(filter);
    EXPECT_TRUE(listed) << listed.error().message;
    for (const Alert& alert : *listed) sources.push_back(alert.source);
    return sources;
  };
  EXPECT_EQ(ids({}), (std::vector<std::string>{"b", "a"}));
  EXPECT_EQ(ids({.state = "", .severity = "critical", .type = "", .source = ""}), (std::vector<std::string>{"b"}));
  EXPECT_EQ(ids({.state = "", .severity = "", .type = "memory", .source = ""}), (std::vector<std::string>{}));
  EXPECT_EQ(ids({.state = "raised", .severity = "", .type = "slow_queries", .source = "a"}),
            (std::vector<std::string>{"a"}));
  EXPECT_EQ(ids({.state = "", .severity = "", .type = "", .source = "", .before = INT64_MAX, .limit = 1}),
            (std::vector<std::string>{"b"}));
}

TEST_P(Alerts, that_begin_while_the_database_is_away_are_told_of_and_kept_when_it_is_back) {
  const auto server = start();
  const auto connection = store::open_connection(database_.address()).value();
  ASSERT_TRUE(connection->run_script("ALTER TABLE alert RENAME TO alert_away"));
  for (int i = 0; i < 2; ++i) {
    EXPECT_FALSE(server->engine->observe({{{"database_unreachable", true, {{"market database", 2, "is away"}}}}}));
    pass(10s);
  }
  // Whoever keeps what is to be told in that database could not tell of it.
  EXPECT_EQ(server->told_unkept, (std::vector<std::string>{"raised critical"}));
  EXPECT_TRUE(server->told.empty());
  EXPECT_EQ(server->engine->open_counts().critical, 1);
  ASSERT_TRUE(connection->run_script("ALTER TABLE alert_away RENAME TO alert"));
  const auto back = [&] { observe(*server, {{"database_unreachable", true, {{"market database", 0, ""}}}}); };
  back();
  ASSERT_EQ(list(*server, "open").size(), 1u);
  EXPECT_EQ(list(*server).at(0).message, "market database: is away");
  EXPECT_EQ(server->told, (std::vector<std::string>{"raised critical"}));
  pass(60s);
  back();
  EXPECT_EQ(list(*server, "resolved").size(), 1u);
  EXPECT_EQ(server->told, (std::vector<std::string>{"raised critical", "resolved critical"}));
}

TEST_P(Alerts, that_were_resolved_long_ago_go) {
  const auto server = start();
  see(*server, 6);
  recover(*server);
  pass(24h * 90 - 1h);
  see(*server, 0);
  EXPECT_EQ(list(*server).size(), 1u);
  pass(2h);
  see(*server, 0);
  EXPECT_TRUE(list(*server).empty());
}

}  // namespace
}  // namespace tradeassist::monitor
