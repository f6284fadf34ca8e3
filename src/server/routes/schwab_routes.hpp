#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "feed/providers/schwab/session.hpp"
#include "server/router.hpp"

namespace tradeassist::server {

/// How the login at Schwab is, as GET /api/v1/admin/schwab/login tells.
struct SchwabLoginModel {
  bool configured = false;     // without key and secret of an app nobody can log in, and the rest is empty
  std::string state = "none";  // none, valid, ends_soon, ended
  std::string message;         // for people
  std::optional<base::Time> logged_in_at, ends_at;
  std::optional<double> days_left;
  std::optional<std::string> authorize_url;  // to be opened in a browser
  std::optional<std::string> callback;       // what the browser's address begins with after that
};
BOOST_DESCRIBE_STRUCT(SchwabLoginModel, (),
                      (configured, state, message, logged_in_at, ends_at, days_left, authorize_url, callback))

/// The body of POST /api/v1/admin/schwab/login.
struct SchwabLoginBody {
  std::string redirected_to;
};
BOOST_DESCRIBE_STRUCT(SchwabLoginBody, (), (redirected_to))

/// `session`: null where Schwab is not configured; outlives the routes.
void add_schwab_routes(std::vector<Route>& routes, feed::SchwabSession* session);

}  // namespace tradeassist::server
