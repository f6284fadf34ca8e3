#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"

namespace tradeassist::feed {

/// The separator that stands for a run of spaces rather than for one character.
constexpr char kSpaceRun = ' ';

using base::trim;

/// The fields of one line (without its line end), each trimmed and without its quotes; `""` inside quotes is one quote.
/// A quoted field may hold the separator but not a line end. Views point into `line`, or into `unquoted` for fields
/// that had to be rewritten. Reused between lines so that nothing is allocated once warm.
class FieldSplitter {
 public:
  explicit FieldSplitter(char separator) : separator_(separator) {}

  /// False when a quote is never closed or text follows a closing quote; fields() then holds what came before.
  bool split(std::string_view line);
  const std::vector<std::string_view>& fields() const { return fields_; }

 private:
  char separator_;
  std::vector<std::string_view> fields_;
  std::string unquoted_;
};

}  // namespace tradeassist::feed
