#pragma once

#include <sys/socket.h>

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tradeassist::notify {

/// Where webhooks may go, so that nobody reaches through this server what only it can reach.

constexpr std::size_t kUrlBytesMax = 2'048;

/// Whether everybody on the Internet can reach the address: neither of this machine nor of a private, shared,
/// link-local, multicast, documentation or reserved range (IANA special-purpose registries, RFC 6890), nor an IPv6
/// address that carries such an IPv4 address (mapped, NAT64) or tunnels (6to4, Teredo). False for what is no internet
/// address.
bool is_public_address(const sockaddr& address);

/// The URL as it will be called. kInvalidArgument says what is wrong: it must be http:// or https:// with a host,
/// without user, password or fragment, on port 80, 443 or one from 1024 on; unless `private_allowed`, no literal
/// address that is not public, and no name that only this machine or network knows (localhost, .local, .internal, …).
/// What other names stand for is looked at when they are called.
base::Result<std::string> check_url(std::string_view url, bool private_allowed);

/// "https://example.com:8443" of it, for logs: paths and queries may hold secrets.
std::string origin_of(std::string_view url);

}  // namespace tradeassist::notify
