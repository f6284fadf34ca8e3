#include "notify/severity.hpp"

#include <string>

namespace tradeassist::notify {

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::kInfo: return "info";
    case Severity::kWarning: return "warning";
    case Severity::kCritical: return "critical";
  }
  return "info";
}

base::Result<Severity> parse_severity(std::string_view text) {
  for (const Severity each : {Severity::kInfo, Severity::kWarning, Severity::kCritical}) {
    if (text == to_string(each)) return each;
  }
  return base::failure(base::ErrorCode::kInvalidArgument, "'" + std::string(text.substr(0, 40)) +
                                                              "' is no severity; there are info, warning and critical");
}

}  // namespace tradeassist::notify
