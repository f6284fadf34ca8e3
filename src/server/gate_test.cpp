#include "server/gate.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "server/router.hpp"
#include "store/testing/test_database.hpp"

namespace tradeassist::server {
namespace {

using access::LimitClass;
using access::Scope;

class GateTest : public testing::Test {
 protected:
  GateTest() : keys_(access::KeyStore::open(database_.address()).value()) {}

  std::string make(access::Scopes scopes) { return keys_->create({"ann", "x", scopes, {}}).value().token; }
  static Request with(std::string name, std::string value) {
    Request request;
    request.headers.emplace(std::move(name), std::move(value));
    return request;
  }
  static std::string header(const Admission& admission, std::string_view name) {
    const auto found = std::ranges::find(admission.headers, name, &std::pair<std::string, std::string>::first);
    return found == admission.headers.end() ? "" : found->second;
  }
  static std::string code(const Admission& admission) { return admission.refusal ? admission.refusal->code : ""; }

  store::TestDatabase database_{store::Dialect::kSqlite};
  std::unique_ptr<access::KeyStore> keys_;
  access::Authenticator authenticator_{*keys_};
  access::RateLimiter unlimited_{{}};
  const RouteAccess read_{.scope = Scope::kRead};
};

TEST_F(GateTest, a_key_comes_in_three_ways_and_says_who_calls) {
  const std::string token = make({Scope::kRead});
  const Gate gate(&authenticator_, unlimited_);
  for (const auto& [name, value] : {std::pair{"authorization", "Bearer " + token},
                                    {"authorization", "bearer  " + token + " "},
                                    {"x-api-key", token},
                                    {"sec-websocket-protocol", "tradeassist.v1, tradeassist.key." + token}}) {
    Request request = with(name, value);
    const Admission admission = gate.admit(read_, request);
    EXPECT_EQ(code(admission), "") << name;
    EXPECT_EQ(request.caller.owner, "ann");
  }
}

TEST_F(GateTest, what_brings_no_valid_key_is_turned_away) {
  const Gate gate(&authenticator_, unlimited_);
  Request none;
  const Admission refused = gate.admit(read_, none);
  EXPECT_EQ(code(refused), "API_KEY_REQUIRED");
  EXPECT_EQ(refused.refusal->status, 401u);
  EXPECT_EQ(header(refused, "WWW-Authenticate"), "Bearer realm=\"tradeassist\"");
  for (const char* value : {"Bearer ta_1_2", "Bearer", "Basic dXNlcjpwYXNz", ""}) {
    Request request = with("authorization", value);
    EXPECT_EQ(code(gate.admit(read_, request)), "API_KEY_NOT_VALID") << value;
    EXPECT_TRUE(request.caller.scopes.empty());
  }
  Request probe;
  EXPECT_EQ(code(gate.admit({.is_public = true}, probe)), "");
}

TEST_F(GateTest, a_key_does_what_its_scopes_say) {
  const std::string reads = make({Scope::kRead}), all = make({Scope::kAdmin});
  const Gate gate(&authenticator_, unlimited_);
  const RouteAccess write{.scope = Scope::kWrite};
  Request request = with("x-api-key", reads);
  const Admission refused = gate.admit(write, request);
  EXPECT_EQ(code(refused), "SCOPE_MISSING");
  EXPECT_EQ(refused.refusal->status, 403u);
  EXPECT_NE(refused.refusal->detail.find("scope write"), std::string::npos);
  Request admin = with("x-api-key", all);
  EXPECT_EQ(code(gate.admit(write, admin)), "");
}

TEST_F(GateTest, a_key_that_calls_too_often_waits) {
  const std::string token = make({Scope::kRead}), other = make({Scope::kRead});
  access::RateLimits limits;
  limits[static_cast<std::size_t>(LimitClass::kGeneral)] = {2, std::chrono::seconds(60)};
  access::RateLimiter limiter(limits);
  const Gate gate(&authenticator_, limiter);
  Request request = with("x-api-key", token);
  const Admission first = gate.admit(read_, request);
  EXPECT_EQ(header(first, "RateLimit-Policy"), "\"general\";q=2;w=60");
  EXPECT_EQ(header(first, "RateLimit"), "\"general\";r=1;t=30");
  EXPECT_EQ(code(gate.admit(read_, request)), "");
  const Admission refused = gate.admit(read_, request);
  EXPECT_EQ(code(refused), "RATE_LIMITED");
  EXPECT_EQ(refused.refusal->status, 429u);
  EXPECT_EQ(header(refused, "Retry-After"), "30");
  EXPECT_EQ(header(refused, "RateLimit"), "\"general\";r=0;t=30");
  Request another = with("x-api-key", other);
  EXPECT_EQ(code(gate.admit(read_, another)), "");
}

TEST_F(GateTest, without_authentication_everybody_is_the_local_user) {
  const Gate gate(nullptr, unlimited_);
  Request request;
  EXPECT_EQ(code(gate.admit({.scope = Scope::kAdmin}, request)), "");
  EXPECT_EQ(request.caller.owner, base::kLocalOwner);
}

TEST_F(GateTest, a_router_asks_it_before_the_handler_and_adds_its_headers) {
  int calls = 0;
  const Gate gate(&authenticator_, unlimited_);
  const Router router({{Method::kGet, "/api/v1/admin/x", "",
                        [&calls](const Request&) -> HandlerResult {
                          ++calls;
                          return Response{};
                        }}},
                      [&gate](const RouteAccess& route, Request& request) { return gate.admit(route, request); });
  Request request;
  request.path = "/api/v1/admin/x";
  Response response = router.dispatch(request);
  EXPECT_EQ(response.status, 401u);
  EXPECT_EQ(response.headers.back().first, "WWW-Authenticate");
  request.headers.emplace("x-api-key", make({Scope::kRead}));
  EXPECT_EQ(router.dispatch(request).status, 403u);
  EXPECT_EQ(calls, 0);
  request.headers["x-api-key"] = make({Scope::kAdmin});
  EXPECT_EQ(router.dispatch(request).status, 200u);
  EXPECT_EQ(calls, 1);
  request.path = "/api/v1/none";
  EXPECT_EQ(router.dispatch(request).status, 404u);
}

TEST_F(GateTest, what_changes_something_is_noted_and_what_anybody_can_repeat_is_not) {
  access::RateLimits limits;
  limits[static_cast<std::size_t>(LimitClass::kGeneral)] = {4, std::chrono::seconds(60)};
  access::RateLimiter limiter(limits);
  const Gate gate(&authenticator_, limiter);
  const auto handler = [](const Request&) -> HandlerResult { return Response{}; };
  std::vector<std::string> noted;
  const Router router(
      {{Method::kPut, "/api/v1/instruments/{symbol}", "", handler},
       {Method::kGet, "/api/v1/instruments", "", handler},
       {Method::kPost, "/api/v1/backtests", "", handler}},
      [&](const RouteAccess& route, Request& request) { return gate.admit(route, request); },
      {.before = {}, .after = [&](const Route& route, const Request& request, const Response& response) {
         noted.push_back(route.pattern + " " + request.caller.owner + " " + std::to_string(response.status));
       }});
  const auto send = [&](Method method, const std::string& path, const std::string& token) {
    Request request = with("x-api-key", token);
    request.method = method;
    request.path = path;
    return router.dispatch(std::move(request)).status;
  };
  const std::string admin = make({Scope::kAdmin}), reads = make({Scope::kRead});
  EXPECT_EQ(send(Method::kGet, "/api/v1/instruments", admin), 200u);
  EXPECT_EQ(send(Method::kPost, "/api/v1/backtests", admin), 200u);
  EXPECT_EQ(send(Method::kPut, "/api/v1/instruments/SPY", admin), 200u);
  EXPECT_EQ(send(Method::kPut, "/api/v1/instruments/SPY", reads), 403u);
  EXPECT_EQ(send(Method::kPut, "/api/v1/instruments/SPY", "ta_no_key"), 401u);
  EXPECT_EQ(send(Method::kPut, "/api/v1/instruments/SPY", admin), 200u);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(send(Method::kPut, "/api/v1/instruments/SPY", admin), i == 0 ? 200u : 429u);
  const std::string pattern = "/api/v1/instruments/{symbol} ann ";
  EXPECT_EQ(noted, (std::vector{pattern + "200", pattern + "403", pattern + "200", pattern + "200"}));
}

TEST_F(GateTest, what_cannot_be_noted_is_not_done) {
  int changes = 0;
  const auto handler = [&](const Request&) -> HandlerResult {
    ++changes;
    return Response{};
  };
  bool is_writable = false;
  int noted = 0;
  const Router router(
      {{Method::kPut, "/api/v1/instruments/{symbol}", "", handler}, {Method::kGet, "/api/v1/instruments", "", handler}},
      {},
      {.before = [&]() -> std::optional<Problem> {
         if (is_writable) return std::nullopt;
         return Problem{503, "AUDIT_LOG_NOT_WRITABLE", "", {}};
       },
       .after = [&](const Route&, const Request&, const Response&) { ++noted; }});
  Request change, read;
  change.method = Method::kPut;
  change.path = "/api/v1/instruments/SPY";
  read.path = "/api/v1/instruments";
  EXPECT_EQ(router.dispatch(change).status, 503u);
  EXPECT_EQ(changes, 0);
  EXPECT_EQ(router.dispatch(read).status, 200u) << "what changes nothing is not asked about";
  is_writable = true;
  EXPECT_EQ(router.dispatch(change).status, 200u);
  EXPECT_EQ(changes, 2);
  EXPECT_EQ(noted, 1);
}

TEST_F(GateTest, a_caller_that_is_known_has_the_same_scopes_and_limits) {
  access::RateLimits limits;
  limits[static_cast<std::size_t>(LimitClass::kOptimisation)] = {1, std::chrono::seconds(60)};
  access::RateLimiter limiter(limits);
  const Gate gate(&authenticator_, limiter);
  Request request;
  request.caller.key_id = "k";
  request.caller.scopes = {Scope::kTradeResearch};
  const RouteAccess optimises{.scope = Scope::kTradeResearch, .limit = LimitClass::kOptimisation};
  EXPECT_EQ(code(gate.admit_known(optimises, request)), "");
  EXPECT_EQ(code(gate.admit_known(optimises, request)), "RATE_LIMITED");
  EXPECT_EQ(code(gate.admit_known({.scope = Scope::kAdmin}, request)), "SCOPE_MISSING");
}

}  // namespace
}  // namespace tradeassist::server
