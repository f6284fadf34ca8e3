#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pine/syntax/source.hpp"

namespace tradeassist::pine {

enum class RiskLevel { kLow, kMedium, kHigh };
enum class Complexity { kSimple, kModerate, kAdvanced };

std::string_view to_string(RiskLevel level);
std::string_view to_string(Complexity complexity);

/// The level of a name ("low", "simple"); nothing for another text.
std::optional<RiskLevel> parse_risk_level(std::string_view name);
std::optional<Complexity> parse_complexity(std::string_view name);

/// What a strategy of the catalogue says about itself, in comments before its first statement:
///
///     // @name        MovingAverageCrossover
///     // @summary     Holds the side on which the fast moving average stands of the slow one.
///     // @idea        Two averages of the same price disagree when the price has moved further than
///     //              its own recent past.
///
/// A comment line without `@` goes on with the text above it. All fields are required, each once; the names are those
/// of the members below. To TradingView the header is a comment.
struct StrategyHeader {
  std::string name;      // as the file is called, without .pine
  std::string category;  // as its folder is called
  RiskLevel risk_level = RiskLevel::kMedium;
  Complexity complexity = Complexity::kSimple;
  std::string summary;  // one sentence, at most kSummaryBytesMax
  std::string idea, works_when, fails_when, source;

  static constexpr std::size_t kSummaryBytesMax = 160;
};

/// The header, or nothing when the script has none of its fields (as users' own scripts) or has it with errors; these
/// are reported with their places.
std::optional<StrategyHeader> parse_header(const Source& source, Diagnostics& diagnostics);

}  // namespace tradeassist::pine
