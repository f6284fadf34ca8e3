#include "server/http/peer.hpp"

#include <algorithm>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <charconv>

#include "base/text.hpp"

namespace tradeassist::server {
namespace {

namespace ip = boost::asio::ip;

/// An IPv4 address that came through an IPv6 socket is itself.
ip::address plain(const ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  return address;
}

template <class Bytes>
bool have_same_bits(const Bytes& a, const Bytes& b, unsigned bits) {
  const std::size_t whole = bits / 8;
  if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
  const unsigned rest = bits % 8;
  return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

/// Of the text of one entry of X-Forwarded-For, which may have a port: "203.0.113.7", "203.0.113.7:1234",
/// "[2001:db8::1]:1234".
std::optional<ip::address> address_of(std::string_view text) {
  text = base::trim(text);
  if (text.starts_with('[')) {
    text = text.substr(1, text.find(']') - 1);
  } else if (std::ranges::count(text, ':') == 1) {
    text = text.substr(0, text.find(':'));
  }
  boost::system::error_code error;
  const ip::address address = ip::make_address(std::string(text), error);
  if (error) return std::nullopt;
  return plain(address);
}

}  // namespace

bool AddressBlock::holds(const ip::address& asked) const {
  const ip::address address = plain(asked);
  if (address.is_v4() != first.is_v4()) return false;
  if (address.is_v4()) return have_same_bits(address.to_v4().to_bytes(), first.to_v4().to_bytes(), prefix_bits);
  return have_same_bits(address.to_v6().to_bytes(), first.to_v6().to_bytes(), prefix_bits);
}

base::Result<AddressBlock> parse_address_block(std::string_view text) {
  const std::size_t slash = text.find('/');
  boost::system::error_code error;
  const ip::address address = ip::make_address(std::string(text.substr(0, slash)), error);
  AddressBlock block{plain(address), address.is_v4() ? 32u : 128u};
  bool is_good = !error;
  if (is_good && slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const unsigned bits_max = block.prefix_bits;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), block.prefix_bits);
    is_good = parsed.ec == std::errc() && parsed.ptr == digits.data() + digits.size() && block.prefix_bits <= bits_max;
  }
  if (is_good) return block;
  return base::failure(base::ErrorCode::kInvalidArgument,
                       "'" + std::string(text) + "' is no address or block of addresses, e.g. 10.0.0.7 or 10.0.0.0/8");
}

base::Result<std::vector<AddressBlock>> parse_address_blocks(std::string_view text) {
  std::vector<AddressBlock> blocks;
  while (!base::trim(text).empty()) {
    TRY_ASSIGN(blocks.emplace_back(), parse_address_block(base::take_until(text, ',')));
  }
  return blocks;
}

Peer find_peer(const ip::address& address, bool is_secure, const Request& request,
               const std::vector<AddressBlock>& trusted_proxies) {
  const auto is_trusted = [&](const ip::address& each) {
    return std::ranges::any_of(trusted_proxies, [&](const AddressBlock& block) { return block.holds(each); });
  };
  Peer peer{plain(address).to_string(), is_secure};
  if (!is_trusted(address)) return peer;
  if (const auto protocol = request.header("x-forwarded-proto")) peer.is_secure = base::trim(*protocol) == "https";
  // Each proxy adds whom it heard from at the end, so that what a client made up stands at the beginning.
  std::string_view left = request.header("x-forwarded-for").value_or("");
  while (!left.empty()) {
    const std::size_t comma = left.rfind(',');
    const std::size_t begin = comma == std::string_view::npos ? 0 : comma + 1;
    const auto client = address_of(left.substr(begin));
    if (!client) break;
    peer.address = client->to_string();
    if (!is_trusted(*client)) break;
    left = left.substr(0, comma == std::string_view::npos ? 0 : comma);
  }
  return peer;
}

}  // namespace tradeassist::server
