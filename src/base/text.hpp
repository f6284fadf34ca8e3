#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

namespace tradeassist::base {

/// Without the spaces, tabs and carriage returns at its ends. A view into `text`.
constexpr std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// What stands before the next `mark`, or all where there is none, trimmed; `left` is what comes behind the mark.
constexpr std::string_view take_until(std::string_view& left, char mark) {
  const std::size_t end = left.find(mark);
  const std::string_view part = left.substr(0, end);
  left.remove_prefix(end == std::string_view::npos ? left.size() : end + 1);
  return trim(part);
}

/// Whether they differ at most in which letters of ASCII are capitals.
constexpr bool is_same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

/// The finite decimal number that all of `text` is ("0.5", "-1e3"); nothing where it is none.
inline std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace tradeassist::base
