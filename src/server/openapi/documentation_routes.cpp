#include "server/openapi/documentation_routes.hpp"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <memory>
#include <string>

#include "base/json.hpp"
#include "base/log.hpp"
#include "server/error_codes.hpp"
#include "server/openapi/document.hpp"

namespace tradeassist::server {
namespace {

/// The viewers set styles of elements by script; their own files and the document are all that they load.
constexpr const char* kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
constexpr const char* kPlainPolicy =
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The scripts and styles are built with the web page (web/reference).
std::string viewer_page(std::string_view name, std::string_view styles, std::string_view library) {
  return fmt::format(R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>TradeAssist API</title>
<link rel="icon" href="/favicon.svg">
{1}<link rel="stylesheet" href="/reference/reference.css">
</head>
<body class="{0}">
<noscript>This page needs JavaScript; the document itself is at <a href="/api/openapi.json">/api/openapi.json</a>.</noscript>
<main id="reference"></main>
<script src="/reference/{2}"></script>
<script src="/reference/{0}.js"></script>
</body>
</html>
)",
                     name, styles, library);
}

/// As HTML; what stands between backticks is code.
std::string escaped(std::string_view text) {
  std::string out;
  bool is_code = false;
  for (const char c : text) {
    switch (c) {
      case '`':
        out += is_code ? "</code>" : "<code>";
        is_code = !is_code;
        break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '&': out += "&amp;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string errors_page() {
  std::string rows;
  for (const ErrorCodeEntry& entry : error_codes()) {
    std::string statuses = std::to_string(entry.status);
    if (entry.other_status != 0) statuses += ", " + std::to_string(entry.other_status);
    rows += fmt::format(
        "<tr id=\"{0}\"><th scope=\"row\"><a href=\"#{0}\">{0}</a></th><td>{1}</td><td>{2}</td><td>{3}</td></tr>\n",
        entry.code, statuses, escaped(entry.meaning), escaped(entry.remedy));
  }
  return R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>TradeAssist: error codes</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/reference/reference.css">
</head>
<body class="errors">
<main>
<h1>Error codes</h1>
<p>The <code>code</code> of a problem (RFC 9457) is stable. See also the <a href="/api/redoc">reference of the API</a>.</p>
<table>
<thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">What it means</th><th scope="col">What to do</th></tr></thead>
<tbody>
)" + rows +
         "</tbody>\n</table>\n</main>\n</body>\n</html>\n";
}

Handler page(std::string body, const char* policy) {
  return [body = std::move(body), policy](const Request&) -> HandlerResult {
    return Response{200, "text/html; charset=utf-8", body, {{"Content-Security-Policy", policy}}};
  };
}

RouteDescription described(const char* operation_id) {
  return describe(operation_id, "Documentation").answers_bytes(200, "text/html");
}

}  // namespace

std::vector<Route> with_documentation(std::vector<Route> routes, std::string_view version) {
  const auto text = std::make_shared<std::string>();
  routes.push_back({Method::kGet, "/api/openapi.json", "The API as an OpenAPI 3.1 document",
                    [text](const Request&) -> HandlerResult { return Response{200, "application/json", *text, {}}; },
                    describe("get_openapi", "Documentation").answers(200, "application/json", [](openapi::Schemas&) {
                      return boost::json::object{{"type", "object"}};
                    })});
  routes.push_back({Method::kGet, "/api/docs", "The API in Swagger UI",
                    page(viewer_page("swagger", "<link rel=\"stylesheet\" href=\"/reference/swagger-ui.css\">\n",
                                     "swagger-ui-bundle.js"),
                         kPagePolicy),
                    described("show_swagger_ui")});
  routes.push_back({Method::kGet, "/api/redoc", "The API in Redoc",
                    page(viewer_page("redoc", "", "redoc.standalone.js"), kPagePolicy), described("show_redoc")});
  routes.push_back({Method::kGet, "/api/errors", "The codes of errors, and what to do",
                    page(errors_page(), kPlainPolicy), described("show_error_codes")});
  for (const std::string& what : openapi::undescribed(routes))
    base::log(base::LogLevel::kWarning, "the API document lacks something", {{"what", what}});
  *text = base::json_text(openapi::document(routes, version));
  return routes;
}

}  // namespace tradeassist::server
