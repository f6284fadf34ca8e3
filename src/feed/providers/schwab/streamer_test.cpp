// The streamer against a server that speaks Schwab's protocol and misbehaves.
#include "feed/providers/schwab/streamer.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <random>
#include <thread>

#include "feed/providers/schwab/stream_frames.hpp"
#include "feed/providers/schwab/testing/fake_schwab.hpp"
#include "feed/providers/schwab/web_socket.hpp"
#include "feed/providers/testing/recording_sink.hpp"
#include "feed/testing/temporary_file.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using testing::HasSubstr;
using Peer = FakeSchwab::Peer;

const base::Time kStart = base::parse_time("2025-06-02T14:00:00Z").value();
base::Time minute(int n) { return kStart + std::chrono::minutes(n); }

std::string response(const std::string& service, const std::string& command, int code) {
  return fmt::format(
      R"({{"response":[{{"service":"{}","requestid":"1","command":"{}","content":{{"code":{},"msg":"m"}}}}]}})",
      service, command, code);
}
std::string equity(int sequence, int n, double close = 10.5) {
  return fmt::format(
      R"({{"data":[{{"service":"CHART_EQUITY","timestamp":1,"command":"SUBS","content":[{{"key":"SPY","1":10,"2":11,"3":9,"4":{},"5":100,"6":{},"7":{},"8":1}}]}}]}})",
      close, sequence, base::to_milliseconds(minute(n)));
}
std::string future(int sequence, int n) {
  return fmt::format(
      R"({{"data":[{{"service":"CHART_FUTURES","timestamp":1,"command":"SUBS","content":[{{"key":"/ESZ25","seq":{},"1":{},"2":10,"3":11,"4":9,"5":10,"6":100}}]}}]}})",
      sequence, base::to_milliseconds(minute(n)));
}

/// Candles of SPY for every minute from kStart on, as far as the request asks for them.
std::string minutes_asked_for(const FakeSchwab::Request& request, int count) {
  std::string candles;
  for (int n = 0; n < count; ++n) {
    const auto ms = base::to_milliseconds(minute(n));
    if (ms < std::stoll(request.query.at("startDate")) || ms > std::stoll(request.query.at("endDate"))) continue;
    candles += fmt::format(R"({}{{"open":10,"high":11,"low":9,"close":10,"volume":7,"datetime":{}}})",
                           candles.empty() ? "" : ",", ms);
  }
  return R"({"symbol":"SPY","empty":false,"candles":[)" + candles + "]}";
}

class Streamer : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "tradeassist-stream-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  SchwabSession session(FakeSchwab& with, const std::string& ca_file = "") {
    SchwabOptions made{.key = "key", .secret = "secret", .base_url = with.url()};
    made.http.ca_file = ca_file;
    return {made, TokenStore::open(folder, std::string(64, 'a')).value(), clock};
  }
  /// Runs until `is_done`; the result of the run.
  base::Result<void> run(FakeSchwab& with, StreamRequest request, const std::function<bool()>& is_done,
                         const std::string& ca_file = "") {
    SchwabSession own = session(with, ca_file);
    const auto login = own.finish_login("C0.code%40", {});
    EXPECT_TRUE(login) << login.error().message;
    SchwabPriceHistory history(own);
    SourceGuard guard(clock);
    SchwabStreamer streamer(own, history, guard, std::move(request), options);
    base::Result<void> result;
    {
      std::jthread thread([&](const std::stop_token& stop) { result = streamer.run(sink, stop); });
      EXPECT_TRUE(sink.wait(is_done));
      thread.request_stop();
    }
    return result;
  }
  /// Plays a good server's part until symbols are streamed.
  static void welcome(Peer& peer, int services = 1) {
    const auto login = peer.receive();
    if (!login) return;
    EXPECT_THAT(*login, HasSubstr(R"("command":"LOGIN")"));
    peer.send(response("ADMIN", "LOGIN", 0));
    for (int i = 0; i < services; ++i) {
      const auto asked = peer.receive();
      if (!asked) return;
      const auto json = base_service(*asked);
      peer.send(response(json, "SUBS", 0));
    }
  }
  static std::string base_service(const std::string& request) {
    const std::size_t at = request.find(R"("service":")") + 11;
    return request.substr(at, request.find('"', at) - at);
  }
  static void until_closed(Peer& peer) {
    while (peer.receive()) continue;
  }

  SystemClock clock;
  std::filesystem::path folder;
  RecordingSink sink;
  StreamerOptions options{.silence_max = std::chrono::seconds(5),
                          .reorder_hold = milliseconds(300),
                          .crowded_pause = milliseconds(1),
                          .reconnect = {.first_delay = milliseconds(1), .delay_max = milliseconds(20)}};
};

TEST_F(Streamer, logs_in_then_subscribes_and_hands_bars_on) {
  FakeSchwab server;
  std::string login, subscription;
  server.stream = [&](Peer& peer, int) {
    login = peer.receive().value();
    peer.send(response("ADMIN", "LOGIN", 0));
    subscription = peer.receive().value();
    peer.send(response("CHART_EQUITY", "SUBS", 0));
    peer.send(R"({"notify":[{"heartbeat":"1"}]})");
    peer.send(equity(1, 0));
    peer.send(equity(2, 1));
    until_closed(peer);
  };
  const auto done = run(server, {.equities = {"SPY", "QQQ"}}, [&] { return sink.bars.size() == 2; });
  EXPECT_TRUE(done);
  EXPECT_THAT(login, HasSubstr(R"("SchwabClientCustomerId":"cust","SchwabClientCorrelId":"corr")"));
  EXPECT_THAT(
      login,
      HasSubstr(
          R"("parameters":{"Authorization":"access-1","SchwabClientChannel":"N9","SchwabClientFunctionId":"APIAPP"})"));
  EXPECT_THAT(subscription, HasSubstr(R"("service":"CHART_EQUITY","command":"SUBS")"));
  EXPECT_THAT(subscription, HasSubstr(R"("keys":"SPY,QQQ","fields":"0,1,2,3,4,5,6,7,8")"));
  EXPECT_EQ(sink.bars[1].bar.time, minute(1));
  EXPECT_EQ(sink.bars[1].bar.close, 10.5);
  EXPECT_EQ(sink.bars[1].bar.volume, 100);
  EXPECT_TRUE(sink.has_state(LiveState::kLive, ""));
  EXPECT_EQ(sink.states.back().first, LiveState::kStopped);
}

TEST_F(Streamer, works_over_tls_and_only_with_a_certificate_that_is_trusted) {
  FakeSchwab server(true);
  server.stream = [&](Peer& peer, int) {
    welcome(peer);
    peer.send(equity(1, 0));
    until_closed(peer);
  };
  const TemporaryFile authority(server.certificate.certificate);
  EXPECT_TRUE(run(server, {.equities = {"SPY"}}, [&] { return sink.bars.size() == 1; }, authority.path()));
}

TEST(WebSocket, leaves_the_machine_only_encrypted_and_to_whom_it_trusts) {
  FakeSchwab server(true);
  const auto connect = [](const std::string& url) {
    return WebSocket::connect(url, "", std::chrono::seconds(5), {}).error();
  };
  EXPECT_EQ(connect(server.stream_url()).code, ErrorCode::kFailedPrecondition);
  EXPECT_THAT(connect("ws://example.com/ws").message, HasSubstr("only wss://"));
  EXPECT_EQ(connect("http://127.0.0.1/").code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(connect("ws://127.0.0.1:1/").code, ErrorCode::kUnavailable);
}

TEST_F(Streamer, bars_out_of_order_and_doubled_come_once_and_in_order) {
  FakeSchwab server;
  server.stream = [&](Peer& peer, int) {
    welcome(peer);
    for (const int n : {1, 3, 2, 2, 3, 1, 4}) peer.send(equity(n, n));
    until_closed(peer);
  };
  run(server, {.equities = {"SPY"}}, [&] { return sink.bars.size() >= 4; });
  ASSERT_EQ(sink.bars.size(), 4u);
  for (int n = 1; n <= 4; ++n) EXPECT_EQ(sink.bars[static_cast<std::size_t>(n - 1)].bar.time, minute(n));
  EXPECT_TRUE(sink.holes.empty());
}

TEST_F(Streamer, a_dropped_connection_is_made_again_and_the_hole_filled_from_history) {
  FakeSchwab server;
  server.candles = [](const FakeSchwab::Request& request) { return minutes_asked_for(request, 30); };
  server.stream = [&](Peer& peer, int connection) {
    welcome(peer);
    if (connection == 1) return peer.send(equity(1, 0));  // and drops the line
    peer.send(equity(6, 5));
    until_closed(peer);
  };
  run(server, {.equities = {"SPY"}}, [&] { return sink.holes.size() == 1; });
  EXPECT_EQ(server.stream_connections(), 2);
  ASSERT_EQ(sink.holes.size(), 1u);
  EXPECT_TRUE(sink.holes[0].is_filled) << sink.holes[0].reason;
  EXPECT_EQ(sink.holes[0].from, minute(1));
  EXPECT_EQ(sink.holes[0].to, minute(5));
  std::vector<int> filled;
  for (const LiveBar& bar : sink.bars) {
    if (bar.is_backfill) filled.push_back(static_cast<int>((bar.bar.time - kStart) / std::chrono::minutes(1)));
  }
  EXPECT_EQ(filled, (std::vector<int>{1, 2, 3, 4}));
  EXPECT_TRUE(sink.has_state(LiveState::kDegraded, "connecting again"));
}

TEST_F(Streamer, minutes_that_stored_ones_lack_are_filled_with_one_call_and_no_others_given_again) {
  FakeSchwab server;
  server.candles = [](const FakeSchwab::Request& request) { return minutes_asked_for(request, 10); };
  server.stream = [&](Peer& peer, int) {
    welcome(peer);
    until_closed(peer);
  };
  // Nothing traded in the last hole: history has nothing for it.
  const std::vector<TimeSpan> holes{{minute(1), minute(2)}, {minute(5), minute(8)}, {minute(20), minute(21)}};
  run(server, {.equities = {"SPY"}, .last_bars = {{"SPY", minute(30)}}, .stored_holes = {{"SPY", holes}}},
      [&] { return sink.holes.size() == 1; });
  std::vector<int> filled;
  for (const LiveBar& bar : sink.bars) {
    EXPECT_TRUE(bar.is_backfill && bar.is_late);
    filled.push_back(static_cast<int>((bar.bar.time - kStart) / std::chrono::minutes(1)));
  }
  EXPECT_EQ(filled, (std::vector<int>{1, 5, 6, 7}));
  EXPECT_TRUE(sink.holes.at(0).is_filled) << sink.holes.at(0).reason;
  EXPECT_EQ(sink.holes.at(0).from, minute(1));
  EXPECT_EQ(server.requests("/marketdata/v1/pricehistory").size(), 1u);
}

TEST_F(Streamer, minutes_in_which_nothing_traded_are_no_hole) {
  FakeSchwab server;
  server.candles = [](const FakeSchwab::Request& request) { return minutes_asked_for(request, 0); };
  server.stream = [&](Peer& peer, int) {
    welcome(peer);
    while (server.requests("/marketdata/v1/pricehistory").empty()) std::this_thread::sleep_for(milliseconds(5));
    peer.send(equity(1, 31));
    until_closed(peer);
  };
  run(server,
      {.equities = {"SPY"}, .last_bars = {{"SPY", minute(30)}}, .stored_holes = {{"SPY", {{minute(5), minute(8)}}}}},
      [&] { return sink.bars.size() == 1; });
  EXPECT_TRUE(sink.holes.empty());
}

TEST_F(Streamer, a_hole_of_futures_is_reported_because_there_is_no_history) {
  FakeSchwab server;
  server.stream = [&](Peer& peer, int) {
    welcome(peer);
    peer.send(future(10, 0));
    peer.send(future(13, 3));
    until_closed(peer);
  };
  run(server, {.futures = {"/ESZ25"}}, [&] { return sink.bars.size() == 2; });
  ASSERT_EQ(sink.holes.size(), 1u);
  EXPECT_FALSE(sink.holes[0].is_filled);
  EXPECT_EQ(sink.holes[0].from, minute(1));
  EXPECT_EQ(sink.holes[0].to, minute(3));
  EXPECT_THAT(sink.holes[0].reason, HasSubstr("no history of futures"));
}

TEST_F(Streamer, what_came_while_the_program_did_not_run_is_a_hole_too) {
  FakeSchwab server;
  server.stream = [&](Peer& peer, int) {
    welcome(peer);
    peer.send(future(10, 9));
    until_closed(peer);
  };
  run(server, {.futures = {"/ESZ25"}, .last_bars = {{"/ESZ25", minute(4)}}}, [&] { return sink.bars.size() == 1; });
  ASSERT_EQ(sink.holes.size(), 1u);
  EXPECT_EQ(sink.holes[0].from, minute(5));
}

TEST_F(Streamer, quotes_keep_what_did_not_change) {
  FakeSchwab server;
  server.stream = [&](Peer& peer, int) {
    welcome(peer);
    peer.send(
        R"({"data":[{"service":"LEVELONE_FUTURES","content":[{"key":"/ESZ25","1":100.25,"2":100.5,"3":100.25,"10":1748872800000,"34":"/ESZ25"}]}]})");
    peer.send(R"({"data":[{"service":"LEVELONE_FUTURES","content":[{"key":"/ESZ25","2":100.75,"33":99}]}]})");
    until_closed(peer);
  };
  run(server, {.futures_quotes = {"/ESZ25"}}, [&] { return sink.quotes.size() == 2; });
  ASSERT_EQ(sink.quotes.size(), 2u);
  EXPECT_EQ(sink.quotes[1].bid, 100.25);
  EXPECT_EQ(sink.quotes[1].ask, 100.75);
  EXPECT_EQ(sink.quotes[1].settlement, 99);
  EXPECT_EQ(sink.quotes[1].quote_time, kStart);
  EXPECT_EQ(sink.quotes[1].active_symbol, "/ESZ25");
  EXPECT_TRUE(std::isnan(sink.quotes[1].open));
}

TEST_F(Streamer, silence_without_heartbeats_means_a_dead_line) {
  FakeSchwab server;
  options.silence_max = milliseconds(400);
  server.stream = [&](Peer& peer, int) {
    welcome(peer);
    until_closed(peer);
  };
  run(server, {.equities = {"SPY"}}, [&] { return sink.has_state(LiveState::kDegraded, "no heartbeat"); });
}

TEST_F(Streamer, heartbeats_keep_a_quiet_line_alive) {
  FakeSchwab server;
  options.silence_max = milliseconds(600);
  server.stream = [&](Peer& peer, int) {
    welcome(peer);
    for (int i = 0; i < 15; ++i) {
      std::this_thread::sleep_for(milliseconds(100));
      peer.send(R"({"notify":[{"heartbeat":"1"}]})");
    }
    peer.send(equity(1, 0));
    until_closed(peer);
  };
  run(server, {.equities = {"SPY"}}, [&] { return sink.bars.size() == 1; });
  EXPECT_EQ(server.stream_connections(), 1);
}

TEST_F(Streamer, a_denied_login_is_tried_again_with_a_new_token_and_then_given_up) {
  FakeSchwab server;
  std::vector<std::string> logins;
  server.stream = [&](Peer& peer, int connection) {
    logins.push_back(peer.receive().value_or(""));
    if (connection == 2) {
      peer.send(response("ADMIN", "LOGIN", 0));
      peer.receive();
      peer.send(response("CHART_EQUITY", "SUBS", 0));
      peer.send(equity(1, 0));
      return;  // drops
    }
    peer.send(response("ADMIN", "LOGIN", 3));
    until_closed(peer);
  };
  const auto done = run(server, {.equities = {"SPY"}}, [&] { return sink.has_state(LiveState::kStopped, ""); });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_THAT(done.error().message, HasSubstr("login denied"));
  EXPECT_THAT(done.error().message, HasSubstr("tradeassist schwab login"));
  ASSERT_EQ(logins.size(), 4u);  // denied, renewed and good, denied, renewed and denied
  EXPECT_THAT(logins[0], HasSubstr("access-1"));
  EXPECT_THAT(logins[1], HasSubstr("access-2"));
  EXPECT_THAT(logins[3], HasSubstr("access-3"));
}

TEST_F(Streamer, codes_that_end_a_connection_lead_to_the_next_one) {
  FakeSchwab server;
  server.stream = [&](Peer& peer, int connection) {
    if (connection == 1) {
      peer.receive();
      peer.send(response("ADMIN", "LOGIN", 12));
      return until_closed(peer);
    }
    welcome(peer);
    if (connection == 2) peer.send(response("ADMIN", "LOGOUT", 30));
    if (connection == 3) peer.send(response("ADMIN", "QOS", 20));
    if (connection == 4) peer.send(R"({"data":[{"service":"CHART_EQ)");  // damaged
    if (connection == 5) peer.send(equity(1, 0));
    until_closed(peer);
  };
  run(server, {.equities = {"SPY"}}, [&] { return sink.bars.size() == 1; });
  for (const char* why : {"too many connections", "stopped by Schwab", "not connected", "a message is damaged"})
    EXPECT_TRUE(sink.has_state(LiveState::kDegraded, why)) << why;
}

TEST_F(Streamer, a_rate_limit_before_the_stream_is_waited_for_as_long_as_asked) {
  FakeSchwab server;
  server.faults["/trader/v1/userPreference"] = {{429, "", {{"Retry-After", "1"}}}, {503, ""}};
  server.stream = [&](Peer& peer, int) {
    welcome(peer);
    peer.send(equity(1, 0));
    until_closed(peer);
  };
  run(server, {.equities = {"SPY"}}, [&] { return sink.bars.size() == 1; });
  EXPECT_TRUE(sink.has_state(LiveState::kDegraded, "connecting again in 1.0 s"));
}

TEST_F(Streamer, a_refused_subscription_is_told_and_the_others_go_on) {
  FakeSchwab server;
  server.stream = [&](Peer& peer, int) {
    peer.receive();
    peer.send(response("ADMIN", "LOGIN", 0));
    peer.receive();
    peer.receive();
    peer.send(response("CHART_EQUITY", "SUBS", 0));
    peer.send(response("CHART_FUTURES", "SUBS", 19));
    peer.send(equity(1, 0));
    until_closed(peer);
  };
  run(server, {.equities = {"SPY"}, .futures = {"/ESZ25"}}, [&] { return sink.bars.size() == 1; });
  EXPECT_TRUE(sink.has_state(LiveState::kDegraded, "CHART_FUTURES SUBS: code 19, symbol limit reached"));
}

TEST_F(Streamer, a_bad_command_is_our_mistake_and_ends_the_run) {
  FakeSchwab server;
  server.stream = [&](Peer& peer, int) {
    peer.receive();
    peer.send(response("ADMIN", "LOGIN", 0));
    peer.receive();
    peer.send(response("CHART_EQUITY", "SUBS", 21));
    until_closed(peer);
  };
  const auto done =
      run(server, {.equities = {"SPY"}}, [&] { return sink.has_state(LiveState::kStopped, "bad command"); });
  EXPECT_EQ(done.error().code, ErrorCode::kInternal);
}

TEST_F(Streamer, requests_that_cannot_work_are_refused_at_once) {
  FakeSchwab server;
  SchwabSession own = session(server);
  SchwabPriceHistory history(own);
  SourceGuard guard(clock);
  const auto refuse = [&](StreamRequest request) {
    return SchwabStreamer(own, history, guard, std::move(request), options).run(sink, {}).error();
  };
  EXPECT_EQ(refuse({}).code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(refuse({.equities = std::vector<std::string>(501, "X")}).message, HasSubstr("at most 500"));
  const FileLock other = own.tokens().lock_streamer().value();
  EXPECT_THAT(refuse({.equities = {"SPY"}}).message, HasSubstr("one streamer a user"));
}

TEST(StreamFrames, whatever_bytes_come_are_read_or_refused) {
  std::mt19937 random(2);
  const std::vector<std::string> good = {
      equity(1, 0), future(1, 0), response("ADMIN", "LOGIN", 0),    R"({"notify":[{"heartbeat":"1"}]})",
      "[]",         "{}",         R"({"data":[1,{"content":[2]}]})"};
  for (int i = 0; i < 5'000; ++i) {
    std::string text = good[random() % good.size()];
    for (unsigned n = random() % 4; n > 0 && !text.empty(); --n)
      text[random() % text.size()] = static_cast<char>(random());
    const auto frame = parse_frame(text);
    if (!frame) { EXPECT_EQ(frame.error().code, ErrorCode::kUnavailable); }
  }
  EXPECT_EQ(parse_frame(equity(7, 0))->bars.at(0).sequence, 7);
  EXPECT_EQ(parse_frame(R"({"data":[{"service":"CHART_EQUITY","content":[{"key":"SPY","1":1}]}]})")->unreadable, 1);
}

}  // namespace
}  // namespace tradeassist::feed
