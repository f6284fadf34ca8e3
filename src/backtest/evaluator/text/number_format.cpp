#include "backtest/evaluator/text/number_format.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace tradeassist::backtest {
namespace {

using Digits = std::pair<std::string, std::string>;  // before and after the point

/// Shortest decimal digits of |value|: digits and the place of the point (value = 0.d1d2… * 10^exponent).
struct Decimal {
  std::string digits;
  int exponent = 0;
};

Decimal shortest(double value) {
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, std::fabs(value), std::chars_format::scientific).ptr;
  const std::string_view scientific(buffer, static_cast<std::size_t>(end - buffer));
  const std::size_t e = scientific.find('e');
  Decimal made;
  for (const char c : scientific.substr(0, e)) {
    if (c != '.') made.digits += c;
  }
  int exponent = 0;
  std::string_view power = scientific.substr(e + 1);
  if (power.front() == '+') power.remove_prefix(1);
  std::from_chars(power.data(), power.data() + power.size(), exponent);
  made.exponent = exponent + 1;
  return made;
}

/// Rounded half to even on the exact value.
Digits rounded_exactly(double value, int decimals) {
  std::string text(std::numeric_limits<double>::max_exponent10 + 3 + static_cast<std::size_t>(decimals), '\0');
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), std::fabs(value), std::chars_format::fixed, decimals).ptr;
  text.resize(static_cast<std::size_t>(end - text.data()));
  const std::size_t point = std::min(text.find('.'), text.size());
  return {text.substr(0, point), text.substr(std::min(point + 1, text.size()))};
}

/// |value| with exactly `decimals` decimals.
Digits rounded(double value, int decimals, Rounding rounding) {
  Decimal number = shortest(value);
  std::string all = number.digits;
  int point = number.exponent;
  if (point <= 0) {
    all.insert(0, static_cast<std::size_t>(1 - point), '0');
    point = 1;
  }
  const auto keep = static_cast<std::size_t>(point + decimals);
  if (all.size() > keep && rounding == Rounding::kHalfEvenExact) return rounded_exactly(value, decimals);
  if (all.size() < keep) all.append(keep - all.size(), '0');
  const bool up = all.size() > keep && all[keep] >= '5';
  all.resize(keep);
  if (up) {
    std::size_t i = keep;
    while (i > 0 && all[i - 1] == '9') all[--i] = '0';
    if (i == 0) {
      all.insert(all.begin(), '1');
      ++point;
    } else {
      ++all[i - 1];
    }
  }
  return {all.substr(0, static_cast<std::size_t>(point)), all.substr(static_cast<std::size_t>(point))};
}

/// A mask taken apart: only unquoted digits, points and commas are of the number, and only an unquoted % multiplies.
struct Mask {
  std::string prefix, body, suffix;
  std::size_t exponent_digits = 0;  // at least; 0 when there is no exponent
  bool is_percent = false;
};

Mask parse_mask(std::string_view text) {
  Mask mask;
  bool quoted = false, seen = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\'') {
      if (i + 1 < text.size() && text[i + 1] == '\'') {
        (seen ? mask.suffix : mask.prefix) += c;
        ++i;
      } else {
        quoted = !quoted;
      }
      continue;
    }
    const bool of_number =
        !quoted && (c == '#' || c == '0' || c == '.' || c == ',') && mask.suffix.empty() && mask.exponent_digits == 0;
    if (!quoted && c == '%') mask.is_percent = true;
    if (!quoted && c == 'E' && seen && mask.suffix.empty() && mask.exponent_digits == 0) {
      const std::size_t end = std::min(text.find_first_not_of('0', i + 1), text.size());
      mask.exponent_digits = end - i - 1;
      if (mask.exponent_digits > 0) {
        i = end - 1;
        continue;
      }
    }
    if (of_number) {
      mask.body += c;
      seen = true;
    } else {
      (seen ? mask.suffix : mask.prefix) += c;
    }
  }
  return mask;
}

/// Where the form for negative numbers begins: after an unquoted `;`.
std::size_t negative_form(std::string_view mask) {
  bool quoted = false;
  for (std::size_t i = 0; i < mask.size(); ++i) {
    if (mask[i] == '\'') quoted = !quoted;
    if (mask[i] == ';' && !quoted) return i;
  }
  return std::string_view::npos;
}

std::size_t zeros(std::string_view part) { return static_cast<std::size_t>(std::ranges::count(part, '0')); }

/// |value| in the digits of a mask: at least its zeros, at most its places after the point.
std::string in_places(double value, std::string_view body, Rounding rounding) {
  const std::size_t point = body.find('.');
  const std::string_view whole = body.substr(0, point);
  const std::string_view fraction = point == std::string_view::npos ? "" : body.substr(point + 1);
  constexpr std::size_t kDecimalsMax = 400;
  // From a thousandth on, a double is never written with more than 16 decimals.
  constexpr std::size_t kPlainDecimalsMax = 16;
  const std::size_t places = std::min(fraction.size(), std::fabs(value) >= 1e-3 ? kPlainDecimalsMax : kDecimalsMax);
  auto [integer, decimals] = rounded(value, static_cast<int>(places), rounding);
  while (decimals.size() < std::min(zeros(fraction), kDecimalsMax)) decimals += '0';
  while (!decimals.empty() && decimals.back() == '0' && decimals.size() > zeros(fraction)) decimals.pop_back();
  const std::size_t significant = integer.find_first_not_of('0');
  integer = significant == std::string::npos ? "" : integer.substr(significant);
  // A mask without any 0 still shows one digit before its point (0.5, not .5), as Java's formats do.
  const bool no_zero = zeros(body) == 0 && point != std::string_view::npos && point > 0;
  const std::size_t digits_min = no_zero ? 1 : zeros(whole);
  if (integer.size() < digits_min) integer.insert(0, digits_min - integer.size(), '0');
  if (integer.empty() && decimals.empty()) integer = "0";
  if (const std::size_t comma = whole.rfind(','); comma != std::string_view::npos) {
    const std::size_t group = whole.size() - comma - 1;
    for (std::size_t i = integer.size(); group > 0 && i > group; i -= group) integer.insert(i - group, ",");
  }
  return integer + (decimals.empty() ? "" : "." + decimals);
}

/// |value| rounded to so many digits, without zeros at their end.
Decimal significant(double value, std::size_t count, Rounding rounding) {
  Decimal number = shortest(value);
  if (number.digits.size() > count && rounding == Rounding::kHalfEvenExact) {
    char buffer[400];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, std::fabs(value), std::chars_format::scientific,
                                   static_cast<int>(count) - 1)
                         .ptr;
    const std::string_view scientific(buffer, static_cast<std::size_t>(end - buffer));
    double exact = 0;
    std::from_chars(scientific.data(), scientific.data() + scientific.size(), exact);
    number = shortest(exact);
  } else if (number.digits.size() > count) {
    const bool up = number.digits[count] >= '5';
    number.digits.resize(count);
    while (up && !number.digits.empty() && number.digits.back() == '9') number.digits.pop_back();
    if (up && number.digits.empty()) {
      number.digits = "1";
      ++number.exponent;
    } else if (up) {
      ++number.digits.back();
    }
  }
  while (!number.digits.empty() && number.digits.back() == '0') number.digits.pop_back();
  return number;
}

/// |value| in a mask with an exponent, as Java writes it: `0.###E0` has one digit before the point, `##0.###E0`, with
/// more places than zeros there, an exponent that is a multiple of the places.
std::string with_exponent(double value, const Mask& mask, Rounding rounding) {
  const std::size_t point = std::min(mask.body.find('.'), mask.body.size());
  const std::string_view whole = std::string_view(mask.body).substr(0, point);
  const std::string_view fraction = std::string_view(mask.body).substr(std::min(point + 1, mask.body.size()));
  const bool no_zero = zeros(mask.body) == 0 && point < mask.body.size();
  const auto places =
      static_cast<int>(no_zero ? 1 : whole.size() - static_cast<std::size_t>(std::ranges::count(whole, ',')));
  const int whole_min = no_zero ? 1 : static_cast<int>(zeros(whole));
  constexpr std::size_t kDigitsMax = 300;
  const std::size_t digits_max =
      std::clamp<std::size_t>(static_cast<std::size_t>(places) + fraction.size(), 1, kDigitsMax);

  const Decimal number = value == 0 ? Decimal{} : significant(value, digits_max, rounding);
  const bool repeats = places > 1 && places > whole_min;
  int exponent = number.exponent - whole_min;
  if (repeats) exponent = (number.exponent >= 1 ? number.exponent - 1 : number.exponent - places) / places * places;
  const int before = number.digits.empty() ? (repeats ? 1 : whole_min) : number.exponent - exponent;
  if (number.digits.empty()) exponent = 0;

  std::string digits = number.digits;
  const auto whole_digits = static_cast<std::size_t>(before);
  const std::size_t digits_min = std::max(static_cast<std::size_t>(whole_min) + zeros(fraction), whole_digits);
  if (digits.size() < digits_min) digits.append(digits_min - digits.size(), '0');
  if (digits.size() > whole_digits) digits.insert(whole_digits, ".");
  std::string power = std::to_string(std::abs(exponent));
  if (power.size() < mask.exponent_digits) power.insert(0, mask.exponent_digits - power.size(), '0');
  return digits + (exponent < 0 ? "E-" : "E") + power;
}

bool is_zero(std::string_view digits) { return digits.find_first_not_of("0.,") == std::string_view::npos; }

std::string volume_text(double value) {
  static constexpr std::pair<double, const char*> kUnits[] = {{1e12, "T"}, {1e9, "B"}, {1e6, "M"}, {1e3, "K"}};
  for (const auto& [unit, letter] : kUnits) {
    if (std::fabs(value) >= unit) return format_decimal(value / unit, "#.###", Rounding::kHalfUpShortest) + letter;
  }
  return format_decimal(value, "#.###", Rounding::kHalfUpShortest);
}

}  // namespace

std::string format_decimal(double value, std::string_view text, Rounding rounding) {
  const std::size_t semicolon = negative_form(text);
  const bool negative = value < 0;
  const bool has_form = semicolon != std::string_view::npos;
  Mask mask = parse_mask(text.substr(0, semicolon));
  if (negative && has_form) {  // only its affixes count
    const Mask form = parse_mask(text.substr(semicolon + 1));
    mask.prefix = form.prefix;
    mask.suffix = form.suffix;
  }
  if (mask.body.empty() && rounding == Rounding::kHalfUpShortest) return mask.prefix;
  const double shown = mask.is_percent ? value * 100 : value;
  const std::string digits = std::isinf(value)          ? "∞"
                             : mask.exponent_digits > 0 ? with_exponent(shown, mask, rounding)
                                                        : in_places(shown, mask.body, rounding);
  const bool shows_sign = negative && !has_form && (rounding == Rounding::kHalfEvenExact || !is_zero(digits));
  return (shows_sign ? "-" : "") + mask.prefix + digits + mask.suffix;
}

std::string format_number(double value, std::string_view format, double tick_size) {
  if (value != value) return format == "format.percent" ? "NaN%" : "NaN";
  if (std::isinf(value)) {
    if (format == "format.mintick") return value < 0 ? "-Infinity" : "Infinity";
    return format == "format.percent" ? "NaN%" : format == "format.volume" ? "NaNT" : "NaN";
  }
  if (format == "format.mintick") {
    const double on_tick = round_to_tick(value, tick_size);
    const int decimals = tick_scale(tick_size).decimals;
    const auto [integer, fraction] = rounded(on_tick, decimals, Rounding::kHalfUpShortest);
    return (on_tick < 0 ? "-" : "") + integer + (decimals > 0 ? "." + fraction : "");
  }
  if (format == "format.percent") return format_decimal(value, "0.00", Rounding::kHalfUpShortest) + "%";
  if (format == "format.volume") return volume_text(value);
  const bool is_plain = format.empty() || format == "format.inherit" || format == "format.price";
  return format_decimal(value, is_plain ? "#.##########" : format, Rounding::kHalfUpShortest);
}

TickScale tick_scale(double tick_size) {
  TickScale scale;
  constexpr int kDecimalsMax = 12;
  for (; scale.decimals < kDecimalsMax; ++scale.decimals, scale.pricescale *= 10) {
    const double scaled = tick_size * scale.pricescale;
    const double whole = std::round(scaled);
    if (whole >= 1 && std::fabs(scaled - whole) < 1e-9 * scaled) break;
  }
  scale.minmove = std::max(1.0, std::round(tick_size * scale.pricescale));
  return scale;
}

double round_to_tick(double value, double tick_size) {
  const TickScale scale = tick_scale(tick_size);
  return std::floor(value / tick_size + 0.5) * scale.minmove / scale.pricescale;
}

}  // namespace tradeassist::backtest
