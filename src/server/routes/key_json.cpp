#include "server/routes/key_json.hpp"

#include <boost/json.hpp>
#include <utility>

#include "report/json_rows.hpp"

namespace tradeassist::server {

namespace json = boost::json;

json::object key_json(const access::ApiKey& key) {
  json::array scopes;
  for (const access::Scope scope : access::kScopes) {
    if (access::Scopes only{scope}; key.scopes.includes(only)) scopes.emplace_back(access::to_string(scope));
  }
  const bool is_valid = key.is_valid(base::now());
  return {{"id", key.id},
          {"name", key.name},
          {"owner", key.owner},
          {"scopes", std::move(scopes)},
          {"state", key.revoked_at ? "revoked"
                    : is_valid     ? "valid"
                                   : "expired"},
          {"created_at", base::format_time(key.created_at)},
          {"expires_at", report::time_or_null(key.expires_at)},
          {"last_used_at", report::time_or_null(key.last_used_at)},
          {"revoked_at", report::time_or_null(key.revoked_at)}};
}

json::object keys_json(const std::vector<access::ApiKey>& keys) {
  json::array out;
  for (const access::ApiKey& key : keys) out.push_back(key_json(key));
  return {{"keys", std::move(out)}};
}

json::object issued_key_json(const access::IssuedKey& issued) {
  json::object out = key_json(issued.key);
  out["token"] = issued.token;
  return out;
}

}  // namespace tradeassist::server
