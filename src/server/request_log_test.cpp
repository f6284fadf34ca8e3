#include "server/request_log.hpp"

#include <gtest/gtest.h>

#include "base/log_context.hpp"

namespace tradeassist::server {
namespace {

Request request_with(std::map<std::string, std::string> headers) {
  Request request;
  request.request_id = "r1";
  request.headers = std::move(headers);
  return request;
}

base::LogContext seen_by_a_handler(Request request) {
  base::LogContext seen;
  RequestLog({}).handle(std::move(request), [&](const Request&) {
    seen = base::thread_log_context();
    return Response{};
  });
  return seen;
}

TEST(RequestLog, what_is_logged_meanwhile_has_the_id_and_a_trace_that_goes_on) {
  const auto context =
      seen_by_a_handler(request_with({{"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}}));
  EXPECT_EQ(context.request_id, "r1");
  EXPECT_TRUE(context.traceparent.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"));
  EXPECT_EQ(context.traceparent.find("00f067aa0ba902b7"), std::string::npos) << "the parent is this server";
  EXPECT_EQ(base::thread_log_context().request_id, "");
}

TEST(RequestLog, a_trace_that_is_not_valid_is_ignored) {
  EXPECT_EQ(seen_by_a_handler(request_with({{"traceparent", "00-0-0-01\r\nX: y"}})).traceparent, "");
  EXPECT_EQ(seen_by_a_handler(request_with({})).traceparent, "");
}

TEST(RequestLog, requests_are_timed_by_route_when_that_is_asked_for_and_else_not) {
  const auto answer = [](const Request& request) {
    if (request.phases) (*request.phases)[2] = std::chrono::milliseconds(3);
    Response response;
    response.route = "/x/{id}";
    return response;
  };
  EXPECT_FALSE(RequestLog({}).handle(request_with({}), answer).on_written);
  diagnostics::RequestTimings timings(100);
  const Response timed = RequestLog({.timings = &timings}).handle(request_with({}), answer);
  EXPECT_TRUE(timings.routes().empty()) << "before it is written";
  timed.on_written(std::chrono::nanoseconds(4), std::chrono::nanoseconds(5));
  const auto routes = timings.routes();
  ASSERT_EQ(routes.size(), 1u);
  EXPECT_EQ(routes[0].route, "GET /x/{id}");
  EXPECT_EQ(routes[0].phases[2].sum, std::chrono::milliseconds(3));
  EXPECT_EQ(routes[0].phases[4].sum, std::chrono::nanoseconds(5));
}

}  // namespace
}  // namespace tradeassist::server
