#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>

#include "server/http/content_coding.hpp"
#include "server/http_message.hpp"

namespace tradeassist::server {

/// What an answer has to know of its request, after the rest has gone to the handler.
struct RequestHead {
  Method method = Method::kGet;
  std::string path, request_id, remote_address;
  std::string if_none_match;   // empty: not asked
  std::string allowed_origin;  // of a page elsewhere that may read the answer; empty: none
  ContentCoding coding = ContentCoding::kIdentity;
  bool is_secure = false;  // the client speaks TLS
  bool wants_web_socket = false;
};

using WireResponse = boost::beast::http::response<boost::beast::http::string_body>;

/// The answer as it is written: with the headers that every answer has, an entity tag, and compressed where the client
/// likes that; 304 where it has the body already, no body for HEAD.
WireResponse wire_response(Response response, const RequestHead& head, unsigned version, bool keep_alive);

/// The head of an answer that comes piece by piece and ends with the connection.
WireResponse wire_response_in_pieces(Response response, const RequestHead& head);

}  // namespace tradeassist::server
