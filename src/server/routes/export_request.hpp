#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>

namespace tradeassist::server {

/// The body of POST /api/v1/export/pine-script and /report.
struct ExportBody {
  std::string job_id;
  std::optional<std::string> format;  // of a report: html (default), pdf, csv, json, xlsx, parquet
};
BOOST_DESCRIBE_STRUCT(ExportBody, (), (job_id, format))

}  // namespace tradeassist::server
