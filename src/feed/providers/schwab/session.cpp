#include "feed/providers/schwab/session.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cctype>

#include "base/base64.hpp"
#include "base/json.hpp"

namespace tradeassist::feed {
namespace {

using base::ErrorCode;
using base::failure;

constexpr std::string_view kLoginAgain = "log in again: tradeassist schwab login";
constexpr auto kSpare = std::chrono::seconds(60);  // a token this close to its end is renewed first
constexpr std::size_t kShownMax = 200;

/// What an answer says of itself, short and on one line: never the whole of an unexpected page.
std::string said(const HttpResponse& response) {
  std::string text;
  if (const auto json = base::parse_json(response.body); json && json->is_object()) {
    for (const char* name : {"error_description", "error", "message", "errors"}) {
      const auto* found = json->get_object().if_contains(name);
      if (found == nullptr) continue;
      text = found->is_string() ? std::string(found->get_string()) : base::json_text(*found);
      break;
    }
  }
  if (text.empty()) text = response.body;
  text.resize(std::min(text.size(), kShownMax));
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  return fmt::format("status {}{}{}", response.status, text.empty() ? "" : ": ", text);
}

ErrorCode code_of(int status) {
  switch (status) {
    case 400: return ErrorCode::kInvalidArgument;
    case 401:
    case 403: return ErrorCode::kFailedPrecondition;
    case 404: return ErrorCode::kNotFound;
    case 408:
    case 429: return ErrorCode::kUnavailable;
    default: return status >= 500 ? ErrorCode::kUnavailable : ErrorCode::kInternal;
  }
}

std::string text_member(const boost::json::value& json, const char* name) {
  const auto* found = json.is_object() ? json.get_object().if_contains(name) : nullptr;
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
}

/// Puts what a token answer holds into `tokens`.
base::Result<void> take_tokens(const HttpResponse& response, base::Time now, SchwabTokens& tokens) {
  const auto json = base::parse_json(response.body);
  const std::string access = json ? text_member(*json, "access_token") : "";
  const std::string refresh = json ? text_member(*json, "refresh_token") : "";
  if (access.empty()) return failure(ErrorCode::kUnavailable, "schwab: the answer to a request for tokens holds none");
  std::int64_t seconds = 1'800;
  if (const auto* life = json->get_object().if_contains("expires_in"); life != nullptr && life->is_number()) {
    seconds = std::clamp<std::int64_t>(life->to_number<std::int64_t>(), 0, 86'400);
  }
  tokens.access_token = access;
  tokens.access_expires = now + std::chrono::seconds(seconds);
  if (!refresh.empty()) tokens.refresh_token = refresh;
  return {};
}

}  // namespace

std::string_view to_string(LoginState state) {
  switch (state) {
    case LoginState::kNone: return "none";
    case LoginState::kValid: return "valid";
    case LoginState::kEndsSoon: return "ends_soon";
    case LoginState::kEnded: return "ended";
  }
  return "";
}

SchwabSession::SchwabSession(SchwabOptions options, TokenStore tokens, Clock& clock)
    : options_(std::move(options)), tokens_(std::move(tokens)), clock_(clock), http_(options_.http) {}

base::Result<std::string> SchwabSession::authorize_url() const {
  if (options_.key.empty() || options_.secret.empty()) {
    return failure(ErrorCode::kFailedPrecondition,
                   "schwab: the app's key and secret are not configured; set TRADEASSIST_SCHWAB_KEY and "
                   "TRADEASSIST_SCHWAB_SECRET, as shown for your app on developer.schwab.com");
  }
  if (!options_.callback.starts_with("https://")) {
    return failure(ErrorCode::kInvalidArgument, "schwab: the callback must begin with https://, as registered");
  }
  return options_.base_url + "/v1/oauth/authorize?" +
         form_encoded({{"client_id", options_.key}, {"redirect_uri", options_.callback}});
}

base::Result<HttpResponse> SchwabSession::ask_for_tokens(std::vector<std::pair<std::string, std::string>> form,
                                                         const std::stop_token& stop) {
  TRY(authorize_url());  // configured
  return http_.send({.url = options_.base_url + "/v1/oauth/token",
                     .headers = {{"Authorization", "Basic " + base::to_base64(options_.key + ":" + options_.secret)},
                                 {"Accept", "application/json"}},
                     .form = form_encoded(form)},
                    stop);
}

base::Result<void> SchwabSession::finish_login(std::string_view redirected, const std::stop_token& stop) {
  while (!redirected.empty() && std::isspace(static_cast<unsigned char>(redirected.back())))
    redirected.remove_suffix(1);
  while (!redirected.empty() && std::isspace(static_cast<unsigned char>(redirected.front())))
    redirected.remove_prefix(1);
  std::string_view code = redirected;
  if (const std::size_t query = redirected.find('?'); query != std::string_view::npos) {
    std::string_view fields = redirected.substr(query + 1);
    code = {};
    while (!fields.empty()) {
      const std::string_view field = fields.substr(0, fields.find('&'));
      if (field.starts_with("code=")) code = field.substr(5);
      if (field.starts_with("error=")) {
        return failure(ErrorCode::kFailedPrecondition,
                       "schwab: the login was refused: " + url_decoded(field.substr(6)).substr(0, kShownMax));
      }
      fields.remove_prefix(std::min(fields.size(), field.size() + 1));
    }
  }
  if (code.empty() || code.find('/') != std::string_view::npos) {
    return failure(
        ErrorCode::kInvalidArgument,
        "schwab: there is no code=… in what was pasted; paste the whole address that the browser shows after "
        "the login, though its page does not load");
  }
  TRY_ASSIGN(const FileLock lock, tokens_.lock(stop));
  TRY_ASSIGN(const HttpResponse response, ask_for_tokens({{"grant_type", "authorization_code"},
                                                          {"code", url_decoded(code)},
                                                          {"redirect_uri", options_.callback}},
                                                         stop));
  if (response.status != 200) {
    return failure(
        code_of(response.status),
        fmt::format("schwab: the code was not taken ({}); it is good for about 30 seconds and once, so begin "
                    "the login again, and compare key, secret and callback with those registered",
                    said(response)));
  }
  SchwabTokens tokens;
  tokens.logged_in_at = clock_.now();
  TRY(take_tokens(response, clock_.now(), tokens));
  if (tokens.refresh_token.empty())
    return failure(ErrorCode::kUnavailable, "schwab: the answer holds no refresh token");
  return tokens_.save(tokens);
}

base::Result<LoginStatus> SchwabSession::status() const {
  TRY_ASSIGN(const std::optional<SchwabTokens> tokens, tokens_.load());
  LoginStatus status;
  if (!tokens) {
    status.message = "not logged in to Schwab; do it with: tradeassist schwab login";
    return status;
  }
  const base::Time ends = tokens->logged_in_at + kRefreshTokenLife, now = clock_.now();
  status.logged_in_at = tokens->logged_in_at;
  status.ends_at = ends;
  if (tokens->refresh_is_refused) {
    status.state = LoginState::kEnded;
    status.message =
        fmt::format("Schwab no longer takes the login of {}; {}", base::format_time(tokens->logged_in_at), kLoginAgain);
  } else if (now >= ends) {
    status.state = LoginState::kEnded;
    status.message = fmt::format("the login at Schwab ended at {}; {}", base::format_time(ends), kLoginAgain);
  } else if (now >= tokens->logged_in_at + kLoginWarning) {
    status.state = LoginState::kEndsSoon;
    status.message =
        fmt::format("the login at Schwab ends at {}; before that, {}", base::format_time(ends), kLoginAgain);
  } else {
    status.state = LoginState::kValid;
    status.message = fmt::format("logged in to Schwab until {}", base::format_time(ends));
  }
  return status;
}

base::Result<SchwabTokens> SchwabSession::renew(SchwabTokens tokens, Attempt& attempt) {
  TRY_ASSIGN(const HttpResponse response,
             ask_for_tokens({{"grant_type", "refresh_token"}, {"refresh_token", tokens.refresh_token}}, attempt.stop));
  if (response.status == 200) {
    TRY(take_tokens(response, clock_.now(), tokens));
    TRY(tokens_.save(tokens));
    return tokens;
  }
  attempt.retry_after = response.retry_after(clock_.now());
  if (response.status != 400 && response.status != 401) {
    return failure(code_of(response.status), "schwab: the token was not renewed: " + said(response));
  }
  // 401 for key and secret is told apart from a dead refresh token by its name (RFC 6749, section 5.2).
  if (response.body.find("invalid_client") != std::string::npos) {
    return failure(
        ErrorCode::kFailedPrecondition,
        fmt::format("schwab: key and secret were not taken ({}); compare them with those of your app", said(response)));
  }
  tokens.refresh_is_refused = true;
  TRY(tokens_.save(tokens));
  return failure(ErrorCode::kFailedPrecondition,
                 fmt::format("schwab: the login has ended ({}); {}", said(response), kLoginAgain));
}

base::Result<std::string> SchwabSession::access_token(Attempt& attempt, const std::string& refused) {
  const auto is_good = [&](const SchwabTokens& tokens) {
    return tokens.access_token != refused && clock_.now() + kSpare < tokens.access_expires;
  };
  TRY_ASSIGN(std::optional<SchwabTokens> tokens, tokens_.load());
  if (tokens && is_good(*tokens)) return tokens->access_token;
  TRY_ASSIGN(const FileLock lock, tokens_.lock(attempt.stop));
  TRY_ASSIGN(tokens, tokens_.load());  // another may have renewed it while we waited
  if (tokens && is_good(*tokens)) return tokens->access_token;
  TRY_ASSIGN(const LoginStatus login, status());
  if (login.state == LoginState::kNone || login.state == LoginState::kEnded)
    return failure(ErrorCode::kFailedPrecondition, login.message);
  TRY_ASSIGN(tokens, renew(*tokens, attempt));
  return tokens->access_token;
}

base::Result<boost::json::value> SchwabSession::get(const std::string& path,
                                                    const std::vector<std::pair<std::string, std::string>>& query,
                                                    Attempt& attempt) {
  const std::string url = options_.base_url + path + (query.empty() ? "" : "?" + form_encoded(query));
  TRY_ASSIGN(std::string token, access_token(attempt));
  for (bool is_second = false;; is_second = true) {
    TRY_ASSIGN(
        const HttpResponse response,
        http_.send({.url = url, .headers = {{"Authorization", "Bearer " + token}, {"Accept", "application/json"}}},
                   attempt.stop));
    if (response.status == 200) {
      auto json = base::parse_json(response.body, options_.http.body_bytes_max);
      // Cut off, or a page of a proxy: the next answer may be whole.
      if (!json) return failure(ErrorCode::kUnavailable, fmt::format("schwab {}: {}", path, json.error().message));
      return json;
    }
    if (response.status == 401 && !is_second) {
      TRY_ASSIGN(token, access_token(attempt, token));
      continue;
    }
    attempt.retry_after = response.retry_after(clock_.now());
    std::string message = fmt::format("schwab {}: {}", path, said(response));
    if (response.status == 401) message += fmt::format(" (with a token just renewed); {}", kLoginAgain);
    return failure(code_of(response.status), std::move(message));
  }
}

}  // namespace tradeassist::feed
