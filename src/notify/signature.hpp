#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace tradeassist::notify {

/// Standard Webhooks (github.com/standard-webhooks/standard-webhooks, spec 1.0): symmetric signatures.

/// A new secret, "whsec_" and base64 of 32 random bytes.
base::Result<std::string> new_webhook_secret();

/// The value of the header webhook-signature: of each secret "v1," and base64 of HMAC-SHA256 over `id.timestamp.body`,
/// blanks between them. The timestamp is in whole seconds since 1970. kDataLoss for what is no secret.
base::Result<std::string> sign(std::span<const std::string> secrets, std::string_view id, base::Time timestamp,
                               std::string_view body);

}  // namespace tradeassist::notify
