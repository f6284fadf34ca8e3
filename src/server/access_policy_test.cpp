#include "server/access_policy.hpp"

#include <gtest/gtest.h>

namespace tradeassist::server {
namespace {

using access::LimitClass;
using access::Scope;

struct Case {
  Method method;
  const char* pattern;
  Scope scope;
  LimitClass limit = LimitClass::kGeneral;
};

TEST(AccessPolicy, says_what_each_kind_of_route_asks_for) {
  for (const Case& each : std::vector<Case>{
           {Method::kGet, "/api/v1/bars", Scope::kRead, LimitClass::kData},
           {Method::kPost, "/api/v1/import", Scope::kWrite, LimitClass::kData},
           {Method::kPost, "/api/v1/import/preview", Scope::kWrite, LimitClass::kData},
           {Method::kGet, "/api/v1/instruments", Scope::kRead},
           {Method::kPut, "/api/v1/instruments/{symbol}", Scope::kWrite},
           {Method::kPost, "/api/v1/instruments/{symbol}/corporate-actions", Scope::kWrite},
           {Method::kPost, "/api/v1/indicators/compute", Scope::kRead, LimitClass::kData},
           {Method::kPost, "/api/v1/historical-data/fetch", Scope::kRead, LimitClass::kData},
           {Method::kPost, "/api/v1/historical-data/queries", Scope::kWrite},
           {Method::kDelete, "/api/v1/historical-data/queries/{id}", Scope::kWrite},
           {Method::kPost, "/api/v1/historical-data/queries/{id}/execute", Scope::kRead, LimitClass::kData},
           {Method::kPost, "/api/v1/backtests", Scope::kTradeResearch, LimitClass::kOptimisation},
           {Method::kPost, "/api/v1/optimize/batch", Scope::kTradeResearch, LimitClass::kOptimisation},
           {Method::kPost, "/api/v1/optimize/cancel/{id}", Scope::kTradeResearch},
           {Method::kGet, "/api/v1/optimize/results/{id}", Scope::kRead},
           {Method::kPost, "/api/v1/jobs/{id}/cancel", Scope::kTradeResearch},
           {Method::kPut, "/api/v1/jobs/schedules/{name}", Scope::kWrite},
           {Method::kPost, "/api/v1/export/report", Scope::kTradeResearch, LimitClass::kExport},
           {Method::kGet, "/api/v1/admin/keys", Scope::kAdmin},
           {Method::kPost, "/api/v1/admin/keys", Scope::kAdmin},
           {Method::kPost, "/api/v1/health/performance/benchmark", Scope::kAdmin},
           {Method::kHead, "/api/v1/health/database", Scope::kRead},
           {Method::kGet, "/api/v1/webhooks/{id}/deliveries", Scope::kWrite},
           {Method::kPost, "/api/v1/webhooks", Scope::kWrite},
           {Method::kGet, "/api/v1/health/detailed", Scope::kRead},
           {Method::kGet, "/metrics", Scope::kRead},
           {Method::kGet, "/api/v1/alerts/{id}", Scope::kRead},
           {Method::kPost, "/api/v1/alerts/{id}/acknowledge", Scope::kWrite},
           {Method::kPost, "/api/v1/alerts/{id}/mute", Scope::kWrite},
           {Method::kPost, "/mcp", Scope::kRead},
           {Method::kGet, "/ws/realtime", Scope::kRead},
           {Method::kPost, "/api/v1/something/new", Scope::kWrite},
       }) {
    const RouteAccess access = access_of(each.method, each.pattern);
    EXPECT_FALSE(access.is_public) << each.pattern;
    EXPECT_EQ(access.scope, each.scope) << to_string(each.method) << " " << each.pattern;
    EXPECT_EQ(access.limit, each.limit) << to_string(each.method) << " " << each.pattern;
  }
}

TEST(AccessPolicy, what_changes_things_for_all_is_audited) {
  EXPECT_TRUE(access_of(Method::kPost, "/api/v1/import").is_audited);
  EXPECT_TRUE(access_of(Method::kPut, "/api/v1/instruments/{symbol}").is_audited);
  EXPECT_TRUE(access_of(Method::kPost, "/api/v1/admin/keys").is_audited);
  EXPECT_FALSE(access_of(Method::kPost, "/api/v1/import/preview").is_audited);
  EXPECT_FALSE(access_of(Method::kGet, "/api/v1/admin/keys").is_audited);
  EXPECT_FALSE(access_of(Method::kPost, "/api/v1/backtests").is_audited);
}

TEST(AccessPolicy, only_probes_and_the_documentation_are_public) {
  EXPECT_TRUE(access_of(Method::kGet, "/livez").is_public);
  EXPECT_TRUE(access_of(Method::kHead, "/readyz").is_public);
  EXPECT_TRUE(access_of(Method::kGet, "/startupz").is_public);
  for (const char* pattern : {"/api/openapi.json", "/api/docs", "/api/redoc", "/api/errors"})
    EXPECT_TRUE(access_of(Method::kGet, pattern).is_public) << pattern;
  EXPECT_FALSE(access_of(Method::kPost, "/livez").is_public);
}

}  // namespace
}  // namespace tradeassist::server
