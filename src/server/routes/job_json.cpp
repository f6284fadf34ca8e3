#include "server/routes/job_json.hpp"

#include <boost/json.hpp>
#include <utility>

#include "base/json.hpp"
#include "report/json_rows.hpp"

namespace tradeassist::server {

namespace json = boost::json;

namespace {

/// A text of the job's own making: JSON as such, anything else as a text, nothing as null.
json::value own_text(const std::string& text) {
  if (text.empty()) return nullptr;
  return base::parse_json(text, text.size()).value_or(json::value(text));
}

}  // namespace

json::object job_json(const jobs::Job& job) {
  return {{"job_id", job.id},
          {"kind", job.kind},
          {"owner", job.owner},
          {"state", jobs::to_string(job.state)},
          {"priority", job.priority},
          {"phase", job.phase},
          {"progress", job.progress},
          {"detail", own_text(job.detail)},
          {"note", report::text_or_null(job.note)},
          {"error", report::text_or_null(job.error)},
          {"attempts", job.attempts},
          {"attempts_max", jobs::kAttemptsMax},
          {"dead_letter", job.is_dead_letter},
          {"retry_of", report::text_or_null(job.retry_of)},
          {"cancel_requested", job.cancel_requested},
          {"pause_requested", job.pause_requested},
          {"has_checkpoint", job.has_checkpoint},
          {"run_by", job.state == jobs::JobState::kRunning ? json::value(job.lease_owner) : json::value(nullptr)},
          {"not_before", report::time_or_null(job.not_before)},
          {"created_at", base::format_time(job.created_at)},
          {"started_at", report::time_or_null(job.started_at)},
          {"finished_at", report::time_or_null(job.finished_at)}};
}

json::object whole_job_json(const jobs::Job& job, bool with_result) {
  json::object out = job_json(job);
  out["request"] = own_text(job.request);
  if (with_result) out["result"] = own_text(job.result);
  return out;
}

json::object job_page_json(const jobs::JobPage& page) {
  json::array out;
  for (const jobs::Job& job : page.jobs) out.push_back(job_json(job));
  return {{"jobs", std::move(out)}, {"next_cursor", report::text_or_null(page.next_cursor)}};
}

json::object job_log_line_json(const jobs::JobLogLine& line) {
  return {{"number", line.number},
          {"at", base::format_time(line.at)},
          {"level", jobs::to_string(line.level)},
          {"text", line.text}};
}

json::object job_statistics_json(const jobs::JobStatistics& statistics) {
  json::array counts, times;
  for (const jobs::JobCount& each : statistics.counts)
    counts.push_back(json::object{{"kind", each.kind}, {"state", jobs::to_string(each.state)}, {"count", each.count}});
  for (const jobs::JobTimes& each : statistics.times) {
    times.push_back(json::object{
        {"kind", each.kind},
        {"jobs", each.jobs},
        {"wait_seconds", json::object{{"median", each.wait_median}, {"p95", each.wait_p95}, {"max", each.wait_max}}},
        {"run_seconds", json::object{{"median", each.run_median}, {"p95", each.run_p95}, {"max", each.run_max}}}});
  }
  return {{"counts", std::move(counts)},
          {"times", std::move(times)},
          {"dead_letters", statistics.dead_letters},
          {"oldest_wait_seconds",
           statistics.oldest_wait_seconds ? json::value(*statistics.oldest_wait_seconds) : json::value(nullptr)}};
}

json::object workers_json(const std::vector<jobs::Worker>& workers) {
  json::array out;
  for (const jobs::Worker& each : workers) {
    out.push_back(json::object{{"name", each.name},
                               {"host", each.host},
                               {"version", each.version},
                               {"threads", each.threads},
                               {"alive", each.is_alive},
                               {"started_at", base::format_time(each.started_at)},
                               {"seen_at", base::format_time(each.seen_at)},
                               {"batches", each.batches},
                               {"trials", each.trials}});
  }
  return {{"workers", std::move(out)}};
}

}  // namespace tradeassist::server
