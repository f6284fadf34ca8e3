#include "research/routes/research_routes.hpp"

#include <boost/json/object.hpp>
#include <utility>

#include "report/json_rows.hpp"
#include "research/ranges.hpp"
#include "research/routes/research_handlers.hpp"
#include "server/openapi/answers/job_answers.hpp"
#include "server/openapi/descriptions.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/started_job.hpp"

namespace tradeassist::research {
namespace {

namespace json = boost::json;

using server::HandlerResult;
using server::Method;
using server::Problem;
using server::QueryReader;
using server::Request;
using server::Route;
using server::Services;

HandlerResult status(const Request& request, const std::string& model) {
  QueryReader query(request, {});
  if (query.failed()) return query.problem();
  return server::json_response(json::object{{"configured", !model.empty()}, {"model", report::text_or_null(model)}});
}

std::optional<Problem> rounds_problem(const std::optional<std::int64_t>& rounds) {
  if (!rounds || (*rounds >= 1 && *rounds <= kRoundsMax)) return std::nullopt;
  return server::invalid_fields({{"/rounds", "must be from 1 to " + std::to_string(kRoundsMax)}});
}

HandlerResult start(const Request& request, Services& services, const char* kind) {
  auto started = server::start_job(services, kind, request);
  if (auto* problem = std::get_if<Problem>(&started)) return std::move(*problem);
  const auto& id = std::get<std::string>(started);
  const std::string status_url = "/api/v1/jobs/" + id;
  return server::accepted({{"job_id", id}, {"status_url", status_url}, {"results_url", status_url + "?result=true"}},
                          status_url);
}

HandlerResult explain(const Request& request, Services& services) {
  auto read = server::read_body<ExplainBody>(request);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  const auto result = result_to_explain(std::get<ExplainBody>(read), services.queue, request.caller.owner);
  if (!result) return server::problem_from(result.error());
  return start(request, services, kExplainJob);
}

HandlerResult ranges(const Request& request, Services& services) {
  auto read = server::read_body<RangesBody>(request);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  const auto& body = std::get<RangesBody>(read);
  if (auto problem = rounds_problem(body.rounds)) return *std::move(problem);
  const auto script = script_to_vary(body, services.catalogue);
  if (!script) return server::problem_from(script.error());
  return start(request, services, kRangesJob);
}

HandlerResult draft(const Request& request, Services& services) {
  auto read = server::read_body<DraftBody>(request);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  const auto& body = std::get<DraftBody>(read);
  if (auto problem = rounds_problem(body.rounds)) return *std::move(problem);
  if (body.description.find_first_not_of(" \t\r\n") == std::string::npos)
    return server::invalid_fields({{"/description", "must say what the strategy does"}});
  auto bars = read_draft_bars(body, services.cache);
  if (auto* problem = std::get_if<Problem>(&bars)) return std::move(*problem);
  return start(request, services, kDraftJob);
}

struct ResearchStatus {
  bool configured;
  std::optional<std::string> model;
};
BOOST_DESCRIBE_STRUCT(ResearchStatus, (), (configured, model))

void describe_research_routes(std::vector<Route>& routes) {
  server::Descriptions all;
  const auto started = [](server::RouteDescription description) {
    return std::move(description)
        .say("The answer is the job's result: GET /api/v1/jobs/{id}?result=true.")
        .is_idempotent()
        .answers<server::openapi::SearchAccepted>(202, {"Location"})
        .codes({"RESEARCH_NOT_CONFIGURED", "NOT_FOUND", "FAILED_PRECONDITION", "INVALID_ARGUMENT", "RESOURCE_EXHAUSTED",
                "UNSUPPORTED"});
  };
  all.add(Method::kGet, "/api/v1/research", server::describe("get_research", "Research").answers<ResearchStatus>());
  all.add(Method::kPost, "/api/v1/research/explain",
          started(server::describe("explain_result", "Research")
                      .takes<ExplainBody>(R"({"job_id": "0123456789abcdef0123456789abcdef"})")));
  all.add(Method::kPost, "/api/v1/research/ranges",
          started(server::describe("propose_ranges", "Research").takes<RangesBody>(R"({"strategy": "RSIStrategy"})")));
  all.add(Method::kPost, "/api/v1/research/draft",
          started(server::describe("draft_strategy", "Research")
                      .takes<DraftBody>(R"({"description": "Buys after three falling closes, sells after one rise",
                                            "symbol": "SP500", "timeframe": "1d"})"))
              .codes({"INSTRUMENT_NOT_FOUND"}));
  all.attach(routes);
}

}  // namespace

void add_research_routes(std::vector<Route>& routes, Services& services, std::string model) {
  const auto add = [&](const char* path, const char* summary, auto handler) {
    routes.push_back({Method::kPost, std::string("/api/v1/research/") + path, summary,
                      [&services, handler, is_configured = !model.empty()](const Request& request) -> HandlerResult {
                        if (is_configured) return handler(request, services);
                        return Problem{409,
                                       "RESEARCH_NOT_CONFIGURED",
                                       "No model is configured: set research_provider and its key, and start the "
                                       "server again.",
                                       {}};
                      }});
  };
  add("explain", "Have a model explain a result, as a job", explain);
  add("ranges", "Have a model propose what a search varies, as a job", ranges);
  add("draft", "Have a model draft a strategy that compiles and trades, as a job", draft);
  routes.push_back({Method::kGet, "/api/v1/research", "Whether a model is configured, and which",
                    [model = std::move(model)](const Request& request) { return status(request, model); }});
  describe_research_routes(routes);
}

}  // namespace tradeassist::research
