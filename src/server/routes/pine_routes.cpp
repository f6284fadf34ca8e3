#include "server/routes/pine_routes.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "pine/compile.hpp"
#include "report/pine_report.hpp"
#include "server/routes/check_request.hpp"
#include "server/routes/parameters.hpp"

namespace tradeassist::server {
namespace {

namespace json = boost::json;

const char* kind_text(pine::ScriptKind kind) {
  switch (kind) {
    case pine::ScriptKind::kIndicator: return "indicator";
    case pine::ScriptKind::kStrategy: return "strategy";
    case pine::ScriptKind::kLibrary: return "library";
  }
  return "strategy";
}

/// A script that does not compile is an answer, not a refusal.
HandlerResult check(const Request& request, const pine::Catalogue& catalogue) {
  auto read = read_body<CheckBody>(request);
  if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  const pine::Compilation made =
      pine::compile("script.pine", std::move(std::get<CheckBody>(read).pine), catalogue.libraries());
  json::object out{{"valid", made.program != nullptr}, {"findings", report::findings_json(made)}};
  if (made.program) {
    out["kind"] = kind_text(made.program->kind);
    out["title"] = made.program->settings.title;
    auto inputs = report::declared_inputs_json(*made.program);
    if (!inputs) return problem_from(inputs.error());
    out["inputs"] = *std::move(inputs);
  }
  return json_response(out);
}

}  // namespace

void add_pine_routes(std::vector<Route>& routes, Services& services) {
  routes.push_back({Method::kPost, "/api/v1/pine/check", "Compile a script, run nothing",
                    [&catalogue = services.catalogue](const Request& request) { return check(request, catalogue); }});
}

}  // namespace tradeassist::server
