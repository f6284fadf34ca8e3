#include "server/routes/schwab_routes.hpp"

#include <fmt/format.h>

#include <chrono>

#include "base/json.hpp"
#include "base/log.hpp"
#include "server/routes/parameters.hpp"

namespace tradeassist::server {
namespace {

constexpr std::size_t kAddressBytesMax = 4'096;
constexpr const char* kNotConfigured =
    "Schwab is not configured: set schwab_key and schwab_secret of your app at developer.schwab.com, and start the "
    "server again.";

HandlerResult login_answer(feed::SchwabSession* session) {
  SchwabLoginModel answer;
  if (session == nullptr) {
    answer.message = kNotConfigured;
    return json_response(base::to_json(answer));
  }
  const auto url = session->authorize_url();
  if (!url) {
    answer.message = url.error().message;
    return json_response(base::to_json(answer));
  }
  const auto status = session->status();
  if (!status) return problem_from(status.error());
  answer.configured = true;
  answer.state = feed::to_string(status->state);
  answer.message = status->message;
  answer.logged_in_at = status->logged_in_at;
  answer.ends_at = status->ends_at;
  if (status->ends_at) {
    const std::chrono::duration<double, std::ratio<86'400>> left = *status->ends_at - base::now();
    answer.days_left = std::max(0.0, left.count());
  }
  answer.authorize_url = *url;
  answer.callback = session->options().callback;
  return json_response(base::to_json(answer));
}

HandlerResult login(const Request& request, feed::SchwabSession* session) {
  auto body = read_body<SchwabLoginBody>(request);
  if (auto* problem = std::get_if<Problem>(&body)) return std::move(*problem);
  const std::string& address = std::get<SchwabLoginBody>(body).redirected_to;
  if (address.empty() || address.size() > kAddressBytesMax) {
    return invalid_request({{"/redirected_to", fmt::format("must have 1 to {} bytes", kAddressBytesMax), "", 0, 0}});
  }
  if (session == nullptr) return Problem{422, "PROVIDER_NOT_CONFIGURED", kNotConfigured, {}};
  if (const auto finished = session->finish_login(address, request.deadline); !finished)
    return problem_from(finished.error());
  base::log(base::LogLevel::kInfo, "logged in to Schwab", {{"by", request.caller.owner}});
  return login_answer(session);
}

}  // namespace

void add_schwab_routes(std::vector<Route>& routes, feed::SchwabSession* session) {
  const std::string path = "/api/v1/admin/schwab/login";
  routes.push_back({Method::kGet, path, "Whether there is a login at Schwab, until when, and where to make one",
                    [session](const Request& request) -> HandlerResult {
                      QueryReader query(request, {});
                      if (query.failed()) return query.problem();
                      return login_answer(session);
                    },
                    describe("get_schwab_login", "Administration").answers<SchwabLoginModel>()});
  routes.push_back(
      {Method::kPost, path, "Log in to Schwab with what the browser shows after its login page",
       [session](const Request& request) { return login(request, session); },
       describe("finish_schwab_login", "Administration")
           .say("Open `authorize_url` of the GET in a browser and log in. The browser then goes to an address that "
                "begins with `callback` and does not load: that address is `redirected_to`, good for about 30 seconds. "
                "The tokens are kept encrypted, and the live source goes on with them.")
           .takes<SchwabLoginBody>(R"({"redirected_to": "https://127.0.0.1/?code=C0.b2F1dGg%40&session=1"})")
           .answers<SchwabLoginModel>()
           .codes({"PROVIDER_NOT_CONFIGURED", "INVALID_ARGUMENT", "FAILED_PRECONDITION", "NOT_FOUND", "CANCELLED"})});
}

}  // namespace tradeassist::server
