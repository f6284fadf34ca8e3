#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tradeassist::secrets {

/// RFC 4648, section 5, without padding.
std::string base64url(std::string_view bytes);
/// RFC 4648, section 4. None: it is no base64.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace tradeassist::secrets
