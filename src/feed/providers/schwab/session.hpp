#pragma once

#include <boost/json/value.hpp>
#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "feed/providers/clock.hpp"
#include "feed/providers/http_client.hpp"
#include "feed/providers/provider.hpp"
#include "feed/providers/schwab/token_store.hpp"

namespace tradeassist::feed {

struct SchwabOptions {
  std::string key, secret;                     // of the app registered with Schwab
  std::string callback = "https://127.0.0.1";  // as registered, to the letter
  std::string base_url = "https://api.schwabapi.com";
  HttpOptions http{};
};

constexpr auto kRefreshTokenLife = std::chrono::days(7);
constexpr auto kLoginWarning = std::chrono::days(6);  // of age

enum class LoginState { kNone, kValid, kEndsSoon, kEnded };
std::string_view to_string(LoginState state);

struct LoginStatus {
  LoginState state = LoginState::kNone;
  std::optional<base::Time> logged_in_at, ends_at;
  std::string message;  // for people; says what to do where there is something to do
};

/// A login at Schwab's API: tokens by OAuth 2.0, renewed as they run out, and requests that carry them. A login ends
/// seven days after it was made in the browser, whatever we do. Thread-safe, also between processes.
class SchwabSession {
 public:
  SchwabSession(SchwabOptions options, TokenStore tokens, Clock& clock);

  /// Where the user logs in with a browser. kFailedPrecondition when key, secret or callback are not configured.
  base::Result<std::string> authorize_url() const;

  /// Ends a login with what the browser's address shows after it: the callback with ?code=…, or the code alone. The
  /// code is good for about 30 seconds.
  base::Result<void> finish_login(std::string_view redirected, const std::stop_token& stop);

  base::Result<LoginStatus> status() const;

  /// A token that is good for at least a minute; renewed when need be, once, whoever asks at the same time. `refused`
  /// is one that Schwab no longer takes. kFailedPrecondition when only a new login helps.
  base::Result<std::string> access_token(Attempt& attempt, const std::string& refused = {});

  /// The JSON answer to GET base_url + path?query. A token that is refused is renewed and the request sent again, once.
  /// kUnavailable (429, 5xx, no or no whole answer; attempt.retry_after as told), kInvalidArgument (400), kNotFound,
  /// kFailedPrecondition (401, 403), with what Schwab says.
  base::Result<boost::json::value> get(const std::string& path,
                                       const std::vector<std::pair<std::string, std::string>>& query, Attempt& attempt);

  const TokenStore& tokens() const { return tokens_; }
  Clock& clock() { return clock_; }
  const SchwabOptions& options() const { return options_; }

 private:
  base::Result<HttpResponse> ask_for_tokens(std::vector<std::pair<std::string, std::string>> form,
                                            const std::stop_token& stop);
  base::Result<SchwabTokens> renew(SchwabTokens tokens, Attempt& attempt);

  const SchwabOptions options_;
  const TokenStore tokens_;
  Clock& clock_;
  HttpClient http_;
};

}  // namespace tradeassist::feed
