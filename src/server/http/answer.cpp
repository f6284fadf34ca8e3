#include "server/http/answer.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>

namespace tradeassist::server {
namespace {

namespace http = boost::beast::http;

constexpr std::size_t kCompressedBytesMin = 1'024;  // below that it gains less than it costs

/// FNV-1a over eight bytes at a time; an ETag needs to change with the body, not to resist anyone.
std::string entity_tag(std::string_view body, ContentCoding coding) {
  std::uint64_t hash = 0xcbf29ce484222325ull ^ body.size();
  std::size_t i = 0;
  for (; i + 8 <= body.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, body.data() + i, 8);
    hash = (hash ^ word) * 0x100000001b3ull;
    hash ^= hash >> 29;
  }
  for (; i < body.size(); ++i) hash = (hash ^ static_cast<unsigned char>(body[i])) * 0x100000001b3ull;
  // Other bytes on the wire are another entity (RFC 9110, section 8.8.3.3).
  if (coding == ContentCoding::kIdentity) return fmt::format("\"{:016x}\"", hash);
  return fmt::format("\"{:016x}-{}\"", hash, to_string(coding));
}

WireResponse with_headers(const Response& response, const RequestHead& head, unsigned version) {
  WireResponse message{static_cast<http::status>(response.status), version};
  message.set(http::field::content_type, response.content_type);
  message.set("X-Request-Id", head.request_id);
  message.set("X-Content-Type-Options", "nosniff");
  message.set("X-Frame-Options", "DENY");
  message.set("Referrer-Policy", "no-referrer");
  message.set("Cross-Origin-Resource-Policy", "same-origin");
  message.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");  // pages have their own
  message.set(http::field::cache_control, "no-cache");
  if (head.is_secure) message.set(http::field::strict_transport_security, "max-age=31536000");
  if (!head.allowed_origin.empty()) {
    message.set(http::field::access_control_allow_origin, head.allowed_origin);
    message.set(http::field::access_control_expose_headers,
                "ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id");
    message.set("Cross-Origin-Resource-Policy", "cross-origin");
    message.set(http::field::vary, "Origin");
  }
  for (const auto& [name, value] : response.headers) {
    if (http::string_to_field(name) == http::field::vary && message.count(http::field::vary) > 0) {
      message.set(http::field::vary, std::string(message[http::field::vary]) + ", " + value);
    } else {
      message.set(name, value);
    }
  }
  return message;
}

void vary_with(WireResponse& message, std::string_view name) {
  const std::string before(message[http::field::vary]);
  message.set(http::field::vary, before.empty() ? std::string(name) : before + ", " + std::string(name));
}

}  // namespace

WireResponse wire_response(Response response, const RequestHead& head, unsigned version, bool keep_alive) {
  WireResponse message = with_headers(response, head, version);
  message.keep_alive(keep_alive);

  // A route that answers ranges has a tag of its own, which is that of the whole, uncompressed.
  const bool has_own_tag = message.find(http::field::etag) != message.end();
  const bool may_be_compressed = !has_own_tag && is_compressible(response.content_type) &&
                                 response.body.size() >= kCompressedBytesMin && message.count("Content-Range") == 0;
  const ContentCoding coding = may_be_compressed ? head.coding : ContentCoding::kIdentity;
  if (may_be_compressed) vary_with(message, "Accept-Encoding");

  const bool is_read = head.method == Method::kGet || head.method == Method::kHead;
  if (is_read && response.status == 200) {
    const std::string tag = has_own_tag ? std::string(message[http::field::etag]) : entity_tag(response.body, coding);
    message.set(http::field::etag, tag);
    if (!head.if_none_match.empty() && head.if_none_match.find(tag) != std::string::npos) {
      message.result(http::status::not_modified);
      message.erase(http::field::content_type);
      return message;
    }
  }
  if (coding != ContentCoding::kIdentity) {
    response.body = encode(coding, response.body);
    message.set(http::field::content_encoding, to_string(coding));
  }
  if (response.status == 204) {
    message.erase(http::field::content_type);
    return message;
  }
  message.content_length(response.body.size());
  if (head.method != Method::kHead) message.body() = std::move(response.body);
  return message;
}

WireResponse wire_response_in_pieces(Response response, const RequestHead& head) {
  WireResponse message = with_headers(response, head, 11);
  message.keep_alive(false);
  message.body() = std::move(response.body);
  return message;
}

}  // namespace tradeassist::server
