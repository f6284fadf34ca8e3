#include "server/http/incoming.hpp"

#include <gtest/gtest.h>

#include <boost/beast/http/parser.hpp>

#include "server/http/content_coding.hpp"

namespace tradeassist::server {
namespace {

namespace http = boost::beast::http;

/// Reads a request as the server does, without a socket.
Incoming read(const std::string& text, HttpLimits limits = {}) {
  http::request_parser<http::string_body> parser;
  parser.eager(true);
  parser.body_limit(limits.body_bytes_max);
  boost::beast::error_code error;
  parser.put(boost::asio::buffer(text), error);
  if (error || !parser.is_done()) {
    if (!error) error = http::error::partial_message;
    return incoming_broken(error, parser.get(), limits).value_or(Incoming{});
  }
  return incoming(parser.get(), limits);
}

unsigned status(const std::string& text) {
  const Incoming got = read(text);
  return got.refusal ? got.refusal->status : 200;
}

TEST(Incoming, is_decoded) {
  const Incoming got = read(
      "POST /a%20b?x=1&y=%C3%A4 HTTP/1.1\r\nHost: h\r\nX-Request-Id: mine\r\nX-Two: a\r\nX-TWO: b\r\n"
      "Content-Length: 3\r\n\r\nabc");
  ASSERT_FALSE(got.refusal);
  EXPECT_EQ(got.request.path, "/a b");
  EXPECT_EQ(got.request.query_value("y"), "ä");
  EXPECT_EQ(got.request.header("x-two"), "a, b");
  EXPECT_EQ(got.request.body, "abc");
  EXPECT_EQ(got.request.request_id, "mine");
}

// What a proxy before the server may read otherwise than the server does.
TEST(Incoming, what_could_be_read_in_two_ways_is_refused) {
  EXPECT_EQ(status("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(status("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400);
  EXPECT_EQ(status("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"), 400);
  EXPECT_EQ(status("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            400);
  EXPECT_EQ(status("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"),
            400);
  EXPECT_EQ(status("GET / HTTP/1.1\r\nHost : a\r\n\r\n"), 400);
  EXPECT_EQ(status("GET / HTTP/1.1\r\nHost: a\r\nX: a\x01"
                   "b\r\n\r\n"),
            400);
  EXPECT_EQ(status("GET / HTTP/1.0\r\n\r\n"), 200);
}

TEST(Incoming, compressed_bodies_are_bounded_after_decompression) {
  HttpLimits limits;
  limits.body_bytes_max = 1'000;
  const auto post = [&](const std::string& coding, const std::string& body) {
    const Incoming got = read("POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: " + coding +
                                  "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body,
                              limits);
    return got.refusal ? std::to_string(got.refusal->status) : got.request.body;
  };
  EXPECT_EQ(post("gzip", encode(ContentCoding::kGzip, "hello")), "hello");
  EXPECT_EQ(post("zstd", encode(ContentCoding::kZstd, "hello")), "hello");
  EXPECT_EQ(post("gzip", encode(ContentCoding::kGzip, std::string(1'001, 'x'))), "413");
  EXPECT_EQ(post("gzip", "hello"), "400");
  EXPECT_EQ(post("br", "hello"), "415");
}

}  // namespace
}  // namespace tradeassist::server
