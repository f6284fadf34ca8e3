#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace tradeassist::feed {

struct HttpRequest {
  std::string url;  // http:// or https://
  std::vector<std::pair<std::string, std::string>> headers{};
  std::optional<std::string> form{};  // POST of this form body; none: GET
  std::optional<std::string> body{};  // POST of this body, as a Content-Type in `headers` says; instead of `form`
  /// Takes the body of an answer of status 2xx as it comes, which HttpResponse::body then has not. An error ends the
  /// request, and is what send() returns.
  std::function<base::Result<void>(std::string_view bytes)> on_body{};
};

struct HttpResponse {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  /// What Retry-After says, as parse_retry_after(). None also where it is not there.
  std::optional<base::Nanoseconds> retry_after(base::Time now) const;
};

/// The pause that a value of Retry-After asks for (RFC 9110, 10.2.3: seconds or a date), from 0 to a day. None: it
/// makes no sense.
std::optional<base::Nanoseconds> parse_retry_after(const std::string& text, base::Time now);

struct HttpOptions {
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds timeout{30'000};  // of a whole request
  std::chrono::milliseconds idle_timeout{0};  // without a byte of the answer; 0: none of its own
  std::size_t body_bytes_max = std::size_t{32} << 20;
  std::string ca_file{};  // of certificates to trust instead of the system's; for tests
};

/// Sends requests with libcurl. TLS certificates are always verified; redirects are never followed, so that a secret in
/// a header goes nowhere but where it was addressed. Thread-safe; one request at a time, over a connection that is
/// kept.
class HttpClient {
 public:
  explicit HttpClient(const HttpOptions& options = {});
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Any status is a response. kUnavailable: no connection, no complete answer, or not in time; kFailedPrecondition:
  /// the server's certificate is not trusted; kResourceExhausted: a body beyond the bound; kCancelled;
  /// kInvalidArgument: not a URL. Errors name the URL up to its query.
  base::Result<HttpResponse> send(const HttpRequest& request, const std::stop_token& stop);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// "a b&c" → "a%20b%26c", and back ("+" is a space in a query). Undoing leaves what is no escape as it is.
std::string url_encoded(std::string_view text);
std::string url_decoded(std::string_view text);
/// name=value&… with both encoded.
std::string form_encoded(const std::vector<std::pair<std::string, std::string>>& fields);

}  // namespace tradeassist::feed
