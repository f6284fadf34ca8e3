#include "server/http/peer.hpp"

#include <gtest/gtest.h>

namespace tradeassist::server {
namespace {

namespace ip = boost::asio::ip;

Peer peer_of(const std::string& address, const std::string& forwarded_for, const std::string& proxies,
             const std::string& protocol = "https") {
  Request request;
  if (!forwarded_for.empty()) request.headers["x-forwarded-for"] = forwarded_for;
  request.headers["x-forwarded-proto"] = protocol;
  return find_peer(ip::make_address(address), false, request, parse_address_blocks(proxies).value());
}

TEST(Peer, what_a_client_says_of_itself_is_not_believed) {
  const Peer peer = peer_of("203.0.113.9", "10.1.2.3", "10.0.0.0/8");
  EXPECT_EQ(peer.address, "203.0.113.9");
  EXPECT_FALSE(peer.is_secure);
}

TEST(Peer, a_trusted_proxy_names_the_client) {
  const Peer peer = peer_of("10.0.0.1", "203.0.113.9", "10.0.0.0/8");
  EXPECT_EQ(peer.address, "203.0.113.9");
  EXPECT_TRUE(peer.is_secure);
  EXPECT_FALSE(peer_of("10.0.0.1", "203.0.113.9", "10.0.0.0/8", "http").is_secure);
}

TEST(Peer, the_first_address_from_the_end_that_is_no_proxy_counts) {
  EXPECT_EQ(peer_of("10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.2", "10.0.0.0/8").address, "203.0.113.9");
  EXPECT_EQ(peer_of("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.0/8").address, "10.0.0.3");
}

TEST(Peer, what_is_no_address_ends_the_walk) {
  EXPECT_EQ(peer_of("10.0.0.1", "203.0.113.9, nonsense, 10.0.0.2", "10.0.0.0/8").address, "10.0.0.2");
  EXPECT_EQ(peer_of("10.0.0.1", "", "10.0.0.0/8").address, "10.0.0.1");
  EXPECT_EQ(peer_of("10.0.0.1", ",,,", "10.0.0.0/8").address, "10.0.0.1");
}

TEST(Peer, ports_and_ipv6_are_understood) {
  EXPECT_EQ(peer_of("10.0.0.1", "203.0.113.9:4711", "10.0.0.1").address, "203.0.113.9");
  EXPECT_EQ(peer_of("fd00::1", "[2001:db8::7]:443", "fd00::/8").address, "2001:db8::7");
  EXPECT_EQ(peer_of("fd00::1", "2001:db8::7", "fd00::/8").address, "2001:db8::7");
  EXPECT_EQ(peer_of("::ffff:10.0.0.1", "203.0.113.9", "10.0.0.1").address, "203.0.113.9");
}

TEST(AddressBlock, holds_what_has_its_first_bits) {
  const auto holds = [](const char* block, const char* address) {
    return parse_address_block(block)->holds(ip::make_address(address));
  };
  EXPECT_TRUE(holds("172.16.0.0/12", "172.31.255.255"));
  EXPECT_FALSE(holds("172.16.0.0/12", "172.32.0.0"));
  EXPECT_TRUE(holds("0.0.0.0/0", "8.8.8.8"));
  EXPECT_FALSE(holds("0.0.0.0/0", "::1"));
  EXPECT_TRUE(holds("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(holds("2001:db8::/33", "2001:db8:8000::1"));
}

TEST(AddressBlock, refuses_what_is_none) {
  for (const char* text :
       {"", "localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0/8", "::/129", "1.2.3.4/8x"})
    EXPECT_FALSE(parse_address_block(text)) << text;
  EXPECT_FALSE(parse_address_blocks("10.0.0.1,,10.0.0.2"));
  EXPECT_TRUE(parse_address_blocks(" ").value().empty());
}

}  // namespace
}  // namespace tradeassist::server
