#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tradeassist::market {

/// By what a continuous series goes from one contract to the next.
enum class RollBasis { kCalendar, kVolume, kOpenInterest };

/// A continuous series: the contracts of a root, one after the other. Rank 0 is the front contract, rank r the r-th
/// listed after it.
struct ContinuousSymbol {
  std::string root;
  RollBasis basis = RollBasis::kCalendar;
  int rank = 0;

  bool operator==(const ContinuousSymbol&) const = default;
};

constexpr int kContinuousRankMax = 99;

/// Reads `ES.c.0` (calendar), `ES.v.0` (volume), `ES.n.1` (open interest), and as TradingView writes them `ES1!`
/// (calendar, rank 0) and `ES2!` (rank 1); with `/` or `CME_MINI:` before. kInvalidArgument says what to write.
base::Result<ContinuousSymbol> parse_continuous(std::string_view text);

/// True for texts that are meant as a continuous symbol, right or wrong: to choose between this and parse_contract.
bool looks_continuous(std::string_view text);

/// "ES.c.0".
std::string to_string(const ContinuousSymbol& symbol);

}  // namespace tradeassist::market
