#include "market/futures/contract_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace tradeassist::market {
namespace {

constexpr std::string_view kMonthCodes = "FGHJKMNQUVXZ";
constexpr std::size_t kQuotedBytesMax = 40;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter_or_digit(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

std::string upper(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return result;
}

int number(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

/// A contract's name taken apart; its year is still as written.
struct Parts {
  std::string_view root;
  unsigned month = 0;
  std::string_view year;
};

std::string_view trailing_digits(std::string_view text) {
  std::size_t at = text.size();
  while (at > 0 && is_digit(text[at - 1])) --at;
  return text.substr(at);
}

/// "12-25" and "12-2025".
std::optional<Parts> month_and_year(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == 0 || dash == std::string_view::npos || dash > 2) return std::nullopt;
  const std::string_view month = text.substr(0, dash), year = text.substr(dash + 1);
  if (!std::ranges::all_of(month, is_digit) || !std::ranges::all_of(year, is_digit)) return std::nullopt;
  return Parts{{}, static_cast<unsigned>(number(month)), year};
}

/// "Z5", "Z25", "Z2025", "202512" and "20251200".
std::optional<Parts> code_or_digits(std::string_view text) {
  const std::string_view digits = trailing_digits(text);
  if (digits.size() == text.size()) {
    if (digits.size() == 8 && digits.ends_with("00")) return code_or_digits(digits.substr(0, 6));
    if (digits.size() != 6) return std::nullopt;
    return Parts{{}, static_cast<unsigned>(number(digits.substr(4))), digits.substr(0, 4)};
  }
  const auto month = text.size() == digits.size() + 1 ? month_of_code(text.front()) : std::nullopt;
  if (!month) return std::nullopt;
  return Parts{{}, *month, digits};
}

std::optional<Parts> delivery_part(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  auto parts = month_and_year(text);
  if (!parts) parts = code_or_digits(text);
  return parts;
}

/// The name after its root: what a given root leaves, else from a space on, else the digits at the end and what they
/// need before them.
std::optional<Parts> take_apart(std::string_view text, std::string_view root) {
  std::size_t split = text.find(' ');
  if (!root.empty()) {
    split = text.starts_with(root) ? root.size() : 0;
    // A root that is itself a month code: "Z25" and "ZZ25" of the root Z.
    if (auto parts = delivery_part(text.substr(split))) {
      parts->root = root;
      return parts;
    }
    split = 0;
  } else if (split == std::string_view::npos) {
    const std::size_t digits = trailing_digits(text).size();
    split = digits < 6 ? text.size() - std::min(digits + 1, text.size()) : text.size() - digits;
  }
  auto parts = delivery_part(text.substr(split));
  if (parts) parts->root = root.empty() ? text.substr(0, split) : root;
  return parts;
}

/// The year that the digits mean; none for other than one, two or four digits, and for one without a date.
std::optional<int> full_year(const Parts& parts, std::optional<CivilDate> as_of) {
  const int year = number(parts.year);
  if (parts.year.size() == 4) return year;
  if (parts.year.size() == 2) {
    const int first = as_of ? as_of->year - 50 : 1970;
    return first + ((year - first) % 100 + 100) % 100;
  }
  if (parts.year.size() != 1 || !as_of) return std::nullopt;
  const int first = parts.month < as_of->month ? as_of->year + 1 : as_of->year;
  return first + ((year - first) % 10 + 10) % 10;
}

}  // namespace

bool is_root(std::string_view text) {
  return !text.empty() && text.size() <= kRootBytesMax && is_letter_or_digit(text.front()) &&
         std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '_' || c == '-'; });
}

char month_code(unsigned month) { return kMonthCodes.at(month - 1); }

std::optional<unsigned> month_of_code(char code) {
  const std::size_t at = kMonthCodes.find(code);
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<unsigned>(at) + 1;
}

DeliveryMonth add_months(DeliveryMonth from, int months) {
  const int index = from.year * 12 + static_cast<int>(from.month) - 1 + months;
  const int year = index >= 0 ? index / 12 : (index - 11) / 12;
  return {year, static_cast<unsigned>(index - year * 12) + 1};
}

CivilDate first_day_of(DeliveryMonth month) { return {month.year, month.month, 1}; }

CivilDate last_day_of(DeliveryMonth month) {
  return civil_from_days(days_from_civil(first_day_of(add_months(month, 1))) - 1);
}

std::string to_string(DeliveryMonth month) { return fmt::format("{:04}-{:02}", month.year, month.month); }

base::Result<ContractName> parse_contract(std::string_view text, const ContractContext& context) {
  const std::string whole = upper(text), root = upper(context.root);
  const auto refuse = [&](std::string_view why) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("'{}' {}; write ESZ2025, ESZ25, ES 12-25 or, with a root given, 202512",
                                     text.substr(0, kQuotedBytesMax), why));
  };
  std::string_view name = whole;
  if (name.starts_with('/')) {
    name = name.substr(1, name.find(':') - 1);  // "/ESZ25:XCME"
  } else if (const std::size_t colon = name.rfind(':'); colon != std::string_view::npos) {
    name.remove_prefix(colon + 1);  // "CME_MINI:ESZ2025"
  }
  const auto parts = take_apart(name, root);
  if (!parts) {
    return refuse(root.empty() ? "is no futures contract" : fmt::format("is no futures contract of {}", root));
  }
  if (parts->root.empty()) return refuse("names no product");
  if (!is_root(parts->root)) return refuse("names no product: a root is letters and digits");
  if (parts->month < 1 || parts->month > 12) return refuse(fmt::format("has no month {}", parts->month));
  if (parts->year.size() == 1 && !context.as_of) return refuse("has a year of one digit, which says no decade");
  const auto year = full_year(*parts, context.as_of);
  if (!year || *year < kDeliveryYearMin || *year > kDeliveryYearMax) {
    return refuse(
        fmt::format("has no year of one, two or four digits from {} to {}", kDeliveryYearMin, kDeliveryYearMax));
  }
  return ContractName{std::string(parts->root), {*year, parts->month}};
}

std::string to_string(const ContractName& contract) {
  return fmt::format("{}{}{:04}", contract.root, month_code(contract.delivery.month), contract.delivery.year);
}

}  // namespace tradeassist::market
