#pragma once

#include <array>
#include <string_view>

namespace tradeassist::base {

/// The English names, January first, in lower case.
constexpr std::array<std::string_view, 12> kMonthNames = {"january",   "february", "march",    "april",
                                                          "may",       "june",     "july",     "august",
                                                          "september", "october",  "november", "december"};

/// 1 to 12 for a month's name, its first three letters, or "Sept", in upper or lower case; 0 for any other word.
constexpr int month_number(std::string_view word) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  for (std::size_t month = 0; month < kMonthNames.size(); ++month) {
    const std::string_view name = kMonthNames[month];
    const bool is_september = month == 8;
    if (word.size() != name.size() && word.size() != 3 && !(is_september && word.size() == 4)) continue;
    bool equal = true;
    for (std::size_t i = 0; i < word.size() && equal; ++i) equal = lower(word[i]) == name[i];
    if (equal) return static_cast<int>(month) + 1;
  }
  return 0;
}

}  // namespace tradeassist::base
