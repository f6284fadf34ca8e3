#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "access/audit_log.hpp"

namespace tradeassist::server {

/// Entries, and the cursor of the next page: null where there is none.
boost::json::object audit_page_json(const std::vector<access::KeptAuditEntry>& entries, std::int64_t limit);
boost::json::object audit_verdict_json(const access::AuditVerdict& verdict);

}  // namespace tradeassist::server
