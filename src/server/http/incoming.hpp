#pragma once

#include <boost/beast/core/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>
#include <string>

#include "server/http/http_limits.hpp"
#include "server/http_message.hpp"

namespace tradeassist::server {

/// A request off the wire: decoded and bounded, or with the answer to what is wrong with it. `request` has a request id
/// in either case.
struct Incoming {
  Request request;
  std::optional<Response> refusal;
  bool is_complete = true;  // what comes behind it on the connection is another request
};

using WireRequest = boost::beast::http::request<boost::beast::http::string_body>;

/// Of a message that was read; its body is moved out of it.
Incoming incoming(WireRequest& message, const HttpLimits& limits);

/// Of a message whose body has not been read: what can be said of it before that. Its request has no body.
Incoming incoming_head(const WireRequest& message, const HttpLimits& limits);

/// Of one that could not be read to its end. Nothing where there is nobody to answer to: gone, or silent for too long.
std::optional<Incoming> incoming_broken(const boost::beast::error_code& error, const WireRequest& message,
                                        const HttpLimits& limits);

}  // namespace tradeassist::server
