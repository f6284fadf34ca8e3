#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "backtest/backtest.hpp"

namespace tradeassist::optimize {

/// Where a trial stands in the space: one entry a parameter. Of a range the number itself, of a list the index of its
/// value, NaN of a parameter that is not active there.
using Point = std::vector<double>;

/// One input that varies: over a range, with or without steps, or over a list.
struct Parameter {
  std::string name;
  std::size_t input = 0;                     // index into Program::inputs
  std::uint64_t count = 0;                   // of its values; 0: every number of the range
  double from = 0, to = 0, step = 0;         // a range, when `values` is empty; step 0 when it has none
  bool logarithmic = false;                  // drawn evenly over the logarithm; from > 0
  std::vector<backtest::InputValue> values;  // a list
  bool categorical = false;                  // of a list: its values have no order

  /// Active only where parameter `parent` of the space is active and has one of these entries.
  std::optional<std::size_t> parent;
  std::vector<double> parent_entries;

  bool continuous() const { return count == 0; }
  /// The entry of the i-th value, i < count.
  double entry(std::uint64_t i) const;
  /// The other way; an entry between two values is that of the nearer.
  std::uint64_t index(double entry) const;
  /// What the script gets.
  backtest::InputValue value(double entry) const;
  /// The same as a number: 0 for text.
  double number(double entry) const;

  /// The entry whose share of the unit interval holds `unit`, which is cut to [0, 1].
  double from_unit(double unit) const;
  /// The middle of the entry's share of the unit interval.
  double to_unit(double entry) const;
};

}  // namespace tradeassist::optimize
