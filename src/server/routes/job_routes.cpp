// What is known of jobs of all kinds, and may be asked of them: /api/v1/jobs.
#include "server/routes/job_routes.hpp"

#include <boost/json.hpp>
#include <charconv>
#include <functional>
#include <memory>
#include <utility>

#include "base/json.hpp"
#include "report/json_rows.hpp"
#include "server/historical/historical_job.hpp"
#include "server/routes/job_json.hpp"
#include "server/routes/parameters.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;

constexpr const char* kJobs = "/api/v1/jobs";

Problem job_problem(const base::Error& error, const char* not_allowed = "FAILED_PRECONDITION") {
  Problem problem = problem_from(error);
  if (error.code == base::ErrorCode::kNotFound) problem.code = "JOB_NOT_FOUND";
  if (error.code == base::ErrorCode::kFailedPrecondition) problem.code = not_allowed;
  return problem;
}

std::optional<bool> flag(QueryReader& query, const char* name) {
  const auto text = query.text(name);
  if (!text) return std::nullopt;
  if (*text != "true" && *text != "false") query.fail(name, "must be true or false");
  return *text == "true";
}

HandlerResult list(const Request& request, Services& services) {
  QueryReader query(request, {"kind", "state", "dead_letter", "limit", "cursor"});
  jobs::JobFilter filter;
  filter.owner = request.caller.owner;
  filter.kind = query.text("kind").value_or("");
  filter.is_dead_letter = flag(query, "dead_letter");
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
  return json_response(job_page_json(*page));
}

HandlerResult show(const Request& request, Services& services) {
  QueryReader query(request, {"result"});
  const bool with_result = flag(query, "result").value_or(false);
  if (query.failed()) return query.problem();
  const auto job = services.queue.get(request.parameters.at("id"), request.caller.owner);
  if (!job) return job_problem(job.error());
  return json_response(whole_job_json(*job, with_result));
}

HandlerResult log(const Request& request, Services& services) {
  QueryReader query(request, {"limit", "cursor"});
  const std::int64_t limit = query.integer("limit", 1, 1000).value_or(1000);
  const std::int64_t after = query.integer("cursor", 0, INT64_MAX).value_or(0);
  if (query.failed()) return query.problem();
  const auto lines = services.queue.log(request.parameters.at("id"), after, limit, request.caller.owner);
  if (!lines) return job_problem(lines.error());
  json::array out;
  for (const jobs::JobLogLine& line : *lines) out.push_back(job_log_line_json(line));
  const bool may_be_more = static_cast<std::int64_t>(lines->size()) == limit;
  return json_response(json::object{
      {"job_id", request.parameters.at("id")},
      {"lines", std::move(out)},
      {"next_cursor", may_be_more ? json::value(std::to_string(lines->back().number)) : json::value(nullptr)}});
}

/// What happens to a job as server-sent events (HTML Living Standard, 9.2): `log` with the line's number as its id,
/// `job` whenever the job has changed, and `end` when it has ended. Read from the database, so that it does not matter
/// which server runs the job. They end without an `end` once the caller's key holds no more.
class JobEvents {
 public:
  JobEvents(jobs::JobQueue& queue, std::string id, std::int64_t after, std::function<bool()> may_stay)
      : queue_(queue), id_(std::move(id)), after_(after), may_stay_(std::move(may_stay)) {}

  std::optional<std::string> next() {
    if (has_ended_ || !may_stay_()) return std::nullopt;
    // The job first: when it has ended, all of its log is there.
    const auto job = queue_.get_state(id_);
    if (!job && job.error().code == base::ErrorCode::kNotFound) return std::nullopt;
    const auto lines = queue_.log(id_, after_);
    if (!job || !lines) return "";  // the database is away; its clients wait with it
    std::string events;
    for (const jobs::JobLogLine& line : *lines) {
      events += "id: " + std::to_string(line.number) + "\n" + event("log", job_log_line_json(line));
      after_ = line.number;
    }
    if (std::string now = event("job", job_json(*job)); now != last_) {
      events += now;
      last_ = std::move(now);
    }
    has_ended_ = jobs::has_ended(job->state) && lines->size() < kLinesAtOnce;
    if (has_ended_) events += event("end", {{"job_id", id_}, {"state", jobs::to_string(job->state)}});
    if (!events.empty()) quiet_ = 0;
    // A comment now and then shows that the connection lives, and finds out whether anybody is there.
    if (++quiet_ % kCommentEvery == 0) events += ":\n\n";
    return events;
  }

 private:
  static constexpr int kCommentEvery = 30;  // pieces, two a second
  static constexpr std::size_t kLinesAtOnce = 1'000;

  static std::string event(const char* name, const json::object& data) {
    return std::string("event: ") + name + "\ndata: " + base::json_text(data) + "\n\n";
  }

  jobs::JobQueue& queue_;
  const std::string id_;
  std::int64_t after_;
  const std::function<bool()> may_stay_;
  std::string last_;  // event of the job
  bool has_ended_ = false;
  int quiet_ = 0;
};

HandlerResult events(const Request& request, Services& services) {
  QueryReader query(request, {});
  if (query.failed()) return query.problem();
  const auto job = services.queue.get_state(request.parameters.at("id"), request.caller.owner);
  if (!job) return job_problem(job.error());
  std::int64_t after = 0;
  if (const auto last = request.header("last-event-id")) {
    const auto [end, error] = std::from_chars(last->data(), last->data() + last->size(), after);
    if (error != std::errc() || end != last->data() + last->size() || after < 0)
      return invalid_fields({{"/Last-Event-ID", "must be the id of an event of this job"}});
  }
  Response response;
  response.content_type = "text/event-stream";
  auto may_stay = [&services, caller = request.caller] { return !services.may_stay || services.may_stay(caller); };
  response.next_piece = [events = std::make_shared<JobEvents>(services.queue, job->id, after, std::move(may_stay))] {
    return events->next();
  };
  return response;
}

HandlerResult statistics(const Request& request, Services& services) {
  QueryReader query(request, {});
  if (query.failed()) return query.problem();
  const auto known = services.queue.statistics(request.caller.owner);
  if (!known) return problem_from(known.error());
  return json_response(job_statistics_json(*known));
}

HandlerResult workers(const Request& request, Services& services) {
  QueryReader query(request, {});
  if (query.failed()) return query.problem();
  if (services.batches == nullptr) return json_response(workers_json({}));
  const auto known = services.batches->workers();
  if (!known) return problem_from(known.error());
  return json_response(workers_json(*known));
}

/// The body of what takes none.
std::optional<Problem> body_problem(const Request& request) {
  if (request.body.empty() || request.body == "{}") return std::nullopt;
  return invalid_fields({{"", "must be empty: what is asked for is in the path"}});
}

HandlerResult answer(const base::Result<jobs::Job>& job, const char* not_allowed) {
  if (!job) return job_problem(job.error(), not_allowed);
  return json_response(job_json(*job));
}

HandlerResult cancel(const Request& request, Services& services) {
  if (auto problem = body_problem(request)) return *std::move(problem);
  return answer(cancel_job(services, request.parameters.at("id"), request.caller.owner), "CANCELLATION_NOT_ALLOWED");
}

HandlerResult pause(const Request& request, Services& services) {
  if (auto problem = body_problem(request)) return *std::move(problem);
  const auto job = services.queue.request_pause(request.parameters.at("id"), request.caller.owner);
  if (job) services.runner.interrupt(job->id);
  return answer(job, "PAUSE_NOT_ALLOWED");
}

HandlerResult resume(const Request& request, Services& services) {
  if (auto problem = body_problem(request)) return *std::move(problem);
  const auto job = services.queue.resume(request.parameters.at("id"), request.caller.owner);
  if (job) services.runner.wake();
  return answer(job, "RESUME_NOT_ALLOWED");
}

HandlerResult retry(const Request& request, Services& services) {
  if (auto problem = body_problem(request)) return *std::move(problem);
  const auto job = services.queue.retry(request.parameters.at("id"), request.caller.owner);
  if (!job && job.error().code == base::ErrorCode::kResourceExhausted) {
    Problem problem = problem_from(job.error());
    problem.status = 503;
    return problem;
  }
  if (!job) return job_problem(job.error(), "RETRY_NOT_ALLOWED");
  services.runner.wake();
  Response response = json_response(job_json(*job));
  response.status = 202;
  response.headers.emplace_back("Location", std::string(kJobs) + "/" + job->id);
  return response;
}

}  // namespace

base::Result<jobs::Job> cancel_job(Services& services, const std::string& id, std::string_view owner) {
  // A query for bars has listeners that are told.
  auto query = cancel_historical_query(services.queue, services.runner, services.publisher, id, owner);
  if (query || query.error().code != base::ErrorCode::kNotFound) return query;
  auto job = services.queue.request_cancel(id, owner);
  if (job) services.runner.interrupt(id);
  return job;
}

void add_job_routes(std::vector<Route>& routes, Services& services) {
  const auto add = [&](Method method, const char* path, const char* summary, auto handler) {
    routes.push_back(
        {method, std::string(kJobs) + path, summary,
         [&services, handler](const Request& request) -> HandlerResult { return handler(request, services); }});
  };
  add(Method::kGet, "", "Jobs of all kinds, newest first", list);
  add(Method::kGet, "/statistics", "How many jobs are in which state, and how long they wait and run", statistics);
  add(Method::kGet, "/workers", "Processes that do batches of searches, seen in the last 24 hours", workers);
  add(Method::kGet, "/{id}", "One job", show);
  add(Method::kGet, "/{id}/log", "What happened to a job", log);
  add(Method::kGet, "/{id}/events", "What happens to a job, as server-sent events", events);
  add(Method::kPost, "/{id}/cancel", "Cancel a queued, paused or running job", cancel);
  add(Method::kPost, "/{id}/pause", "Pause a queued or running job", pause);
  add(Method::kPost, "/{id}/resume", "Let a paused job go on", resume);
  add(Method::kPost, "/{id}/retry", "Submit a failed or cancelled job anew", retry);
}

}  // namespace tradeassist::server
