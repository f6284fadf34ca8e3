#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "jobs/batch_queue.hpp"
#include "jobs/job.hpp"

namespace tradeassist::server {

/// A job without its request, result and checkpoint. What it has none of is null.
boost::json::object job_json(const jobs::Job& job);
/// The same with the request as it was sent and, where `with_result`, what came of it.
boost::json::object whole_job_json(const jobs::Job& job, bool with_result);
boost::json::object job_page_json(const jobs::JobPage& page);
boost::json::object job_log_line_json(const jobs::JobLogLine& line);
/// Times in seconds.
boost::json::object job_statistics_json(const jobs::JobStatistics& statistics);
boost::json::object workers_json(const std::vector<jobs::Worker>& workers);

}  // namespace tradeassist::server
