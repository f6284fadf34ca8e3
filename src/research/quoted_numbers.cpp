#include "research/quoted_numbers.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>

#include "base/text.hpp"

namespace tradeassist::research {
namespace {

struct QuotedNumber {
  std::string text;
  double value = 0;     // without its sign
  double rounding = 0;  // half of its last digit
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_of_word(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// The number that begins at `at`, a digit, with commas between thousands; `at` moves behind it.
std::optional<QuotedNumber> read_number(std::string_view text, std::size_t& at) {
  const std::size_t begin = at;
  std::string plain;
  int decimals = 0;
  bool has_point = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    const bool digit_follows = at + 1 < text.size() && is_digit(text[at + 1]);
    if (is_digit(c)) {
      plain += c;
      decimals += has_point ? 1 : 0;
    } else if (c == '.' && !has_point && digit_follows) {
      plain += c;
      has_point = true;
    } else if (c != ',' || has_point || !digit_follows || at + 3 >= text.size() || !is_digit(text[at + 2]) ||
               !is_digit(text[at + 3])) {
      break;
    }
  }
  // 1.2e-05, as figures of nearly nothing are told.
  if (at + 2 < text.size() && text[at] == 'e' && (text[at + 1] == '-' || text[at + 1] == '+') &&
      is_digit(text[at + 2])) {
    std::size_t end = at + 2;
    while (end < text.size() && is_digit(text[end])) ++end;
    plain += text.substr(at, end - at);
    at = end;
  }
  const auto value = base::parse_number(plain);
  if (!value) return std::nullopt;
  return QuotedNumber{std::string(text.substr(begin, at - begin)), *value, 0.5 * std::pow(10.0, -decimals)};
}

std::vector<QuotedNumber> numbers_in(std::string_view text) {
  std::vector<QuotedNumber> numbers;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_digit(text[at])) {
      ++at;
      continue;
    }
    const bool is_in_word = at > 0 && is_of_word(text[at - 1]);
    auto number = read_number(text, at);
    const bool goes_on = at < text.size() && is_of_word(text[at]);
    if (number && !is_in_word && !goes_on) numbers.push_back(std::move(*number));
  }
  return numbers;
}

bool is_small_word(const QuotedNumber& number) {
  const bool is_whole = number.value == std::trunc(number.value) && number.rounding == 0.5;
  return is_whole && (number.value <= 10 || number.value == 100);
}

bool is_figure(const QuotedNumber& number, const std::vector<QuotedNumber>& figures) {
  return std::ranges::any_of(figures, [&](const QuotedNumber& figure) {
    for (const double scale : {1.0, 100.0}) {
      const double off = std::abs(figure.value * scale - number.value);
      if (off <= number.rounding * (1 + 1e-9) + 1e-12) return true;
    }
    return false;
  });
}

}  // namespace

std::vector<std::string> numbers_without_figure(std::string_view text, std::string_view figures,
                                                std::size_t count_max) {
  const std::vector<QuotedNumber> known = numbers_in(figures);
  std::vector<std::string> missing;
  for (const QuotedNumber& number : numbers_in(text)) {
    if (missing.size() == count_max) break;
    if (is_small_word(number) || is_figure(number, known)) continue;
    if (std::ranges::find(missing, number.text) == missing.end()) missing.push_back(number.text);
  }
  return missing;
}

}  // namespace tradeassist::research
