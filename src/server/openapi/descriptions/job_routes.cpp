#include <limits>

#include "server/openapi/answers/job_answers.hpp"
#include "server/openapi/descriptions.hpp"
#include "server/routes/export_request.hpp"
#include "server/schedule_request.hpp"

namespace tradeassist::server {
namespace {

constexpr std::int64_t kAny = std::numeric_limits<std::int64_t>::max();

void describe_schedules(Descriptions& all) {
  const std::string list = "/api/v1/jobs/schedules", one = list + "/{name}";
  all.add(Method::kGet, list, describe("list_schedules", "Jobs").answers<openapi::JobSchedules>());
  all.add(Method::kGet, one,
          describe("get_schedule", "Jobs").answers<openapi::JobSchedule>().codes({"SCHEDULE_NOT_FOUND"}));
  all.add(Method::kPut, one,
          describe("put_schedule", "Jobs")
              .takes<ScheduleBody>(R"({"cron": "30 17 * * mon-fri", "time_zone": "America/New_York",
                  "kind": "historical_data",
                  "request": {"symbols": ["SP500"], "frequency": "1d", "preset": "1m", "background": true}})")
              .answers<openapi::JobSchedule>()
              .answers<openapi::JobSchedule>(201)
              .codes({"ALREADY_EXISTS", "INVALID_ARGUMENT", "INSTRUMENT_NOT_FOUND", "NOT_FOUND", "STRATEGY_NOT_FOUND",
                      "PINE_COMPILE_ERROR", "PROVIDER_NOT_CONFIGURED", "RESOURCE_EXHAUSTED", "UNSUPPORTED"}));
  all.add(Method::kDelete, one,
          describe("delete_schedule", "Jobs").answers<openapi::ScheduleRemoval>().codes({"SCHEDULE_NOT_FOUND"}));
}

void describe_exports(Descriptions& all) {
  const std::string base = "/api/v1/export/";
  for (const auto& [path, id, example] :
       {std::tuple{"pine-script", "export_pine_script", R"({"job_id": "0123456789abcdef0123456789abcdef"})"},
        {"report", "export_report", R"({"job_id": "0123456789abcdef0123456789abcdef", "format": "html"})"}}) {
    all.add(Method::kPost, base + path,
            describe(id, "Exports")
                .takes<ExportBody>(example)
                .answers<openapi::ExportedFile>(201, {"Location"})
                .codes({"JOB_NOT_FOUND", "OPTIMIZATION_NOT_COMPLETED", "FAILED_PRECONDITION", "INVALID_ARGUMENT",
                        "UNSUPPORTED", "RESOURCE_EXHAUSTED"}));
  }
  all.add(Method::kGet, base + "download/{id}",
          describe("download_file", "Exports")
              .header("Range")
              .header("If-Range")
              .answers_bytes(200, "*/*", {"Content-Disposition", "Accept-Ranges"})
              .answers_bytes(206, "*/*", {"Content-Disposition", "Content-Range"})
              .codes({"EXPORT_NOT_FOUND", "RANGE_NOT_SATISFIABLE"}));
  all.add(Method::kGet, base + "files", describe("list_files", "Exports").answers<openapi::ExportedFiles>());
  all.add(Method::kDelete, base + "files/{id}",
          describe("delete_file", "Exports").answers<openapi::ExportedFile>().codes({"EXPORT_NOT_FOUND"}));
}

}  // namespace

void describe_job_routes(Descriptions& all) {
  const std::string list = "/api/v1/jobs", one = list + "/{id}";
  all.add(Method::kGet, list,
          describe("list_jobs", "Jobs")
              .text("kind")
              .choice("state", {"queued", "running", "paused", "completed", "failed", "cancelled"})
              .flag("dead_letter")
              .pages()
              .answers<openapi::JobPage>()
              .codes({"INVALID_ARGUMENT"}));
  all.add(Method::kGet, list + "/statistics", describe("get_job_statistics", "Jobs").answers<openapi::JobStatistics>());
  all.add(Method::kGet, list + "/workers", describe("list_workers", "Jobs").answers<openapi::Workers>());
  all.add(Method::kGet, one,
          describe("get_job", "Jobs").flag("result", false).answers<openapi::WholeJob>().codes({"JOB_NOT_FOUND"}));
  all.add(Method::kGet, one + "/log",
          describe("get_job_log", "Jobs")
              .integer("limit", 1, 1'000, 1'000)
              .integer("cursor", 0, kAny)
              .answers<openapi::JobLog>()
              .codes({"JOB_NOT_FOUND"}));
  all.add(
      Method::kGet, one + "/events",
      describe("stream_job_events", "Jobs")
          .say("`log` with the number of the line as its id, `job` whenever the job has changed, `end` when it has "
               "ended; then the server closes.")
          .header("Last-Event-ID")
          .answers(200, "text/event-stream", [](openapi::Schemas&) { return boost::json::object{{"type", "string"}}; })
          .codes({"JOB_NOT_FOUND"}));
  for (const auto& [verb, code] : {std::pair{"cancel", "CANCELLATION_NOT_ALLOWED"},
                                   {"pause", "PAUSE_NOT_ALLOWED"},
                                   {"resume", "RESUME_NOT_ALLOWED"}}) {
    all.add(Method::kPost, one + "/" + verb,
            describe(std::string(verb) + "_job", "Jobs")
                .answers<openapi::Job>()
                .codes({"JOB_NOT_FOUND", code, "INVALID_REQUEST"}));
  }
  all.add(Method::kPost, one + "/retry",
          describe("retry_job", "Jobs")
              .answers<openapi::Job>(202, {"Location"})
              .codes({"JOB_NOT_FOUND", "RETRY_NOT_ALLOWED", "RESOURCE_EXHAUSTED", "INVALID_REQUEST"}));
  describe_schedules(all);
  describe_exports(all);
}

}  // namespace tradeassist::server
