// /api/v1/historical-data/queries: questions for bars that are kept under a name.
#include <boost/json.hpp>
#include <charconv>
#include <limits>

#include "base/json_merge_patch.hpp"
#include "server/historical/fetch.hpp"
#include "server/historical/saved_query.hpp"
#include "server/routes/parameters.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;

const std::string kQueries = "/api/v1/historical-data/queries";
constexpr std::int64_t kPageMax = 1'000;

Problem query_problem(const base::Error& error) {
  Problem problem = problem_from(error);
  if (error.code == base::ErrorCode::kNotFound) problem.code = "SAVED_QUERY_NOT_FOUND";
  if (error.code == base::ErrorCode::kAlreadyExists) problem.code = "SAVED_QUERY_NAME_TAKEN";
  if (error.code == base::ErrorCode::kFailedPrecondition) problem.code = "SAVED_QUERY_CHANGED";
  return problem;
}

base::Result<std::int64_t> id_of(const Request& request) {
  const std::string& text = request.parameters.at("id");
  std::int64_t id = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), id);
  if (parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() && id > 0) return id;
  return base::failure(base::ErrorCode::kNotFound, "there is no saved query '" + text.substr(0, 64) + "'");
}

HandlerResult answer(const base::Result<store::SavedQuery>& query, unsigned status = 200) {
  if (!query) return query_problem(query.error());
  const auto body = saved_query_json(*query);
  if (!body) return query_problem(body.error());
  Response response = json_response(*body);
  response.status = status;
  if (status == 201) response.headers.emplace_back("Location", kQueries + "/" + std::to_string(query->id));
  return response;
}

HandlerResult list(const Request& request, Services& services) {
  QueryReader query(request, {"favourite", "tag", "search", "deleted", "limit", "cursor"});
  const auto flag = [&](const char* name) -> std::optional<bool> {
    const auto text = query.text(name);
    if (text && *text != "true" && *text != "false") query.fail(name, "must be true or false");
    return text ? std::optional(*text == "true") : std::nullopt;
  };
  store::SavedQueryFilter filter;
  filter.is_favourite = flag("favourite");
  filter.deleted = flag("deleted").value_or(false);
  filter.tag = query.text("tag").value_or("");
  filter.search = query.text("search").value_or("");
  filter.limit = query.integer("limit", 1, kPageMax).value_or(100);
  filter.after_id = query.integer("cursor", 1, std::numeric_limits<std::int64_t>::max()).value_or(0);
  if (query.failed()) return query.problem();
  filter.owner = request.caller.owner;
  const auto found = services.market.list_saved_queries(filter);
  if (!found) return query_problem(found.error());
  json::array page;
  for (const store::SavedQuery& each : *found) {
    auto entry = saved_query_json(each);
    if (!entry) return query_problem(entry.error());
    page.push_back(*std::move(entry));
  }
  const bool is_full = static_cast<std::int64_t>(found->size()) == filter.limit;
  return json_response(json::object{{"queries", std::move(page)},
                                    {"next_cursor", is_full ? json::value(found->back().id) : json::value(nullptr)}});
}

/// What is wrong with a saved query, if anything is.
std::optional<Problem> problem_of(const SavedQueryBody& body, Services& services) {
  std::vector<base::FieldError> errors;
  check_saved_query(body, errors);
  if (const auto fetch = fetch_of(body, errors)) {
    if (auto problem = provider_problem(*fetch, services.providers, "/request", errors)) return problem;
  }
  return errors.empty() ? std::nullopt : std::optional(invalid_fields(errors));
}

HandlerResult create(const Request& request, Services& services) {
  auto read = read_body<SavedQueryBody>(request);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  const auto& body = std::get<SavedQueryBody>(read);
  if (auto problem = problem_of(body, services)) return *std::move(problem);
  return answer(services.market.create_saved_query(fields_of(body, base::now()), request.caller.owner), 201);
}

base::Result<store::SavedQuery> find(const Request& request, Services& services) {
  TRY_ASSIGN(const std::int64_t id, id_of(request));
  return services.market.saved_query(id, request.caller.owner);
}

HandlerResult show(const Request& request, Services& services) { return answer(find(request, services)); }

HandlerResult put_in_place(const store::SavedQuery& before, const SavedQueryBody& body, Services& services) {
  if (auto problem = problem_of(body, services)) return *std::move(problem);
  return answer(services.market.replace_saved_query(before, fields_of(body, base::now(), &before)));
}

HandlerResult replace(const Request& request, Services& services) {
  const auto before = find(request, services);
  if (!before) return query_problem(before.error());
  auto read = read_body<SavedQueryBody>(request);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  return put_in_place(*before, std::get<SavedQueryBody>(read), services);
}

/// The body is a merge patch (RFC 7396) of what the user said.
HandlerResult change(const Request& request, Services& services) {
  const auto before = find(request, services);
  if (!before) return query_problem(before.error());
  const auto patch = base::parse_json(request.body, request.body.size());
  if (!patch) return Problem{400, "MALFORMED_JSON", patch.error().message, {}};
  if (!patch->is_object()) return invalid_fields({{"", "must be an object"}});
  const auto old_body = body_of(*before);
  if (!old_body) return query_problem(old_body.error());
  json::value document = base::to_json(*old_body);
  base::merge_patch(document, *patch);
  std::vector<base::FieldError> errors;
  const auto body = base::from_json<SavedQueryBody>(document, errors);
  return body ? put_in_place(*before, *body, services) : invalid_fields(errors);
}

HandlerResult remove(const Request& request, Services& services) {
  const auto id = id_of(request);
  if (!id) return query_problem(id.error());
  return answer(services.market.delete_saved_query(*id, request.caller.owner));
}

HandlerResult restore(const Request& request, Services& services) {
  const auto id = id_of(request);
  if (!id) return query_problem(id.error());
  return answer(services.market.restore_saved_query(*id, request.caller.owner));
}

HandlerResult execute(const Request& request, Services& services) {
  if (!request.body.empty() && request.body != "{}")
    return invalid_fields({{"", "must be empty: what is asked for is in the saved query"}});
  const auto query = find(request, services);
  if (!query) return query_problem(query.error());
  const auto fetch = fetch_of(*query);
  if (!fetch) return query_problem(fetch.error());
  if (!fetch->in_background()) return answer_fetch(*fetch, request, services, query->id);
  std::vector<base::FieldError> errors;
  if (auto problem = provider_problem(*fetch, services.providers, "/request", errors)) return *std::move(problem);
  if (!errors.empty()) return invalid_fields(errors);
  auto started = start_fetch(*fetch, request, services, query->id);
  if (auto* problem = std::get_if<Problem>(&started)) return std::move(*problem);
  const auto& job = std::get<std::string>(started);
  if (const auto noted = services.market.set_saved_query_job(query->id, job); !noted)
    return query_problem(noted.error());
  return fetch_accepted(job);
}

}  // namespace

void add_saved_query_routes(std::vector<Route>& routes, Services& services) {
  const auto add = [&](Method method, const std::string& path, const char* summary, auto handler) {
    routes.push_back({method, path, summary, [&services, handler](const Request& request) -> HandlerResult {
                        return handler(request, services);
                      }});
  };
  const std::string one = kQueries + "/{id}";
  add(Method::kGet, kQueries, "Saved queries", list);
  add(Method::kPost, kQueries, "Save a query for bars under a name", create);
  add(Method::kGet, one, "A saved query", show);
  add(Method::kPut, one, "Replace what a saved query says", replace);
  add(Method::kPatch, one, "Change some of what a saved query says", change);
  add(Method::kDelete, one, "Hide a saved query", remove);
  add(Method::kPost, one + "/restore", "Bring back a deleted saved query as it was", restore);
  add(Method::kPost, one + "/execute", "Answer a saved query, or start it in the background", execute);
}

}  // namespace tradeassist::server
