#pragma once

#include <boost/describe.hpp>
#include <string>

namespace tradeassist::server {

/// The body of POST /api/v1/pine/check.
struct CheckBody {
  std::string pine;
};
BOOST_DESCRIBE_STRUCT(CheckBody, (), (pine))

}  // namespace tradeassist::server
