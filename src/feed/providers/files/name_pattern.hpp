#pragma once

#include <optional>
#include <regex>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "market/timeframe.hpp"

namespace tradeassist::feed {

/// What a file's name tells: "{symbol}_{timeframe}.csv" reads SPY and 5m from "SPY_5m.csv". `*` stands for anything.
class NamePattern {
 public:
  struct Match {
    std::string symbol;
    std::optional<market::Timeframe> timeframe;
  };

  /// kInvalidArgument: there must be one {symbol} and at most one {timeframe}.
  static base::Result<NamePattern> parse(std::string_view text);

  /// Nothing when the name does not fit. A name that ends in .gz fits as without it.
  std::optional<Match> match(std::string_view name) const;

 private:
  NamePattern() = default;
  std::regex regex_;
  int symbol_ = 0, timeframe_ = 0;  // groups; 0: none
};

}  // namespace tradeassist::feed
