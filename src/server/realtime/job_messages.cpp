#include "server/realtime/job_messages.hpp"

#include <boost/json/value.hpp>

#include "base/json.hpp"
#include "report/json_rows.hpp"

namespace tradeassist::server {

void JobMessages::on_progress(const jobs::Job& job, double progress, std::string_view phase, std::string_view detail) {
  publisher_.publish("jobs:" + job.id, "job_progress",
                     {{"job_id", job.id},
                      {"kind", job.kind},
                      {"progress", progress},
                      {"phase", phase},
                      {"detail", base::parse_json(detail).value_or(boost::json::value())}});
}

void JobMessages::on_end(const jobs::Job& job, jobs::JobState state, std::string_view error) {
  publisher_.publish("jobs:" + job.id, jobs::has_ended(state) ? "job_complete" : "job_state",
                     {{"job_id", job.id},
                      {"kind", job.kind},
                      {"state", jobs::to_string(state)},
                      {"error", report::text_or_null(error)}});
}

}  // namespace tradeassist::server
