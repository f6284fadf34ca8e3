// Login, tokens and price history against a server that speaks Schwab's protocol and misbehaves.
#include "feed/providers/schwab/session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "base/hexadecimal.hpp"
#include "feed/providers/fetch.hpp"
#include "feed/providers/schwab/price_history.hpp"
#include "feed/providers/schwab/testing/fake_schwab.hpp"
#include "feed/providers/testing/fake_clock.hpp"
#include "feed/testing/temporary_file.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using testing::HasSubstr;
using testing::Not;
using Unit = market::Timeframe::Unit;

constexpr const char* kHistory = "/marketdata/v1/pricehistory";
constexpr const char* kToken = "/v1/oauth/token";
const std::string kKey(64, 'a');

base::Time at(std::string_view text) { return base::parse_time(text).value(); }

class Schwab : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "tradeassist-schwab-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
    server.candles = [](const FakeSchwab::Request& request) {
      return R"({"candles":[{"open":10,"high":11,"low":9,"close":10.5,"volume":100,"datetime":)" +
             request.query.at("startDate") + R"(}],"symbol":")" + request.query.at("symbol") + R"(","empty":false})";
    };
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  SchwabOptions options() {
    SchwabOptions made{.key = "key", .secret = "secret", .base_url = server.url()};
    made.http.timeout = milliseconds(2'000);
    return made;
  }
  SchwabSession session() { return {options(), TokenStore::open(folder, kKey).value(), clock}; }
  void log_in(SchwabSession& with) {
    const auto done = with.finish_login("https://127.0.0.1/?code=C0.code%40&session=x", {});
    ASSERT_TRUE(done) << done.error().message;
  }
  base::Result<market::Series> history(SchwabSession& with, Attempt& with_attempt,
                                       BarRequest request = minute_request()) {
    SchwabPriceHistory provider(with);
    market::Series bars;
    auto done = provider.fetch(
        request,
        [&](const market::Series& chunk) -> base::Result<void> {
          bars = chunk;
          return {};
        },
        with_attempt);
    if (!done) return std::unexpected(done.error());
    return bars;
  }
  static BarRequest minute_request() {
    return {"SPY", {Unit::kMinute, 5}, at("2025-06-02T13:30:00Z"), at("2025-06-02T14:30:00Z")};
  }

  FakeSchwab server;
  FakeClock clock;
  std::filesystem::path folder;
  Attempt attempt;
};

TEST_F(Schwab, the_address_to_log_in_at_carries_key_and_callback) {
  EXPECT_EQ(session().authorize_url().value(),
            server.url() + "/v1/oauth/authorize?client_id=key&redirect_uri=https%3A%2F%2F127.0.0.1");
  SchwabOptions none = options();
  none.key.clear();
  SchwabSession unconfigured(none, TokenStore::open(folder, kKey).value(), clock);
  EXPECT_THAT(unconfigured.authorize_url().error().message, HasSubstr("TRADEASSIST_SCHWAB_KEY"));
}

TEST_F(Schwab, a_login_gives_tokens_that_last_half_an_hour_and_seven_days) {
  auto one = session();
  EXPECT_EQ(one.status()->state, LoginState::kNone);
  EXPECT_THAT(one.access_token(attempt).error().message, HasSubstr("tradeassist schwab login"));
  log_in(one);
  EXPECT_EQ(one.status()->state, LoginState::kValid);
  EXPECT_EQ(one.access_token(attempt).value(), "access-1");
  clock.advance(minutes(28));
  EXPECT_EQ(one.access_token(attempt).value(), "access-1");
  clock.advance(minutes(1));
  EXPECT_EQ(one.access_token(attempt).value(), "access-2");  // in its last minute
  clock.advance(hours(24 * 6) - minutes(30));
  EXPECT_EQ(one.status()->state, LoginState::kValid);
  clock.advance(minutes(1));
  EXPECT_EQ(one.status()->state, LoginState::kEndsSoon);
  EXPECT_THAT(one.status()->message, HasSubstr("tradeassist schwab login"));
  EXPECT_TRUE(one.access_token(attempt));  // still renewed, which does not make it last longer
  clock.advance(hours(24));
  EXPECT_EQ(one.status()->state, LoginState::kEnded);
  const auto asked = server.requests(kToken).size();
  EXPECT_EQ(one.access_token(attempt).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(server.requests(kToken).size(), asked);
}

TEST_F(Schwab, what_is_pasted_may_be_wrong) {
  auto one = session();
  EXPECT_THAT(one.finish_login("https://127.0.0.1/?state=1", {}).error().message, HasSubstr("no code="));
  EXPECT_THAT(one.finish_login("", {}).error().message, HasSubstr("no code="));
  EXPECT_THAT(one.finish_login("https://127.0.0.1/?error=access_denied", {}).error().message,
              HasSubstr("access_denied"));
  EXPECT_THAT(one.finish_login("https://127.0.0.1/?code=old", {}).error().message, HasSubstr("about 30 seconds"));
  EXPECT_TRUE(one.finish_login("  C0.code%40\n", {}));  // the code alone
}

TEST_F(Schwab, a_refresh_token_that_died_is_not_tried_again) {
  auto one = session();
  log_in(one);
  server.good_refresh = "another";
  clock.advance(hours(1));
  const auto refused = one.access_token(attempt);
  EXPECT_EQ(refused.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_THAT(refused.error().message, HasSubstr("tradeassist schwab login"));
  EXPECT_EQ(one.status()->state, LoginState::kEnded);
  const auto asked = server.requests(kToken).size();
  EXPECT_FALSE(one.access_token(attempt));
  EXPECT_EQ(server.requests(kToken).size(), asked);
}

TEST_F(Schwab, a_server_that_is_down_does_not_end_the_login) {
  auto one = session();
  log_in(one);
  clock.advance(hours(1));
  server.faults[kToken] = {{503, "busy", {{"Retry-After", "9"}}}};
  EXPECT_EQ(one.access_token(attempt).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(attempt.retry_after, std::chrono::seconds(9));
  EXPECT_TRUE(one.access_token(attempt));
}

TEST_F(Schwab, many_that_find_a_stale_token_renew_it_once) {
  auto first = session();
  log_in(first);
  clock.advance(hours(1));
  server.faults[kToken] = {};
  std::vector<std::string> got(8);
  {
    std::vector<std::jthread> threads;
    for (std::string& token : got) {
      threads.emplace_back([&] {
        auto own = session();  // as another process: its own store, file and lock
        Attempt mine;
        token = own.access_token(mine).value_or("failed");
      });
    }
  }
  EXPECT_EQ(got, std::vector<std::string>(8, "access-2"));
  EXPECT_EQ(server.requests(kToken).size(), 2u);
}

TEST_F(Schwab, tokens_lie_encrypted_in_a_file_of_mode_0600_and_open_only_with_their_key) {
  auto one = session();
  log_in(one);
  const auto file = one.tokens().file();
  struct stat status{};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  std::ifstream stream(file, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(stream)), {});
  EXPECT_THAT(bytes, Not(HasSubstr("access-1")));
  EXPECT_THAT(bytes, Not(HasSubstr("refresh-1")));
  const auto other = TokenStore::open(folder, std::string(64, 'b')).value();
  EXPECT_EQ(other.load().error().code, ErrorCode::kDataLoss);
  ::chmod(file.c_str(), 0644);
  EXPECT_EQ(one.tokens().load().error().code, ErrorCode::kFailedPrecondition);
}

TEST_F(Schwab, without_a_key_one_is_made_beside_the_tokens) {
  const auto made = TokenStore::open(folder, {}).value();
  ASSERT_TRUE(made.save({"a", clock.now(), "r", clock.now()}));
  EXPECT_EQ(TokenStore::open(folder, {})->load().value()->refresh_token, "r");
  struct stat status{};
  ASSERT_EQ(::stat((folder / "schwab.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  ::chmod((folder / "schwab.key").c_str(), 0640);
  EXPECT_THAT(TokenStore::open(folder, {}).error().message, HasSubstr("chmod 600"));
  EXPECT_THAT(TokenStore::open(folder, "short").error().message, HasSubstr("openssl rand -hex 32"));
}

TEST(SecretBox, opens_what_it_sealed_and_nothing_that_was_touched) {
  const SecretKey key = parse_secret_key(kKey).value();
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    std::string plain;
    for (unsigned n = random() % 100; n > 0; --n) plain.push_back(static_cast<char>(random()));
    std::string sealed = seal(key, plain).value();
    EXPECT_EQ(open_sealed(key, sealed).value(), plain);
    EXPECT_NE(seal(key, plain).value(), sealed);
    sealed[random() % sealed.size()] ^= static_cast<char>(1 << random() % 8);
    EXPECT_FALSE(open_sealed(key, sealed));
    EXPECT_FALSE(open_sealed(key, std::string_view(sealed).substr(0, random() % sealed.size())));
  }
}

TEST(SecretBox, opens_what_was_sealed_long_ago) {
  SecretKey key{};
  key.fill(7);
  const std::string sealed = base::bytes_of_hexadecimal(
      "544147434d310a303132333435363738396162"
      "af7c62cdaece16854bd51ddf731c1c3be23524d3f2381b");
  EXPECT_EQ(open_sealed(key, sealed).value(), "a token");
}

TEST_F(Schwab, history_is_asked_for_as_the_table_says) {
  auto one = session();
  log_in(one);
  const auto bars = history(one, attempt);
  ASSERT_TRUE(bars) << bars.error().message;
  ASSERT_EQ(bars->size(), 1u);
  EXPECT_EQ(bars->bar(0).time, at("2025-06-02T13:30:00Z"));
  EXPECT_EQ(bars->close[0], 10.5);
  const auto query = server.requests(kHistory).at(0).query;
  EXPECT_EQ(query.at("periodType"), "day");
  EXPECT_EQ(query.at("frequencyType"), "minute");
  EXPECT_EQ(query.at("frequency"), "5");
  EXPECT_EQ(query.at("startDate"), "1748871000000");
  EXPECT_EQ(query.at("endDate"), "1748874599999");
  EXPECT_EQ(query.at("needExtendedHoursData"), "false");
  const auto type_of = [](Unit unit) {
    return price_history_query({"SPY", {unit, 1}, at("2020-01-01"), at("2021-01-01")}).value().at(2).second;
  };
  EXPECT_EQ(type_of(Unit::kDay), "daily");
  EXPECT_EQ(type_of(Unit::kWeek), "weekly");
  EXPECT_EQ(type_of(Unit::kMonth), "monthly");
  for (const market::Timeframe wrong : {market::Timeframe{Unit::kMinute, 2}, {Unit::kHour, 1}, {Unit::kDay, 2}}) {
    EXPECT_THAT(price_history_query({"SPY", wrong, at("2020-01-01"), at("2021-01-01")}).error().message,
                HasSubstr("it has 1m, 5m, 10m, 15m, 30m, 1d, 1w, 1M"));
  }
}

TEST_F(Schwab, futures_and_options_are_refused_with_the_reason_before_anything_is_asked) {
  auto one = session();
  log_in(one);
  BarRequest request = minute_request();
  request.symbol = "/ESZ25";
  EXPECT_THAT(history(one, attempt, request).error().message, HasSubstr("no history of futures"));
  request.symbol = "SPY   251219C00600000";
  EXPECT_THAT(history(one, attempt, request).error().message, HasSubstr("no history of options"));
  EXPECT_TRUE(server.requests(kHistory).empty());
  EXPECT_EQ(SchwabPriceHistory(one).describe("$SPX")->asset_class, "index");
}

TEST_F(Schwab, an_empty_answer_is_no_error) {
  auto one = session();
  log_in(one);
  server.candles = [](const auto&) { return R"({"candles":[],"symbol":"SPY","empty":true})"; };
  EXPECT_EQ(history(one, attempt)->size(), 0u);
  server.candles = [](const auto&) { return R"({"symbol":"SPY","empty":true})"; };
  EXPECT_EQ(history(one, attempt)->size(), 0u);
}

TEST_F(Schwab, a_token_that_is_refused_is_renewed_once_and_the_request_sent_again) {
  auto one = session();
  log_in(one);
  server.good_access = "revoked";
  EXPECT_TRUE(history(one, attempt));
  EXPECT_EQ(server.requests(kHistory).size(), 2u);
  EXPECT_EQ(server.requests(kToken).size(), 2u);
  server.accepts_tokens = false;
  const auto refused = history(one, attempt);
  EXPECT_EQ(refused.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_THAT(refused.error().message, HasSubstr("just renewed"));
  EXPECT_EQ(server.requests(kHistory).size(), 4u);
}

TEST_F(Schwab, every_bad_answer_has_its_kind) {
  auto one = session();
  log_in(one);
  const auto code = [&](FakeSchwab::Answer answer) {
    server.faults[kHistory] = {std::move(answer)};
    attempt.retry_after.reset();
    return history(one, attempt).error().code;
  };
  EXPECT_EQ(code({429, ""}), ErrorCode::kUnavailable);
  EXPECT_EQ(attempt.retry_after, std::nullopt);
  EXPECT_EQ(code({429, "", {{"Retry-After", "7"}}}), ErrorCode::kUnavailable);
  EXPECT_EQ(attempt.retry_after, std::chrono::seconds(7));
  EXPECT_EQ(code({500, "oops"}), ErrorCode::kUnavailable);
  EXPECT_EQ(code({502, "<html>"}), ErrorCode::kUnavailable);
  EXPECT_EQ(code({400, R"({"message":"bad symbol"})"}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code({404, ""}), ErrorCode::kNotFound);
  EXPECT_EQ(code({403, ""}), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(code({302, "", {{"Location", "http://127.0.0.1:1/"}}}), ErrorCode::kInternal);
  EXPECT_EQ(code({200, "<html>maintenance</html>"}), ErrorCode::kUnavailable);
  EXPECT_EQ(code({200, R"({"candles":[{"open":1)"}), ErrorCode::kUnavailable);
  EXPECT_EQ(code({200, R"({"candles":[{"open":1}],"symbol":"SPY"})"}), ErrorCode::kUnavailable);
  EXPECT_EQ(code({200, R"({"candles":[],"symbol":"QQQ"})"}), ErrorCode::kUnavailable);
  EXPECT_EQ(code({200, R"([1,2])"}), ErrorCode::kUnavailable);
  EXPECT_EQ(code({200, std::string(5'000, ' ') + "{}", {}, milliseconds(0), 100}), ErrorCode::kUnavailable);
  EXPECT_EQ(code({200, "{}", {}, milliseconds(3'000)}), ErrorCode::kUnavailable);  // beyond the 2 s of this client
}

TEST_F(Schwab, a_fetch_gets_through_rate_limits_errors_and_cut_answers) {
  auto one = session();
  log_in(one);
  server.faults[kHistory] = {{429, "", {{"Retry-After", "7"}}}, {500, ""}, {200, "{\"cand"}, {503, ""}};
  SchwabPriceHistory provider(one);
  SourceGuard guard(clock);
  const auto store = store::MarketStore::open(folder / "data").value();
  const FetchRequest request{
      {"SPY", "/ESZ25"}, {Unit::kMinute, 5}, at("2025-06-02T13:30:00Z"), at("2025-06-02T14:30:00Z")};
  const auto done = fetch_bars(*store, provider, guard, clock, request, {});
  ASSERT_TRUE(done) << done.error().message;
  ASSERT_FALSE(done->at(0).error) << done->at(0).error->message;
  EXPECT_EQ(done->at(0).stored.inserted, 1);
  EXPECT_EQ(done->at(1).error->code, ErrorCode::kUnsupported);
  EXPECT_GE(clock.elapsed(), std::chrono::seconds(7));
  EXPECT_EQ(store->list_series({.symbol = "SPY"})->at(0).key.source, "schwab");
}

TEST_F(Schwab, a_request_is_cancelled_while_the_server_is_slow) {
  auto one = session();
  log_in(one);
  server.faults[kHistory] = {{200, "{}", {}, milliseconds(1'500)}};
  std::stop_source stop;
  attempt.stop = stop.get_token();
  std::jthread later([&] {
    while (server.requests(kHistory).empty()) std::this_thread::sleep_for(milliseconds(5));
    stop.request_stop();
  });
  EXPECT_EQ(history(one, attempt).error().code, ErrorCode::kCancelled);
}

TEST(HttpClient, trusts_only_certificates_it_was_told_to_trust_and_bounds_bodies) {
  FakeSchwab server(true);
  server.faults["/x"] = {{200, "hello"}, {200, std::string(3'000, 'x')}};
  HttpClient strict;
  EXPECT_EQ(strict.send({.url = server.url() + "/x"}, {}).error().code, ErrorCode::kFailedPrecondition);
  const TemporaryFile authority(server.certificate.certificate);
  HttpClient trusting({.body_bytes_max = 2'000, .ca_file = authority.path()});
  const auto answer = trusting.send({.url = server.url() + "/x"}, {});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "hello");
  EXPECT_EQ(trusting.send({.url = server.url() + "/x"}, {}).error().code, ErrorCode::kResourceExhausted);
  EXPECT_EQ(trusting.send({.url = "file:///etc/passwd"}, {}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(trusting.send({.url = "http://127.0.0.1:1/"}, {}).error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace tradeassist::feed
