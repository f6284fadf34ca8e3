#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "optimize/parameter.hpp"

namespace tradeassist::optimize {

enum class Comparison : std::uint8_t { kLess, kLessEqual, kGreater, kGreaterEqual };

/// A comparison as it was written: each side a name or a number.
struct ConstraintRequest {
  std::string left, right;
  Comparison comparison = Comparison::kLess;
  std::string text;  // for messages
};

/// Reads `fast < slow`, `slow >= 20`: one of < <= > >= between two sides.
base::Result<ConstraintRequest> parse_constraint(std::string_view text);

/// One side of a comparison: a parameter of the space, or a number.
struct ConstraintSide {
  std::optional<std::size_t> parameter;
  double number = 0;
};

/// Points that break one are never tried.
struct Constraint {
  ConstraintSide left, right;
  Comparison comparison = Comparison::kLess;

  /// Holds too where one of its parameters is not active.
  bool holds(const std::vector<Parameter>& parameters, const Point& point) const;
};

/// Of numbers; false where one is NaN.
bool compare(double left, Comparison comparison, double right);

}  // namespace tradeassist::optimize
