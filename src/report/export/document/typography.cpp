#include "report/export/document/typography.hpp"

#include <fmt/format.h>

#include <cmath>

namespace tradeassist::report {
namespace {

/// A plain decimal number with its sign and thousands set.
std::string set_digits(std::string plain) {
  const bool negative = plain.starts_with('-');
  if (negative) plain.erase(0, 1);
  if (negative && plain.find_first_of("123456789") == std::string::npos) return set_digits(std::move(plain));
  const std::size_t whole = std::min(plain.find('.'), plain.size());
  std::string out(negative ? kMinus : "");
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (i > 0 && i < whole && (whole - i) % 3 == 0) out += kThinSpace;
    out += plain[i];
  }
  return out;
}

}  // namespace

std::string set_number(double value, int decimals) {
  if (!std::isfinite(value)) return std::string(kDash);
  constexpr double kPlainMax = 1e15;
  if (std::abs(value) >= kPlainMax) return fmt::format("{}{:.3e}", value < 0 ? kMinus : "", std::abs(value));
  return set_digits(fmt::format("{:.{}f}", value, decimals));
}

std::string set_number(const std::optional<double>& value, int decimals) {
  return value ? set_number(*value, decimals) : std::string(kDash);
}

std::string set_percent(const std::optional<double>& value, int decimals) {
  if (!value || !std::isfinite(*value)) return std::string(kDash);
  return set_number(*value, decimals) + std::string(kThinSpace) + "%";
}

std::string set_short(double value, int digits) {
  if (!std::isfinite(value)) return std::string(kDash);
  std::string text = fmt::format("{:.{}g}", value, digits);
  if (text.find('e') != std::string::npos) {
    const double size = std::abs(value);
    if (size >= 1e15 || size < 1e-9) return (value < 0 ? std::string(kMinus) : "") + fmt::format("{:.3g}", size);
    text = fmt::format("{:.{}f}", value, size < 1 ? 12 : 0);  // the same without an exponent
    if (text.find('.') != std::string::npos) text.erase(text.find_last_not_of('0') + 1);
  }
  return set_digits(std::move(text));
}

std::string set_time(std::string_view rfc3339) {
  if (rfc3339.size() < 16 || rfc3339[10] != 'T') return std::string(rfc3339.empty() ? kDash : rfc3339);
  const std::string date(rfc3339.substr(0, 10));
  if (rfc3339.substr(11).starts_with("00:00:00")) return date;
  const bool has_seconds = rfc3339.size() >= 19 && rfc3339.substr(16, 3) != ":00";
  return date + " " + std::string(rfc3339.substr(11, has_seconds ? 8 : 5));
}

std::string set_range(std::string_view from, std::string_view to) {
  return set_time(from).substr(0, 10) + " " + std::string(kDash) + " " + set_time(to).substr(0, 10);
}

}  // namespace tradeassist::report
