// Errors of the server, grouped: /api/v1/admin/errors.
#include <boost/json.hpp>

#include "base/json.hpp"
#include "server/routes/error_models.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/services.hpp"

namespace tradeassist::server {

using diagnostics::ErrorState;

ErrorGroupAnswer error_group_answer(const diagnostics::ErrorGroup& group) {
  ErrorGroupAnswer answer;
  answer.id = group.id;
  answer.message = group.message;
  if (!group.place.empty()) answer.where = group.place;
  answer.state = to_string(group.state);
  answer.count = group.count;
  answer.first_seen = group.first_seen;
  answer.last_seen = group.last_seen;
  answer.version = group.version;
  answer.sample = base::parse_json(group.sample).value_or(boost::json::value(nullptr));
  return answer;
}

ErrorGroupsAnswer error_groups_answer(const diagnostics::ErrorPage& page) {
  ErrorGroupsAnswer answer;
  for (const diagnostics::ErrorGroup& group : page.groups) answer.errors.push_back(error_group_answer(group));
  if (!page.next_cursor.empty()) answer.next_cursor = page.next_cursor;
  return answer;
}

namespace {

constexpr const char* kErrors = "/api/v1/admin/errors";

Problem error_problem(const base::Error& error) {
  Problem problem = problem_from(error);
  if (error.code == base::ErrorCode::kNotFound) problem.code = "ERROR_GROUP_NOT_FOUND";
  return problem;
}

HandlerResult list(const Request& request, Services& services) {
  QueryReader query(request, {"state", "limit", "cursor"});
  const auto state_text = query.text("state");
  const std::int64_t limit = query.integer("limit", 1, 1000).value_or(100);
  const std::string cursor = query.text("cursor").value_or("");
  std::optional<ErrorState> state;
  if (state_text) {
    if (const auto parsed = diagnostics::parse_error_state(*state_text)) {
      state = *parsed;
    } else {
      query.fail("state", parsed.error().message);
    }
  }
  if (query.failed()) return query.problem();
  const auto page = services.errors->list(state, limit, cursor);
  if (!page && page.error().code == base::ErrorCode::kInvalidArgument) query.fail("cursor", page.error().message);
  if (query.failed()) return query.problem();
  if (!page) return error_problem(page.error());
  return json_response(base::to_json(error_groups_answer(*page)));
}

HandlerResult answer_with(const base::Result<diagnostics::ErrorGroup>& group) {
  if (!group) return error_problem(group.error());
  return json_response(base::to_json(error_group_answer(*group)));
}

HandlerResult show(const Request& request, Services& services) {
  return answer_with(services.errors->get(request.parameters.at("id")));
}

}  // namespace

void add_error_routes(std::vector<Route>& routes, Services& services) {
  if (services.errors == nullptr) return;
  const auto add = [&](Method method, const char* path, const char* summary, auto handler) {
    routes.push_back(
        {method, std::string(kErrors) + path, summary,
         [&services, handler](const Request& request) -> HandlerResult { return handler(request, services); }});
  };
  const auto moves_to = [](ErrorState state) {
    return [state](const Request& request, Services& its) -> HandlerResult {
      return answer_with(its.errors->set_state(request.parameters.at("id"), state));
    };
  };
  add(Method::kGet, "", "Errors of the server by message and place, those seen last first", list);
  add(Method::kGet, "/{id}", "One group of errors with a sample", show);
  add(Method::kPost, "/{id}/resolve", "Mark as mended; open again when it comes again",
      moves_to(ErrorState::kResolved));
  add(Method::kPost, "/{id}/ignore", "Mark as not to be looked at", moves_to(ErrorState::kIgnored));
  add(Method::kPost, "/{id}/reopen", "Take either mark back", moves_to(ErrorState::kOpen));
}

}  // namespace tradeassist::server
