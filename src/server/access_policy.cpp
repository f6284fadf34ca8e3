#include "server/access_policy.hpp"

#include <algorithm>
#include <iterator>

namespace tradeassist::server {
namespace {

using access::LimitClass;
using access::Scope;

enum class Verbs { kAll, kGet, kChanging };  // kGet: and HEAD

struct Rule {
  std::string_view prefix;
  Verbs verbs;
  RouteAccess access;
  bool only_looks = false;  // whatever its verb
};

constexpr RouteAccess kPublic{.is_public = true, .scope = Scope::kRead};

constexpr RouteAccess needs(Scope scope, LimitClass limit = LimitClass::kGeneral) {
  return {.scope = scope, .limit = limit};
}

/// The first that fits counts: what is longer stands before what it begins with.
constexpr Rule kRules[] = {
    {"/livez", Verbs::kGet, kPublic},
    {"/readyz", Verbs::kGet, kPublic},
    {"/startupz", Verbs::kGet, kPublic},
    {"/api/openapi.json", Verbs::kGet, kPublic},
    {"/api/docs", Verbs::kGet, kPublic},
    {"/api/redoc", Verbs::kGet, kPublic},
    {"/api/errors", Verbs::kGet, kPublic},

    {"/api/v1/admin/", Verbs::kAll, needs(Scope::kAdmin)},
    {"/api/v1/health/performance/benchmark", Verbs::kChanging, needs(Scope::kAdmin)},

    {"/api/v1/import/preview", Verbs::kChanging, needs(Scope::kWrite, LimitClass::kData), /*only_looks=*/true},
    {"/api/v1/import", Verbs::kChanging, needs(Scope::kWrite, LimitClass::kData)},
    {"/api/v1/bars", Verbs::kGet, needs(Scope::kRead, LimitClass::kData)},
    {"/api/v1/indicators", Verbs::kAll, needs(Scope::kRead, LimitClass::kData)},
    {"/api/v1/historical-data/queries/{id}/execute", Verbs::kChanging, needs(Scope::kRead, LimitClass::kData)},
    {"/api/v1/historical-data/queries", Verbs::kChanging, needs(Scope::kWrite)},
    {"/api/v1/historical-data/", Verbs::kAll, needs(Scope::kRead, LimitClass::kData)},

    {"/api/v1/backtests", Verbs::kChanging, needs(Scope::kTradeResearch, LimitClass::kOptimisation)},
    {"/api/v1/optimize/single", Verbs::kChanging, needs(Scope::kTradeResearch, LimitClass::kOptimisation)},
    {"/api/v1/optimize/batch", Verbs::kChanging, needs(Scope::kTradeResearch, LimitClass::kOptimisation)},
    {"/api/v1/optimize/", Verbs::kChanging, needs(Scope::kTradeResearch)},
    {"/api/v1/research", Verbs::kChanging, needs(Scope::kTradeResearch, LimitClass::kOptimisation)},
    {"/api/v1/pine/", Verbs::kChanging, needs(Scope::kTradeResearch)},
    {"/api/v1/strategies/", Verbs::kChanging, needs(Scope::kTradeResearch)},
    {"/api/v1/jobs/schedules", Verbs::kChanging, needs(Scope::kWrite)},
    {"/api/v1/jobs/", Verbs::kChanging, needs(Scope::kTradeResearch)},
    {"/api/v1/export/", Verbs::kChanging, needs(Scope::kTradeResearch, LimitClass::kExport)},

    // Addresses of receivers and what they answered are not for whoever may read.
    {"/api/v1/webhooks", Verbs::kAll, needs(Scope::kWrite)},

    // What its tools do is asked for one by one.
    {"/mcp", Verbs::kAll, needs(Scope::kRead)},
};

}  // namespace

RouteAccess access_of(Method method, std::string_view pattern) {
  const bool reads = method == Method::kGet || method == Method::kHead;
  const auto rule = std::ranges::find_if(kRules, [&](const Rule& each) {
    return pattern.starts_with(each.prefix) && (each.verbs == Verbs::kAll || (each.verbs == Verbs::kGet) == reads);
  });
  RouteAccess access = rule != std::end(kRules) ? rule->access : needs(reads ? Scope::kRead : Scope::kWrite);
  const bool only_looks = rule != std::end(kRules) && rule->only_looks;
  access.is_audited = !reads && !only_looks && (access.scope == Scope::kWrite || access.scope == Scope::kAdmin);
  return access;
}

}  // namespace tradeassist::server
