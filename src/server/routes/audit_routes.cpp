// The audit log: /api/v1/admin/audit.
#include <boost/json.hpp>
#include <utility>

#include "report/json_rows.hpp"
#include "server/routes/audit_json.hpp"
#include "server/routes/parameters.hpp"
#include "server/routes/services.hpp"

namespace tradeassist::server {

namespace json = boost::json;

json::object audit_page_json(const std::vector<access::KeptAuditEntry>& entries, std::int64_t limit) {
  json::array out;
  for (const access::KeptAuditEntry& entry : entries) {
    out.push_back(json::object{{"number", entry.number},
                               {"at", base::format_time(entry.at)},
                               {"actor", entry.actor},
                               {"action", entry.action},
                               {"target", report::text_or_null(entry.target)},
                               {"outcome", entry.outcome},
                               {"request_id", report::text_or_null(entry.request_id)},
                               {"address", report::text_or_null(entry.address)},
                               {"hash", entry.hash}});
  }
  const bool may_be_more = static_cast<std::int64_t>(entries.size()) == limit && entries.back().number > 1;
  json::object page{{"entries", std::move(out)}};
  page["next_cursor"] = may_be_more ? json::value(std::to_string(entries.back().number)) : json::value(nullptr);
  return page;
}

json::object audit_verdict_json(const access::AuditVerdict& verdict) {
  return {{"entries", verdict.entries},
          {"last_hash", report::text_or_null(verdict.last_hash)},
          {"broken_at", verdict.broken_at ? json::value(*verdict.broken_at) : json::value(nullptr)}};
}

namespace {

HandlerResult list(const Request& request, Services& services) {
  QueryReader query(request, {"limit", "cursor"});
  const std::int64_t limit = query.integer("limit", 1, 1000).value_or(100);
  const std::int64_t before = query.integer("cursor", 1, INT64_MAX).value_or(INT64_MAX);
  if (query.failed()) return query.problem();
  const auto entries = services.audit->list(before, limit);
  if (!entries) return problem_from(entries.error());
  return json_response(audit_page_json(*entries, limit));
}

HandlerResult verify(const Request& request, Services& services) {
  QueryReader query(request, {});
  if (query.failed()) return query.problem();
  const auto verdict = services.audit->verify();
  if (!verdict) return problem_from(verdict.error());
  return json_response(audit_verdict_json(*verdict));
}

}  // namespace

void add_audit_routes(std::vector<Route>& routes, Services& services) {
  if (services.audit == nullptr) return;
  const auto add = [&](const char* path, const char* summary, auto handler) {
    routes.push_back({Method::kGet, path, summary, [&services, handler](const Request& request) -> HandlerResult {
                        return handler(request, services);
                      }});
  };
  add("/api/v1/admin/audit", "Who changed what, newest first", list);
  add("/api/v1/admin/audit/verification", "Whether the log is as it was written", verify);
}

}  // namespace tradeassist::server
