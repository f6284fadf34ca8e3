#include "feed/text/number.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "feed/text/fields.hpp"

namespace tradeassist::feed {
namespace {

/// A number longer than this is not one that a person or a data vendor wrote.
constexpr std::size_t kNumberBytesMax = 128;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_missing(std::string_view text) {
  constexpr std::array<std::string_view, 10> kNames = {"", "-", "--", "na", "n/a", "#n/a", "nan", "null", "none", "."};
  if (text.size() > 4) return false;
  std::array<char, 4> lower{};
  std::ranges::transform(text, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return std::ranges::find(kNames, std::string_view(lower.data(), text.size())) != kNames.end();
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// Copies `text` with groups of thousands closed up and the decimal sign made a dot; 0 when the groups are not groups.
std::size_t close_up(std::string_view text, char decimal, std::array<char, kNumberBytesMax>& out) {
  std::size_t size = 0;
  std::size_t group = 0;  // digits since the last grouping sign
  char grouping = 0;      // the one in use: a number has one kind
  bool fraction = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (is_digit(c)) {
      out[size++] = c;
      ++group;
    } else if (c == decimal && !fraction) {
      if (grouping != 0 && group != 3) return 0;
      out[size++] = '.';
      fraction = true;
    } else if (!fraction && (c == ',' || c == '.' || c == '\'' || c == ' ')) {
      if (c == decimal || (grouping != 0 ? (c != grouping || group != 3) : (group == 0 || group > 3))) return 0;
      grouping = c;
      group = 0;
    } else {
      break;
    }
  }
  if (!fraction && grouping != 0 && group != 3) return 0;
  for (; at < text.size(); ++at) out[size++] = text[at];  // the exponent, judged by from_chars
  return size;
}

double magnitude_of(char c) {
  switch (c) {
    case 'K':
    case 'k': return 1e3;
    case 'M':
    case 'm': return 1e6;
    case 'B':
    case 'b':
    case 'G': return 1e9;
    case 'T':
    case 't': return 1e12;
    default: return 0;
  }
}

}  // namespace

Number read_number(std::string_view text, bool decimal_comma, bool magnitudes) {
  text = trim(text);
  if (is_missing(text)) return {NumberKind::kMissing, std::nan("")};
  if (text.size() > kNumberBytesMax) return {};
  bool negative = take_prefix(text, "-");
  if (!negative) take_prefix(text, "+");
  for (const std::string_view sign : {"$", "\xe2\x82\xac", "\xc2\xa3", "\xc2\xa5"}) {
    if (take_prefix(text, sign)) {
      negative = take_prefix(text, "-") || negative;
      text = trim(text);
      break;
    }
  }
  double factor = 1;
  if (magnitudes && !text.empty()) {
    if (const double found = magnitude_of(text.back()); found != 0) {
      factor = found;
      text.remove_suffix(1);
      text = trim(text);
    }
  }
  if (text.empty() || !(is_digit(text.front()) || text.front() == '.' || text.front() == ',')) return {};
  std::array<char, kNumberBytesMax> plain{};
  const std::size_t size = close_up(text, decimal_comma ? ',' : '.', plain);
  if (size == 0) return {};
  double value = 0;
  const auto [end, status] = std::from_chars(plain.data(), plain.data() + size, value);
  if (status != std::errc() || end != plain.data() + size || !std::isfinite(value)) return {};
  value *= factor;
  return {NumberKind::kNumber, negative ? -value : value};
}

}  // namespace tradeassist::feed
