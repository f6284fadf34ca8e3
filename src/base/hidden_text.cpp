#include "base/hidden_text.hpp"

#include <algorithm>
#include <mutex>
#include <shared_mutex>

namespace tradeassist::base {
namespace {

constexpr std::string_view kStars = "***";

struct HiddenTexts {
  std::shared_mutex mutex;
  std::vector<std::string> texts;  // the longest first: one may be part of another
};

HiddenTexts& hidden() {
  static HiddenTexts the_hidden;
  return the_hidden;
}

void replace_all(std::string& text, std::string_view what) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + kStars.size())) {
    text.replace(at, what.size(), kStars);
  }
}

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
         c == '.' || c == '+' || c == '/' || c == '~' || c == '=';
}

std::size_t word_end(std::string_view text, std::size_t at) {
  while (at < text.size() && is_word(text[at])) ++at;
  return at;
}

/// ta_<12 digits>_<secret>: the id may be said.
void hide_key_secrets(std::string& text) {
  constexpr std::size_t kIdDigits = 12;
  for (std::size_t at = text.find("ta_"); at != std::string::npos; at = text.find("ta_", at + 1)) {
    const std::size_t begin = at + 3 + kIdDigits + 1;
    if (begin >= text.size() || text[begin - 1] != '_') continue;
    text.replace(begin, word_end(text, begin) - begin, kStars);
  }
}

void hide_bearers(std::string& text) {
  for (const std::string_view name : {"Bearer ", "bearer "}) {
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
      const std::size_t begin = at + name.size();
      const std::size_t end = word_end(text, begin);
      constexpr std::size_t kTokenBytesMin = 12;  // "Bearer token" is no token
      if (end - begin >= kTokenBytesMin) text.replace(begin, end - begin, kStars);
    }
  }
}

void hide_url_passwords(std::string& text) {
  for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    const std::size_t end = std::min(text.find_first_of(" \t\n\"'", at), text.size());
    text.replace(at, end - at, without_url_passwords(text.substr(at, end - at)));
  }
}

}  // namespace

std::vector<std::string_view> url_passwords(std::string_view url) {
  std::vector<std::string_view> found;
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return found;
  url.remove_prefix(scheme + 3);
  const std::string_view authority = url.substr(0, url.find_first_of("/?#"));
  const std::size_t at = authority.rfind('@');
  const std::size_t colon = authority.find(':');
  if (at != std::string_view::npos && colon < at) found.push_back(authority.substr(colon + 1, at - colon - 1));
  url.remove_prefix(std::min(url.find('?', authority.size()), url.size()));
  url = url.substr(0, url.find('#'));
  while (!url.empty()) {
    url.remove_prefix(1);  // of '?' or '&'
    const std::string_view parameter = url.substr(0, url.find('&'));
    for (const std::string_view name : {"password=", "sslpassword="}) {
      if (parameter.starts_with(name)) found.push_back(parameter.substr(name.size()));
    }
    url.remove_prefix(parameter.size());
  }
  std::erase(found, std::string_view());
  return found;
}

std::string without_url_passwords(std::string url) {
  const std::vector<std::string_view> passwords = url_passwords(url);
  std::string shown;
  std::string_view left = url;
  for (const std::string_view password : passwords) {
    shown.append(left.data(), password.data()).append(kStars);
    left.remove_prefix(static_cast<std::size_t>(password.data() + password.size() - left.data()));
  }
  return shown.append(left);
}

void hide_text(std::string_view secret) {
  if (secret.size() < kHiddenBytesMin) return;
  HiddenTexts& all = hidden();
  const std::unique_lock lock(all.mutex);
  if (all.texts.size() >= kHiddenTextsMax || std::ranges::find(all.texts, secret) != all.texts.end()) return;
  all.texts.emplace_back(secret);
  std::ranges::stable_sort(all.texts, std::ranges::greater(), &std::string::size);
}

std::string without_secrets(std::string text) {
  {
    HiddenTexts& all = hidden();
    const std::shared_lock lock(all.mutex);
    for (const std::string& each : all.texts) replace_all(text, each);
  }
  hide_key_secrets(text);
  hide_bearers(text);
  hide_url_passwords(text);
  return text;
}

}  // namespace tradeassist::base
