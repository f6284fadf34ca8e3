#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace tradeassist::secrets {

/// A Google service account, as its key file has it.
struct ServiceAccount {
  std::string client_email;
  std::string private_key;  // PEM
  std::string private_key_id;
  std::string token_uri;

  ServiceAccount() = default;
  ServiceAccount(const ServiceAccount&) = default;
  ServiceAccount& operator=(const ServiceAccount&) = default;
  ServiceAccount(ServiceAccount&&) noexcept = default;
  ServiceAccount& operator=(ServiceAccount&&) noexcept = default;
  ~ServiceAccount();  // overwrites the key
};

/// kInvalidArgument says what is missing; never what is there.
base::Result<ServiceAccount> parse_service_account(std::string_view json);

/// The assertion that is exchanged for a token (RFC 7523): a JWT of an hour, signed with RS256. kInvalidArgument: the
/// key is no RSA key.
base::Result<std::string> signed_assertion(const ServiceAccount& account, std::string_view scope, base::Time now);

}  // namespace tradeassist::secrets
