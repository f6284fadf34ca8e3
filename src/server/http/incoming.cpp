#include "server/http/incoming.hpp"

#include <algorithm>
#include <boost/beast/http/error.hpp>
#include <cctype>
#include <map>
#include <utility>

#include "base/random_id.hpp"
#include "server/http/content_coding.hpp"
#include "server/http_target.hpp"
#include "server/problem.hpp"

namespace tradeassist::server {
namespace {

namespace http = boost::beast::http;

std::optional<Method> method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get: return Method::kGet;
    case http::verb::head: return Method::kHead;
    case http::verb::post: return Method::kPost;
    case http::verb::put: return Method::kPut;
    case http::verb::patch: return Method::kPatch;
    case http::verb::delete_: return Method::kDelete;
    default: return std::nullopt;
  }
}

/// A client's own request id is echoed when it cannot harm a log or a header.
bool is_plain_id(std::string_view id) {
  if (id.empty() || id.size() > 64) return false;
  return std::ranges::all_of(id, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
}

Response too_large(unsigned status, std::string code, const std::string& what, std::size_t bytes_max) {
  return to_response({status, std::move(code), "The " + what + " than " + std::to_string(bytes_max) + " bytes.", {}},
                     "");
}

Response body_too_large(const std::string& what, const HttpLimits& limits) {
  std::string detail = "The " + what + " than " + std::to_string(limits.body_bytes_max) + " bytes.";
  if (!limits.body_advice.empty()) detail += " " + limits.body_advice;
  return to_response({413, "BODY_TOO_LARGE", std::move(detail), {}}, "");
}

Response bad_request(std::string detail) { return to_response({400, "MALFORMED_HTTP", std::move(detail), {}}, ""); }

/// By their names in lower case; the values of one that is repeated with commas between them (RFC 9110, section 5.3).
std::map<std::string, std::string> headers_of(const http::fields& fields) {
  std::map<std::string, std::string> headers;
  for (const auto& field : fields) {
    std::string name(field.name_string());
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    const auto [place, is_new] = headers.try_emplace(std::move(name), std::string(field.value()));
    if (!is_new) (place->second += ", ") += std::string(field.value());
  }
  return headers;
}

std::optional<Response> decompress(Request& request, const HttpLimits& limits) {
  const auto named = request.header("content-encoding");
  if (!named) return std::nullopt;
  const auto coding = coding_named(*named);
  if (!coding) {
    Response response = to_response(
        {415, "CONTENT_CODING_UNKNOWN", "Content-Encoding has to be gzip, zstd or identity.", {}}, request.path);
    response.headers.emplace_back("Accept-Encoding", "gzip, zstd");
    return response;
  }
  auto body = decode(*coding, request.body, limits.body_bytes_max);
  if (!body && body.error().code == base::ErrorCode::kResourceExhausted)
    return body_too_large("decompressed body is larger", limits);
  if (!body) return to_response({400, "MALFORMED_BODY", body.error().message, {}}, request.path);
  request.body = std::move(*body);
  return std::nullopt;
}

std::optional<Response> fill_head(Request& request, const WireRequest& message, const HttpLimits& limits) {
  if (message.target().size() > limits.target_bytes_max)
    return too_large(414, "TARGET_TOO_LONG", "request target is longer", limits.target_bytes_max);
  auto target = parse_target(std::string_view(message.target()));
  if (!target) return to_response({400, "BAD_TARGET", target.error().message, {}}, "");
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  request.headers = headers_of(message);
  const auto method = method_of(message.method());
  if (!method)
    return to_response({405, "METHOD_NOT_ALLOWED", "The method is not one this server knows.", {}}, request.path);
  request.method = *method;
  if (const auto id = request.header("x-request-id"); id && is_plain_id(*id)) request.request_id = *id;
  // One Host, and one way to say where the body ends, so that no proxy before us reads it otherwise (RFC 9112, sections
  // 3.2 and 6.1).
  if (message.count(http::field::host) > 1) return bad_request("There is more than one Host header.");
  if (message.version() >= 11 && message.count(http::field::host) == 0) return bad_request("There is no Host header.");
  if (message.count(http::field::content_length) > 1)
    return bad_request("There is more than one Content-Length header.");
  if (message.count(http::field::content_length) > 0 && message.count(http::field::transfer_encoding) > 0)
    return bad_request("There are both Content-Length and Transfer-Encoding.");
  return std::nullopt;
}

Incoming with_new_id() {
  Incoming incoming;
  incoming.request.request_id = base::random_hex(12).value_or("");
  return incoming;
}

}  // namespace

Incoming incoming(WireRequest& message, const HttpLimits& limits) {
  Incoming incoming = with_new_id();
  incoming.refusal = fill_head(incoming.request, message, limits);
  incoming.request.body = std::move(message.body());
  if (!incoming.refusal) incoming.refusal = decompress(incoming.request, limits);
  return incoming;
}

Incoming incoming_head(const WireRequest& message, const HttpLimits& limits) {
  Incoming incoming = with_new_id();
  incoming.refusal = fill_head(incoming.request, message, limits);
  return incoming;
}

std::optional<Incoming> incoming_broken(const boost::beast::error_code& error, const WireRequest& message,
                                        const HttpLimits& limits) {
  Incoming incoming = with_new_id();
  incoming.is_complete = false;
  if (error == http::error::body_limit) {
    incoming.refusal = body_too_large("body is larger", limits);
  } else if (error == http::error::header_limit && message.target().empty()) {  // still in the first line
    incoming.refusal = too_large(414, "TARGET_TOO_LONG", "request target is longer", limits.target_bytes_max);
  } else if (error == http::error::header_limit) {
    incoming.refusal = too_large(431, "HEADERS_TOO_LARGE", "headers are larger", limits.header_bytes_max);
  } else if (error != http::error::end_of_stream && error != http::error::partial_message &&
             error.category() == http::make_error_code(http::error::bad_method).category()) {
    incoming.refusal = bad_request("The request is not valid HTTP/1.1.");
  } else {
    return std::nullopt;
  }
  return incoming;
}

}  // namespace tradeassist::server
