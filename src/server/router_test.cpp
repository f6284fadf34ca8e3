#include "server/router.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "base/json.hpp"

namespace tradeassist::server {
namespace {

Router make_router() {
  return Router({
      {Method::kGet, "/things/{id}", "one",
       [](const Request& request) -> HandlerResult {
         return Response{200, "text/plain", request.parameters.at("id"), {}};
       }},
      {Method::kPost, "/things", "add",
       [](const Request&) -> HandlerResult { return invalid_request({{"/name", "is missing", "", 0, 0}}); }},
      {Method::kPost, "/api/v1/plain", "takes nothing in its query",
       [](const Request&) -> HandlerResult { return Response{}; }, describe("plain", "Health")},
      {Method::kGet, "/broken", "throws",
       [](const Request&) -> HandlerResult { throw std::runtime_error("secret path /home/user"); }},
  });
}

Response ask(Method method, std::string path) {
  Request request;
  request.method = method;
  request.path = std::move(path);
  return make_router().dispatch(std::move(request));
}

TEST(Router, gives_the_handler_the_named_segment) {
  EXPECT_EQ(ask(Method::kGet, "/things/42").body, "42");
  EXPECT_EQ(ask(Method::kHead, "/things/42").status, 200u);
}

TEST(Router, unknown_paths_are_404_and_wrong_methods_405_with_allow) {
  EXPECT_EQ(ask(Method::kGet, "/nothing").status, 404u);
  EXPECT_EQ(ask(Method::kGet, "/things/").status, 404u);
  EXPECT_EQ(ask(Method::kGet, "/things/1/2").status, 404u);
  const Response refused = ask(Method::kDelete, "/things/42");
  EXPECT_EQ(refused.status, 405u);
  ASSERT_EQ(refused.headers.size(), 1u);
  EXPECT_EQ(refused.headers[0].second, "GET");
}

TEST(Router, problems_carry_code_and_fields) {
  const Response response = ask(Method::kPost, "/things");
  EXPECT_EQ(response.status, 422u);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_NE(response.body.find(R"("code":"INVALID_REQUEST")"), std::string::npos);
  EXPECT_NE(response.body.find(R"("pointer":"/name")"), std::string::npos);
}

TEST(Router, a_character_that_was_cut_does_not_make_the_answer_unreadable) {
  const Response response =
      to_response({404, "NOT_FOUND", "There is no 'caf\xc3'.", {{"/\xff", "\xe2\x82", "", 0, 0}}}, "/");
  EXPECT_NE(response.body.find("There is no 'caf?'."), std::string::npos);
  EXPECT_TRUE(base::parse_json(response.body));
}

TEST(Router, a_route_without_parameters_refuses_all) {
  Request request;
  request.method = Method::kPost;
  request.path = "/api/v1/plain";
  EXPECT_EQ(make_router().dispatch(request).status, 200u);
  request.query["verbose"] = "true";
  const Response refused = make_router().dispatch(request);
  EXPECT_EQ(refused.status, 422u);
  EXPECT_NE(refused.body.find(R"("pointer":"verbose")"), std::string::npos);
}

TEST(Router, an_exception_becomes_a_500_that_says_nothing_internal) {
  const Response response = ask(Method::kGet, "/broken");
  EXPECT_EQ(response.status, 500u);
  EXPECT_EQ(response.body.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace tradeassist::server
