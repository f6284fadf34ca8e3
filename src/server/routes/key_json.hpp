#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "access/key_store.hpp"

namespace tradeassist::server {

boost::json::object key_json(const access::ApiKey& key);
boost::json::object keys_json(const std::vector<access::ApiKey>& keys);
/// The same with the token, which is told this once.
boost::json::object issued_key_json(const access::IssuedKey& issued);

}  // namespace tradeassist::server
