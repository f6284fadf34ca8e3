#include <limits>

#include "server/openapi/answers/server_answers.hpp"
#include "server/openapi/descriptions.hpp"
#include "server/routes/key_request.hpp"

namespace tradeassist::server {

void describe_access_routes(Descriptions& all) {
  const std::string list = "/api/v1/admin/keys", one = list + "/{id}";
  all.add(Method::kGet, list, describe("list_api_keys", "Administration").text("owner").answers<openapi::ApiKeys>());
  all.add(Method::kPost, list,
          describe("create_api_key", "Administration")
              .takes<NewKeyBody>(R"({"name": "notebook", "scopes": ["read"]})")
              .answers<openapi::IssuedApiKey>(201, {"Location"})
              .codes({"INVALID_ARGUMENT", "RESOURCE_EXHAUSTED"}));
  all.add(Method::kGet, one,
          describe("get_api_key", "Administration").answers<openapi::ApiKey>().codes({"API_KEY_NOT_FOUND"}));
  all.add(Method::kPost, one + "/rotate",
          describe("rotate_api_key", "Administration")
              .takes<RotateBody>(R"({"grace_seconds": 3600})")
              .or_nothing()
              .answers<openapi::IssuedApiKey>()
              .codes({"API_KEY_NOT_FOUND", "FAILED_PRECONDITION"}));
  all.add(Method::kDelete, one,
          describe("revoke_api_key", "Administration").answers<openapi::ApiKey>().codes({"API_KEY_NOT_FOUND"}));
  all.add(Method::kGet, "/api/v1/admin/audit",
          describe("list_audit_entries", "Administration")
              .integer("limit", 1, 1'000, 100)
              .integer("cursor", 1, std::numeric_limits<std::int64_t>::max())
              .answers<openapi::AuditPage>());
  all.add(Method::kGet, "/api/v1/admin/audit/verification",
          describe("verify_audit_log", "Administration").answers<openapi::AuditVerification>());
}

}  // namespace tradeassist::server
