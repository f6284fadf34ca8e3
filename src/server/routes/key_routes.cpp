// API keys: /api/v1/admin/keys.
#include <boost/json.hpp>
#include <variant>

#include "base/json.hpp"
#include "server/routes/key_json.hpp"
#include "server/routes/key_request.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/services.hpp"

namespace tradeassist::server {

namespace json = boost::json;

namespace {

constexpr const char* kKeys = "/api/v1/admin/keys";
constexpr std::int64_t kGraceSecondsMax = 30 * 86'400;

Problem key_problem(const base::Error& error) {
  Problem problem = problem_from(error);
  if (error.code == base::ErrorCode::kNotFound) problem.code = "API_KEY_NOT_FOUND";
  return problem;
}

HandlerResult list(const Request& request, Services& services) {
  QueryReader query(request, {"owner"});
  const std::string owner = query.text("owner").value_or("");
  if (query.failed()) return query.problem();
  const auto keys = services.keys->list(owner);
  if (!keys) return key_problem(keys.error());
  return json_response(keys_json(*keys));
}

HandlerResult show(const Request& request, Services& services) {
  QueryReader query(request, {});
  if (query.failed()) return query.problem();
  const auto key = services.keys->get(request.parameters.at("id"));
  if (!key) return key_problem(key.error());
  return json_response(key_json(*key));
}

HandlerResult create(const Request& request, Services& services) {
  auto read = read_body<NewKeyBody>(request);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  const auto& body = std::get<NewKeyBody>(read);
  access::NewKey wanted;
  wanted.name = body.name;
  wanted.owner = body.owner.value_or(request.caller.owner);
  wanted.expires_at = body.expires_at;
  for (const std::string& name : body.scopes) {
    const auto scopes = access::parse_scopes(name);
    if (!scopes) return invalid_fields({{"/scopes", scopes.error().message}});
    wanted.scopes.add(*scopes);
  }
  const auto issued = services.keys->create(wanted);
  if (!issued) return key_problem(issued.error());
  Response response = json_response(issued_key_json(*issued));
  response.status = 201;
  response.headers.emplace_back("Location", std::string(kKeys) + "/" + issued->key.id);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

HandlerResult rotate(const Request& request, Services& services) {
  RotateBody body;
  if (!request.body.empty()) {
    auto read = read_body<RotateBody>(request);
    if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
    body = std::get<RotateBody>(read);
  }
  const std::int64_t grace = body.grace_seconds.value_or(0);
  if (grace < 0 || grace > kGraceSecondsMax) {
    return invalid_fields({{"/grace_seconds", "must be from 0 to " + std::to_string(kGraceSecondsMax)}});
  }
  const auto issued = services.keys->rotate(request.parameters.at("id"), std::chrono::seconds(grace));
  if (!issued) return key_problem(issued.error());
  Response response = json_response(issued_key_json(*issued));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

HandlerResult revoke(const Request& request, Services& services) {
  const auto key = services.keys->revoke(request.parameters.at("id"));
  if (!key) return key_problem(key.error());
  return json_response(key_json(*key));
}

}  // namespace

void add_key_routes(std::vector<Route>& routes, Services& services) {
  if (services.keys == nullptr) return;
  const auto add = [&](Method method, const char* path, const char* summary, auto handler) {
    routes.push_back(
        {method, std::string(kKeys) + path, summary,
         [&services, handler](const Request& request) -> HandlerResult { return handler(request, services); }});
  };
  add(Method::kGet, "", "API keys, the newest first", list);
  add(Method::kPost, "", "Make an API key; its token is told this once", create);
  add(Method::kGet, "/{id}", "One API key", show);
  add(Method::kPost, "/{id}/rotate", "Give an API key another secret", rotate);
  add(Method::kDelete, "/{id}", "Revoke an API key", revoke);
}

}  // namespace tradeassist::server
