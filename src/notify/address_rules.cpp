#include "notify/address_rules.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>

namespace tradeassist::notify {
namespace {

struct Range4 {
  std::uint32_t first;  // host order
  int bits;
};

constexpr std::uint32_t ip(unsigned a, unsigned b, unsigned c = 0, unsigned d = 0) {
  return a << 24 | b << 16 | c << 8 | d;
}

constexpr Range4 kNotPublic[] = {
    {ip(0, 0), 8},           // this network
    {ip(10, 0), 8},          // private
    {ip(100, 64), 10},       // shared by carriers
    {ip(127, 0), 8},         // loopback
    {ip(169, 254), 16},      // link-local, and where clouds tell secrets to their machines
    {ip(172, 16), 12},       // private
    {ip(192, 0, 0), 24},     // protocol assignments
    {ip(192, 0, 2), 24},     // documentation
    {ip(192, 88, 99), 24},   // 6to4 relays
    {ip(192, 168), 16},      // private
    {ip(198, 18), 15},       // benchmarks
    {ip(198, 51, 100), 24},  // documentation
    {ip(203, 0, 113), 24},   // documentation
    {ip(224, 0), 4},         // multicast
    {ip(240, 0), 4},         // reserved, and broadcast
};

bool is_public_4(std::uint32_t address) {
  return std::ranges::none_of(kNotPublic,
                              [&](const Range4& each) { return (address ^ each.first) >> (32 - each.bits) == 0; });
}

using Bytes6 = std::array<std::uint8_t, 16>;

template <std::size_t Size>
bool begins_with(const Bytes6& address, const std::array<std::uint8_t, Size>& prefix) {
  return std::equal(prefix.begin(), prefix.end(), address.begin());
}

std::uint32_t last_four(const Bytes6& address) { return ip(address[12], address[13], address[14], address[15]); }

bool is_public_6(const Bytes6& address) {
  constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  constexpr std::array<std::uint8_t, 12> kNat64 = {0, 0x64, 0xff, 0x9b};  // RFC 6052; the rest is 0
  if (begins_with(address, kMapped) || begins_with(address, kNat64)) return is_public_4(last_four(address));
  if (address[0] >> 5 != 1) return false;  // 2000::/3 is all that is routed
  if (address[0] == 0x20 && address[1] == 0x01) {
    if (address[2] < 2) return false;                            // 2001::/23: Teredo and other protocols
    if (address[2] == 0x0d && address[3] == 0xb8) return false;  // documentation
  }
  if (address[0] == 0x20 && address[1] == 0x02) return false;                          // 6to4
  if (address[0] == 0x3f && address[1] == 0xff && address[2] >> 4 == 0) return false;  // documentation
  return true;
}

struct FreeText {
  void operator()(char* text) const { curl_free(text); }
};
using CurlUrl = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  const std::unique_ptr<char, FreeText> owned(text);
  return owned.get();
}

/// Nothing: a name.
std::optional<bool> is_public_literal(std::string host) {
  if (host.starts_with('[')) {
    host = host.substr(1, host.size() - 2);
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    // A zone only makes sense on this machine's own links.
    if (inet_pton(AF_INET6, host.c_str(), &six.sin6_addr) != 1) return false;
    return is_public_address(reinterpret_cast<const sockaddr&>(six));
  }
  sockaddr_in four{};
  four.sin_family = AF_INET;
  if (inet_pton(AF_INET, host.c_str(), &four.sin_addr) == 1)
    return is_public_address(reinterpret_cast<const sockaddr&>(four));
  return std::nullopt;
}

bool is_local_name(std::string host) {
  std::ranges::transform(host, host.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  while (host.ends_with('.')) host.pop_back();
  constexpr std::string_view kEnds[] = {".localhost", ".local", ".internal", ".lan", ".home.arpa", ".intranet"};
  return host == "localhost" || host.find('.') == std::string::npos ||
         std::ranges::any_of(kEnds, [&](std::string_view end) { return host.ends_with(end); });
}

base::Result<void> refuse(const char* why) {
  return base::failure(base::ErrorCode::kInvalidArgument, std::string("the URL ") + why);
}

base::Result<void> check_parts(CURLU* url, bool private_allowed) {
  const std::string scheme = part_of(url, CURLUPART_SCHEME), host = part_of(url, CURLUPART_HOST);
  if (scheme != "https" && scheme != "http") return refuse("must begin with https:// or http://");
  if (!part_of(url, CURLUPART_USER).empty() || !part_of(url, CURLUPART_PASSWORD).empty())
    return refuse("must not have a user or a password; the signature tells the receiver who calls");
  if (!part_of(url, CURLUPART_FRAGMENT).empty()) return refuse("must not have a fragment (#…): it is never sent");
  if (host.empty()) return refuse("has no host");
  const std::string port = part_of(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  int number = 0;
  std::from_chars(port.data(), port.data() + port.size(), number);
  if (number != 80 && number != 443 && number < 1'024)
    return refuse("must be on port 80, 443 or one from 1024 on; lower ones are other services'");
  if (private_allowed) return {};
  const auto is_public = is_public_literal(host);
  if (is_public ? !*is_public : is_local_name(host)) {
    return refuse(
        "leads to this machine or a private network; an operator can allow that with "
        "webhook_private_addresses");
  }
  return {};
}

CurlUrl parse(std::string_view text) {
  CurlUrl url(curl_url(), curl_url_cleanup);
  if (url != nullptr && curl_url_set(url.get(), CURLUPART_URL, std::string(text).c_str(), 0) != CURLUE_OK) url.reset();
  return url;
}

}  // namespace

bool is_public_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &address, sizeof four);
    return is_public_4(ntohl(four.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return false;
  sockaddr_in6 six{};
  std::memcpy(&six, &address, sizeof six);
  Bytes6 bytes{};
  std::memcpy(bytes.data(), &six.sin6_addr, bytes.size());
  return is_public_6(bytes);
}

base::Result<std::string> check_url(std::string_view text, bool private_allowed) {
  if (text.size() > kUrlBytesMax)
    return base::failure(base::ErrorCode::kInvalidArgument, "the URL is above 2048 bytes");
  const bool is_plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
  const CurlUrl url = is_plain ? parse(text) : CurlUrl(nullptr, curl_url_cleanup);
  if (url == nullptr) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         "that is no URL; write https://HOST/PATH in ASCII, without blanks");
  }
  TRY(check_parts(url.get(), private_allowed));
  // As libcurl understood it: what was checked is what is called.
  return part_of(url.get(), CURLUPART_URL);
}

std::string origin_of(std::string_view text) {
  const CurlUrl url = parse(text);
  if (url == nullptr) return "a URL that is none";
  std::string origin = part_of(url.get(), CURLUPART_SCHEME) + "://" + part_of(url.get(), CURLUPART_HOST);
  if (const std::string port = part_of(url.get(), CURLUPART_PORT); !port.empty()) origin += ":" + port;
  return origin;
}

}  // namespace tradeassist::notify
