#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace tradeassist::server {

/// The bodies of POST /api/v1/admin/keys and …/{id}/rotate.
struct NewKeyBody {
  std::string name;
  std::vector<std::string> scopes;
  std::optional<std::string> owner;  // the caller's own where it is left out
  std::optional<base::Time> expires_at;
};
BOOST_DESCRIBE_STRUCT(NewKeyBody, (), (name, scopes, owner, expires_at))

struct RotateBody {
  std::optional<std::int64_t> grace_seconds;  // for which the secrets before it still hold
};
BOOST_DESCRIBE_STRUCT(RotateBody, (), (grace_seconds))

}  // namespace tradeassist::server
