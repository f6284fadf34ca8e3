#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tradeassist::feed {

/// Powers of ten that a double holds exactly.
inline constexpr std::array<double, 23> kPowersOfTen = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                        1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                        1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/// Reads `[-]digits[.digits]` at `at`, which must be followed by some other character in memory, and leaves `at` behind
/// it. Exact: a mantissa below 2^53 and a power of ten up to 10^22 are both doubles, so that one division rounds
/// correctly (Clinger 1990). False for anything else; the caller then uses read_number.
inline bool scan_plain_number(const char*& at, double& value) {
  const char* p = at;
  const bool negative = *p == '-';
  p += negative;
  std::uint64_t mantissa = 0;
  const char* const digits = p;
  unsigned digit = 0;
  while ((digit = static_cast<unsigned char>(*p) - unsigned{'0'}) < 10) {
    mantissa = mantissa * 10 + digit;
    ++p;
  }
  auto count = p - digits;
  if (count == 0) return false;
  std::size_t scale = 0;
  if (*p == '.') {
    const char* const fraction = ++p;
    while ((digit = static_cast<unsigned char>(*p) - unsigned{'0'}) < 10) {
      mantissa = mantissa * 10 + digit;
      ++p;
    }
    scale = static_cast<std::size_t>(p - fraction);
    count += static_cast<std::ptrdiff_t>(scale);
  }
  if (count > 19 || mantissa > (std::uint64_t{1} << 53)) return false;
  const double magnitude = static_cast<double>(mantissa) / kPowersOfTen[scale];
  value = negative ? -magnitude : magnitude;
  at = p;
  return true;
}

enum class NumberKind { kNumber, kMissing, kNotANumber };

struct Number {
  NumberKind kind = NumberKind::kNotANumber;
  double value = 0;
};

/// Reads a number as people and programs write it: sign, exponent, grouped thousands (`1,234.5`, `1'234.5`), a currency
/// sign in front, and with `magnitudes` a `K`, `M`, `B` or `T` behind. `decimal_comma`: the comma is the decimal sign
/// and the dot groups. Empty, `-`, `na`, `nan`, `null`, `none` and the like are kMissing. Infinity and what exceeds a
/// double are kNotANumber. Always the double nearest to the text.
Number read_number(std::string_view text, bool decimal_comma = false, bool magnitudes = false);

}  // namespace tradeassist::feed
