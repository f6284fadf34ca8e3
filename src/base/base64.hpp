#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tradeassist::base {

/// RFC 4648, section 4: with padding, in one line. At most 1 GiB.
std::string to_base64(std::string_view bytes);
/// RFC 4648, section 5: what a URL may have as it is, without padding. At most 1 GiB.
std::string to_base64url(std::string_view bytes);
/// The bytes of section 4; nothing where it is not that, all of it, with its padding.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace tradeassist::base
