#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tradeassist::base {

constexpr std::size_t kHiddenBytesMin = 6;  // shorter texts are left: they would be found in anything
constexpr std::size_t kHiddenTextsMax = 64;

/// From now on the text, a secret of this process, is replaced in whatever passes without_secrets(): lines of the log,
/// errors of commands, samples of errors. Thread-safe.
void hide_text(std::string_view secret);

/// The text with `***` in the place of hidden texts, of the secrets of API keys (ta_…), of what follows `Bearer`, and
/// of passwords in URLs. Thread-safe.
std::string without_secrets(std::string text);

/// The passwords in scheme://user:password@host?password=…&sslpassword=…, where PostgreSQL takes them: views into
/// `url`, in the order in which they stand there.
std::vector<std::string_view> url_passwords(std::string_view url);

/// The URL with `***` in their place; what is no URL as it is.
std::string without_url_passwords(std::string url);

}  // namespace tradeassist::base
