#include <boost/json.hpp>
#include <limits>

#include "optimize/objective.hpp"
#include "optimize/sampler.hpp"
#include "report/json_rows.hpp"
#include "report/search_report.hpp"
#include "server/batch_request.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/services.hpp"
#include "server/routes/started_job.hpp"
#include "server/script_request.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;

constexpr const char* kKind = "optimize";
constexpr const char* kBatchKind = "optimize_batch";
constexpr const char* kBase = "/api/v1/optimize/";

json::value parse_or_null(const std::string& text) {
  return base::parse_json(text, text.size()).value_or(json::value(nullptr));
}

json::object status_json(const jobs::Job& job) {
  json::object out;
  out["job_id"] = job.id;
  out["state"] = jobs::to_string(job.state);
  out["phase"] = job.phase;
  out["progress"] = job.progress;
  // The handler's own account of its progress.
  const json::value detail = parse_or_null(job.detail);
  for (const char* name : {"trials_done", "trials_total", "trials_per_second", "seconds_left", "best"}) {
    const json::value* value = detail.is_object() ? detail.get_object().if_contains(name) : nullptr;
    out[name] = value != nullptr ? *value : json::value(nullptr);
  }
  const json::value request = parse_or_null(job.request);
  for (const char* name : {"strategy", "symbol", "timeframe"}) {
    const json::value* value = request.is_object() ? request.get_object().if_contains(name) : nullptr;
    out[name] = value != nullptr ? *value : json::value(nullptr);
  }
  if (job.kind == kKind && out["strategy"].is_null()) out["strategy"] = kOwnScript;
  out["note"] = report::text_or_null(job.note);
  out["error"] = report::text_or_null(job.error);
  out["created_at"] = base::format_time(job.created_at);
  out["started_at"] = report::time_or_null(job.started_at);
  out["finished_at"] = report::time_or_null(job.finished_at);
  return out;
}

Problem job_problem(const base::Error& error) {
  Problem problem = problem_from(error);
  if (error.code == base::ErrorCode::kNotFound) problem.code = "JOB_NOT_FOUND";
  return problem;
}

std::variant<jobs::Job, Problem> find_job(const Request& request, jobs::JobQueue& queue) {
  auto job = queue.get(request.parameters.at("id"), request.caller.owner);
  if (!job) return job_problem(job.error());
  if (job->kind != kKind && job->kind != kBatchKind)
    return Problem{404, "JOB_NOT_FOUND", "this job is no optimisation; see GET /api/v1/jobs/" + job->id, {}};
  return std::move(*job);
}

std::variant<int, Problem> read_priority(const std::optional<std::int64_t>& wanted) {
  const auto priority = wanted.value_or(jobs::kPriorityDefault);
  if (priority < jobs::kPriorityMin || priority > jobs::kPriorityMax)
    return field_problem("/priority", "must be from 0 (lowest) to 3");
  return static_cast<int>(priority);
}

std::variant<optimize::SearchRequest, Problem> read_search(const Request& request, Services& services,
                                                           int* priority = nullptr) {
  auto body = read_body<OptimizeBody>(request);
  if (auto* problem = std::get_if<Problem>(&body)) return std::move(*problem);
  auto wanted = read_priority(std::get<OptimizeBody>(body).priority);
  if (auto* problem = std::get_if<Problem>(&wanted)) return std::move(*problem);
  if (priority != nullptr) *priority = std::get<int>(wanted);
  return prepare_search(std::get<OptimizeBody>(body), services.cache, services.catalogue);
}

HandlerResult validate(const Request& request, Services& services) {
  auto prepared = read_search(request, services);
  if (auto* problem = std::get_if<Problem>(&prepared)) return std::move(*problem);
  const auto& search = std::get<optimize::SearchRequest>(prepared);
  const auto combinations = search.space.combinations();
  return json_response(json::object{{"valid", true},
                                    {"combinations", combinations ? json::value(*combinations) : json::value(nullptr)},
                                    {"trials", search.trial_count()}});
}

optimize::SearchProgress nothing_done(std::uint64_t trials) {
  optimize::SearchProgress progress;
  progress.trials_total = trials;
  progress.trials_per_second = progress.seconds_left = std::numeric_limits<double>::quiet_NaN();
  return progress;
}

HandlerResult submit(const Request& request, Services& services, const char* kind, const json::object& progress,
                     int priority) {
  auto started = start_job(services, kind, request, base::json_text(progress), priority);
  if (auto* problem = std::get_if<Problem>(&started)) return std::move(*problem);
  const auto& id = std::get<std::string>(started);
  const std::string status = std::string(kBase) + "status/" + id;
  return accepted({{"job_id", id}, {"status_url", status}, {"results_url", std::string(kBase) + "results/" + id}},
                  status);
}

HandlerResult start(const Request& request, Services& services) {
  int priority = jobs::kPriorityDefault;
  auto prepared = read_search(request, services, &priority);
  if (auto* problem = std::get_if<Problem>(&prepared)) return std::move(*problem);
  const auto& search = std::get<optimize::SearchRequest>(prepared);
  return submit(request, services, kKind, report::progress_json(search, nothing_done(search.trial_count())), priority);
}

HandlerResult start_batch(const Request& request, Services& services) {
  auto body = read_body<BatchBody>(request);
  if (auto* problem = std::get_if<Problem>(&body)) return std::move(*problem);
  auto priority = read_priority(std::get<BatchBody>(body).priority);
  if (auto* problem = std::get_if<Problem>(&priority)) return std::move(*problem);
  auto prepared = prepare_batch(std::get<BatchBody>(body), services.cache, services.catalogue);
  if (auto* problem = std::get_if<Problem>(&prepared)) return std::move(*problem);
  const std::uint64_t trials = optimize::trial_count(std::get<optimize::TournamentRequest>(prepared));
  return submit(request, services, kBatchKind, report::progress_json(nothing_done(trials)), std::get<int>(priority));
}

HandlerResult status(const Request& request, Services& services) {
  auto job = find_job(request, services.queue);
  if (auto* problem = std::get_if<Problem>(&job)) return std::move(*problem);
  return json_response(status_json(std::get<jobs::Job>(job)));
}

/// The stored result with the job's id, its trials cut to the best `trials_max`.
HandlerResult results(const Request& request, Services& services) {
  QueryReader query(request, {"trials"});
  const auto trials_max = query.integer("trials", 0, 1'000'000);
  if (query.failed()) return query.problem();
  auto found = find_job(request, services.queue);
  if (auto* problem = std::get_if<Problem>(&found)) return std::move(*problem);
  const jobs::Job& job = std::get<jobs::Job>(found);
  if (job.state != jobs::JobState::kCompleted) {
    std::string why = "The optimisation is " + std::string(jobs::to_string(job.state)) + ".";
    if (!job.error.empty()) why += " " + job.error;
    return Problem{409, "OPTIMIZATION_NOT_COMPLETED", std::move(why), {}};
  }
  json::value result = parse_or_null(job.result);
  if (!result.is_object()) return problem_from({base::ErrorCode::kDataLoss, "the stored result cannot be read"});
  result.get_object()["job_id"] = job.id;
  if (trials_max && job.kind == kKind) {
    const auto cut = [&](json::value& column) {
      if (column.is_array() && column.get_array().size() > static_cast<std::size_t>(*trials_max)) {
        column.get_array().resize(static_cast<std::size_t>(*trials_max));
      }
    };
    json::object& trials = result.get_object()["trials"].as_object();
    cut(trials["index"]);
    cut(trials["objective"]);
    for (const char* column : {"bar_share", "violation"}) {
      if (json::value* cells = trials.if_contains(column)) cut(*cells);
    }
    for (const char* group : {"parameters", "metrics", "objectives"}) {
      json::value* cells = trials.if_contains(group);
      if (cells == nullptr || !cells->is_object()) continue;
      for (auto& entry : cells->get_object()) cut(entry.value());
    }
  }
  return json_response(result);
}

HandlerResult cancel(const Request& request, Services& services) {
  auto found = find_job(request, services.queue);
  if (auto* problem = std::get_if<Problem>(&found)) return std::move(*problem);
  const std::string& id = std::get<jobs::Job>(found).id;
  const auto job = services.queue.request_cancel(id, request.caller.owner);
  if (!job) {
    Problem problem = job_problem(job.error());
    if (job.error().code == base::ErrorCode::kFailedPrecondition) problem.code = "CANCELLATION_NOT_ALLOWED";
    return problem;
  }
  services.runner.interrupt(id);
  return json_response(json::object{{"job_id", job->id}, {"state", jobs::to_string(job->state)}});
}

HandlerResult list(const Request& request, Services& services) {
  QueryReader query(request, {"state", "limit", "cursor"});
  jobs::JobFilter filter;
  filter.kind = kKind;
  filter.owner = request.caller.owner;
  filter.limit = static_cast<int>(query.integer("limit", 1, 1000).value_or(100));
  filter.cursor = query.text("cursor").value_or("");
  if (const auto state = query.text("state")) {
    if (const auto parsed = jobs::parse_job_state(*state))
      filter.state = *parsed;
    else
      query.fail("state", parsed.error().message);
  }
  if (query.failed()) return query.problem();
  const auto page = services.queue.list(filter);
  if (!page) return problem_from(page.error());
  json::array out;
  for (const jobs::Job& job : page->jobs) out.push_back(status_json(job));
  return json_response(
      json::object{{"jobs", std::move(out)}, {"next_cursor", report::text_or_null(page->next_cursor)}});
}

HandlerResult list_objectives(const Request& request) {
  QueryReader query(request, {});
  if (query.failed()) return query.problem();
  json::array out;
  for (const optimize::Objective& objective : optimize::objectives()) {
    out.push_back(json::object{{"name", objective.name},
                               {"title", objective.title},
                               {"maximise", objective.maximise},
                               {"can_be_weighed", objective.unit != nullptr}});
  }
  return json_response(json::object{{"objectives", std::move(out)}});
}

HandlerResult list_samplers(const Request& request) {
  QueryReader query(request, {});
  if (query.failed()) return query.problem();
  json::array out;
  for (const optimize::SamplerKind& kind : optimize::samplers()) {
    out.push_back(json::object{{"name", kind.name}, {"summary", kind.summary}, {"needs_steps", kind.counted}});
  }
  return json_response(json::object{{"samplers", std::move(out)}});
}

}  // namespace

void add_optimize_routes(std::vector<Route>& routes, Services& services) {
  const auto add = [&](Method method, const char* path, const char* summary, auto handler) {
    routes.push_back(
        {method, std::string(kBase) + path, summary,
         [&services, handler](const Request& request) -> HandlerResult { return handler(request, services); }});
  };
  add(Method::kPost, "single", "Start an optimisation", start);
  add(Method::kPost, "batch", "Start a tournament of strategies on symbols and timeframes", start_batch);
  add(Method::kPost, "validate", "Check an optimisation without starting it", validate);
  add(Method::kGet, "status/{id}", "Progress of an optimisation", status);
  add(Method::kGet, "results/{id}", "Result of a completed optimisation", results);
  add(Method::kPost, "cancel/{id}", "Cancel a queued, paused or running optimisation", cancel);
  add(Method::kGet, "jobs", "Optimisations, newest first", list);
  add(Method::kGet, "objectives", "What a search can make as good as possible",
      [](const Request& request, Services&) { return list_objectives(request); });
  add(Method::kGet, "samplers", "How a search can choose what it tries",
      [](const Request& request, Services&) { return list_samplers(request); });
}

}  // namespace tradeassist::server
