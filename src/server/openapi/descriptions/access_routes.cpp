#include <limits>

#include "server/openapi/answers/server_answers.hpp"
#include "server/openapi/descriptions.hpp"
#include "server/routes/error_models.hpp"
#include "server/routes/key_request.hpp"
#include "server/routes/profile_models.hpp"

namespace tradeassist::server {
namespace {

void describe_errors(Descriptions& all) {
  const std::string list = "/api/v1/admin/errors", one = list + "/{id}";
  all.add(Method::kGet, list,
          describe("list_error_groups", "Administration")
              .choice("state", {"open", "resolved", "ignored"})
              .integer("limit", 1, 1'000, 100)
              .text("cursor")
              .answers<ErrorGroupsAnswer>());
  all.add(Method::kGet, one,
          describe("get_error_group", "Administration").answers<ErrorGroupAnswer>().codes({"ERROR_GROUP_NOT_FOUND"}));
  for (const char* verb : {"resolve", "ignore", "reopen"}) {
    all.add(Method::kPost, one + "/" + verb,
            describe(std::string(verb) + "_error_group", "Administration")
                .answers<ErrorGroupAnswer>()
                .codes({"ERROR_GROUP_NOT_FOUND"}));
  }
}

void describe_profiles(Descriptions& all) {
  all.add(Method::kGet, "/api/v1/admin/profile",
          describe("profile_server", "Administration")
              .say("As text a line for each stack, outermost function first, as flame graphs are made from.")
              .integer("seconds", 1, 30, 5)
              .integer("hertz", 1, 500, 99)
              .choice("format", {"collapsed", "json"}, "collapsed")
              .answers(200, "text/plain", [](openapi::Schemas&) { return boost::json::object{{"type", "string"}}; })
              .answers<ProfileAnswer>()
              .codes({"PROFILE_RUNNING"}));
  all.add(Method::kGet, "/api/v1/admin/profile/requests",
          describe("get_request_timings", "Administration").answers<RequestTimingsAnswer>());
}

}  // namespace

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
  describe_errors(all);
  describe_profiles(all);
}

}  // namespace tradeassist::server
