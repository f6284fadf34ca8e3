#include "notify/address_rules.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace tradeassist::notify {
namespace {

bool is_public(const char* text) {
  sockaddr_in four{};
  four.sin_family = AF_INET;
  if (inet_pton(AF_INET, text, &four.sin_addr) == 1) return is_public_address(reinterpret_cast<const sockaddr&>(four));
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  EXPECT_EQ(inet_pton(AF_INET6, text, &six.sin6_addr), 1) << text;
  return is_public_address(reinterpret_cast<const sockaddr&>(six));
}

TEST(PublicAddress, is_one_that_everybody_can_reach) {
  for (const char* each : {"8.8.8.8",
                           "1.1.1.1",
                           "9.255.255.255",
                           "11.0.0.1",
                           "100.63.255.255",
                           "100.128.0.0",
                           "126.255.255.255",
                           "128.0.0.1",
                           "169.253.1.1",
                           "172.15.1.1",
                           "172.32.0.1",
                           "192.167.1.1",
                           "198.17.1.1",
                           "198.20.0.1",
                           "223.255.255.255",
                           "2606:4700:4700::1111",
                           "2001:4860:4860::8888",
                           "2a00::1",
                           "64:ff9b::808:808",
                           "::ffff:8.8.8.8"}) {
    EXPECT_TRUE(is_public(each)) << each;
  }
}

TEST(PublicAddress, is_none_of_this_machine_or_a_private_shared_special_or_tunnelled_one) {
  for (const char* each : {"0.0.0.0",
                           "0.1.2.3",
                           "10.0.0.1",
                           "10.255.255.255",
                           "100.64.0.1",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.255.0.1",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.1",
                           "192.0.2.1",
                           "192.88.99.1",
                           "192.168.0.1",
                           "198.18.0.1",
                           "198.19.255.255",
                           "198.51.100.1",
                           "203.0.113.1",
                           "224.0.0.1",
                           "239.255.255.255",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::ffff:127.0.0.1",
                           "::ffff:10.0.0.1",
                           "::ffff:169.254.169.254",
                           "::127.0.0.1",
                           "64:ff9b::7f00:1",
                           "64:ff9b::a9fe:a9fe",
                           "64:ff9b:1::1",
                           "100::1",
                           "fc00::1",
                           "fd00:ec2::254",
                           "fe80::1",
                           "fec0::1",
                           "ff02::1",
                           "2001::1",
                           "2001:10::1",
                           "2001:db8::1",
                           "2002:7f00:1::",
                           "3fff::1",
                           "4000::1"}) {
    EXPECT_FALSE(is_public(each)) << each;
  }
  sockaddr other{};
  other.sa_family = AF_UNIX;
  EXPECT_FALSE(is_public_address(other));
}

TEST(WebhookUrl, is_kept_as_it_will_be_called) {
  EXPECT_EQ(check_url("https://example.com/hook?a=1", false), "https://example.com/hook?a=1");
  EXPECT_EQ(check_url("http://example.com", false), "http://example.com/");
  EXPECT_TRUE(check_url("https://example.com:8443/x", false));
  EXPECT_TRUE(check_url("https://[2606:4700:4700::1111]/x", false));
  EXPECT_TRUE(check_url("http://127.0.0.1:8080/x", true));
  EXPECT_TRUE(check_url("http://receiver:8080/x", true));
}

TEST(WebhookUrl, refuses_other_schemes_credentials_ports_and_addresses_in_any_spelling) {
  for (const char* bad :
       {"", "example.com", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "https://",
        "https://user@example.com/", "https://user:secret@example.com/", "https://example.com/#x",
        "https://example.com:25/", "https://example.com:22/", "https://example.com:0/", "https://exa mple.com/",
        "https://example.com/\r\nHost: evil", "https://ex\xc3\xa4mple.com/", "javascript:alert(1)"}) {
    EXPECT_FALSE(check_url(bad, true)) << bad;
  }
  for (const char* bad :
       {"http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f.0.0.1/", "http://0x7f000001/",
        "http://0177.0.0.1/", "http://0/", "http://169.254.169.254/latest/meta-data", "http://[::1]/",
        "http://[::ffff:127.0.0.1]/", "http://[fe80::1%25eth0]/", "http://localhost/", "http://LOCALHOST./",
        "http://a.localhost/", "http://printer.local/", "http://metadata.google.internal/", "http://router/",
        "http://10.0.0.1:8080/"}) {
    EXPECT_FALSE(check_url(bad, false)) << bad;
  }
  EXPECT_FALSE(check_url("https://example.com/" + std::string(2'048, 'x'), false));
}

TEST(WebhookUrl, shows_only_its_origin_in_logs) {
  EXPECT_EQ(origin_of("https://example.com:8443/services/T0/B0/secret?token=x"), "https://example.com:8443");
  EXPECT_EQ(origin_of("https://example.com/secret"), "https://example.com");
}

}  // namespace
}  // namespace tradeassist::notify
