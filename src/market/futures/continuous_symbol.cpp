#include "market/futures/continuous_symbol.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>

#include "market/futures/contract_name.hpp"

namespace tradeassist::market {
namespace {

struct BasisLetter {
  RollBasis basis;
  char letter;
};
constexpr std::array<BasisLetter, 3> kBasisLetters = {
    {{RollBasis::kCalendar, 'c'}, {RollBasis::kVolume, 'v'}, {RollBasis::kOpenInterest, 'n'}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<int> number(std::string_view digits) {
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || !is_digit(digits.front())) return std::nullopt;
  return value;
}

std::optional<RollBasis> basis_of(std::string_view text) {
  if (text.size() != 1) return std::nullopt;
  const char letter = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
  const auto found = std::ranges::find(kBasisLetters, letter, &BasisLetter::letter);
  if (found == kBasisLetters.end()) return std::nullopt;
  return found->basis;
}

/// "ES.c.0".
std::optional<ContinuousSymbol> with_dots(std::string_view text) {
  const std::size_t second = text.rfind('.');
  if (second == 0 || second == std::string_view::npos || second + 1 == text.size()) return std::nullopt;
  const std::size_t first = text.rfind('.', second - 1);
  if (first == std::string_view::npos) return std::nullopt;
  const auto basis = basis_of(text.substr(first + 1, second - first - 1));
  const auto rank = number(text.substr(second + 1));
  if (!basis || !rank) return std::nullopt;
  return ContinuousSymbol{std::string(text.substr(0, first)), *basis, *rank};
}

/// "ES1!". One digit only: the root may end with one ("SR31!").
std::optional<ContinuousSymbol> with_mark(std::string_view text) {
  if (text.size() < 3 || !text.ends_with('!') || !is_digit(text[text.size() - 2])) return std::nullopt;
  const int position = text[text.size() - 2] - '0';
  if (position == 0) return std::nullopt;
  return ContinuousSymbol{std::string(text.substr(0, text.size() - 2)), RollBasis::kCalendar, position - 1};
}

}  // namespace

base::Result<ContinuousSymbol> parse_continuous(std::string_view text) {
  std::string_view name = text;
  if (const std::size_t colon = name.rfind(':'); colon != std::string_view::npos) name.remove_prefix(colon + 1);
  if (name.starts_with('/')) name.remove_prefix(1);
  auto symbol = with_dots(name);
  if (!symbol) symbol = with_mark(name);
  if (!symbol || !is_root(symbol->root) || symbol->rank > kContinuousRankMax) {
    return base::failure(base::ErrorCode::kInvalidArgument,
                         fmt::format("'{}' is no continuous future; write ES.c.0 (by calendar), ES.v.0 (by volume), "
                                     "ES.n.0 (by open interest), with rank 0 to {}, or ES1! to ES9!",
                                     text.substr(0, 40), kContinuousRankMax));
  }
  std::ranges::transform(symbol->root, symbol->root.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return *std::move(symbol);
}

bool looks_continuous(std::string_view text) {
  if (text.ends_with('!')) return true;
  const std::size_t last = text.rfind('.');
  return last != std::string_view::npos && last >= 2 && text[last - 2] == '.' &&
         basis_of(text.substr(last - 1, 1)).has_value();
}

std::string to_string(const ContinuousSymbol& symbol) {
  const auto letter = std::ranges::find(kBasisLetters, symbol.basis, &BasisLetter::basis)->letter;
  return fmt::format("{}.{}.{}", symbol.root, letter, symbol.rank);
}

}  // namespace tradeassist::market
