#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace tradeassist::report {

/// What a result can be written as.
struct ExportFormat {
  std::string_view name;  // also the end of file names
  std::string_view media_type;
  bool is_table = false;  // trades or trials; else a report to read
};
const std::vector<ExportFormat>& export_formats();
/// Null for another name.
const ExportFormat* find_export_format(std::string_view name);

/// The result in that format, as the bytes of a file. `version` is this program's. Errors as those of the writers.
base::Result<std::string> export_result(const boost::json::object& result, const ExportFormat& format,
                                        const std::string& version);

/// "MovingAverageCrossover-SPY-1d-report.pdf"; as the result names things, so not safe to save under.
std::string export_name(const boost::json::object& result, std::string_view what, std::string_view ending);

}  // namespace tradeassist::report
