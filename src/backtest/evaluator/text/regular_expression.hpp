#pragma once

#include <memory>
#include <string>

namespace tradeassist::backtest {

/// Regular expressions of str.match, compiled once for a run. Their syntax is Java's as far as Perl's is the same.
/// Matching gives up with an error, not with a crash or an endless search, where an expression is too complex for its
/// text.
class RegularExpressions {
 public:
  RegularExpressions();
  ~RegularExpressions();
  RegularExpressions(RegularExpressions&&) noexcept;

  /// The first part of the text that the expression matches; empty when none does. `fault` says what was wrong with
  /// the expression.
  std::string match(const std::string& text, const std::string& expression, std::string& fault);

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace tradeassist::backtest
