#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "server/http_message.hpp"

namespace tradeassist::server {

/// A block of addresses: "10.0.0.0/8", "fd00::/8", or one address.
struct AddressBlock {
  boost::asio::ip::address first;
  unsigned prefix_bits = 0;

  bool holds(const boost::asio::ip::address& address) const;
};

/// kInvalidArgument where the text is no block.
base::Result<AddressBlock> parse_address_block(std::string_view text);
/// Blocks with commas between them; empty: none.
base::Result<std::vector<AddressBlock>> parse_address_blocks(std::string_view text);

/// Who is at the other end, as far as it can be believed.
struct Peer {
  std::string address;     // of the client, behind proxies that are trusted
  bool is_secure = false;  // whether the client speaks TLS, with us or with the proxy
};

/// Of a connection from `address`: X-Forwarded-For and X-Forwarded-Proto are believed where a trusted proxy sent them,
/// back to the first address that is none.
Peer find_peer(const boost::asio::ip::address& address, bool is_secure, const Request& request,
               const std::vector<AddressBlock>& trusted_proxies);

}  // namespace tradeassist::server
