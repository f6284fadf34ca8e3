#include "server/request_metrics.hpp"

#include <gtest/gtest.h>

#include "base/metrics_text.hpp"
#include "server/routes/parameters.hpp"

namespace tradeassist::server {
namespace {

std::vector<Route> routes() {
  const auto answer = [](unsigned status) {
    return [status](const Request&) -> HandlerResult {
      Response response;
      response.status = status;
      return response;
    };
  };
  return {{Method::kGet, "/api/v1/things/{id}", "", answer(200)},
          {Method::kPost, "/api/v1/things", "", answer(503)},
          {Method::kGet, "/readyz", "", [](const Request&) -> HandlerResult { return health_response({}, false); }}};
}

class Requests : public testing::Test {
 protected:
  void ask(Method method, const char* path) {
    Request request;
    request.method = method;
    request.path = path;
    router_.dispatch(std::move(request));
  }
  std::string text() {
    base::MetricSink sink;
    metrics_.collect(sink);
    return base::metrics_text(sink.take(), base::MetricsFormat::kPrometheus);
  }

  RequestMetrics metrics_{routes()};
  std::optional<Problem> refusal_;
  Router router_{routes(),
                 [this](const RouteAccess&, Request&) { return Admission{refusal_, {}}; },
                 {},
                 [this](const Answered& answered) { metrics_.observe(answered); }};
};

TEST_F(Requests, of_probes_that_tell_of_a_trouble_are_no_failures) {
  ask(Method::kGet, "/readyz");
  EXPECT_EQ(metrics_.totals().answered, 1u);
  EXPECT_EQ(metrics_.totals().server_errors, 0u);
  EXPECT_NE(text().find(R"(tradeassist_http_requests_total{route="/readyz",method="GET",status="5xx"} 1)"),
            std::string::npos);
}

TEST_F(Requests, are_counted_by_the_pattern_of_their_route_and_never_by_their_path) {
  for (const char* path : {"/api/v1/things/SPY", "/api/v1/things/ES"}) ask(Method::kGet, path);
  ask(Method::kPost, "/api/v1/things");
  ask(Method::kGet, "/SPY");
  const std::string text = this->text();
  EXPECT_NE(text.find(R"(tradeassist_http_requests_total{route="/api/v1/things/{id}",method="GET",status="2xx"} 2)"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(R"(tradeassist_http_requests_total{route="/api/v1/things",method="POST",status="5xx"} 1)"),
            std::string::npos);
  EXPECT_NE(text.find(R"(tradeassist_http_requests_total{route="none",method="any",status="4xx"} 1)"),
            std::string::npos);
  EXPECT_NE(text.find(R"(tradeassist_http_request_seconds_count{route="/api/v1/things/{id}",method="GET"} 2)"),
            std::string::npos);
  EXPECT_EQ(text.find("SPY"), std::string::npos);
  const RequestTotals totals = metrics_.totals();
  EXPECT_EQ(totals.answered, 4u);
  EXPECT_EQ(totals.server_errors, 1u);
  EXPECT_EQ(totals.seconds.count(), 4u);
}

TEST_F(Requests, that_are_not_let_through_are_counted_by_why) {
  const auto refuse = [&](unsigned status, const char* code) {
    refusal_ = Problem{status, code, "", {}};
    ask(Method::kGet, "/api/v1/things/1");
  };
  refuse(429, "RATE_LIMITED");
  refuse(401, "API_KEY_NOT_VALID");
  refuse(401, "API_KEY_NOT_VALID");
  refuse(403, "SCOPE_MISSING");
  const std::string text = this->text();
  EXPECT_NE(text.find("tradeassist_rate_limited_requests_total 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("tradeassist_authentication_failures_total{reason=\"wrong\"} 2\n"), std::string::npos);
  EXPECT_NE(text.find("tradeassist_authentication_failures_total{reason=\"scope\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("tradeassist_authentication_failures_total{reason=\"missing\"} 0\n"), std::string::npos);
}

}  // namespace
}  // namespace tradeassist::server
