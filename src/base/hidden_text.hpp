#pragma once

#include <string>
#include <string_view>

namespace tradeassist::base {

constexpr std::size_t kHiddenBytesMin = 6;  // shorter texts are left: they would be found in anything
constexpr std::size_t kHiddenTextsMax = 64;

/// From now on the text, a secret of this process, is replaced in whatever passes without_secrets(): lines of the log,
/// errors of commands, samples of errors. Thread-safe.
void hide_text(std::string_view secret);

/// The text with `***` in the place of hidden texts, of the secrets of API keys (ta_…), of what follows `Bearer`, and
/// of passwords in URLs. Thread-safe.
std::string without_secrets(std::string text);

/// The password of scheme://user:password@host; empty where there is none.
std::string_view url_password(std::string_view url);

}  // namespace tradeassist::base
